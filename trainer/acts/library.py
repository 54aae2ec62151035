"""What shows each act: patterns, example phrases and near misses, read from prompts/acts/."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from trainer.acts import phrases
from trainer.content import problems, prompts, source
from trainer.domain.acts import ActKind
from trainer.domain.errors import BadInput


class ActFile(BaseModel):
    """One act as it is written in a file under prompts/acts/."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    about: str
    by: Literal["phrase", "question", "reflection", "refusal", "history", "canned", "whole"] = (
        Field(
            "phrase",
            description="How it is found; `phrase`: patterns, then nearness to the examples.",
        )
    )
    near_enough: float = Field(
        0.66, ge=0, le=1, description="Likeness to an example that is enough."
    )
    patterns: list[str] = Field(default_factory=list)
    unless: list[str] = Field(default_factory=list, description="Patterns that speak against it.")
    examples: list[str] = Field(default_factory=list)
    near: list[str] = Field(
        default_factory=list, description="Phrases that look like it and are not."
    )
    reasons: list[str] = Field(default_factory=list, description="refusal: what gives the reason.")
    ways: list[str] = Field(default_factory=list, description="refusal: what shows another way.")
    asks_for: dict[str, list[str]] = Field(
        default_factory=dict, description="repeat_ask: what is asked."
    )
    answered_by: dict[str, list[str]] = Field(
        default_factory=dict, description="repeat_ask: customer's words that answered it."
    )


@dataclass(frozen=True)
class Known:
    """One act, ready to be looked for."""

    kind: ActKind
    by: str
    near_enough: float
    patterns: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    examples: tuple[str, ...]
    near: tuple[str, ...]
    reasons: re.Pattern[str] | None
    ways: re.Pattern[str] | None
    asks_for: dict[str, re.Pattern[str]]
    answered_by: dict[str, re.Pattern[str]]

    def shows(self, text: str) -> bool:
        """Whether a pattern finds this act in `text` and nothing speaks against it."""
        found = self.patterns is not None and self.patterns.search(phrases.normal(text)) is not None
        return found and not self.spares(text)

    def spares(self, text: str) -> bool:
        """Whether something in `text` speaks against this act."""
        return self.unless is not None and self.unless.search(phrases.normal(text)) is not None


@lru_cache(maxsize=8)
def load(roots: tuple[Path, ...]) -> dict[ActKind, Known]:
    """Every act, in the order of `ActKind`.

    Raises:
        BadInput: a file is missing or wrong; the message names file, line and column.
    """
    return {kind: _read(kind, roots) for kind in ActKind}


def _read(kind: ActKind, roots: Sequence[Path]) -> Known:
    origin = source.read(prompts.path(f"acts/{kind.value}.yaml", roots))
    try:
        written = ActFile.model_validate(origin.data)
    except ValidationError as error:
        raise problems.bad_input(problems.from_validation(origin, ActFile, error)) from None
    try:
        return Known(
            kind,
            written.by,
            written.near_enough,
            phrases.compile_all(written.patterns),
            phrases.compile_all(written.unless),
            tuple(written.examples),
            tuple(written.near),
            phrases.compile_all(written.reasons),
            phrases.compile_all(written.ways),
            _groups(written.asks_for),
            _groups(written.answered_by),
        )
    except re.error as error:
        raise BadInput(
            f"{origin.path}: a pattern is not a regular expression: {error}.",
            "Mend the pattern, or delete your own copy of the file.",
        ) from None


def _groups(groups: dict[str, list[str]]) -> dict[str, re.Pattern[str]]:
    compiled = {name: phrases.compile_all(patterns) for name, patterns in groups.items()}
    return {name: pattern for name, pattern in compiled.items() if pattern is not None}
