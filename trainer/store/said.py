"""Lines said again after a call, kept inside its folder: `said/04-01.wav` with `said/04-01.json`.

The first number is the turn, the second counts the tries. A typed line has no sound.
"""

import io
import json
import os
import re
import stat
import wave
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from trainer.domain.audio import RATE, Samples
from trainer.domain.errors import BadInput
from trainer.store.inside import open_inside, write_private

_FOLDER = "said"
_NAME = re.compile(r"(\d+)-(\d+)\.json")
_LARGEST = 1 << 20


@dataclass(frozen=True)
class KeptLine:
    """One try.

    Attributes:
        turn: the agent turn it stands beside.
        facts: what was made of it, as it was kept.
        clip: its sound; None when it was typed.
    """

    turn: int
    facts: Mapping[str, Any]
    clip: Path | None


def keep(folder: Path, turn: int, facts: Mapping[str, Any], sound: Samples | None) -> KeptLine:
    """Keep a try, readable by its owner only.

    Args:
        folder: the call folder.
        turn: the agent turn it stands beside.
        facts: plain JSON values.
        sound: shape (n,), 16 kHz; None when it was typed.

    Raises:
        BadInput: the folder cannot be written.
    """
    place = folder / _FOLDER
    try:
        place.mkdir(mode=0o700, exist_ok=True)
        if not stat.S_ISDIR(os.lstat(place).st_mode):
            raise BadInput(f"{place} is a link to somewhere else.", "Take it away, and try again.")
        tries = [int(match[2]) for match in map(_NAME.fullmatch, os.listdir(place)) if match]
        name = f"{turn:02d}-{max(tries, default=0) + 1:02d}"
        clip = None
        if sound is not None:
            clip = place / f"{name}.wav"
            write_private(clip, _recording(sound))
        write_private(place / f"{name}.json", json.dumps(facts, ensure_ascii=False, indent=1))
    except OSError as cause:
        raise BadInput(
            f"{place} cannot be written: {cause.strerror}.",
            "Is the disk full, or the folder yours?",
        ) from cause
    return KeptLine(turn, facts, clip)


def _recording(sound: Samples) -> bytes:
    """Sound as the bytes of a 16-bit WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as recording:
        recording.setnchannels(1)
        recording.setsampwidth(2)
        recording.setframerate(RATE)
        whole = np.clip(np.rint(sound * 32768.0), -32768, 32767).astype("<i2")
        recording.writeframes(whole.tobytes())
    return file.getvalue()


def kept(folder: Path, turn: int) -> list[KeptLine]:
    """The tries at one turn, oldest first; what is damaged is left out."""
    place = folder / _FOLDER
    if place.is_symlink() or not place.is_dir():
        return []
    found = []
    for name in sorted(os.listdir(place)):
        match = _NAME.fullmatch(name)
        if match is None or int(match[1]) != turn:
            continue
        with suppress(BadInput, ValueError):
            file = open_inside(place, name, _LARGEST)
            if file is not None:
                with file:
                    facts = json.load(file)
                if isinstance(facts, dict):
                    clip = (place / name).with_suffix(".wav")
                    found.append(KeptLine(turn, facts, clip if clip.is_file() else None))
    return found
