"""How high a voice is, for tuning an engine that only knows its own pitch numbers."""

import numpy as np
from numpy.typing import NDArray

from trainer.domain.audio import Samples

_LOWEST_HZ = 60.0
_HIGHEST_HZ = 450.0


def median_hz(sound: Samples, rate: int) -> float | None:
    """Median fundamental frequency of synthetic speech in Hz; None without voiced frames."""
    found = voiced_hz(sound, rate)
    return float(np.median(found)) if found.size else None


def voiced_hz(sound: Samples, rate: int) -> NDArray[np.float64]:
    """Fundamental frequency of the voiced frames of synthetic speech.

    Autocorrelation of 40 ms frames, normalised by the frame's energy and by the window's own
    autocorrelation (Boersma 1993). Made for clean synthetic voices: no smoothing over time; frames
    an octave and more from the median are slips to a multiple or a half, and left out.

    Args:
        sound: mono samples at `rate`, any level.
        rate: samples per second.

    Returns:
        Hz, one value per voiced frame in order, a frame every 10 ms.
    """
    size, hop = int(0.040 * rate), int(0.010 * rate)
    if sound.size < size:
        return np.zeros(0)
    framed = np.lib.stride_tricks.sliding_window_view(sound, size)[::hop].astype(np.float64)
    framed = framed - framed.mean(axis=1, keepdims=True)
    energy = np.square(framed).mean(axis=1)
    framed = framed[energy > energy.max() * 1e-2]
    window = np.hanning(size)
    short, long = int(rate / _HIGHEST_HZ), int(rate / _LOWEST_HZ)
    own = _autocorrelation(window[None, :])[0]
    likeness = _autocorrelation(framed * window) / np.maximum(own, 1e-9)
    best = likeness[:, short : long + 1]
    # a small cost per octave of lag, so that the period wins over its multiples
    best = best - 0.05 * np.log2(np.arange(short, long + 1) / short)
    voiced = best.max(axis=1) > 0.5
    found: NDArray[np.float64] = rate / (best[voiced].argmax(axis=1) + short)
    middle = np.median(found) if found.size else 0.0
    return found[(found > middle / 2) & (found < middle * 2)]


def _autocorrelation(framed: NDArray[np.float64]) -> NDArray[np.float64]:
    """Per row, 1 at lag 0."""
    size = framed.shape[1]
    power = np.square(np.abs(np.fft.rfft(framed, 2 * size, axis=1)))
    found = np.fft.irfft(power, axis=1)[:, :size]
    scaled: NDArray[np.float64] = found / np.maximum(found[:, :1], 1e-12)
    return scaled
