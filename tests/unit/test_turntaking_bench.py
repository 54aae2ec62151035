"""The benchmark itself, on the real engines: what it prints, and that its figures make sense."""

import json
from pathlib import Path

import pytest
import soundfile
from click.testing import CliRunner

from trainer.cli import trainer
from trainer.domain.audio import RATE

pytestmark = [pytest.mark.engine, pytest.mark.slow, pytest.mark.timeout(1500)]


def test_the_quick_benchmark_prints_every_figure_and_none_contradicts_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TRAINER_EVAL_DATA", raising=False)
    told, calls = tmp_path / "moves.jsonl", tmp_path / "calls"
    done = CliRunner().invoke(
        trainer,
        ["bench", "turntaking", "--quick", "--json", "--details", str(told), "--keep", str(calls)],
        standalone_mode=False,
    )
    assert done.exception is None
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["from"] == "recording"
    assert {"clean", "pause", "filler", "echo", "phone_band", "snr_20", "snr_10"} <= set(found["n"])
    assert {"cough", "keyboard", "background_talk", "room_noise"} <= set(found["n"])
    gap, latency = found["response_gap_s"], found["yield_latency_s"]
    assert 0 < gap["p50"] <= gap["p90"]
    for rate in ("yield_rate", "backchannel_selectivity", "cut_ins_per_turn"):
        assert found[rate] is None or 0 <= found[rate] <= 1
    if found["yield_rate"]:
        assert 0 <= latency["p50"] <= latency["p90"] <= 1.0
    assert found["phantom_turns"] == sum(found["phantoms_by_kind"].values())
    assert found["missed_turns"] <= sum(found["n"].values())
    assert found["self_interruptions"] <= found["customer_turns"]
    patiences = [point["patience"] for point in found["curve"]]
    assert patiences == sorted(patiences)
    assert len(patiences) > 1
    assert found["human"]["n"] == {}

    moves = [json.loads(line) for line in told.read_text("utf-8").splitlines()]
    usual = [one for one in moves if one.get("kind") == "clean" and "patience" not in one["case"]]
    gaps = [one["gap_s"] for one in usual if one["gap_s"] is not None]
    assert min(gaps) <= gap["p50"] <= max(gaps)
    recording = soundfile.info(calls / "00" / "call.wav")
    assert (recording.channels, recording.samplerate) == (2, RATE)
    assert all(one["at_s"] < recording.duration for one in moves if one["case"] == "clean")
