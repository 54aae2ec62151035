"""A speaker's usual voice on one device, as numbers: what every later call is compared with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np

ROOM_DB = 6.0
"""A room that is so much louder or quieter than at the warm-up is another room."""


class Stretch(Protocol):
    """What a baseline needs of a measured stretch of speech; see `review.delivery.voice.Voice`."""

    @property
    def loud_pitch_st(self) -> float: ...
    @property
    def effort_db(self) -> float: ...
    @property
    def level_db(self) -> float: ...
    @property
    def rate(self) -> float: ...
    @property
    def syllables(self) -> int: ...
    @property
    def range_st(self) -> float: ...


@dataclass(frozen=True)
class Baseline:
    """One speaker's usual voice on one device. Medians and standard deviations of its stretches.

    Attributes:
        pitch_st: semitones over 100 Hz, weighted by loudness.
        effort_db: 500–5000 Hz over 50–500 Hz.
        level_db: dBFS.
        rate: syllables per second of speech, over all stretches together.
        range_st: 10th to 90th percentile of the pitch, semitones.
        pitch_sd: between stretches; 0 with too few of them, as the next two.
        effort_sd: between stretches, dB.
        level_sd: between stretches, dB.
    """

    pitch_st: float
    effort_db: float
    level_db: float
    rate: float
    range_st: float
    pitch_sd: float = 0.0
    effort_sd: float = 0.0
    level_sd: float = 0.0

    @classmethod
    def of(cls, voices: Sequence[Stretch]) -> "Baseline":
        """From stretches of usual speech; at least one.

        Raises:
            ValueError: none.
        """
        if not voices:
            raise ValueError("a baseline needs speech")

        def middle(name: str) -> float:
            return float(np.median([getattr(voice, name) for voice in voices]))

        def spread(name: str) -> float:
            values = [getattr(voice, name) for voice in voices]
            return float(np.std(values, ddof=1)) if len(values) > 2 else 0.0

        return cls(
            pitch_st=middle("loud_pitch_st"),
            effort_db=middle("effort_db"),
            level_db=middle("level_db"),
            rate=_rate(voices),
            range_st=middle("range_st"),
            pitch_sd=spread("loud_pitch_st"),
            effort_sd=spread("effort_db"),
            level_sd=spread("level_db"),
        )


def _rate(voices: Sequence[Stretch]) -> float:
    """All syllables over all speech: the pace of a short answer says little by itself."""
    spoken = sum(voice.syllables / voice.rate for voice in voices if voice.rate)
    return sum(voice.syllables for voice in voices if voice.rate) / spoken if spoken else 0.0


@dataclass(frozen=True)
class WarmUp:
    """A baseline with what it holds for.

    Attributes:
        made: when, with a time zone.
        microphone: its name, as PortAudio has it.
        tracker: what found the pitch; see `review.delivery.pitch.TRACKER`.
        voice: the usual voice.
        voiced_s: seconds of voice it rests on.
        noise_db: level of the room, dBFS; None in digital silence.
    """

    made: datetime
    microphone: str
    tracker: str
    voice: Baseline
    voiced_s: float
    noise_db: float | None = None

    def same_room(self, noise_db: float | None) -> bool:
        """Whether a room of that level, dBFS, is as loud as this one was; unknown ones are."""
        if noise_db is None or self.noise_db is None:
            return True
        return abs(noise_db - self.noise_db) <= ROOM_DB
