"""Whether one customer listens: turns made from their own file, what is read, what is answered."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from trainer.acts.history import Context
from trainer.acts.reader import Reader
from trainer.customer.customer import Customer
from trainer.domain.acts import Reading
from trainer.domain.mood import Mood
from trainer.domain.moves import Offer, OfferState
from trainer.domain.persona import Cast
from trainer.domain.plan import AgentTurn, Intent, Reply
from trainer.simulate.listening_probes import Probe, What, probes

LEAST: dict[str, float] = {
    "identity": 0.9,
    "items": 0.85,
    "facts": 0.55,
    "offers": 0.65,
    "not_offered": 0.8,
    "repeat": 0.66,
    "correct": 0.66,
}
"""Shares, 0..1, below which a customer fails. Identity and items: answered, items by their own
example questions. Facts: read when asked for in other forms. Offers: read as really offered. Not
offered: refusals and conditions not taken for offers. Repeat and correct are three turns each: one
may miss. Facts, offers and not offered leave room for what the reader itself misses of well-written
files: it is meant to reach .75, .85 and .9 (docs/measurements.md says what it reaches)."""

_WORDS = {
    "identity": "questions who they are are answered in",
    "items": "an item of the sheet, asked for in its own words, is answered in",
    "facts": "a fact that is asked for is read in",
    "offers": "an offer is read as one in",
    "not_offered": "what is refused or conditional is not taken for offered in",
    "repeat": "when asked to say it again, they do in",
    "correct": "a correction is taken in",
}

SHOWN = 3
"""Examples of what went wrong that a failure names."""

OPEN = Mood(anger=0.1, anxiety=0.1, sadness=0.1, warmth=0.7, trust=0.95, heard=0.95, patience=1.0)
"""The mood in which they are asked: every gate is open."""


@dataclass(frozen=True)
class Tried:
    """How one kind of turn went; `wrong`: (form, words) of what failed."""

    turns: int
    right: int
    wrong: tuple[tuple[str, str], ...]

    @property
    def share(self) -> float:
        """Right, of all, 0..1; 1 where nothing was tried."""
        return self.right / self.turns if self.turns else 1.0


@dataclass(frozen=True)
class Listening:
    """How one customer listens.

    Attributes:
        tried: by what was tried: `LEAST` names it; `items_other` are items by their topic.
        judged: a fitted reader was there, so that a low share is the file's.
    """

    tried: dict[str, Tried]
    judged: bool

    @property
    def failures(self) -> list[str]:
        """What must be mended, in plain words; empty where nobody can tell."""
        if not self.judged:
            return []
        return [
            f"{_WORDS[what]} only {self.tried[what].share:.0%}; at least {least:.0%} is needed: "
            + ", ".join(f"“{text}”" for _, text in self.tried[what].wrong[:SHOWN])
            for what, least in LEAST.items()
            if what in self.tried and self.tried[what].share < least
        ]


def listens(
    cast: Cast, reader: Reader, judged: bool, step: Callable[[], None] = lambda: None
) -> Listening:
    """Try one customer, in the mood `OPEN`, each turn right after their greeting.

    Args:
        cast: the customer.
        reader: reads the turns.
        judged: a low share is a failure.
        step: told of each turn.

    Raises:
        BadInput: the file of sentences is wrong.
    """
    at_ease = replace(cast, mood=OPEN)
    customer = Customer(at_ease, reader, 0)
    greeting = " ".join(customer.greet().draft)
    customer.spoke(1, greeting)
    right: dict[str, list[bool]] = defaultdict(list)
    wrong: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for probe in probes(at_ease, reader.roots):
        what = "items_other" if probe.what == "items" and probe.form != "own" else probe.what
        good = _good(probe, customer, at_ease, reader, greeting)
        right[what].append(good)
        if not good:
            wrong[what].append((probe.form, probe.text))
        step()
    tried = {
        what: Tried(len(found), sum(found), tuple(wrong[what])) for what, found in right.items()
    }
    return Listening(tried, judged)


_BY_READING: tuple[What, ...] = ("offers", "not_offered", "facts")


def _good(probe: Probe, customer: Customer, cast: Cast, reader: Reader, greeting: str) -> bool:
    if probe.what in _BY_READING:
        return _read_rightly(probe, reader.read(probe.text, _before(probe, greeting), cast))
    return _answered(probe, customer.imagine(AgentTurn(2, probe.text)))


def _before(probe: Probe, greeting: str) -> Context:
    if not probe.after:
        return Context(customer=(greeting,))
    offered = Reading(offers=(Offer(probe.about, OfferState.OFFERED, quote=probe.after),))
    return Context(customer=(greeting, "Hm."), agent=(probe.after,), readings=(offered,))


def _read_rightly(probe: Probe, reading: Reading) -> bool:
    if probe.what == "offers":
        return probe.about in reading.offered
    if probe.what == "not_offered":
        return probe.about not in reading.offered
    return probe.about in reading.asks


def _answered(probe: Probe, reply: Reply) -> bool:
    if probe.what == "repeat":
        return reply.plan.intent is Intent.SAY_AGAIN
    if probe.what == "correct":
        return reply.plan.intent is Intent.CORRECTED
    return probe.about in reply.plan.about


def told(found: Listening) -> Sequence[str]:
    """Lines for reading: what was tried, and how much of it went right."""
    rows = [
        f"{what.replace('_', ' '):<12} {one.right:>3} of {one.turns:<3} {one.share:>4.0%}"
        for what, one in found.tried.items()
    ]
    return rows if found.judged else [*rows, "not judged: turns are read without the fitted reader"]
