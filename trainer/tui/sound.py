"""Sound for the screens outside a call: the device check, and a moment of a recording played back.

Opens devices only while it needs them. The call has its own line.
"""

import asyncio
import math
import threading
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainer.audio import playback
from trainer.audio.devices import hushed, list_devices, look_again, pick_microphone, portaudio
from trainer.domain.audio import RATE, Samples
from trainer.domain.errors import EngineMissing
from trainer.tui.services import DeviceNames

_EVERY_S = 0.1
_NOTES_HZ = (523.25, 659.25)
_NOTE_S = 0.35


def device_names() -> DeviceNames:
    """What is plugged in.

    Raises:
        EngineMissing: there is no sound system at all.
    """
    found = list_devices()
    return DeviceNames(
        tuple(dict.fromkeys(one.name for one in found if one.inputs)),
        tuple(dict.fromkeys(one.name for one in found if one.outputs)),
    )


def decibel(block: NDArray[np.float32]) -> float:
    """Level of a block, dB relative to full scale, not below -90."""
    power = float(np.mean(np.square(block, dtype=np.float64))) if block.size else 0.0
    return max(-90.0, 10 * math.log10(power)) if power > 0 else -90.0


class DeviceCheck:
    """One microphone and one speaker, by name; empty names are the system's choice."""

    def __init__(self, microphone: str, speaker: str) -> None:
        self._microphone = microphone
        self._speaker = speaker
        self._stream: Any = None
        self._lock = threading.Lock()
        self._failed = False
        self._closed = False
        self._rate = RATE
        self._keep: list[NDArray[np.float32]] | None = None

    async def levels(self) -> AsyncIterator[float]:
        """The microphone's level, about ten per second."""
        loop = asyncio.get_running_loop()
        arrived: asyncio.Queue[float] = asyncio.Queue(maxsize=20)

        def offer(level: float) -> None:
            if not arrived.full():
                arrived.put_nowait(level)

        def heard(block: NDArray[np.float32], *_: object) -> None:
            if self._keep is not None:
                self._keep.append(block[:, 0].copy())
            with suppress(RuntimeError):  # the screen has closed
                loop.call_soon_threadsafe(offer, decibel(block))

        await asyncio.to_thread(self._open, heard)
        while self._stream is not None:
            yield await arrived.get()

    def _open(self, heard: Any) -> None:
        sounddevice = portaudio()
        if self._failed:  # it may have been plugged in since; nothing of ours is open now
            look_again()
        self._failed = True
        number = pick_microphone(self._microphone)
        self._rate = int(sounddevice.query_devices()[number]["default_samplerate"])
        try:
            with hushed():
                stream = sounddevice.InputStream(
                    samplerate=self._rate,
                    device=number,
                    channels=1,
                    dtype="float32",
                    blocksize=int(self._rate * _EVERY_S),
                    callback=heard,
                )
                stream.start()
        except sounddevice.PortAudioError as cause:
            why = str(cause).splitlines()[0]
            raise EngineMissing(
                f"The microphone cannot be opened: {why}.",
                "Plug one in and try again. Without one, a call works by keyboard.",
            ) from cause
        with self._lock:
            if not self._closed:
                self._failed, self._stream = False, stream
                return
        stream.close()  # the screen was left while it opened

    async def tone(self) -> None:
        """Two soft notes."""
        time = np.arange(int(RATE * _NOTE_S)) / RATE
        fade = np.sin(np.pi * time / _NOTE_S) ** 2
        notes = [0.2 * fade * np.sin(2 * np.pi * pitch * time) for pitch in _NOTES_HZ]
        await play(np.concatenate(notes).astype(np.float32), self._speaker)

    async def echo(self, seconds: float) -> float:
        """Record, then play back; nothing is kept."""
        import soxr

        if self._stream is None:
            raise EngineMissing(
                "There is no microphone to record from.", "Plug one in and try again."
            )
        self._keep = []
        try:
            await asyncio.sleep(seconds)
            sound = np.concatenate(self._keep) if self._keep else np.zeros(1, np.float32)
        finally:
            self._keep = None
        await play(soxr.resample(sound, self._rate, RATE), self._speaker)
        size = max(1, int(self._rate * _EVERY_S))
        return max(decibel(sound[start : start + size]) for start in range(0, len(sound), size))

    async def close(self) -> None:
        """Give the microphone back, and one that is just being opened."""
        with self._lock:
            self._closed = True
            stream, self._stream = self._stream, None
        if stream is not None:
            await asyncio.to_thread(stream.close)


async def play(sound: Samples, speaker: str) -> None:
    """Play sound, shape (n,) at 16 kHz; cancelling stops it within a tenth of a second.

    Raises:
        EngineMissing: no PortAudio, no speaker, or one that does not take the sound.
        BadInput: no speaker of that name.
    """
    stop = threading.Event()
    try:
        await asyncio.to_thread(playback.play, sound, speaker, stop=stop)
    finally:
        stop.set()
