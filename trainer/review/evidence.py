"""Evidence for a level: a quote or a number, and where in the call it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from trainer.acts import reflection
from trainer.domain.acts import ActKind
from trainer.domain.events import ActFound
from trainer.review import moment
from trainer.review.log import Exchange, Log
from trainer.review.rubric import Evidence

_OF_THEIRS = 2
"""Content words of the customer's own by which an acknowledgement says something back."""

Why = Mapping[str, str]
"""Reasons by name, from prompts/feedback.yaml, with {n} and {least}."""

GOOD = 4
"""A level from which a behaviour went well, and is shown by the turns where it did."""

HEARD = (ActKind.ACKNOWLEDGE, ActKind.VALIDATE, ActKind.REFLECT, ActKind.RECAP)
"""Acts that show the customer that they were heard."""


@dataclass(frozen=True)
class Shown:
    """A piece of evidence: a quote from an agent turn, or a number with its unit."""

    turn: int
    start_s: float
    end_s: float
    quote: str | None = None
    number: str | None = None


@dataclass(frozen=True)
class Found:
    """A level with what shows it; `n` is how many turns or moments it rests on."""

    level: int
    source: Evidence
    n: int
    evidence: list[Shown] = field(default_factory=list)


class TooThin(Exception):  # a reason, not a fault
    """Raised by a reader that cannot say anything; carries the reason."""


def too_few(why: Why, name: str, have: float, least: float) -> TooThin:
    """The reason that there was too little of something."""
    return TooThin(why[name].replace("{n}", f"{have:g}").replace("{least}", f"{least:g}"))


def clear(log: Log) -> list[Exchange]:
    """The exchanges whose words were understood."""
    return [exchange for exchange in log.exchanges if exchange.clear]


def said_back(log: Log, exchange: Exchange) -> ActFound | None:
    """The act by which a turn says back what the customer told; None when it does not.

    Acknowledging counts where it is done with at least two words that the customer had used.
    """
    act = exchange.act(ActKind.REFLECT, ActKind.RECAP)
    if act is not None:
        return act
    act = exchange.act(*HEARD)
    told = [turn.text for turn in log.customer_turns if turn.end <= exchange.turn.start]
    own = act is not None and reflection.shared(act.quote, told)[0] >= _OF_THEIRS
    return act if own else None


def counted(log: Log) -> dict[str, float]:
    """How much evidence there is in the words, by the names that `least` uses."""
    return {
        "turns": len(clear(log)),
        "hot": sum(1 for exchange in log.exchanges if exchange.hot),
        "called_for": sum(1 for exchange in clear(log) if exchange.hot),
    }


def quoted(log: Log, exchange: Exchange, act: ActFound) -> Shown:
    """An act as evidence."""
    start, end = moment.quote(log, exchange.turn, act.quote)
    return Shown(exchange.turn.turn, start, end, quote=act.quote)


def numbered(exchange: Exchange, number: str) -> Shown:
    """A number as evidence, at a turn."""
    start, end = moment.turn(exchange.turn)
    return Shown(exchange.turn.turn, start, end, number=number)


def shown(log: Log, exchanges: Sequence[Exchange], *kinds: ActKind, most: int = 4) -> list[Shown]:
    """The first act of these kinds of each exchange, as evidence."""
    found = [(e, act) for e in exchanges if (act := e.act(*kinds)) is not None]
    return [quoted(log, exchange, act) for exchange, act in found[:most]]
