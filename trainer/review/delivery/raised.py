"""One index: how far a voice is raised above the same speaker's calm voice.

Mean of the changes in pitch, balance and, where it can be compared, level, each counted in units of
at least the usual variation between a calm speaker's sentences. `trainer bench delivery` measures
it against acted speech.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from trainer.review.delivery.voice import Voice

_UNITS = {"pitch": 1.0, "effort": 1.2, "level": 2.5}
"""Semitones, dB, dB: what sentences of one calm speaker differ by."""

_LOWEST, _HIGHEST = -3.0, 6.0

RAISED = 1.0
"""Above it a voice is raised, above `CLEARLY` clearly so."""

CLEARLY = 2.0


@dataclass(frozen=True)
class Baseline:
    """One speaker's calm voice on one device. Medians and standard deviations of its stretches.

    `rate`: syllables per second; `range_st`: pitch range, semitones.
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
    def of(cls, voices: Sequence[Voice]) -> "Baseline":
        """From stretches of calm speech; at least one.

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
            rate=middle("rate"),
            range_st=middle("range_st"),
            pitch_sd=spread("loud_pitch_st"),
            effort_sd=spread("effort_db"),
            level_sd=spread("level_db"),
        )


@dataclass(frozen=True)
class Raised:
    """`z`: the index; `parts`: what it is the mean of."""

    z: float
    parts: dict[str, float]


def raised(voice: Voice, calm: Baseline, *, level: bool = True) -> Raised:
    """How far `voice` lies above the calm one, in units of usual variation.

    `level`: whether both were recorded on the same device at the same distance.
    """
    changes = {
        "pitch": (voice.loud_pitch_st - calm.pitch_st, calm.pitch_sd),
        "effort": (voice.effort_db - calm.effort_db, calm.effort_sd),
    }
    if level and voice.quality.level_counts:
        changes["level"] = (voice.level_db - calm.level_db, calm.level_sd)
    parts = {
        name: float(
            np.clip(
                change / (max(_UNITS[name], spread) * voice.quality.widening), _LOWEST, _HIGHEST
            )
        )
        for name, (change, spread) in changes.items()
    }
    return Raised(float(np.mean(list(parts.values()))), parts)
