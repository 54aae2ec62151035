"""Which microphones and speakers there are, found through PortAudio."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def hushed() -> Iterator[None]:
    """Keep what native libraries write to standard error off the screen while the block runs."""
    try:
        kept = os.dup(2)
    except OSError:
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


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
