"""Whether a call listens while the customer speaks, and `trainer doctor --echo-test`."""

import asyncio
from dataclasses import asdict
from typing import Any

import click
import numpy as np

from trainer import backends
from trainer.audio import devices
from trainer.audio.device_line import DeviceLine
from trainer.audio.echo import CancelledLine
from trainer.audio.echo_test import Echo, Way, listen
from trainer.conversation.turns import EVEN
from trainer.domain.audio import Samples
from trainer.domain.errors import EngineMissing, TrainerError
from trainer.domain.persona import VoiceChoice
from trainer.domain.plan import VoiceStyle
from trainer.ports.line import Line, ScriptedLine
from trainer.settings import Settings
from trainer.store import echoes

_SAID = (
    "This is how loud the customer will be. Please say nothing for a moment: the microphone is "
    "listening for an echo of these very words, and nothing else."
)

WORDS: dict[Way, str] = {
    "headset": "nothing of the customer reaches the microphone: you can interrupt them by voice",
    "cancel": "the echo is cancelled: you can interrupt the customer by voice",
    "half_duplex": "too much echo is left: you are not heard while the customer speaks; the talk "
    "key interrupts, and so does a headset",
}


def without(settings: Settings, line: Line) -> tuple[Line, bool]:
    """The line as the call is to use it, and whether it must not listen while the customer speaks.

    Files have no echo. On devices `echo = auto` goes by the last test of this pair; an untested one
    is cancelled.
    """
    if isinstance(line, ScriptedLine):
        return line, False
    way: str = settings.echo
    if way == "auto":
        microphone, speaker = devices.check(settings.input_device, settings.output_device)
        way = echoes.known(settings.data_dir, microphone.name, speaker.name) or "cancel"
    if way == "cancel":
        try:
            return CancelledLine(line), False
        except EngineMissing:
            return line, True
    return line, way == "half_duplex"


def microphone(settings: Settings, line: Line) -> str:
    """The name of the microphone a call is spoken into; empty where there is none."""
    if not isinstance(line, DeviceLine):
        return ""
    return devices.check(settings.input_device, settings.output_device)[0].name


def test(settings: Settings) -> Echo:
    """Let the customer speak a moment, see what the microphone makes of it, and remember it.

    Raises:
        TrainerError: no device, no voice, or a device that went away.
    """
    microphone, speaker = devices.check(settings.input_device, settings.output_device)
    line = DeviceLine(settings.input_device, settings.output_device)
    sound = asyncio.run(_spoken(settings))
    found = listen(line, sound, EVEN.start_p, EVEN.start_s)
    echoes.remember(settings.data_dir, microphone.name, speaker.name, found.way)
    return found


def told(settings: Settings) -> tuple[bool, str]:
    """The test for a screen: whether the customer can be interrupted by voice, and in words.

    Raises:
        TrainerError: as `test`.
    """
    found = test(settings)
    return found.way != "half_duplex", WORDS[found.way]


def report(settings: Settings) -> dict[str, Any]:
    """What `doctor --echo-test --json` prints."""
    try:
        return asdict(test(settings))
    except TrainerError as error:
        return {"error": error.message, "hint": error.hint}


def show(found: dict[str, Any]) -> None:
    """Print a report for people."""
    click.echo("\nEcho:")
    if "error" in found:
        click.secho(" ✗ ", fg="red", nl=False)
        click.echo(f"{found['error']}\n   → {found['hint']}")
        return
    rest = "not cancelled" if found["left_db"] is None else f"{found['left_db']:.0f} dB after it"
    mark = ("!", "yellow") if found["way"] == "half_duplex" else ("✓", "green")
    click.secho(f" {mark[0]} ", fg=mark[1], nl=False)
    way: Way = found["way"]
    click.echo(
        f"{WORDS[way]}\n   room {found['room_db']:.0f} dB, "
        f"the customer in the microphone {found['echo_db']:.0f} dB, {rest}"
    )


async def _spoken(settings: Settings) -> Samples:
    voices = await asyncio.to_thread(backends.voices, settings)
    if not voices:
        raise EngineMissing("There is no voice to test with.", "trainer config set voice auto")
    try:
        pieces = [sound async for sound in voices[0].speak(_SAID, VoiceChoice(), VoiceStyle())]
    finally:
        await asyncio.gather(*(voice.close() for voice in voices))
    return np.concatenate(pieces)
