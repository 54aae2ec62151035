"""Sound inside a call: 16 kHz mono float32 in [-1, 1], handled in blocks of 512 samples (32 ms).

The number of samples since the first one is the *call clock*: every time in a call is counted on
it.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
"""Samples per second of the call clock."""

BLOCK = 512
"""Samples per block, 32 ms: the chunk size that the voice-activity detector takes."""

Samples: TypeAlias = NDArray[np.float32]
"""Mono audio at `RATE`, shape (n,), values in [-1, 1]."""


def seconds(samples: int) -> float:
    """Call-clock samples as seconds, rounded to the millisecond."""
    return round(samples / RATE, 3)


def samples(seconds: float) -> int:
    """Seconds as call-clock samples."""
    return round(seconds * RATE)


_BELOW_PEAK = 10 ** (-35 / 20)
"""A sample is audible when it is within 35 dB of its sound's own peak."""

_FLOOR = 10 ** (-50 / 20)


def edges(sound: Samples) -> tuple[int, int] | None:
    """First and last audible sample of a stretch of speech; None when nothing in it is."""
    loudness = np.abs(sound)
    if not len(loudness) or loudness.max() < _FLOOR:
        return None
    loud = np.flatnonzero(loudness > max(_FLOOR, float(loudness.max()) * _BELOW_PEAK))
    return int(loud[0]), int(loud[-1])
