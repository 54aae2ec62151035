"""What shows each act: patterns, example phrases and near misses, read from prompts/acts/."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from trainer.acts import phrases
from trainer.acts.phrases import Finder
from trainer.content import problems, prompts, source
from trainer.content import roots as places
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
    needs: list[str] = Field(
        default_factory=list, description="Patterns of which one must stand in the turn."
    )
    carriers: list[str] = Field(
        default_factory=list,
        description="Unkind acts: patterns of which one must stand in a piece that likeness finds.",
    )
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
    identity: list[str] = Field(
        default_factory=list,
        description="repeat_ask: what they may be asked once, whatever they said before.",
    )


@dataclass(frozen=True)
class Known:
    """One act, ready to be looked for."""

    kind: ActKind
    about: str
    by: str
    near_enough: float
    patterns: Finder | None
    unless: Finder | None
    needs: Finder | None
    carriers: Finder | None
    examples: tuple[str, ...]
    near: tuple[str, ...]
    reasons: Finder | None
    ways: Finder | None
    asks_for: dict[str, Finder]
    answered_by: dict[str, Finder]
    identity: Finder | None

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
    written = problems.valid(ActFile, origin, prompts.MEND)
    ours = places.shipped() in origin.path.resolve().parents
    try:
        return Known(
            kind,
            written.about,
            written.by,
            written.near_enough,
            phrases.compile_all(written.patterns, ours),
            phrases.compile_all(written.unless, ours),
            phrases.compile_all(written.needs, ours),
            phrases.compile_all(written.carriers, ours),
            tuple(written.examples),
            tuple(written.near),
            phrases.compile_all(written.reasons, ours),
            phrases.compile_all(written.ways, ours),
            _groups(written.asks_for, ours),
            _groups(written.answered_by, ours),
            phrases.compile_all(written.identity, ours),
        )
    except re.error as error:
        raise BadInput(
            f"{origin.path}: a pattern is not a regular expression: {error}.",
            "Mend the pattern, or delete your own copy of the file.",
        ) from None
    except TimeoutError:
        raise BadInput(
            f"{origin.path}: a pattern takes too long on plain sentences.",
            "Look for repeats inside repeats, as in (a+)+, and write it with fewer.",
        ) from None


def _groups(groups: dict[str, list[str]], ours: bool) -> dict[str, Finder]:
    compiled = {name: phrases.compile_all(patterns, ours) for name, patterns in groups.items()}
    return {name: pattern for name, pattern in compiled.items() if pattern is not None}
