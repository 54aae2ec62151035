"""Turns made from a customer's own file, to try whether they listen: prompts/listening.yaml."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from trainer.content import prompts
from trainer.domain.persona import Cast, Fact, Remedy

What = Literal["identity", "items", "facts", "offers", "not_offered", "repeat", "correct"]
"""What is tried."""

OWN_ASKS = 1
"""Example questions of each item that are tried: the sheet has fifty items, and time is short."""

_QUESTION_WORD = re.compile(r"(?:what|who|whose|which|when|where|why|how)\b", re.IGNORECASE)


class Facts(BaseModel):
    """Forms of a question for a fact, each with {ask}."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    yes_no: str
    either_or: str
    open: str


class Frames(BaseModel):
    """The sentences, as written in prompts/listening.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    deed_after: str = Field(description="What an example of a remedy begins with; a pattern.")
    identity: dict[str, list[str]] = Field(description="Questions for each slot.")
    reference: list[str] = Field(description="Questions for a number, with {called}.")
    fact: Facts
    item: str = Field(description="A question for an item by its {topic}.")
    offered: dict[str, str] = Field(description="Forms of an offer, with {deed}.")
    refused: dict[str, str] = Field(description="Forms of a refusal, with {deed}.")
    conditional: dict[str, str] = Field(description="Forms of a condition, with {deed}.")
    repeat: list[str]
    correct: list[str] = Field(description="Corrections, with {topic}.")


@dataclass(frozen=True)
class Probe:
    """One turn and what it should be taken for.

    Attributes:
        what: what is tried.
        form: in which form.
        text: the agent's words.
        about: `identity:SLOT`, `item:ID`, a fact's id, or a remedy's id.
        after: words of the agent that offered it before, for a turn that points back; else empty.
    """

    what: What
    form: str
    text: str
    about: str = ""
    after: str = ""


def probes(cast: Cast, roots: Sequence[Path] = ()) -> list[Probe]:
    """Everything that is tried with this customer, some 200 turns.

    Raises:
        BadInput: the file of sentences is wrong.
    """
    frames = prompts.model("listening.yaml", Frames, roots)
    scenario = cast.persona.scenario
    found = [*_identity(cast, frames)]
    for item in scenario.knows.items:
        about = f"item:{item.id}"
        found += [Probe("items", "own", ask, about) for ask in item.asks[:OWN_ASKS]]
        found.append(Probe("items", "yes_no", frames.item.format(topic=item.topic), about))
    for fact in scenario.facts:
        found += _fact(fact, frames.fact)
    for remedy in scenario.remedies:
        found += _remedy(remedy, frames)
    found += [Probe("repeat", "", text) for text in frames.repeat]
    topics = [item.topic for item in scenario.knows.items]
    found += [
        Probe("correct", "", text.format(topic=topic))
        for text, topic in zip(frames.correct, topics, strict=False)
    ]
    return found


def _identity(cast: Cast, frames: Frames) -> Iterator[Probe]:
    slots = cast.persona.scenario.knows.identity
    for name, asks in frames.identity.items():
        if getattr(slots, name, None) is not None or name in ("name", "spelling"):
            yield from (Probe("identity", name, ask, f"identity:{name}") for ask in asks)
    for one in slots.references:
        for ask in frames.reference:
            text = ask.format(called=one.called)
            yield Probe("identity", "reference", text, "identity:reference")


def _fact(fact: Fact, frames: Facts) -> Iterator[Probe]:
    wide = [ask for ask in fact.asks if _QUESTION_WORD.match(ask)]
    narrow = [ask for ask in fact.asks if not _QUESTION_WORD.match(ask)]
    first = (wide or narrow)[0]
    yield Probe("facts", "yes_no", frames.yes_no.format(ask=_inside(first)), fact.id)
    frame, ask = (frames.either_or, narrow[0]) if narrow else (frames.open, wide[-1])
    yield Probe("facts", "either_or", frame.format(ask=ask.rstrip("?. ")), fact.id)


def _inside(ask: str) -> str:
    """A question in the middle of a sentence."""
    plain = ask.rstrip("?. ")
    return plain if plain.startswith(("I ", "I'")) else plain[:1].lower() + plain[1:]


def _remedy(remedy: Remedy, frames: Frames) -> Iterator[Probe]:
    said = deeds(remedy, frames.deed_after)
    forms: tuple[tuple[What, Mapping[str, str]], ...] = (
        ("offers", frames.offered),
        ("not_offered", frames.refused),
        ("not_offered", frames.conditional),
    )
    place = 0
    for what, table in forms:
        for form, text in table.items():
            after = "" if "{deed}" in text else remedy.examples[0]
            words = text.format(deed=said[place % len(said)])
            yield Probe(what, form, words, remedy.id, after)
            place += 1


def deeds(remedy: Remedy, begins: str) -> list[str]:
    """What its examples would do, as it stands after “I can”; never empty.

    Args:
        remedy: of the customer.
        begins: a pattern of how an example begins.
    """
    pattern = re.compile(rf"(?:{begins})(.+?)[.?!]*", re.IGNORECASE)
    found = [
        match[match.lastindex or 0] for one in remedy.examples if (match := pattern.fullmatch(one))
    ]
    return found or [f"get you {remedy.called or remedy.id.replace('_', ' ')}"]
