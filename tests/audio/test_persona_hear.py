"""`trainer persona hear`: real voices, written to files or heard on a speaker."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pulse import Pulse
from trainer.cli import main

pytestmark = pytest.mark.engine


def test_hear_writes_a_sound_for_every_mood_and_a_furious_one_is_faster(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import soundfile

    out = tmp_path / "sounds"
    assert main(["persona", "hear", "olsen-outage", "--out", str(out), "--json"]) == 0
    samples = json.loads(capsys.readouterr().out)["samples"]
    assert [one["band"] for one in samples] == ["overwhelmed", "hot", "tense", "wary", "calm"]
    for one in samples:
        sound, rate = soundfile.read(one["file"])
        assert len(sound) / rate == pytest.approx(one["seconds"], abs=0.01)
        assert abs(sound).max() > 0.05
    rates = [one["rate"] for one in samples]
    assert rates == sorted(rates, reverse=True)
    assert rates[0] > 1.1 > rates[-1]


def test_hear_speaks_one_mood_when_one_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["persona", "hear", "olsen-outage", "--anger", "0.9", "--out", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "overwhelmed (0.90)" in said
    assert "speed ×1." in said
    assert [file.name for file in tmp_path.glob("*.wav")] == ["01-overwhelmed.wav"]


@pytest.mark.device
def stopped_in_the_middle(pulse: Pulse) -> tuple[int, str, str, float]:
    """Exit code, what was still printed, what was said of it, and how loud it was."""
    command = [sys.executable, "-m", "trainer", "persona", "hear", "olsen-outage"]
    with (
        pulse.recording() as heard,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as hearing,
    ):
        assert hearing.stdout is not None
        while "hot (" not in hearing.stdout.readline():
            assert hearing.poll() is None
        hearing.send_signal(signal.SIGINT)
        rest, said = hearing.communicate(timeout=60)
    return hearing.returncode, rest, said, float(abs(heard.sound).max())


def test_hear_is_heard_and_stops_at_once(pulse: Pulse, tmp_path: Path) -> None:
    for _ in range(3):  # a stream that starts on a busy machine may be mute
        code, rest, said, loudest = stopped_in_the_middle(pulse)
        assert code == 130
        assert "Stopped." in said
        assert "Traceback" not in said
        assert "calm (" not in rest
        if loudest > 0.02:
            return
    raise AssertionError("nothing was heard")
