"""What the device check and the debrief play and hear, on a virtual sound card."""

import asyncio
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.pulse import Pulse
from trainer.audio.devices import portaudio
from trainer.domain.audio import BLOCK, RATE, Samples
from trainer.domain.errors import BadInput
from trainer.settings import Settings
from trainer.store import call_folder
from trainer.tui.program import Program
from trainer.tui.sound import DeviceCheck, device_names, play

pytestmark = pytest.mark.device


def tone(length_s: float, hz: float = 700) -> Samples:
    time = np.arange(int(length_s * RATE) // BLOCK * BLOCK) / RATE
    return (0.4 * np.sin(2 * np.pi * hz * time)).astype(np.float32)


def loud_s(sound: Samples) -> float:
    return np.count_nonzero(np.abs(sound) > 0.05) / RATE


def power(sound: Samples, hz: float) -> float:
    """Share of the sound's power within 15 Hz of `hz`, 0..1."""
    spectrum = np.abs(np.fft.rfft(sound)) ** 2
    near = np.abs(np.fft.rfftfreq(len(sound), 1 / RATE) - hz) < 15
    return float(spectrum[near].sum() / spectrum.sum())


@pytest.mark.usefixtures("pulse")
def test_each_device_is_offered_once() -> None:
    names = device_names()
    assert "pulse" in names.inputs
    assert len(set(names.outputs)) == len(names.outputs) > 0


async def test_the_test_sound_is_heard(pulse: Pulse) -> None:
    with pulse.recording() as heard:
        await DeviceCheck("", "").tone()
    assert power(heard.sound, 523.25) > 0.3
    assert power(heard.sound, 659.25) > 0.3


async def test_what_was_said_into_the_microphone_comes_back(pulse: Pulse) -> None:
    check = DeviceCheck("", "")
    levels = check.levels()
    await anext(levels)
    with pulse.recording() as heard:
        saying = pulse.play(tone(3, hz=900))
        loudest = await check.echo(1.5)
        saying.wait()
    await check.close()
    assert loudest == pytest.approx(20 * np.log10(0.4 / np.sqrt(2)), abs=1.5)
    assert power(heard.sound, 900) > 0.8


@pytest.mark.usefixtures("pulse")
async def test_a_microphone_that_opens_after_the_check_was_left_is_given_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opening, left = threading.Event(), threading.Event()
    opened: list[Any] = []
    open_one = portaudio().InputStream

    def late(**how: Any) -> Any:
        opening.set()
        left.wait(10)
        opened.append(open_one(**how))
        return opened[-1]

    monkeypatch.setattr(portaudio(), "InputStream", late)
    check = DeviceCheck("", "")
    listening = asyncio.ensure_future(anext(check.levels()))
    await asyncio.to_thread(opening.wait, 10)
    listening.cancel()
    await check.close()
    left.set()
    for _ in range(200):
        if opened and opened[0].closed:
            return
        await asyncio.sleep(0.02)
    raise AssertionError("the microphone stayed open")


async def test_a_cancelled_clip_falls_silent(pulse: Pulse) -> None:
    with pulse.recording() as heard:
        playing = asyncio.create_task(play(tone(20), ""))
        await asyncio.sleep(1.5)
        playing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await playing
        await asyncio.sleep(1.5)
    assert loud_s(heard.sound[-RATE // 2 :]) == 0
    assert loud_s(heard.sound) > 0.3


async def test_a_moment_of_a_call_is_heard_in_both_voices(pulse: Pulse, tmp_path: Path) -> None:
    call = call_folder.create(tmp_path, "p")
    silence = np.zeros_like(tone(1))
    call.frame(silence, silence)
    call.frame(tone(2, hz=500), tone(2, hz=1500))
    call.close()
    unused: Any = None  # neither engines nor a review are asked for
    services = Program(Settings(), unused, unused, seed=1, typed=False).services()
    with pulse.recording() as heard:
        await services.play(call.folder, 1.2, 2.2)
    assert power(heard.sound, 500) > 0.3
    assert power(heard.sound, 1500) > 0.3
    assert loud_s(heard.sound) < 1.2
    (call.folder / "call.wav").unlink()
    with pytest.raises(BadInput, match="no sound"):
        await services.play(call.folder, 1.2, 2.2)
