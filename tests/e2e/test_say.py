"""`trainer say`: a better line after the call, typed or spoken, held against what happened."""

import json
import subprocess
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.unit.customer_cast import write
from trainer.audio.files import save_wav
from trainer.cli import main
from trainer.domain.audio import RATE
from trainer.store import said

pytestmark = pytest.mark.engine

KIND = "I am so sorry. That is our fault, and I understand why you are upset."


@pytest.fixture
def call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Path:
    """A call in which the agent told the customer to calm down at turn 4."""
    monkeypatch.setenv("TRAINER_DATA_DIR", str(tmp_path))
    write(tmp_path)
    (tmp_path / "cold.txt").write_text("What happened?\nYou need to calm down.\n")
    lines = ("--agent-text", str(tmp_path / "cold.txt"), "--wording", "authored")
    assert main(["call", "finch", *lines, "--seed", "2", "--json"]) == 0
    return Path(json.loads(capsys.readouterr().out)["call"])


def say(capsys: pytest.CaptureFixture[str], call: Path, *args: str | Path) -> Any:
    assert main(["say", str(call), *map(str, args), "--stt", "tiny.en", "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_kind_line_would_have_helped_and_the_same_line_does_the_same(
    call: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    events = (call / "events.jsonl").read_bytes()
    kind = say(capsys, call, "--turn", "4", "--text", KIND)
    assert kind["after"] < kind["before"] < kind["really"]
    assert {act["act"] for act in kind["acts"]} >= {"apology_owned"}
    assert all(act["quote"] in KIND and act["what"].endswith(".") for act in kind["acts"])
    assert kind["then"]["text"] == "You need to calm down."
    same = say(capsys, call, "--turn", "4", "--text", "You need to calm down.")
    assert same["after"] == pytest.approx(same["really"], abs=1e-4)
    assert (call / "events.jsonl").read_bytes() == events
    assert [line.facts["text"] for line in said.kept(call, 4)] == [KIND, "You need to calm down."]
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in (call / "said").iterdir())


def test_a_spoken_line_is_understood_and_its_sound_kept(
    call: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = tmp_path / "line.wav"
    subprocess.run(["espeak-ng", "-v", "en-gb", "-s", "140", "-w", str(line), KIND], check=True)
    spoken = say(capsys, call, "--turn", "4", "--wav", line)
    assert spoken["understood"]
    assert "sorry" in spoken["text"].lower()
    assert spoken["after"] < spoken["really"]
    with wave.open(spoken["clip"]) as clip:
        assert (clip.getnchannels(), clip.getframerate()) == (1, RATE)
        assert clip.getnframes() / RATE > 2
    assert Path(spoken["clip"]).stat().st_mode & 0o777 == 0o600


def test_what_was_not_heard_well_is_not_judged(
    call: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    noise = np.random.default_rng(3).normal(0, 0.05, 2 * RATE).astype(np.float32)
    save_wav(tmp_path / "noise.wav", noise)
    told = say(capsys, call, "--turn", "4", "--wav", tmp_path / "noise.wav")
    assert not told["understood"]
    assert told["acts"] == []
    assert told["after"] is None
    assert told["answer"] == ""


def test_what_cannot_be_said_is_told_plainly(
    call: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for args, why in (
        (["--turn", "3", "--text", "Hello."], "Yours are: 2, 4."),
        (["--turn", "4", "--text", "  "], "nothing to say"),
        (["--turn", "4"], "--text"),
        (["--turn", "4", "--text", "Hello.", "--wav", "x.wav"], "not both"),
    ):
        assert main(["say", str(call), *args]) == 2
        assert why in capsys.readouterr().err
