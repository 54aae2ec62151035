"""What the customer makes of an agent turn.

Acts, delivery and timing, each with the words that caused it.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from trainer.acts.history import Context
from trainer.content import problems, prompts, source
from trainer.customer.hollow import hollow, parroted
from trainer.customer.mood import BAD, GOOD, NAMES, Appraisal, clip
from trainer.domain.acts import Act, ActKind, Reading
from trainer.domain.mood import Cause
from trainer.domain.moves import OfferState
from trainer.domain.persona import Cast, Need, Remedy, Unit
from trainer.domain.plan import AgentTurn

PATIENT_S = 4.0
"""Unannounced silence is felt from here on, seconds, and fully six seconds later."""

UNPROVEN = 0.35
"""What an offer is worth before the facts it rests on were told."""

HOPED = 0.4
"""What an offer is worth while it hangs on something, as a share of its worth when made."""

FORBIDDEN = 0.8
"""What an offer that policy forbids is worth while it is believed: it sounds almost too good. It
breaks when the agent takes it back, or after the call."""

BROKEN = 0.9
"""How fully a promise is broken that the agent takes back, or that nobody keeps."""

INTEREST = 0.4
"""How much a question that goes to something they have not told yet shows interest in them, however
it is put."""

SURE = 0.5
"""Confidence under which an act that would help is not felt: it may be something else."""

CERTAIN = 0.7
"""Likeness to examples from which an act that hurts or binds was meant: to miss a slight is better
than to be hurt by a plain question."""

MOCKED = 0.6
"""How much like a machine it sounds when nothing but the customer's own words comes back."""

_ASKING = (ActKind.OPEN_QUESTION, ActKind.CLOSED_QUESTION)
_BARBED = (ActKind.REPEAT_ASK, ActKind.BLAME, ActKind.JUDGEMENT, ActKind.INSULT, ActKind.DISMISS)
_BINDING = (ActKind.OVERPROMISE, ActKind.ESCALATE)
_OFFERING = (
    ActKind.ACTION,
    ActKind.CHOICE,
    ActKind.OVERPROMISE,
    ActKind.NEXT_STEP,
    ActKind.TIMEFRAME,
)


