"""`trainer retry`: a moment of a recorded call once more, and the call is left as it was."""

import hashlib
import io
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.unit.customer_cast import write
from trainer.cli import main
from trainer.store import forks, kept_cast

pytestmark = pytest.mark.engine

COLD = "What is your customer number?\nYou need to calm down.\nThat is our policy.\n"
KIND = "I am so sorry, that is our fault.\nWhat has it cost you?\nI'll send a new box tomorrow.\n"
AUTHORED = ("--wording", "authored")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's data folder with one customer in it."""
    monkeypatch.setenv("TRAINER_DATA_DIR", str(tmp_path))
    write(tmp_path)
    return tmp_path


@pytest.fixture
def call(data: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A call that went badly, with its debrief."""
    (data / "cold.txt").write_text(COLD)
    lines = ("--agent-text", str(data / "cold.txt"), *AUTHORED)
    assert main(["call", "finch", *lines, "--seed", "2", "--json"]) == 0
    folder = Path(json.loads(capsys.readouterr().out)["call"])
    assert main(["review", str(folder), "--json"]) == 0
    capsys.readouterr()
    return folder


def retry(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *args: str,
    said: str = KIND,
) -> tuple[int, Any, str]:
    monkeypatch.setattr("sys.stdin", io.StringIO(said))
    code = main(["retry", *args, *AUTHORED, "--json"])
    out, err = capsys.readouterr()
    return code, json.loads(out) if out.strip() else None, err


def digests(folder: Path) -> dict[str, str]:
    files = [path for path in folder.iterdir() if path.is_file()]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def moods(steps: Sequence[Any]) -> list[float]:
    return [step["after"] for step in steps]


def test_a_retry_starts_where_the_call_stood_and_leaves_it_untouched(
    data: Path, call: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = digests(call)
    code, told, _ = retry(monkeypatch, capsys, call.name, "--turn", "4", "--turns", "2")
    assert code == 0
    assert digests(call) == before
    assert told["now"][0]["before"] == pytest.approx(told["then"][0]["before"], abs=1e-4)
    assert [step["turn"] for step in told["now"]] == [4, 6]
    assert all(
        now < then for now, then in zip(moods(told["now"]), moods(told["then"]), strict=True)
    )
    assert told["retry"]["transcript"][0]["text"] == told["asked"]
    assert told["status_now"] == "open"
    assert told["retry"]["csat"] is None
    at = {point["turn"]: point["t_s"] for point in told["curve_then"]}
    assert told["curve_now"][0]["t_s"] == at[2]
    assert told["curve_now"][1]["t_s"] > at[2]


def test_a_retry_has_its_own_debrief_and_belongs_to_its_call(
    data: Path, call: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        assert retry(monkeypatch, capsys, call.name, "--turn", "2", "--rest")[0] == 0
    assert [fork.name for fork in forks.of(call)] == ["01", "02"]
    for fork in forks.of(call):
        assert {"call.wav", "events.jsonl", "meta.json", "review.json"} <= set(os.listdir(fork))
        assert fork.stat().st_mode & 0o077 == 0
        meta = json.loads((fork / "meta.json").read_text())
        assert (meta["retry_of"], meta["turn"]) == (call.name, 2)
    assert main(["calls", "list", "--json"]) == 0
    assert [one["id"] for one in json.loads(capsys.readouterr().out)] == [call.name]
    assert main(["calls", "delete", call.name, "--yes"]) == 0
    assert not call.exists()


def test_a_retry_goes_by_the_customer_of_the_call_even_when_their_file_has_changed(
    data: Path, call: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (call / kept_cast.NAME).stat().st_mode & 0o777 == 0o600
    persona = data / "personas" / "finch.yaml"
    persona.write_text(persona.read_text().replace("lead: anger", "lead: sadness"))
    code, told, _ = retry(monkeypatch, capsys, call.name, "--turn", "4")
    assert code == 0
    assert told["feeling"] == "anger"
    (call / kept_cast.NAME).unlink()
    code, _, err = retry(monkeypatch, capsys, call.name, "--turn", "4")
    assert code == 2
    assert "has changed since this call" in err


def test_what_cannot_be_retried_is_said_plainly(
    data: Path, call: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = retry(monkeypatch, capsys, call.name, "--turn", "3")
    assert code == 2
    assert "Yours are: 2, 4, 6." in err
    assert forks.of(call) == []
    assert retry(monkeypatch, capsys, call.name, "--turn", "2", "--turns", "1")[0] == 0
    code, _, err = retry(monkeypatch, capsys, str(forks.of(call)[0]), "--turn", "2")
    assert code == 2
    assert call.name in err
    meta = call / "meta.json"
    meta.write_text(json.dumps(json.loads(meta.read_text()) | {"mode": "imported"}))
    code, _, err = retry(monkeypatch, capsys, call.name, "--turn", "2")
    assert code == 2
    assert "a real call" in err
