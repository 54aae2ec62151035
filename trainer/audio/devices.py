"""Which microphones and speakers there are, found through PortAudio."""

import atexit
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from trainer.domain.errors import BadInput, EngineMissing

_TYPED = "trainer practice --typed works without it."


@dataclass(frozen=True)
class Device:
    """A sound device.

    Attributes:
        name: what settings call it.
        inputs: microphone channels; 0 when it is no microphone.
        outputs: speaker channels; 0 when it is no speaker.
        default_input: the microphone the system would choose.
        default_output: the speaker the system would choose.
    """

    name: str
    inputs: int
    outputs: int
    default_input: bool = False
    default_output: bool = False

    @property
    def default(self) -> bool:
        """Whether the system would choose it, for either way."""
        return self.default_input or self.default_output


def portaudio() -> Any:
    """The sounddevice module.

    Raises:
        EngineMissing: the PortAudio library is not installed, or cannot start.
    """
    try:
        with hushed():
            import sounddevice
    except OSError as cause:
        raise EngineMissing(
            "The sound library PortAudio is not installed.",
            "Debian, Ubuntu: sudo apt install libportaudio2. macOS: brew install portaudio. "
            + _TYPED,
        ) from cause
    except Exception as cause:  # sounddevice raises its own error while it is being imported
        raise EngineMissing(
            f"The sound system cannot be used: {_first_line(cause)}.", _TYPED
        ) from cause
    return sounddevice


def list_devices(refresh: bool = False) -> list[Device]:
    """Every device; empty when there is none.

    Args:
        refresh: see what was plugged in since the program began. Ends every open stream.

    Raises:
        EngineMissing: no PortAudio.
    """
    sounddevice = portaudio()
    if refresh:
        look_again()
    default_input, default_output = _defaults(sounddevice)
    return [
        Device(
            name=str(device["name"]),
            inputs=int(device["max_input_channels"]),
            outputs=int(device["max_output_channels"]),
            default_input=number == default_input,
            default_output=number == default_output,
        )
        for number, device in enumerate(sounddevice.query_devices())
    ]


def check(input_name: str = "", output_name: str = "") -> tuple[Device, Device]:
    """The microphone and the speaker a call would use; empty names leave the choice to the system.

    Raises:
        EngineMissing: no PortAudio, no microphone or no speaker.
        BadInput: no device of that name.
    """
    devices = list_devices()
    first, second = pick(input_name, output_name)
    return devices[first], devices[second]


def pick(input_name: str = "", output_name: str = "") -> tuple[int, int]:
    """PortAudio's numbers of the microphone and the speaker; raises as `check` does."""
    return pick_microphone(input_name), pick_speaker(output_name)


def pick_microphone(name: str = "") -> int:
    """PortAudio's number of the microphone; raises as `check` does."""
    devices = list_devices()
    return _pick(devices, name, "microphone", [d.inputs for d in devices], 0)


def pick_speaker(name: str = "") -> int:
    """PortAudio's number of the speaker; raises as `check` does."""
    devices = list_devices()
    return _pick(devices, name, "speaker", [d.outputs for d in devices], 1)


def look_again() -> None:
    """Let PortAudio look for devices anew: it knows only those it found when it started.

    Ends every stream of this program.

    Raises:
        EngineMissing: PortAudio cannot start.
    """
    sounddevice = portaudio()
    try:
        with hushed():
            # its only way to see a device that was plugged in; there is no public one
            sounddevice._terminate()
            sounddevice._initialize()
    except sounddevice.PortAudioError as cause:
        raise EngineMissing(
            f"The sound system cannot be used: {_first_line(cause)}.", _TYPED
        ) from cause


def leave_alone() -> None:
    """The sound system hangs: do not wait for it when the program ends, as sounddevice would."""
    sounddevice = portaudio()
    atexit.unregister(sounddevice._exit_handler)


@contextmanager
def hushed() -> Iterator[None]:
    """Keep what native libraries write to standard error off the screen while the block runs.

    Of several threads in such blocks the first sends it away and the last brings it back.
    """
    _hush.enter()
    try:
        yield
    finally:
        _hush.leave()


class _Hush:
    """Who wants standard error to be quiet, and what it was before."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._kept: int | None = None

    def enter(self) -> None:
        with self._lock:
            self._inside += 1
            if self._inside > 1:
                return
            with suppress(OSError):  # there is none
                self._kept = os.dup(2)
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, 2)
                os.close(nowhere)

    def leave(self) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0 and self._kept is not None:
                os.dup2(self._kept, 2)
                os.close(self._kept)
                self._kept = None


_hush = _Hush()


def _defaults(sounddevice: Any) -> tuple[int, int]:
    return int(sounddevice.default.device[0]), int(sounddevice.default.device[1])


def _pick(devices: list[Device], name: str, what: str, channels: list[int], way: int) -> int:
    usable = [number for number, count in enumerate(channels) if count > 0]
    if not usable:
        raise EngineMissing(f"There is no {what} on this machine.", _TYPED)
    if name:
        wanted = name.casefold()
        for fits in (
            lambda number: devices[number].name == name,
            lambda number: wanted in devices[number].name.casefold(),
        ):
            if found := list(filter(fits, usable)):
                return found[0]
        known = ", ".join(dict.fromkeys(devices[number].name for number in usable))
        raise BadInput(f"There is no {what} called “{name}”.", f"Known: {known}.")
    chosen = [
        number
        for number in usable
        if (devices[number].default_input, devices[number].default_output)[way]
    ]
    return chosen[0] if chosen else usable[0]


def _first_line(cause: Exception) -> str:
    return (str(cause).splitlines() or [type(cause).__name__])[0].rstrip(".")
