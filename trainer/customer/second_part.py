"""What a turn is answered from, and what an answer is: plain data for `answering`."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from trainer.domain.acts import Reading
from trainer.domain.ground import Ground, Standing
from trainer.domain.mood import Mood
from trainer.domain.persona import Cast, Fact, Gate
from trainer.domain.plan import Intent


@dataclass(frozen=True)
class Asking:
    """Everything the answer may look at.

    Attributes:
        cast: the customer.
        reading: what the agent's turn did.
        text: the agent's words.
        mood: how they feel after it.
        ground: what both have established, this turn's offers included.
        told: ids of facts told.
        worth: what each remedy offered so far is worth to them, by id.
        takes: whether they would say yes to what is on the table now.
        last: what the customer said last.
        seed: chooses where either would do.
        asks: groups of prompts/customer_asks.yaml that the agent's words match.
    """

    cast: Cast
    reading: Reading
    text: str
    mood: Mood
    ground: Ground
    told: Sequence[str]
    worth: Mapping[str, float]
    takes: bool
    last: str
    seed: str
    asks: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Answer:
    """What to say to what was asked or offered.

    Attributes:
        intent: what it is for; chooses a line where `says` is empty or `leads`.
        says: words that stand already: of the sheet, of a remedy.
        leads: a line of the intent comes before `says`.
        fill: what {pick}, {open} and {topic} stand for.
        about: what is told by it, for the ground.
        facts: facts that are told by it.
        standing: what becomes of offers, by remedy.
        minor: it may as well be left unsaid where there is something else to answer.
    """

    intent: Intent
    says: tuple[str, ...] = ()
    leads: bool = False
    fill: Mapping[str, str] = field(default_factory=dict)
    about: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    standing: Mapping[str, Standing] = field(default_factory=dict)
    minor: bool = False


def together(parts: Sequence[Answer]) -> Answer | None:
    """Several answers as one: the first decides what it is for, each keeps its words."""
    if not parts:
        return None
    first = parts[0]
    says = first.says
    for one in parts[1:]:
        says += one.says or ()
    return Answer(
        first.intent,
        says,
        first.leads or not first.says,
        {key: value for one in parts for key, value in one.fill.items()},
        tuple(name for one in parts for name in one.about),
        tuple(fact for one in parts for fact in one.facts),
        {key: value for one in parts for key, value in one.standing.items()},
    )


def fresh(asking: Asking, lines: Sequence[str]) -> tuple[str, ...]:
    """One of a remedy's lines that was not said yet, chosen by the seed; empty when all were."""
    left = [line for line in lines if not any(line in one.quote for one in asking.ground.told)]
    return (random.Random(asking.seed).choice(left),) if left else ()


def open_gate(gate: Gate, mood: Mood) -> bool:
    """Whether what stands behind a gate may be said in this mood."""
    return (
        mood.trust >= gate.min_trust
        and mood.heard >= gate.min_heard
        and mood.anger <= gate.max_anger
    )


def filled(name: str, words: str) -> dict[str, str]:
    """What {name} and, at the start of a sentence, {Name} stand for."""
    return {name: words, name.capitalize(): words[:1].upper() + words[1:]}
