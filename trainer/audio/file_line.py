"""A line without devices: the agent is a list of recorded turns, the speaker only keeps time."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from trainer.domain.audio import BLOCK, RATE, Samples
from trainer.ports.line import Frame


class FileLine:
    """`trainer.ports.line.ScriptedLine` from sound in memory.

    Each entry of `turns` is one agent turn. It starts at `cue`, fills whole blocks (the last one
    padded with silence) and holds the floor until its last block, so that nothing splits it at its
    pauses. Otherwise the microphone hears exact silence, after the last turn too: when the call
    ends is for the call to say.

    Args:
        turns: sound of the agent's turns, each shape (n,) at 16 kHz.
        paced: True for the pace of real time, False for as fast as `read` is called.
        now: the monotonic clock, seconds.
        sleep: waits for seconds.
    """

    name = "audio files"

    def __init__(
        self,
        turns: Sequence[Samples],
        paced: bool,
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.paced = paced
        self._waiting = deque(turns)
        self._speaking: deque[Samples] = deque()
        self._speaker: deque[Samples] = deque()
        self._lock = threading.Lock()
        self._now, self._sleep = now, sleep
        self._began: float | None = None
        self._blocks = 0
        self._closed = False

    def open(self) -> None:
        """Start the clock."""
        if self._began is None:
            self._began = self._now()

    def cue(self) -> bool:
        """Start the agent's next turn with the next frame. False when the turns have run out.

        While a turn is still running the next one is spoken right after it: none is ever lost.
        """
        with self._lock:
            if not self._waiting:
                return False
            self._speaking.extend(_blocks(self._waiting.popleft()))
            return True

    def read(self) -> Frame | None:
        """The next frame; None once the line is closed.

        A paced line waits until the block's last sample is due.
        """
        if self._closed:
            return None
        self._blocks += 1
        if self.paced:
            self.open()
            assert self._began is not None
            # counted from the start, so that a late block never makes the later ones late
            due = self._began + self._blocks * BLOCK / RATE
            if (wait := due - self._now()) > 0:
                self._sleep(wait)
        with self._lock:
            played = self._speaker.popleft() if self._speaker else _silence()
            if not self._speaking:
                return Frame(mic=_silence(), played=played)
            return Frame(mic=self._speaking.popleft(), played=played, held=True)

    def write(self, block: Samples) -> None:
        """Queue one block, shape (BLOCK,), for playing.

        Raises:
            ValueError: the block has another length.
        """
        if block.shape != (BLOCK,):
            raise ValueError(f"a block has {BLOCK} samples, not {block.shape}")
        with self._lock:
            self._speaker.append(block.astype(np.float32, copy=True))

    def drop(self) -> int:
        """Forget what is queued; returns how many samples that was."""
        with self._lock:
            dropped = len(self._speaker) * BLOCK
            self._speaker.clear()
            return dropped

    def queued(self) -> int:
        """Samples queued and not yet played."""
        return len(self._speaker) * BLOCK

    def status(self) -> str:
        """Nothing can be wrong with files in memory."""
        return ""

    def close(self) -> None:
        """End the line: `read` answers None from now on."""
        self._closed = True


def _silence() -> Samples:
    return np.zeros(BLOCK, np.float32)


def _blocks(turn: Samples) -> Iterator[Samples]:
    """A turn cut into whole blocks, the last one padded with silence."""
    for start in range(0, len(turn), BLOCK):
        block = _silence()
        piece = turn[start : start + BLOCK]
        block[: len(piece)] = piece
        yield block
