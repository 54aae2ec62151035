"""Stretches of speech in one channel, found by its energy. Samples in, spans in samples out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainer.domain.audio import RATE, Samples

_FRAME = RATE // 100
"""10 ms."""

_FLOOR = 10 ** (-50 / 20)
"""Never speech below -50 dBFS."""

_OVER_NOISE = 10 ** (9 / 20)
"""Speech reaches at least 9 dB over the channel's noise."""

_TAIL = 10 ** (-3 / 20)
"""What belongs to it may be 3 dB less."""

_MERGE = RATE // 5
"""Pauses under 200 ms do not part a stretch."""

_LEAST = round(0.15 * RATE)
"""Shorter bursts are not speech."""


@dataclass(frozen=True, order=True)
class Stretch:
    """Speech from sample `start` up to, not including, sample `end` of the call clock."""

    start: int
    end: int

    @property
    def length(self) -> int:
        """In samples."""
        return self.end - self.start


def find(channel: Samples) -> list[Stretch]:
    """Where somebody speaks.

    Args:
        channel: one party's channel, shape (n,), 16 kHz.

    Returns:
        Stretches in order, at least 150 ms long, pauses under 200 ms closed. Borders lie on the
        first and last sample above the threshold, so digital silence is cut exactly.
    """
    level = _levels(channel)
    if not len(level):
        return []
    threshold = max(_FLOOR, noise(channel) * _OVER_NOISE)
    runs = [
        Stretch(int(a) * _FRAME, int(b) * _FRAME)
        for a, b in _runs(level > threshold * _TAIL)
        if level[a:b].max() > threshold
    ]
    spoken = [run for run in join(runs, _MERGE) if run.length >= _LEAST]
    return [_trim(channel, run, threshold / 4) for run in spoken]


def noise(channel: Samples) -> float:
    """RMS of the channel while nobody speaks: its quietest tenth, 0..1."""
    level = _levels(channel)
    return float(np.percentile(level, 10)) if len(level) else 0.0


def join(stretches: Iterable[Stretch], gap: int) -> list[Stretch]:
    """Stretches in order, those less than `gap` samples apart made one."""
    joined: list[Stretch] = []
    for stretch in sorted(stretches):
        if joined and stretch.start - joined[-1].end < gap:
            joined[-1] = Stretch(joined[-1].start, max(joined[-1].end, stretch.end))
        else:
            joined.append(stretch)
    return joined


def overlap(one: Sequence[Stretch], other: Sequence[Stretch]) -> int:
    """Samples in which both speak. Neither list overlaps with itself."""
    return sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in one for b in other)


def within(stretches: Iterable[Stretch], start: int, end: int) -> list[Stretch]:
    """The parts of `stretches` that lie between two samples."""
    cut = (Stretch(max(s.start, start), min(s.end, end)) for s in stretches)
    return [stretch for stretch in cut if stretch.length > 0]


def _levels(channel: Samples) -> NDArray[np.float32]:
    """RMS of every 10 ms."""
    whole = len(channel) // _FRAME * _FRAME
    rms: NDArray[np.float32] = np.sqrt(
        np.mean(np.square(channel[:whole].reshape(-1, _FRAME)), axis=1)
    )
    return rms


def _runs(active: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], active.astype(np.int8), [0]))))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _trim(channel: Samples, run: Stretch, threshold: float) -> Stretch:
    """Move the borders from the frame grid to the first and last sample above the threshold."""
    loud = np.flatnonzero(np.abs(channel[run.start : run.end]) > threshold)
    if loud.size == 0:
        return run
    return Stretch(run.start + int(loud[0]), run.start + int(loud[-1]) + 1)
