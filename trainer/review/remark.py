"""One remark of the feedback: its words or number, where it was, what it did to the customer."""

import re
from dataclasses import dataclass

from trainer.review import moment, phrases
from trainer.review.curve import FLAT
from trainer.review.log import Exchange, Log
from trainer.review.model import Item
from trainer.review.phrases import Phrases

_SCRAP = 4
"""Words up to which a quote is a scrap; the sentence it stands in says more."""

_SENTENCE = 18
"""Words of a sentence up to which it is shown whole for a scrap."""

_BREAK = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True)
class Candidate:
    """A remark that could be made. `action`: what to do next time, for those to improve."""

    weight: float
    item: Item
    action: str = ""


def about(
    log: Log,
    exchange: Exchange,
    texts: Phrases,
    behaviour: str,
    what: str,
    *,
    quote: str | None = None,
    number: str | None = None,
) -> Item:
    """A remark about a turn, by words of it or by a number."""
    start, end = moment.turn(exchange.turn)
    if quote is not None:
        quote = readable(exchange.turn.text, quote)
        start, end = moment.quote(log, exchange.turn, quote)
    return Item(
        behaviour=behaviour,
        what=what,
        turn=exchange.turn.turn,
        start_s=start,
        end_s=end,
        quote=quote,
        number=number,
        effect=effect(log, exchange, texts),
        say_instead=None,
        theirs=just_said(exchange, texts),
    )


def readable(text: str, quote: str) -> str:
    """A quote as it is shown: a scrap of a sentence with the rest of it, and no comma at its end.

    The result stands in `text`, letter by letter.
    """
    if len(quote.split()) <= _SCRAP:
        whole = next((one for one in _BREAK.split(text) if quote in one), quote)
        if len(whole.split()) <= _SENTENCE:
            quote = whole
    return quote.strip().rstrip(",;:") or quote


def just_said(exchange: Exchange, texts: Phrases) -> str:
    """What the customer had said just before the turn that tells what it is like for them."""
    return phrases.theirs([exchange.asked], texts.telling) if exchange.asked is not None else ""


def to_say_back(log: Log, exchange: Exchange, texts: Phrases) -> str:
    """What of the customer's own story, as told by then, is worth saying back."""
    told = [
        turn
        for turn in log.customer_turns
        if turn.end <= exchange.turn.start and turn.turn not in log.beside
    ]
    return phrases.theirs(told, texts.telling)


def helped(exchange: Exchange) -> bool:
    """Whether the customer's feeling came down at a turn."""
    return exchange.before - exchange.after > FLAT


def harmed(exchange: Exchange) -> bool:
    """Whether the customer's feeling went up at a turn."""
    return exchange.after - exchange.before > FLAT


def effect(log: Log, exchange: Exchange, texts: Phrases) -> str:
    """What a turn did to the customer, from the log."""
    if exchange.moved is None:
        return texts.effect["unknown"]
    said = [_change(log, exchange.before, exchange.after, texts, "")]
    said += [texts.marks[mark] for mark in exchange.marks if mark in texts.marks]
    if exchange.opened:
        said.append(texts.effect["opened"])
    return " ".join(said)


def later(log: Log, exchange: Exchange, texts: Phrases) -> str:
    """What became of it at a later turn, from the log."""
    return _change(log, exchange.before, exchange.after, texts, "later_")


def over(log: Log, before: float, after: float, texts: Phrases) -> str:
    """What several turns did to the customer, from the log."""
    if log.imported is not None:
        return texts.effect["unknown"]
    return _change(log, before, after, texts, "over_")


def _change(log: Log, before: float, after: float, texts: Phrases, kind: str) -> str:
    way = "up" if after - before > FLAT else "down" if before - after > FLAT else "same"
    text = texts.effect[kind + way].replace("{feeling}", log.lead.value)
    return text.replace("{before}", f"{before * 100:.0f}").replace("{after}", f"{after * 100:.0f}")
