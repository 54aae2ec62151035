"""Whether a recording is good enough to judge a voice by."""

from dataclasses import dataclass

import numpy as np

from trainer.domain.audio import Samples
from trainer.review.delivery import spectrum

GOOD_DB = 20.0
"""Signal-to-noise ratio from which nothing is widened."""

POOR_DB = 8.0
"""Below it only words and timing are measured."""

CLIPPED = 0.001
"""Share of clipped samples from which level means nothing."""

_FULL = 0.99
_NOTHING_DB = -90.0
_DIGITAL_DB = -115.0
"""Under it there is no room at all: something wrote zeros."""

_SOME = 0.05
_RIDES_DB = 4.0
_PAUSE_FRAMES = 120
_EDGE_FRAMES = 30


@dataclass(frozen=True)
class Quality:
    """Of one recording.

    Attributes:
        snr_db: the loudest 5 % over the quietest fifth of what is no speech (where nobody falls
            silent: over the quietest 5 % of all); None in digital silence.
        clipping: share of samples at full scale, 0..1.
        gain_rides: the noise swells in long pauses: something turns the level up and down.
        noise_db: level of what is no speech, dBFS; None in digital silence.
    """

    snr_db: float | None
    clipping: float
    gain_rides: bool
    noise_db: float | None = None

    @property
    def widening(self) -> float:
        """Factor on the units in which a change of voice is counted."""
        return 1.0 if self.snr_db is None or self.snr_db >= GOOD_DB else 1.5

    @property
    def level_counts(self) -> bool:
        """Whether loudness can be compared."""
        return not self.gain_rides and self.clipping <= CLIPPED


def assess(sound: Samples) -> Quality:
    """Quality of a recording, shape (n,) at 16 kHz."""
    level = spectrum.level(sound)
    speech = spectrum.speech(level)
    quiet = level[~speech] if np.mean(~speech) > _SOME else level
    room = quiet[quiet > _DIGITAL_DB]
    low = 0.2 if quiet is not level else 0.05
    floor = np.quantile(room if len(room) else quiet, low)
    snr = float(np.quantile(level, 0.95) - floor) if float(np.max(level)) > _NOTHING_DB else None
    clipping = float(np.mean(np.abs(sound) > _FULL)) if len(sound) else 0.0
    noise = float(np.quantile(room, low)) if len(room) else None
    return Quality(snr, clipping, _gain_rides(level, speech), noise)


def _gain_rides(level: spectrum.Values, speech: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> bool:
    """Automatic gain lifts the noise in every long pause; a room does not."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], (~speech).astype(np.int8), [0]])))
    rises = [
        float(
            np.median(level[end - _EDGE_FRAMES : end - 5])
            - np.median(level[start + 20 : start + 50])
        )
        for start, end in zip(edges[::2], edges[1::2], strict=True)
        if end - start >= _PAUSE_FRAMES and start > 0 and end < len(level)
    ]
    return len(rises) >= 2 and float(np.median(rises)) > _RIDES_DB
