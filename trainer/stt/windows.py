"""How much sound Whisper gets at a time.

Whisper reads 30 s whatever the turn's length. Its encoder's cost grows with that length, so a short
turn is read in a shorter window; a turn longer than 30 s is cut where it is quiet.
"""

import math

import numpy as np

from trainer.domain.audio import RATE, Samples

LONGEST_S = 30.0
"""What Whisper can read at once, seconds."""

SHORTEST_S = 12.0
"""The shortest window, seconds: measured, see docs/measurements.md. Shorter ones begin to loop."""

TAIL_S = 1.0
"""Silence that must follow the words inside a window, seconds."""

_POSITIONS_PER_S = 50  # of the encoder
_EARLIEST_CUT_S = 20.0
_QUIET_S = 0.2


def positions(samples: int, shortest_s: float = SHORTEST_S) -> int:
    """Encoder positions (20 ms each) for this many samples: 600 to 1500."""
    window_s = min(LONGEST_S, max(shortest_s, samples / RATE + TAIL_S))
    return math.ceil(window_s * _POSITIONS_PER_S)


def token_limit(samples: int) -> int:
    """The most tokens these samples can hold; more is a loop. Speech has 4 to 7 a second."""
    return min(224, round(12 * samples / RATE) + 16)


def split(audio: Samples) -> list[tuple[int, Samples]]:
    """Cut a turn into windows of at most 30 s, in the quietest fifth of a second near their end.

    Returns:
        (offset in samples, samples) of each window, in order; together they are the whole turn.
    """
    longest, earliest, quiet = (round(x * RATE) for x in (LONGEST_S, _EARLIEST_CUT_S, _QUIET_S))
    windows, start = [], 0
    while len(audio) - start > longest:
        part = audio[start + earliest : start + longest].astype(np.float64)
        power = np.concatenate([[0.0], np.cumsum(part**2)])
        cut = start + earliest + int(np.argmin(power[quiet:] - power[:-quiet])) + quiet // 2
        windows.append((start, audio[start:cut]))
        start = cut
    windows.append((start, audio[start:]))
    return windows
