"""Which of a judge's quotes count: words that the agent said, in that turn, heard clearly."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from trainer.acts import quoting
from trainer.review.judge.answer import Quoted
from trainer.review.judge.transcript import speaks_to_marker
from trainer.review.log import SURE, Exchange, Log, plain

_LEAST_WORDS = 2
"""Fewer words than this show nothing, unless the turn has no more."""


@dataclass(frozen=True)
class Quote:
    """Words of an agent turn, exactly as they stand in the transcript."""

    turn: int
    text: str


def found(
    given: Sequence[Quoted], call: Log, addressed: Sequence[re.Pattern[str]]
) -> tuple[Quote, ...]:
    """Those of the quotes that are in the agent turn they name, each once.

    Left out: what nobody said, what another turn or the customer said, what was probably misheard
    (mean word confidence under `log.SURE`), and what was said to the marker.
    """
    exchanges = {exchange.turn.turn: exchange for exchange in call.exchanges}
    kept: dict[Quote, None] = {}
    for one in given:
        exchange = exchanges.get(one.turn)
        if exchange is None or not exchange.clear:
            continue
        place = quoting.place(one.quote, exchange.turn.text)
        if place is None:
            continue
        quote = Quote(one.turn, exchange.turn.text[slice(*place)])
        if _tells(quote, exchange, call) and not speaks_to_marker(quote.text, addressed):
            kept[quote] = None
    return tuple(kept)


def _tells(quote: Quote, exchange: Exchange, call: Log) -> bool:
    words = plain(quote.text)
    if len(words) < min(_LEAST_WORDS, len(plain(exchange.turn.text))):
        return False
    timed = call.words.get(quote.turn, [])
    sure = [word[3] for word in timed if set(words) & set(plain(word[0]))]
    return not sure or sum(sure) / len(sure) >= SURE
