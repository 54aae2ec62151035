"""How high a voice is, for tuning an engine that only knows its own pitch numbers."""

import numpy as np

from trainer.domain.audio import Samples

_LOWEST_HZ = 60.0
_HIGHEST_HZ = 450.0


def median_hz(sound: Samples, rate: int) -> float | None:
    """Median fundamental frequency of synthetic speech.

    Autocorrelation of 40 ms frames, normalised by the frame's energy and by the window's own
    autocorrelation (Boersma 1993). Made for clean synthetic voices: no smoothing over time.

    Args:
        sound: mono samples at `rate`, any level.
        rate: samples per second.

    Returns:
        Hz, or None when nothing voiced was found.
    """
    size, hop = int(0.040 * rate), int(0.010 * rate)
    if sound.size < size:
        return None
    framed = np.lib.stride_tricks.sliding_window_view(sound, size)[::hop].astype(np.float64)
    framed = framed - framed.mean(axis=1, keepdims=True)
    energy = np.square(framed).mean(axis=1)
    framed = framed[energy > energy.max() * 1e-3]
    window = np.hanning(size)
    short, long = int(rate / _HIGHEST_HZ), int(rate / _LOWEST_HZ)
    own = _autocorrelation(window[None, :])[0]
    likeness = _autocorrelation(framed * window) / np.maximum(own, 1e-9)
    best = likeness[:, short : long + 1]
    # a small cost per octave of lag, so that the period wins over its multiples
    best = best - 0.02 * np.log2(np.arange(short, long + 1) / short)
    voiced = best.max(axis=1) > 0.5
    if not voiced.any():
        return None
    return float(np.median(rate / (best[voiced].argmax(axis=1) + short)))


def _autocorrelation(
    framed: np.ndarray[tuple[int, int], np.dtype[np.float64]],
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Per row, 1 at lag 0."""
    size = framed.shape[1]
    power = np.square(np.abs(np.fft.rfft(framed, 2 * size, axis=1)))
    found = np.fft.irfft(power, axis=1)[:, :size]
    return found / np.maximum(found[:, :1], 1e-12)
