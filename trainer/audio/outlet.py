"""The way to the speaker: blocks at 16 kHz become samples of the device's rate in its queue."""

import threading
from typing import Any

import numpy as np

from trainer.audio.resample import stream
from trainer.audio.ring import Ring
from trainer.domain.audio import RATE, Samples


class Outlet:
    """Feeds the queue of a device; safe to use from two threads.

    The resampler holds back some 12 ms, which leave with the sound that follows: whoever writes
    goes on writing silence when there is nothing to say.
    """

    def __init__(self, queue: Ring, rate: int) -> None:
        self._lock = threading.Lock()
        self._use(queue, rate)

    def write(self, block: Samples) -> None:
        """Queue sound at `RATE`.

        Raises:
            BufferError: the queue is full.
        """
        with self._lock:
            self._write(block)

    def drop(self) -> int:
        """Forget what has not been played; returns how many samples at `RATE` that was."""
        with self._lock:
            dropped = self._queued()
            self._queue.pass_over()
            self._up.clear()
            self._held = 0.0
            return dropped

    def queued(self) -> int:
        """Samples at `RATE` that have not been played."""
        with self._lock:
            return self._queued()

    def move(self, queue: Ring, rate: int) -> None:
        """Go on with another device, and let it play what the old one has not."""
        import soxr

        with self._lock:
            left = self._queue.read(self._queue.level)[:, 0]
            if rate != self._rate:
                left = soxr.resample(left, self._rate, rate)
            self._use(queue, rate)
            self._queue.write(left)

    def _use(self, queue: Ring, rate: int) -> None:
        self._queue, self._rate = queue, rate
        self._up: Any = stream(RATE, rate, 1)
        self._held = 0.0

    def _write(self, block: Samples) -> None:
        sound = self._up.resample_chunk(np.clip(block, -1.0, 1.0))
        self._held += len(block) - len(sound) * RATE / self._rate
        if self._queue.write(sound) < len(sound):
            raise BufferError("more sound is queued than the device can hold")

    def _queued(self) -> int:
        return max(0, round(self._queue.level * RATE / self._rate + self._held))
