"""The words of the debrief, from prompts/feedback.yaml: a team may write its own."""

import re
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from trainer.content import problems, prompts, source
from trainer.domain.events import TurnTaken
from trainer.review.log import plain

_LEAST, _MOST = 3, 12
"""Words of something worth saying back."""

_LEAST_PART = 5
"""The same of a part of a longer sentence; less of one does not stand alone."""

_GROWING = ("not_measured", "effect")
"""Tables to which a later version of the program may add."""

_JOIN = re.compile(r"^(?:and|but|so|because|then) (?=\w)", re.IGNORECASE)
"""A word that joined it to what came before."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Well(_Strict):
    """What to say of an act that helped."""

    behaviour: str
    what: str


class Improve(_Strict):
    """What to say of something to change."""

    behaviour: str
    weight: float
    what: str
    action: str
    say: list[str] = Field(min_length=1)


class Absent(_Strict):
    """What to say of something that was called for and missing; lines by lead feeling, or any."""

    weight: float
    what: str
    action: str
    say: dict[str, list[str]]


class Phrases(_Strict):
    """The whole file."""

    effect: dict[str, str]
    marks: dict[str, str]
    telling: list[str]
    pull: dict[str, float]
    causes: dict[str, str]
    well: dict[str, Well]
    measured_well: dict[str, dict[str, str]]
    improve: dict[str, Improve]
    measured: dict[str, Improve]
    absent: dict[str, Absent]
    keep: dict[str, str]
    not_measured: dict[str, str]
    closing: dict[str, str]

    def cause(self, name: str) -> str:
        """Why the mood moved, in a few words; a name without words of its own speaks for itself."""
        return self.causes.get(name, name.replace("_", " "))


def load(extra: Sequence[Path]) -> Phrases:
    """Read the texts; a team's own file shadows the shipped one.

    Reasons and effects that a team's file does not have yet are those of the shipped one.

    Raises:
        BadInput: the file has a mistake.
    """
    origin = source.read(prompts.path("feedback.yaml", extra))
    shipped = prompts.path("feedback.yaml", ())
    if origin.path != shipped:
        ours = prompts.data("feedback.yaml", ())
        whole = {
            name: ours[name] | own
            for name in _GROWING
            if isinstance(own := origin.data.get(name), dict)
        }
        origin = replace(origin, data=origin.data | whole)
    return problems.valid(Phrases, origin, "Mend it, or delete your own copy of it.")


def theirs(turns: Sequence[TurnTaken], telling: Sequence[str]) -> str:
    """The customer's words most worth saying back, exactly as they said them; empty when none are.

    A sentence, or what comes after the last comma of a long one, of three to twelve words, no
    question, with words that tell what it is like for them; the later of two equals.
    """
    best, most = "", 0
    for turn in turns:
        for sentence in re.split(r"(?<=[.!?])\s+", turn.text.strip()):
            if sentence.endswith("?"):
                continue
            short = len(sentence.split()) <= _MOST
            part, least = (sentence, _LEAST) if short else (sentence.split(", ")[-1], _LEAST_PART)
            hits = len(set(plain(part)) & set(telling))
            if hits and hits >= most and least <= len(part.split()) <= _MOST:
                best, most = _JOIN.sub("", part.rstrip(".!,").strip()), hits
    return best


def say(lines: Sequence[str], said: str, seed: str) -> str:
    """One of the lines to say; the same for the same call. Lines with {theirs} need `said`."""
    fit = [line for line in lines if "{theirs}" in line] if said else []
    fit = fit or [line for line in lines if "{theirs}" not in line] or list(lines)
    return fit[zlib.crc32(seed.encode()) % len(fit)].replace("{theirs}", said)
