"""One open full-duplex stream of sounddevice. Its callback copies memory and does nothing else."""

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainer.audio.devices import hushed, pick, portaudio
from trainer.audio.ring import Ring
from trainer.domain.errors import EngineMissing

TAP_S = 10
"""Seconds of sound that may wait for a late reader."""

QUEUE_S = 60
"""Seconds of sound that may wait for the speaker."""

_LATENCY_S = 0.1  # with less, streams through PulseAudio starve on a busy machine
_FIRST_S = 3.0
_TRIES = 3
"""A stream that starts while its server is busy may stay mute for good; the next one does not."""
_DEAD_S = 1.0


class Duplex:
    """A microphone and a speaker on one clock, at the device's own rate.

    Args:
        input_name: the microphone, or "" for the system's choice.
        output_name: the speaker, or "" for the system's choice.

    Raises:
        EngineMissing: no device, or none that opens and delivers.
        BadInput: no device of that name.
    """

    def __init__(self, input_name: str = "", output_name: str = "") -> None:
        sounddevice = portaudio()
        microphone, speaker = pick(input_name, output_name)
        devices = sounddevice.query_devices()
        self.input_name = str(devices[microphone]["name"])
        self.output_name = str(devices[speaker]["name"])
        self.overruns = 0
        """Times the device lost sound because nobody fetched it in time."""
        self.underruns = 0
        """Times the speaker ran dry inside the device."""
        self.began_s = 0.0
        """When the first callback came, monotonic seconds; 0 before."""
        self.stamp = (0.0, 0)
        """When the last callback came, monotonic seconds, and the samples tapped by then."""
        for left in reversed(range(_TRIES)):
            self._stream, self.rate = self._opened(sounddevice, devices, microphone, speaker)
            self.tap = Ring(TAP_S * self.rate, 2)
            """What the microphone heard and what left the speaker in the same time, two columns."""
            self.queue = Ring(QUEUE_S * self.rate, 1)
            """What the speaker is to play."""
            try:
                self._start(sounddevice)
            except EngineMissing:
                self.close()
                if not left:
                    raise
            else:
                return

    def alive(self) -> bool:
        """Whether the device still delivers."""
        return bool(self._stream.active) and time.monotonic() - self.stamp[0] < _DEAD_S

    def close(self) -> None:
        """Release the device. Safe to call twice."""
        with hushed():
            self._stream.close(ignore_errors=True)

    def _opened(
        self, sounddevice: Any, devices: Any, microphone: int, speaker: int
    ) -> tuple[Any, int]:
        """The stream at the first rate and channel count that both devices take."""
        own = (devices[speaker], devices[microphone])
        rates = dict.fromkeys([*(int(each["default_samplerate"]) for each in own), 48_000, 44_100])
        counts = [(1, 1), tuple(min(2, int(own[n][key])) for n, key in _CHANNELS)]
        why = ""
        for rate in rates:
            for channels in dict.fromkeys(counts):
                try:
                    with hushed():
                        stream = sounddevice.Stream(
                            device=(microphone, speaker),
                            samplerate=rate,
                            channels=channels,
                            dtype="float32",
                            # a fixed size: with one of PortAudio's choosing some drivers fall apart
                            blocksize=512 if rate >= 32_000 else 256,
                            latency=_LATENCY_S,
                            callback=self._callback,
                        )
                    return stream, rate
                except sounddevice.PortAudioError as cause:
                    why = str(cause).splitlines()[0]
        raise EngineMissing(
            f"{self.input_name} and {self.output_name} cannot be opened together: {why}.",
            "Choose other devices in the settings; trainer practice --typed works without.",
        )

    def _start(self, sounddevice: Any) -> None:
        try:
            with hushed():
                self._stream.start()
        except sounddevice.PortAudioError as cause:
            raise EngineMissing(
                f"{self.input_name} does not start: {str(cause).splitlines()[0]}.",
                "Is another program using it? trainer practice --typed works without.",
            ) from cause
        until = time.monotonic() + _FIRST_S
        while not self.began_s:
            if time.monotonic() > until or not self._stream.active:
                raise EngineMissing(
                    f"{self.input_name} is open but delivers nothing.",
                    "Unplug it and plug it in again; trainer practice --typed works without.",
                )
            time.sleep(0.005)

    def _callback(
        self, heard: NDArray[np.float32], out: NDArray[np.float32], frames: int, _: Any, status: Any
    ) -> None:
        now = time.monotonic()
        if status:
            self.overruns += bool(status.input_overflow)
            self.underruns += bool(status.output_underflow)
        first = out[:, :1]
        played = self.queue.read_into(first)
        first[played:] = 0
        out[:, 1:] = first
        if self.tap.write(heard[:, 0], out[:, 0]) < frames:
            self.overruns += 1
        self.stamp = (now, self.tap.written)
        self.began_s = self.began_s or now


_CHANNELS = ((1, "max_input_channels"), (0, "max_output_channels"))
