"""The customer's voice taken out of the microphone, so that loudspeakers need no headset.

WebRTC's echo canceller (through livekit) gets, block by block, what really left the speaker and
what the microphone heard in the same time, and finds the delay between the two by itself.
"""

from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from trainer.domain.audio import BLOCK, RATE, Samples, samples
from trainer.domain.errors import EngineMissing
from trainer.ports.line import Frame, Line

_Coded: TypeAlias = NDArray[np.int16]

_STEP = RATE // 100
"""The canceller takes 10 ms at a time."""

_LEFT_OVER = _STEP - 32
"""512 is no multiple of 160; this much may be left over after a block."""

_INSIDE = 128
"""Samples by which the canceller itself is late, measured by correlation."""

LAG = _LEFT_OVER + _INSIDE
"""Samples by which a cleaned block is later than what went in (16 ms)."""

WARM_S = 1.0
"""Seconds of the customer's sound in which the canceller learns the room."""

AUDIBLE = 10 ** (-45 / 20)
"""Peak from which a block of the speaker counts as sound."""

_RINGS_S = 0.3
"""How long a room and a device may go on after the speaker has fallen silent."""


class Canceller:
    """Takes what the speaker played out of what the microphone heard.

    Raises:
        EngineMissing: livekit is not installed.
    """

    def __init__(self) -> None:
        try:
            from livekit.rtc import AudioFrame
            from livekit.rtc.apm import AudioProcessingModule
        except ImportError as cause:
            raise EngineMissing(
                "Echo cancelling is not installed (livekit).", "Set up again: make run"
            ) from cause
        self._frame: Any = AudioFrame
        # gain control and noise suppression would change what the debrief measures
        self._module: Any = AudioProcessingModule(echo_cancellation=True)
        self._waiting = np.zeros((0, 2), np.int16)
        self._cleaned = np.zeros(_LEFT_OVER, np.int16)
        self._played: Samples = np.zeros(LAG, np.float32)

    def clean(self, mic: Samples, played: Samples) -> tuple[Samples, Samples]:
        """One block of both, shape (n,) each; both come back `LAG` samples later, still in step."""
        self._waiting = np.concatenate([self._waiting, _coded(mic, played)])
        done = [self._cleaned]
        while len(self._waiting) >= _STEP:
            done.append(self._step(*self._waiting[:_STEP].T))
            self._waiting = self._waiting[_STEP:]
        cleaned = np.concatenate(done)
        left = np.concatenate([self._played, played])
        self._cleaned, self._played = cleaned[len(mic) :], left[len(mic) :]
        return cleaned[: len(mic)].astype(np.float32) / np.float32(32767), left[: len(mic)]

    def _step(self, mic: _Coded, played: _Coded) -> _Coded:
        heard = self._frame(mic.tobytes(), RATE, 1, _STEP)
        self._module.process_reverse_stream(self._frame(played.tobytes(), RATE, 1, _STEP))
        self._module.process_stream(heard)
        return np.frombuffer(heard.data, np.int16)


def _coded(mic: Samples, played: Samples) -> _Coded:
    both = np.stack([mic, played], axis=1)
    return (np.clip(both, -1.0, 1.0) * 32767).astype(np.int16)


class CancelledLine:
    """A line whose microphone no longer hears its own speaker.

    Until the canceller has heard `WARM_S` of the customer, blocks in which the speaker sounds are
    marked as echo: recorded, and never taken for the agent.
    """

    def __init__(self, line: Line) -> None:
        self._line = line
        self._canceller = Canceller()
        self._learned = 0
        self._ringing = 0
        self.name = line.name
        self.paced = line.paced

    def open(self) -> None:
        """Open the line underneath."""
        self._line.open()

    def read(self) -> Frame | None:
        """The next frame, cleaned; both sides are `LAG` samples late, and so in step."""
        frame = self._line.read()
        if frame is None:
            return None
        mic, played = self._canceller.clean(frame.mic, frame.played)
        if float(np.abs(frame.played).max()) > AUDIBLE:
            self._ringing = samples(_RINGS_S)
            self._learned += BLOCK
        else:
            self._ringing = max(0, self._ringing - BLOCK)
        echo = self._ringing > 0 and self._learned < samples(WARM_S)
        return replace(frame, mic=mic, played=played, echo=echo)

    def write(self, block: Samples) -> None:
        """Queue one block for playing."""
        self._line.write(block)

    def drop(self) -> int:
        """Forget what is queued; returns how many samples that was."""
        return self._line.drop()

    def queued(self) -> int:
        """Samples queued and not yet played."""
        return self._line.queued()

    def status(self) -> str:
        """What is wrong with the devices."""
        return self._line.status()

    def close(self) -> None:
        """Release the devices."""
        self._line.close()
