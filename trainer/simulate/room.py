"""A room with a loudspeaker and a microphone that hear each other, as arithmetic."""

import numpy as np

from trainer.domain.audio import RATE, Samples, samples

_DECAY = 6.91
"""ln(1000): the impulse response falls by 60 dB in the reverberation time."""


def impulse(delay_s: float, reverberation_s: float = 0.3, seed: int = 0) -> Samples:
    """From speaker to microphone: a direct sound and a decaying tail, of unit energy, shape (n,).

    Args:
        delay_s: device buffers and the way through the air, seconds.
        reverberation_s: time in which the tail falls by 60 dB (RT60), seconds.
    """
    count = samples(reverberation_s)
    time = np.arange(count) / RATE
    tail = np.random.default_rng(seed).normal(size=count) * np.exp(-_DECAY * time / reverberation_s)
    tail[0] = 0.15 * float(np.sqrt(np.sum(tail**2))) * np.sqrt(count) ** 0.5
    tail /= np.sqrt(np.sum(tail**2))
    return np.concatenate([np.zeros(samples(delay_s)), tail]).astype(np.float32)


class EchoPath:
    """What the microphone hears of the speaker, block by block (overlap-add)."""

    def __init__(self, response: Samples, gain_db: float) -> None:
        """`gain_db`: level of the echo relative to what left the speaker."""
        self._response = response * 10 ** (gain_db / 20)
        self._tail = np.zeros(len(response) - 1, np.float32)

    def hear(self, played: Samples) -> Samples:
        """The echo during this block, shape as `played`."""
        from scipy.signal import fftconvolve

        whole: Samples = fftconvolve(played, self._response).astype(np.float32)
        whole[: len(self._tail)] += self._tail
        self._tail = whole[len(played) :]
        return whole[: len(played)]
