"""Whether a piece of a turn accuses the listener: words that carry it, meant, and a second reading.

A sentence can look like an insult and be none (“You're a star”), so likeness alone accuses nobody.
Words alone do not either: they may be quoted, denied, or about the speaker (prompts/acts/
in_earnest.yaml says how that sounds).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from trainer.acts import phrases
from trainer.acts.library import Known
from trainer.acts.phrases import Finder, Found
from trainer.content import problems, prompts, source
from trainer.content import roots as places
from trainer.domain.errors import BadInput

RULED = 0.3
"""A precise pattern is believed unless its act's score is further than this under its limit."""

CARRIED = 0.05
"""How far over its limit the score must be where only words that carry the act are there."""

PLACES = 4
"""How many places of one pattern in a piece are looked at."""

_QUOTED = re.compile(r"[“\"][^”\"]*[”\"]|(?<!\w)'[^']{2,60}[^\s']'(?!\w)")
_SPLIT = re.compile(r"^[^“]*”|“[^”]*$")
"""A quotation that begins or ends in another piece of the turn."""


class EarnestFile(BaseModel):
    """What stands around words that accuse nobody, as written in prompts/acts/in_earnest.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    about: str
    before: list[str] = Field(default_factory=list, description="Patterns right before the words.")
    after: list[str] = Field(default_factory=list, description="Patterns right after them.")
    reported: list[str] = Field(
        default_factory=list, description="Patterns anywhere before them in the sentence."
    )


@dataclass(frozen=True)
class Earnest:
    """Tells words that are meant from words that are reported, denied or about somebody else."""

    before: Finder | None
    after: Finder | None
    reported: Finder | None

    def place(self, finder: Finder | None, plain: str, said: str = "") -> Found | None:
        """The first place in `plain` where `finder` finds words that are meant.

        Args:
            finder: patterns of an act; None finds nothing.
            plain: one piece of a turn, `phrases.normal`.
            said: what its sentence says before it, `phrases.normal`.
        """
        rest = plain
        quoted = [m.span() for m in (*_QUOTED.finditer(plain), *_SPLIT.finditer(plain))]
        for _ in range(PLACES):
            found = finder.search(rest) if finder is not None else None
            if found is None or found.start == found.end:
                return None
            if not any(start < found.end and found.start < end for start, end in quoted) and (
                self._meant(f"{said} {plain[: found.start]}", plain[found.end :])
            ):
                return found
            gone = "_" * (found.end - found.start)
            rest = rest[: found.start] + gone + rest[found.end :]
        return None

    def _meant(self, left: str, right: str) -> bool:
        left, right = left.strip(), right.strip()
        return not (
            (self.before is not None and self.before.search(left))
            or (self.after is not None and self.after.search(right))
            or (self.reported is not None and self.reported.search(left))
        )


def method(
    known: Known, earnest: Earnest, text: str, said: str = "", score: float | None = None
) -> Literal["rule", "examples"] | None:
    """How a piece shows an unkind act, None where it does not.

    Args:
        known: the act.
        earnest: what tells whether words are meant.
        text: the piece.
        said: what its sentence says before it.
        score: how far the act's fitted score is over its limit; None without sentence vectors,
            where only precise patterns count.
    """
    if known.spares(text):
        return None
    plain, before = phrases.normal(text), phrases.normal(said)
    ruled = score is None or score + RULED >= 0
    if ruled and earnest.place(known.patterns, plain, before):
        return "rule"
    if score is not None and score >= CARRIED and earnest.place(known.carriers, plain, before):
        return "examples"
    return None


@lru_cache(maxsize=8)
def load(roots: Sequence[Path]) -> Earnest:
    """What prompts/acts/in_earnest.yaml says.

    Raises:
        BadInput: the file is missing or wrong; the message names it.
    """
    origin = source.read(prompts.path("acts/in_earnest.yaml", roots))
    written = problems.valid(EarnestFile, origin, prompts.MEND)
    ours = places.shipped() in origin.path.resolve().parents
    try:
        return Earnest(
            phrases.compile_all([rf"(?:{one})$" for one in written.before], ours),
            phrases.compile_all([rf"^\W*(?:{one})" for one in written.after], ours),
            phrases.compile_all(written.reported, ours),
        )
    except re.error as error:
        raise BadInput(f"{origin.path}: a pattern is not a regular expression: {error}.") from None
    except TimeoutError:
        raise BadInput(f"{origin.path}: a pattern takes too long on plain sentences.") from None
