"""Level and spectral balance of a voice, frame by frame (10 ms)."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from trainer.domain.audio import RATE, Samples

Values: TypeAlias = NDArray[np.float64]

HOP_S = 0.01
_WINDOW = 512
_HOP = RATE // 100
_SIZE = 1024
_BLOCK = 6000
"""Frames looked at together, a minute: calls of an hour fit into memory."""

_TINY = 1e-14
_WITHIN_DB = 25
"""A frame this much under the loudest ones is no speech any more."""


def frames(sound: Samples, window: int = _WINDOW) -> Values:
    """Overlapping frames centred every 10 ms, shape (m, window)."""
    padded = np.pad(sound.astype(float), (window // 2, window // 2))
    count = 1 + max(0, len(padded) - window) // _HOP
    return np.asarray(padded[np.arange(window)[None] + _HOP * np.arange(count)[:, None]])


def times(count: int) -> Values:
    """Centres of the first `count` frames, seconds."""
    return np.asarray(np.arange(count) * HOP_S, dtype=np.float64)


def level(sound: Samples, window: int = _WINDOW) -> Values:
    """Level of every frame, dBFS, shape (m,)."""
    weights = np.hanning(window)
    padded = np.pad(sound, (window // 2, window // 2))
    every = np.lib.stride_tricks.sliding_window_view(padded, window)[::_HOP]
    blocks = [every[at : at + _BLOCK].astype(float) for at in range(0, len(every), _BLOCK)]
    power = np.concatenate([(block**2 * weights).sum(axis=1) for block in blocks]) / weights.sum()
    return np.asarray(10 * np.log10(power + 1e-12))


def speech(level_db: Values) -> NDArray[np.bool_]:
    """Frames within 25 dB of the loudest ones, shape (m,)."""
    return np.asarray(level_db > np.quantile(level_db, 0.98) - _WITHIN_DB)


def balance(sound: Samples, low: tuple[float, float], high: tuple[float, float]) -> Values:
    """Energy of the band `high` over that of `low`, Hz each, in every frame, dB, shape (m,)."""
    power = np.abs(np.fft.rfft(frames(sound) * np.hanning(_WINDOW), _SIZE)) ** 2 + _TINY
    hz = np.fft.rfftfreq(_SIZE, 1 / RATE)
    above = power[:, (hz >= high[0]) & (hz < high[1])].sum(axis=1)
    below = power[:, (hz >= low[0]) & (hz < low[1])].sum(axis=1)
    return np.asarray(10 * np.log10(above / below))
