"""The line on real devices: whatever they do, the call clock goes on and says what it lost."""

import threading
import time
from typing import Any

import numpy as np

from trainer.audio.devices import leave_alone, look_again
from trainer.audio.duplex import Duplex
from trainer.audio.lost_time import LostTime
from trainer.audio.outlet import Outlet
from trainer.audio.resample import stream
from trainer.domain.audio import BLOCK, RATE, Samples, samples
from trainer.domain.errors import TrainerError
from trainer.ports.line import Frame

_POLL_S = 0.004
_MUTED_S = 3.0
_BACK_OFF_S = (0.25, 0.5, 1.0, 2.0, 4.0)
_NEWS_S = 8.0
_CLOSE_S = 3.0
"""Seconds that devices may take to let go; a sound server that hangs takes for ever."""


class DeviceLine:
    """`trainer.ports.line.Line` on a microphone and a speaker.

    Both are opened as one stream at the device's own rate and resampled together, so that `mic` and
    `played` stay on one clock. A device that goes away is looked for again in the background; until
    it is back `read` delivers silence at the pace of the wall clock, and what is queued waits. One
    thread calls `read`; `write`, `drop` and `queued` may come from it or from one other.

    Args:
        input_name: the microphone, or "" for the system's choice.
        output_name: the speaker, or "" for the system's choice.
    """

    paced = True

    def __init__(self, input_name: str = "", output_name: str = "") -> None:
        self._wanted = (input_name, output_name)
        self.name = "microphone and speaker"
        self._device: Duplex | None = None
        self._found: Duplex | None = None
        self._outlet: Outlet | None = None
        self._search: threading.Thread | None = None
        self._closed = threading.Event()
        self._down: Any = None
        self._sound = np.zeros((0, 2), np.float32)
        self._lost = LostTime()
        self._gap = 0
        self._silent_from = 0.0
        self._zeros = 0
        self._earlier_overruns = 0
        self._earlier_underruns = 0
        self._news = ("", 0.0)

    def open(self) -> None:
        """Open the devices and start the clock.

        Raises:
            EngineMissing: no PortAudio, no device, or one that does not deliver.
            BadInput: no device of that name.
        """
        if self._device is None:
            device = Duplex(*self._wanted)
            self._outlet = Outlet(device.queue, device.rate)
            self._use(device)

    def read(self) -> Frame | None:
        """The next frame; waits for it. None once the line is closed."""
        while not self._closed.is_set():
            frame = self._from_device() if self._device else self._from_nothing()
            if frame is not None:
                return frame
            time.sleep(_POLL_S)
        return None

    def write(self, block: Samples) -> None:
        """Queue one block for playing after what is queued already.

        Raises:
            BufferError: more than a minute is waiting.
        """
        self._speaker.write(block)

    def drop(self) -> int:
        """Forget what is queued and not yet played; returns how many samples that was."""
        return self._speaker.drop()

    def queued(self) -> int:
        """Samples queued and not yet played."""
        return self._speaker.queued()

    def status(self) -> str:
        """What is wrong with the devices, in plain words; empty while all is well."""
        if self._closed.is_set() or self._outlet is None:
            return ""
        if self._device is None:
            return "microphone lost, looking for it…"
        if self._zeros > _MUTED_S * RATE:
            return "no sound at all from the microphone: muted, or no permission"
        text, until = self._news
        return text if time.monotonic() < until else ""

    def overruns(self) -> int:
        """Times sound was lost because nobody fetched it in time."""
        return self._earlier_overruns + (self._device.overruns if self._device else 0)

    def underruns(self) -> int:
        """Times the speaker ran dry: a click, and a moment too late."""
        return self._earlier_underruns + (self._device.underruns if self._device else 0)

    def close(self) -> None:
        """Release the devices, or leave those alone that do not answer. Safe to call twice."""
        self._closed.set()
        letting_go = threading.Thread(target=self._let_go, name="letting go", daemon=True)
        letting_go.start()
        letting_go.join(_CLOSE_S)
        if letting_go.is_alive():
            leave_alone()

    def _let_go(self) -> None:
        if self._search is not None:
            self._search.join()
        for device in (self._device, self._found):
            if device is not None:
                device.close()

    @property
    def _speaker(self) -> Outlet:
        if self._outlet is None:
            raise RuntimeError("the line is not open")
        return self._outlet

    def _use(self, device: Duplex) -> None:
        self.name = f"{device.input_name} and {device.output_name}"
        self._down = stream(device.rate, RATE, 2)
        self._lost = LostTime()
        self._zeros = 0
        self._device = device

    def _from_device(self) -> Frame | None:
        device = self._device
        assert device is not None
        at, tapped = device.stamp
        self._gap += samples(self._lost.missing(at, tapped / device.rate))
        while len(self._sound) < BLOCK and device.tap.level:
            piece = device.tap.read(device.rate // 20)
            self._sound = np.concatenate([self._sound, self._down.resample_chunk(piece)])
        if len(self._sound) >= BLOCK:
            return self._next()
        if not device.alive():
            self._go_looking(device)
        return None

    def _from_nothing(self) -> Frame | None:
        now = time.monotonic()
        if self._found is not None:
            device, self._found = self._found, None
            late = device.began_s - self._silent_from
            self._gap += max(0, samples(late))
            device.tap.read(max(0, round(-late * device.rate)))  # silence stood in for it already
            self._speaker.move(device.queue, device.rate)
            self._use(device)
            return None
        behind = samples(now - self._silent_from)
        if behind < BLOCK:
            return None
        # what passed before the loss was noticed is one hole, not a burst of frames
        hole = behind // BLOCK * BLOCK - BLOCK
        self._gap += hole
        self._silent_from += (hole + BLOCK) / RATE
        self._sound = np.zeros((BLOCK, 2), np.float32)
        return self._next()

    def _next(self) -> Frame:
        block, self._sound = self._sound[:BLOCK], self._sound[BLOCK:]
        mic, played = block.T.copy()
        gap, self._gap = self._gap, 0
        self._zeros = 0 if mic.any() else self._zeros + BLOCK
        return Frame(mic=mic, played=played, gap=gap)

    def _go_looking(self, device: Duplex) -> None:
        self._device = None
        self._earlier_overruns += device.overruns
        self._earlier_underruns += device.underruns
        self._silent_from = device.stamp[0] - len(self._sound) / RATE
        self._sound = self._sound[:0]
        self._search = threading.Thread(
            target=self._look_for, args=(device,), name="looking for the microphone", daemon=True
        )
        self._search.start()

    def _look_for(self, old: Duplex) -> None:
        """Open the device again: the same one, and from the second time on any."""
        old.close()
        same = (old.input_name, old.output_name)
        attempt = 0
        while not self._closed.wait(_BACK_OFF_S[min(attempt, len(_BACK_OFF_S) - 1)]):
            for names in (same, self._wanted, ("", ""))[: 1 if attempt == 0 else 3]:
                try:
                    look_again()
                    device = Duplex(*names)
                except TrainerError:
                    continue
                if (device.input_name, device.output_name) != same:
                    text = f"now on {device.input_name} and {device.output_name}"
                    self._news = (text, time.monotonic() + _NEWS_S)
                self._found = device
                return
            attempt += 1
