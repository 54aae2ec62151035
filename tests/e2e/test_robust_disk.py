"""A disk that fills up in the middle of a call ends it in plain words; what was said is kept."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.audio.speech import human_speech
from tests.e2e.cli import trainer
from trainer.domain.audio import RATE
from trainer.domain.events import CallEnded
from trainer.domain.mood import Status
from trainer.store.calls import load

pytestmark = [pytest.mark.engine, pytest.mark.slow]


def test_a_full_disk_ends_the_call_and_keeps_it(small_disk: Path, tmp_path: Path) -> None:
    (small_disk / "ballast").write_bytes(bytes(1200 << 10))
    speech = human_speech(tmp_path)[: 5 * RATE]
    soundfile.write(tmp_path / "a.wav", np.concatenate([speech, np.zeros(10 * RATE)]), RATE)
    turns: list[str | Path] = ["--agent-audio", tmp_path / "a.wav"]
    ran = trainer(
        "call", "mercer-billing", *turns * 6, "--voice", "pyttsx3", "--seed", "1",
        "--out", small_disk / "c", "--json", cwd=tmp_path,
    )  # fmt: skip
    assert ran.code == 2, ran.err
    assert "disk is full" in ran.err
    assert "has been kept" in ran.err
    record = load(small_disk / "c")
    over = record.events[-1]
    assert isinstance(over, CallEnded)
    assert over.status is Status.ABORTED
    assert "disk is full" in over.reason
    with soundfile.SoundFile(small_disk / "c" / "call.wav") as sound:
        assert sound.frames == len(record.agent)
    assert 5 * RATE < len(record.agent) <= over.t
    shown = trainer("calls", "show", small_disk / "c", "--json", cwd=tmp_path)
    assert shown.code == 0, shown.err
    assert {turn["who"] for turn in shown.json["transcript"]} == {"customer", "agent"}
    reviewed = trainer("review", small_disk / "c", "--json", cwd=tmp_path)
    assert "Traceback" not in reviewed.err
