"""Moves one block at a time: line → recording and speech probability → call, playout → line."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from trainer.conversation.playout import Playout
from trainer.domain.audio import BLOCK, RATE, Samples
from trainer.domain.errors import EngineFailed
from trainer.ports.line import Line, Meter
from trainer.ports.sink import CallSink

_LEAD = 3 * BLOCK
"""Samples kept queued ahead on a real device, so that a busy moment does not starve it (96 ms)."""

_LONGEST_GAP_S = 120
"""Seconds without sound after which nobody is on the line any more: the computer slept."""


@dataclass(frozen=True)
class Tick:
    """One block of the call, after it happened.

    Attributes:
        end: call clock after the block, samples.
        mic: what the agent's microphone gave, shape (BLOCK,); zeros while it is closed.
        p: speech probability of `mic`.
        held: the line says that the agent's turn still runs.
        left: position of the last customer sample that has left the speaker.
        played_db: loudness of what left the speaker, dBFS.
        gap: silence that stood in for a lost device before this block, samples.
        still: the call is frozen: this block is no part of it, and the clock has not moved.
    """

    end: int
    mic: Samples
    p: float
    held: bool
    left: int
    played_db: float
    gap: int
    still: bool = False


def loudness(block: Samples) -> float:
    """RMS of a block, dBFS; -90 for silence."""
    rms = float(np.sqrt(np.mean(np.square(block)))) if len(block) else 0.0
    return 20 * np.log10(rms) if rms > 10**-4.5 else -90.0


class Pump:
    """Owns the call clock."""

    def __init__(self, line: Line, meter: Meter, playout: Playout, sink: CallSink) -> None:
        self.clock = 0
        self.open = True
        """Whether the microphone is open. Closed: neither heard nor recorded."""
        self.frozen = False
        """Whether the call stands still: what the line gives is thrown away, the clock stops."""
        self._stale = False
        """Whether the line holds what was due before the customer fell silent or went on."""
        self._ours: int | None = None
        """While frozen: samples of the customer that have yet to leave the speaker."""
        self._line = line
        self._meter = meter
        self._playout = playout
        self._sink = sink
        self._lead = _LEAD if line.paced else BLOCK

    def tick(self) -> Tick | None:
        """Take one block through; None when the line is gone for good.

        Raises:
            EngineFailed: the line stood still for so long that the call is over.
        """
        if self._stale:  # here, where nothing else is handed over meanwhile
            self._stale = False
            self._playout.take_back(self._line.drop())
        still = self._stands_still()
        self._feed()
        frame = self._line.read()
        if frame is None:
            return None
        if still:
            nothing = np.zeros_like(frame.mic)
            return Tick(self.clock, nothing, 0.0, False, self._left(), -90.0, 0, still=True)
        if self._ours is not None:
            self._ours -= len(frame.mic)
        if frame.gap > _LONGEST_GAP_S * RATE:
            raise EngineFailed(
                f"There was no sound for {frame.gap / RATE / 60:.0f} minutes, as when a computer "
                "sleeps: the call is over.",
                "What was recorded until then has been kept.",
            )
        if frame.gap:
            hole = np.zeros(frame.gap, np.float32)
            self._sink.frame(hole, hole)
        mic = frame.mic if self.open else np.zeros_like(frame.mic)
        self._sink.frame(mic, frame.played)
        self.clock += frame.gap + len(mic)
        return Tick(
            end=self.clock,
            mic=mic,
            p=0.0 if frame.echo or not self.open else self._meter.speech(mic),
            held=frame.held,
            left=self._left(),
            played_db=loudness(frame.played),
            gap=frame.gap,
        )

    def _stands_still(self) -> bool:
        """Whether the next block is no part of the call.

        What the line holds of the customer is heard out first (a tenth of a second), so that the
        recording and the ledger stay true to the block.
        """
        if not self.frozen:
            if self._ours is not None:
                self._ours = None
                self._line.drop()  # nothing but silence of ours: the customer goes on at once
                self._meter.reset()
            return False
        if self._ours is None:
            self._ours = self._line.queued()
        return self._ours <= 0

    def _feed(self) -> None:
        while self._line.queued() < self._lead:
            frozen = self._ours is not None
            self._line.write(np.zeros(BLOCK, np.float32) if frozen else self._playout.pull())

    def _left(self) -> int:
        """Position of the last customer sample that has left the speaker."""
        queued = self._line.queued() if self._ours is None else max(0, self._ours)
        return self._playout.handed - queued

    def pause(self, on: bool) -> None:
        """The customer falls silent, or goes on where they were: at once, not after what is queued
        in the line.
        """
        if self._playout.paused != on:
            self._playout.pause(on)
            self._stale = True

    def cut(self) -> int:
        """Silence the customer now; returns the position of the last sample that was heard."""
        self._playout.pause(True)  # its own thread may hand over a block before all is forgotten
        dropped = self._line.drop()
        if self._ours is not None:  # frozen: behind the customer's last samples lies only silence
            dropped, self._ours = min(dropped, max(0, self._ours)), 0
        return self._playout.cut(dropped)


class PumpThread(threading.Thread):
    """Runs the pump at the pace of a device and hands every tick to the call's loop."""

    def __init__(self, pump: Pump, deliver: Callable[[Tick | Exception | None], None]) -> None:
        super().__init__(name="pump", daemon=True)
        self._pump = pump
        self._deliver = deliver
        self._loop = asyncio.get_running_loop()
        self._ending = threading.Event()

    def run(self) -> None:
        """Until stopped, or until the line is gone."""
        while not self._ending.is_set():
            result: Tick | Exception | None
            try:
                result = self._pump.tick()
            except Exception as error:  # a call must not wait for ever for a thread that died
                result = error
            try:
                self._loop.call_soon_threadsafe(self._deliver, result)
            except RuntimeError:  # the loop is closed: nobody listens any more
                return
            if not isinstance(result, Tick):
                return

    def stop(self) -> None:
        """Ask it to end and wait for the block in hand."""
        self._ending.set()
        self.join(timeout=2)
