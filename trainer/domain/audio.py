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
