"""Sound for the screens outside a call: the device check, and a moment of a recording played back.

Opens devices only while it needs them. The call has its own line.
"""

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainer.domain.errors import BadInput, EngineMissing
from trainer.tui.services import DeviceNames

_EVERY_S = 0.1
_HINT = "Plug one in and try again. Without one, a call works by keyboard."


def device_names() -> DeviceNames:
    """What is plugged in; empty where there is no sound at all."""
    try:
        import sounddevice

        found = list(sounddevice.query_devices())
    except Exception:  # no PortAudio library, or a sound server that does not answer
        return DeviceNames()
    return DeviceNames(
        tuple(dict.fromkeys(one["name"] for one in found if one["max_input_channels"])),
        tuple(dict.fromkeys(one["name"] for one in found if one["max_output_channels"])),
    )


def decibel(block: NDArray[np.float32]) -> float:
    """Level of a block, dB relative to full scale, not below -90."""
    power = float(np.mean(np.square(block, dtype=np.float64))) if block.size else 0.0
    return max(-90.0, 10 * math.log10(power)) if power > 0 else -90.0


class DeviceCheck:
    """One microphone and one speaker, by name; empty names are the system's choice."""

    def __init__(self, microphone: str, speaker: str) -> None:
        self._microphone = microphone or None
        self._speaker = speaker or None
        self._stream: Any = None
        self._rate = 16_000
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
        try:
            import sounddevice

            about = sounddevice.query_devices(self._microphone, "input")
            self._rate = int(about["default_samplerate"])
            self._stream = sounddevice.InputStream(
                samplerate=self._rate,
                device=self._microphone,
                channels=1,
                dtype="float32",
                blocksize=int(self._rate * _EVERY_S),
                callback=heard,
            )
            self._stream.start()
        except Exception as error:
            self._stream = None
            raise EngineMissing(
                f"No microphone could be opened ({_plain(error)}).", _HINT
            ) from None

    async def tone(self) -> None:
        """Two soft notes."""
        rate = 48_000
        time = np.arange(int(rate * 0.35)) / rate
        fade = np.sin(np.pi * np.clip(time / 0.35, 0, 1)) ** 2
        notes = [0.2 * fade * np.sin(2 * np.pi * pitch * time) for pitch in (523.25, 659.25)]
        await asyncio.to_thread(
            _play, np.concatenate(notes).astype(np.float32), rate, self._speaker
        )

    async def echo(self, seconds: float) -> float:
        """Record, then play back; nothing is kept."""
        if self._stream is None:
            raise EngineMissing("There is no microphone to record from.", _HINT)
        self._keep = []
        try:
            await asyncio.sleep(seconds)
            sound = np.concatenate(self._keep) if self._keep else np.zeros(1, np.float32)
        finally:
            self._keep = None
        await asyncio.to_thread(_play, sound, self._rate, self._speaker)
        size = max(1, int(self._rate * _EVERY_S))
        return max(decibel(sound[start : start + size]) for start in range(0, len(sound), size))

    async def close(self) -> None:
        """Give the microphone back."""
        stream, self._stream = self._stream, None
        if stream is not None:
            await asyncio.to_thread(stream.close)


def _play(sound: NDArray[np.float32], rate: int, speaker: str | None) -> None:
    try:
        import sounddevice

        sounddevice.play(sound, rate, device=speaker, blocking=True)
    except Exception as error:
        raise EngineMissing(f"No speaker could be opened ({_plain(error)}).", _HINT) from None


async def play(wav: Path, start_s: float, end_s: float, speaker: str) -> None:
    """Play seconds a..b of a recording; cancelling stops it within a tenth of a second.

    Raises:
        BadInput: there is no recording, or it cannot be read.
        EngineMissing: no speaker.
    """
    import soundfile

    try:
        with soundfile.SoundFile(wav) as file:
            file.seek(min(file.frames, int(start_s * file.samplerate)))
            count = max(0, int((end_s - start_s) * file.samplerate))
            rate = file.samplerate
            sound = file.read(count, dtype="float32", always_2d=True)
    except (OSError, RuntimeError):
        raise BadInput(
            f"The recording {wav} cannot be read.", "It may have been deleted."
        ) from None
    await _stream(sound, rate, speaker or None)


async def _stream(sound: NDArray[np.float32], rate: int, speaker: str | None) -> None:
    def opened() -> Any:
        try:
            import sounddevice

            stream = sounddevice.OutputStream(
                samplerate=rate, device=speaker, channels=sound.shape[1], dtype="float32"
            )
            stream.start()
        except Exception as error:
            raise EngineMissing(f"No speaker could be opened ({_plain(error)}).", _HINT) from None
        return stream

    stream = await asyncio.to_thread(opened)
    block = int(rate * _EVERY_S)
    try:
        for begin in range(0, len(sound), block):
            await asyncio.to_thread(
                stream.write, np.ascontiguousarray(sound[begin : begin + block])
            )
        await asyncio.to_thread(stream.stop)
    finally:
        stream.close(ignore_errors=True)


def _plain(error: Exception) -> str:
    text = str(error).strip().splitlines()
    return text[0] if text else type(error).__name__
