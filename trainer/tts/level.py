"""From an engine's raw sound to what may leave the speaker: level, ceiling, soft edges, pause.

Every engine passes through here, so that a change of voice is no change of loudness and nothing can
hurt ears.
"""

import numpy as np
from numpy.typing import NDArray

from trainer.domain.audio import RATE, Samples
from trainer.domain.audio import samples as clock
from trainer.domain.plan import VoiceStyle

SPEECH_DBFS = -23.0
"""Speech level of a neutral clause: RMS over the frames with speech, dB re full scale 1.0."""

LOUDEST_DBFS = -15.0
"""Speech level that no style exceeds."""

CEILING_DBFS = -3.0
"""No sample is larger than this."""

_FRAME = clock(0.020)
_QUIET_DB = 30.0
"""Frames this far below the loudest frame are pause, not speech."""
_EDGE = clock(0.005)
_LOOK = clock(0.004)


def speech_level(sound: Samples) -> float:
    """Speech level in dBFS: RMS of the 20 ms frames within 30 dB of the loudest.

    A simple stand-in for ITU-T P.56: pauses do not count.

    Returns:
        The level; -inf for silence or no samples.
    """
    power = _frame_power(sound)
    if power.size == 0 or power.max() <= 0:
        return float("-inf")
    active = power[power >= power.max() * 10 ** (-_QUIET_DB / 10)]
    return float(10 * np.log10(active.mean()))


def finish(sound: Samples, style: VoiceStyle) -> Samples:
    """One sentence as it leaves the voice: ends trimmed, at the style's level, under the ceiling.

    Args:
        sound: an engine's raw sound at 16 kHz, any level.
        style: gives level and the pause that follows.

    Returns:
        New samples at 16 kHz with 5 ms fades at both ends, then `style.pause_s` of silence.
    """
    pause = np.zeros(clock(max(0.0, style.pause_s)), dtype=np.float32)
    sound = _trim(np.nan_to_num(np.asarray(sound, dtype=np.float32)))
    level = speech_level(sound)
    if not np.isfinite(level):
        return pause
    wanted = min(SPEECH_DBFS + style.level_db, LOUDEST_DBFS)
    sound = limit(sound * np.float32(10 ** ((wanted - level) / 20)))
    edge = min(_EDGE, sound.size // 2)
    if edge:
        ramp = np.linspace(0, 1, edge, dtype=np.float32)
        sound[:edge] *= ramp
        sound[-edge:] *= ramp[::-1]
    return np.concatenate([sound, pause])


def limit(sound: Samples, ceiling_dbfs: float = CEILING_DBFS) -> Samples:
    """Hold every sample at or under the ceiling by a gain that looks 4 ms ahead.

    The gain needed at each sample is held for 4 ms either way (running minimum) and averaged over
    the same width; the average of minima over a window that contains the sample is never above what
    that sample needs.
    """
    ceiling = 10 ** (ceiling_dbfs / 20)
    size = np.abs(sound)
    if size.size == 0 or size.max() <= ceiling:
        return sound.copy()
    need = np.minimum(1.0, ceiling / np.maximum(size, 1e-9))
    width = 2 * _LOOK + 1
    held = np.lib.stride_tricks.sliding_window_view(
        np.pad(need, 2 * _LOOK, constant_values=1.0), width
    ).min(axis=-1)
    total = np.concatenate([[0.0], np.cumsum(held)])
    gain = (total[width:] - total[:-width]) / width
    held_down: Samples = np.clip(sound * gain, -ceiling, ceiling).astype(np.float32)
    return held_down


def _trim(sound: Samples) -> Samples:
    """Cut the silence an engine leaves around a sentence, so that speech starts at once."""
    power = _frame_power(sound)
    if power.size == 0 or power.max() <= 0:
        return sound[:0]
    loud = np.flatnonzero(power >= power.max() * 1e-5)
    start = max(0, int(loud[0]) * _FRAME - RATE // 100)
    end = min(sound.size, int(loud[-1] + 1) * _FRAME + RATE // 50)
    return sound[start:end].copy()


def _frame_power(sound: Samples) -> NDArray[np.float64]:
    full = -(-sound.size // _FRAME) * _FRAME
    padded = np.zeros(full, dtype=np.float64)
    padded[: sound.size] = sound
    power: NDArray[np.float64] = np.square(padded.reshape(-1, _FRAME)).mean(axis=1)
    return power
