"""A warm-up in plain words and numbers, for the person whose voice it is. Pure but `load`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from trainer.content import prompts
from trainer.domain.baseline import WarmUp

_REFERENCE_HZ = 100.0
_QUIET_DB, _OKAY_DB = -50.0, -40.0


class Texts(BaseModel):
    """`prompts/warm_up.yaml`: two sentences to read, what to talk about, what is said of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sentences: Annotated[list[str], Field(min_length=2, max_length=2)]
    topics: Annotated[list[str], Field(min_length=1)]
    intro: str
    none: str
    room: str
    read: str
    talk: str
    holds: str
    ends: str
    louder: str
    tone_off: str
    pacing_off: str


def load(roots: Sequence[Path]) -> Texts:
    """Read the texts; a team's own file shadows the shipped one.

    Raises:
        BadInput: the file has a mistake.
    """
    return prompts.model("warm_up.yaml", Texts, roots)


def heard(
    made: WarmUp, texts: Texts, *, tone: bool = True, pacing: bool = True
) -> list[tuple[str, str]]:
    """What was heard: (what, value in words and numbers). What is switched off says so instead."""
    voice = made.voice
    rows = [("Voice", f"{made.voiced_s:.0f} s of it were heard")]
    if tone:
        hertz = _REFERENCE_HZ * 2 ** (voice.pitch_st / 12)
        rows.append(("Pitch", f"around {hertz:.0f} Hz, moving over {voice.range_st:.0f} semitones"))
        rows.append(("Level", _level(made)))
    else:
        rows.append(("Sound", texts.tone_off))
    if pacing:
        rows.append(("Pace", f"{voice.rate:.1f} syllables a second while you speak"))
    else:
        rows.append(("Pace", texts.pacing_off))
    return [*rows, ("Room", _room(made.noise_db))]


def _level(made: WarmUp) -> str:
    said = f"{made.voice.level_db:.0f} dB"
    if made.noise_db is None:
        return said
    return f"{said}, {made.voice.level_db - made.noise_db:.0f} dB above the room"


def _room(noise_db: float | None) -> str:
    if noise_db is None:
        return "not a sound between the words: something takes the room out"
    words = (
        "a quiet room"
        if noise_db < _QUIET_DB
        else "some noise, that will do"
        if noise_db < _OKAY_DB
        else "a noisy room: a headset or another room will help"
    )
    return f"{noise_db:.0f} dB, {words}"
