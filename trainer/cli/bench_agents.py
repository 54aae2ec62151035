"""Who speaks as the agent in `trainer bench turntaking`: several voices and speeds, and people."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from trainer.audio.files import load_turn
from trainer.domain.audio import Samples
from trainer.domain.persona import VoiceChoice
from trainer.domain.plan import VoiceStyle
from trainer.ports.voice import Voice

_WHOLE = (
    "jfk",
    "libri_2412-153948-0000",
    "libri_2412-153948-0001",
    "libri_1088-134315-0000",
    "LJ002-0020",
    "LJ002-0035",
    "ami_ES2011a_H0_40-46s",
)
"""Recordings in speech/ that are one person's one turn."""

_SHORT = (2, 5, 8, 11, 14, 17, 1, 4)
"""Which recording of which actor interrupts: one of each of the first eight."""

_SPEAKERS: tuple[tuple[bool, dict[str, object]], ...] = (
    (True, {"register": "low", "rate": 1.0}),
    (False, {"espeak": "en-us+f2", "rate": 1.1}),
    (True, {"register": "high", "rate": 1.15}),
    (False, {"espeak": "en-gb+m3", "rate": 0.9}),
    (True, {"register": "middle", "rate": 0.9}),
    (False, {"espeak": "en-us+m7", "rate": 1.25}),
)
"""(natural voice, who): natural and plain ones in turn, slow and quick."""


class Speakers:
    """`trainer.simulate.turntaking.cases.Say` by the voices that are here.

    `natural` may be the plain voice too where there is no better one. `told` is called for every
    clip.
    """

    def __init__(self, natural: Voice, plain: Voice, told: Callable[[str], None]) -> None:
        self._voices = {True: natural, False: plain}
        self._told = told

    async def say(self, text: str, number: int) -> Samples:
        """One text, in the voice of this number."""
        self._told(text)
        natural, who = _SPEAKERS[number % len(_SPEAKERS)]
        choice = VoiceChoice.model_validate(who)
        pieces = [
            piece
            async for piece in self._voices[natural].speak(text, choice, VoiceStyle(pause_s=0.0))
        ]
        return np.concatenate(pieces)


def people(few: bool) -> tuple[Sequence[tuple[str, Samples]], Sequence[tuple[str, Samples]]]:
    """Whole turns and short ones, from the folder that TRAINER_EVAL_DATA names; none without it.

    `few`: two and one.
    """
    given = os.environ.get("TRAINER_EVAL_DATA")
    if not given:
        return (), ()
    folder = Path(given)
    whole = [
        (name, load_turn(folder / "speech" / f"{name}.flac")) for name in _WHOLE[-2 if few else 0 :]
    ]
    short = []
    for actor, which in enumerate(_SHORT[: 1 if few else None], start=1):
        file = sorted((folder / "ravdess" / f"actor_{actor:02d}").glob("*.flac"))[which]
        short.append((f"{file.parent.name}/{file.stem}", load_turn(file)))
    return whole, short
