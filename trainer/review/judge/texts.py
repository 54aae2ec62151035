"""The words of the judge: what it is shown besides the transcript, and what is said of its work."""

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from trainer.content import problems, prompts, roots, source
from trainer.content.problems import Problem
from trainer.review.judge.answer import Reply

_NOTES = "judge/notes.yaml"
_WORDS = "judge/words.yaml"

_Model = TypeVar("_Model", bound=BaseModel)


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Example(_Strict):
    """A worked example: some turns, and how they are to be marked."""

    turns: Annotated[list[str], Field(min_length=2)]
    answer: Reply


class About(_Strict):
    """What a judge is told about one behaviour beside its anchors."""

    look_for: str
    examples: Annotated[list[Example], Field(min_length=2, max_length=4)]


class Notes(_Strict):
    """What people are told."""

    gap: str
    unclear: str
    judged: str
    price: str
    no_price: str
    free: str
    nothing: str
    thin: str
    late: str
    failed: str
    stopped: str
    small: str
    real_call: str
    why: dict[str, str]


class _Words(_Strict):
    states: Annotated[list[str], Field(min_length=1)]
    sounds: Annotated[list[str], Field(min_length=1)]
    addressed: Annotated[list[str], Field(min_length=1)]


def notes(extra: Sequence[Path]) -> Notes:
    """What is said of a judge's work; a team's own file shadows the shipped one.

    Raises:
        BadInput: the file has a mistake.
    """
    return prompts.model(_NOTES, Notes, extra)


def about(behaviour: str, extra: Sequence[Path]) -> About | None:
    """What a judge is told about a behaviour; None where nobody wrote anything beside the rubric.

    Raises:
        BadInput: the file has a mistake.
    """
    name = f"judge/{behaviour.lower()}.yaml"
    if roots.find("prompts", name, extra) is None:
        return None
    return prompts.model(name, About, extra)


def mistakes(behaviour: str, extra: Sequence[Path]) -> list[Problem]:
    """What is wrong with what a judge is told about a behaviour; also a quote that nobody said.

    Raises:
        BadInput: the file cannot be read as YAML.
    """
    path = roots.find("prompts", f"judge/{behaviour.lower()}.yaml", extra)
    if path is None:
        return []
    origin = source.read(path)
    try:
        known = About.model_validate(origin.data)
    except ValidationError as error:
        return problems.from_validation(origin, About, error)
    return [
        problems.at(
            origin,
            ("examples", at, "answer", "evidence", number, "quote"),
            f"is not in turn {one.turn} of the agent.",
        )
        for at, example in enumerate(known.examples)
        for number, one in enumerate(example.answer.evidence)
        if not any(
            turn.startswith(f"[{one.turn}] agent:") and one.quote in turn for turn in example.turns
        )
    ]


def states() -> re.Pattern[str]:
    """Words for a feeling or a state of mind."""
    return _pattern(_words().states)


def sounds() -> re.Pattern[str]:
    """Words for how a voice sounds, which nobody who reads a transcript can know."""
    return _pattern(_words().sounds)


def addressed() -> tuple[re.Pattern[str], ...]:
    """What speaks to the marker rather than to the customer."""
    return tuple(re.compile(one, re.IGNORECASE) for one in _words().addressed)


def _words() -> _Words:
    """Always the shipped ones: they protect, so no file of a content root can empty them."""
    return _shipped(roots.shipped())


@lru_cache(maxsize=2)
def _shipped(shipped: Path) -> _Words:
    return _Words.model_validate(source.read(shipped / "prompts" / _WORDS).data)


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)
