import json
import threading
from pathlib import Path

import numpy as np
import pytest

from tests.pulse import Pulse
from trainer.audio.playback import play
from trainer.cli import main
from trainer.domain.audio import BLOCK, RATE, Samples
from trainer.domain.events import CallEnded
from trainer.domain.mood import Status
from trainer.store import call_folder

pytestmark = pytest.mark.device


def tone(length_s: float, hz: float) -> Samples:
    return (0.4 * np.sin(2 * np.pi * hz * np.arange(int(length_s * RATE)) / RATE)).astype(
        np.float32
    )


def strongest(sound: Samples) -> float:
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    return float(np.fft.rfftfreq(len(sound), 1 / RATE)[spectrum.argmax()])


def loud_s(sound: Samples) -> float:
    return np.count_nonzero(np.abs(sound) > 0.05) / RATE


def test_a_clip_is_heard_whole_with_its_progress(pulse: Pulse) -> None:
    told: list[float] = []
    with pulse.recording() as heard:
        play(tone(1.0, 700), progress=told.append)
    assert strongest(heard.sound) == pytest.approx(700, abs=3)
    assert loud_s(heard.sound) == pytest.approx(loud_s(tone(1.0, 700)), rel=0.15)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_a_clip_can_be_stopped(pulse: Pulse) -> None:
    stop = threading.Event()
    told: list[float] = []

    def after_a_second(played_s: float) -> None:
        told.append(played_s)
        if played_s >= 1:
            stop.set()

    play(tone(60, 700), progress=after_a_second, stop=stop)
    assert told[-1] < 2


def test_the_asked_part_of_a_call_is_heard_in_both_voices(
    pulse: Pulse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAINER_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("TRAINER_CONFIG", str(tmp_path / "none.toml"))
    call = call_folder.create(tmp_path, "p")
    silence = np.zeros(2 * RATE // BLOCK * BLOCK, np.float32)
    agent, customer = tone(2, 500)[: len(silence)], tone(2, 1500)[: len(silence)]
    call.frame(silence, silence)
    call.frame(agent, customer)
    call.event(CallEnded(t=4 * RATE, status=Status.AGENT_ENDED))
    call.close()
    assert json.loads((call.folder / "meta.json").read_text())["persona"] == "p"
    with pulse.recording() as heard:
        assert main(["calls", "play", "last", "--from", "2.2", "--to", "3.2"]) == 0
    on = np.flatnonzero(np.abs(heard.sound) > 0.05)
    assert len(on) / RATE < 1.2
    sound = heard.sound[on[0] : on[-1]]
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    hz = np.fft.rfftfreq(len(sound), 1 / RATE)
    for voice in (500, 1500):
        near = spectrum[(hz > voice - 20) & (hz < voice + 20)].max()
        assert near > 20 * np.median(spectrum)