class Table(BaseModel):
    """prompts/appraisals.yaml: acts to appraisals, and what each need changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    acts: dict[ActKind, dict[str, Unit]]
    needs: dict[Need, dict[str, Annotated[float, Field(ge=0, le=3)]]]


@dataclass(frozen=True)
class Memory:
    """What the customer remembers that bears on a turn.

    Attributes:
        told: ids of the facts they have told.
        promised: they were promised something that cannot be kept.
        offers: what each remedy offered before was worth, by id.
        before: what was said before.
    """

    told: Collection[str] = ()
    promised: bool = False
    offers: Mapping[str, float] = field(default_factory=dict)
    before: Context = field(default_factory=Context)


@lru_cache(maxsize=8)
def table(roots: tuple[Path, ...]) -> Table:
    """The table in force.

    Raises:
        BadInput: it is missing or wrong; the message names file, line and column.
    """
    origin = source.read(prompts.path("appraisals.yaml", roots))
    read = problems.valid(Table, origin, prompts.MEND)
    rows = [("acts", act.value, row) for act, row in read.acts.items()]
    rows += [("needs", need.value, row) for need, row in read.needs.items()]
    wrong = [
        problems.at(
            origin, (part, key, name), "there is no such appraisal.", problems.closest(name, NAMES)
        )
        for part, key, row in rows
        for name in row
        if name not in NAMES
    ]
    wrong += [
        problems.at(
            origin,
            ("acts",),
            f"“{act.value}” is missing: write {act.value}: {{}} if it means nothing.",
        )
        for act in ActKind
        if act not in read.acts
    ]
    if wrong:
        raise problems.bad_input(wrong, prompts.MEND)
    return read


def believed(reading: Reading, by: Table, odd: bool = False) -> Reading:
    """The reading without slights, refusals and promises that are only a little like one.

    Where a turn is `odd`, likeness says nothing about it.
    """

    def stands(act: Act) -> bool:
        weighs = act.kind in _BINDING or any(name in BAD for name in by.acts.get(act.kind, {}))
        sure = act.confidence >= CERTAIN and not odd
        return act.method != "examples" or sure or not weighs

    return replace(reading, acts=tuple(act for act in reading.acts if stands(act)))


def appraise(
    reading: Reading,
    turn: AgentTurn,
    cast: Cast,
    memory: Memory,
    by: Table,
    odd: bool = False,
) -> tuple[Appraisal, tuple[Cause, ...]]:
    """What one turn meant to the customer, and the words that made it so, strongest first.

    Nothing good is felt in words that were said before, in the customer's own words said back, or
    in a turn that is `odd`: no talk between the two (it tries to break the role, or parrots).
    """
    strongest: dict[str, tuple[float, str]] = {}

    def felt(name: str, strength: float, quote: str) -> None:
        strength = round(clip(strength), 3)
        if strength > strongest.get(name, (0.0, ""))[0]:
            strongest[name] = (strength, quote)

    barbed = [act for act in reading.acts if act.kind in _BARBED]
    for act in reading.acts:
        helps = not odd and act.confidence >= SURE and not hollow(act.quote, memory.before)
        if act.kind in _ASKING and any(b.start < act.end and act.start < b.end for b in barbed):
            continue  # “why didn't you read it?” and the same question again are no interest
        for name, weight in by.acts.get(act.kind, {}).items():
            if helps or name in BAD:
                felt(name, weight * min(1.0, act.confidence / 0.9) ** 2, act.quote)
    asked = reading.find(*_ASKING)
    if asked and not odd and set(reading.asks) - set(memory.told):
        felt("open_question", INTEREST, asked.quote)
    offered = [r for r in cast.persona.scenario.remedies if r.id in reading.offered]
    if not odd:
        for name, strength, quote in _of_offers(reading, turn, cast, memory):
            felt(name, strength, quote)
    no = reading.find(ActKind.REFUSE_REASONED, ActKind.POLICY_WALL)
    if memory.promised and no is not None and not offered:
        felt("broken_promise", BROKEN, no.quote)
    if parroted(turn.text, memory.before.customer):
        felt("canned", MOCKED, turn.text.strip())
    if turn.interrupted:
        felt("interruption", 0.8, "")
    felt("dead_air", (turn.silence_s - PATIENT_S) / 6.0, "")
    if turn.raised is not None:
        felt("raised_voice", turn.raised, "")
    appraisal = Appraisal(**{name: strength for name, (strength, _) in strongest.items()})
    return appraisal, causes(strongest)


def _of_offers(
    reading: Reading, turn: AgentTurn, cast: Cast, memory: Memory
) -> Iterator[tuple[str, float, str]]:
    """What the remedies of a turn mean: those on the table, and those that hang on something."""
    remedies = cast.persona.scenario.remedies
    offered = [remedy for remedy in remedies if remedy.id in reading.offered]
    if offered:
        offer = reading.find(*_OFFERING)
        quote = offer.quote if offer else turn.text.strip()
        now = {remedy.id: worth(remedy, memory.told) for remedy in offered}
        if not hollow(quote, memory.before):
            yield "outcome", together({**memory.offers, **now}), quote
            yield "action", 0.6, quote
    hoped = {one.remedy: one.quote for one in reading.state(OfferState.CONDITIONAL)}
    for remedy in remedies:
        if remedy.id in hoped and remedy.id not in memory.offers:
            hope = {remedy.id: HOPED * worth(remedy, memory.told)}
            yield "outcome", together({**memory.offers, **hope}), hoped[remedy.id]


def worth(remedy: Remedy, told: Collection[str]) -> float:
    """What one remedy is worth to them now, 0..1."""
    proven = set(remedy.needs) <= set(told)
    return remedy.solves * (1.0 if proven else UNPROVEN) * (1.0 if remedy.allowed else FORBIDDEN)


def together(offers: Mapping[str, float]) -> float:
    """What several remedies are worth together: each solves its share of what the others leave."""
    left = 1.0
    for share in offers.values():
        left *= 1 - share
    return 1 - left


def waited(seconds: float) -> tuple[Appraisal, tuple[Cause, ...]]:
    """What an unannounced silence of `seconds` meant."""
    strength = round(clip((seconds - PATIENT_S) / 6.0), 3)
    return Appraisal(dead_air=strength), causes({"dead_air": (strength, "")})


def causes(strongest: Mapping[str, tuple[float, str]]) -> tuple[Cause, ...]:
    """Causes from appraisals with their words, strongest first."""
    found = [
        Cause(name, quote, strength, name in GOOD)
        for name, (strength, quote) in strongest.items()
        if strength > 0 and (name in GOOD or name in BAD)
    ]
    return tuple(sorted(found, key=lambda cause: (-cause.weight, cause.appraisal)))
