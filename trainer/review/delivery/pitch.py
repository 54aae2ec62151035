"""The pitch of a voice over time, by swift-f0."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainer.domain.audio import RATE, Samples
from trainer.domain.errors import EngineMissing

TRACKER = "swift-f0 0.3, 2"
"""Part of every baseline: trackers differ by a semitone, so they are never mixed.

The last figure counts the ways in which the rest of a voice was measured.
"""

_LOWEST_HZ, _HIGHEST_HZ = 60.0, 500.0
_SURE = 0.5
_PEAK = 0.5
_HOP_S = 0.016


@dataclass(frozen=True)
class Pitch:
    """Pitch every 16 ms.

    Attributes:
        times: seconds, shape (n,).
        semitones: 12·log2(Hz / 100) where voiced, nan elsewhere, shape (n,).
    """

    times: NDArray[np.float64]
    semitones: NDArray[np.float64]

    @property
    def voiced(self) -> NDArray[np.bool_]:
        """Where there is a voice with a pitch, shape (n,)."""
        return ~np.isnan(self.semitones)

    @property
    def voiced_s(self) -> float:
        """Seconds of it."""
        return float(np.count_nonzero(self.voiced)) * _HOP_S

    def at(self, times: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Whether the voice has a pitch at these times, seconds."""
        if not len(self.times):
            return np.zeros(len(times), bool)
        return np.asarray(np.interp(times, self.times, self.voiced.astype(float)) > 0.5)


def track(sound: Samples) -> Pitch:
    """The pitch of one voice, shape (n,) at 16 kHz.

    Raises:
        EngineMissing: swift-f0 is not installed.
    """
    if len(sound) < RATE // 10:
        return Pitch(np.zeros(0), np.zeros(0))
    peak = float(np.max(np.abs(sound)))
    if peak == 0:
        return Pitch(np.zeros(0), np.zeros(0))
    # the tracker misses quiet voices: all are brought to the same peak
    found = _detector().detect(
        sound * np.float32(_PEAK / peak), RATE, fmin=_LOWEST_HZ, fmax=_HIGHEST_HZ
    )
    sure = np.asarray(found.confidence) >= _SURE
    with np.errstate(divide="ignore", invalid="ignore"):
        semitones = 12 * np.log2(np.asarray(found.pitch_hz, dtype=float) / 100)
    return Pitch(np.asarray(found.timestamps, dtype=float), np.where(sure, semitones, np.nan))


@cache
def _detector() -> Any:
    try:
        from swift_f0 import SwiftF0
    except ImportError as cause:
        raise EngineMissing(
            "Pitch cannot be measured (swift-f0 is not installed).", "Set up again: make run"
        ) from cause
    return SwiftF0()
