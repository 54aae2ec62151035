"""`trainer doctor` says of each thing whether it works and how to mend it, whatever is broken."""

import json
from pathlib import Path
from typing import Any

import pytest

from trainer.cli import checks, main
from trainer.cli.checks import Finding
from trainer.settings import Settings


@pytest.fixture(autouse=True)
def silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Voices take seconds to load and have tests of their own."""
    monkeypatch.setenv("TRAINER_VOICE", "none")


def examined(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, dict[str, Any]]:
    """The exit code and what was printed as JSON."""
    capsys.readouterr()
    code = main(["doctor", "--json", *options])
    return code, json.loads(capsys.readouterr().out)


def by_name(report: dict[str, Any]) -> dict[str, Any]:
    return {finding["name"]: finding for finding in report["checks"]}


def test_absent_weights_are_missing_and_the_command_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRAINER_CACHE", str(tmp_path))
    code, report = examined(capsys)
    found = by_name(report)
    assert code == 1
    assert not report["ok"]
    assert found["speech to text"]["state"] == "missing"
    assert "trainer models pull whisper-base" in found["speech to text"]["mend"]
    assert "local-llm" in found["weights"]["mend"]


def test_everything_that_is_not_well_says_how_to_mend_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRAINER_CACHE", str(tmp_path))
    for finding in examined(capsys)[1]["checks"]:
        assert bool(finding["mend"]) == (finding["state"] != "ok"), finding


def test_folder_that_cannot_hold_calls_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("")
    monkeypatch.setenv("TRAINER_DATA_DIR", str(blocked / "data"))
    code, report = examined(capsys)
    assert code == 1
    assert by_name(report)["data folder"]["state"] == "missing"


def test_model_without_its_key_is_missing_and_nothing_else_suffers(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRAINER_WORDING", "openai/gpt-4o-mini")
    code, report = examined(capsys)
    words = by_name(report)["the customer's words"]
    assert code == 1
    assert words["state"] == "missing"
    assert "OPENAI_API_KEY" in words["detail"] + words["mend"]
    assert by_name(report)["turn ends"]["state"] == "ok"


@pytest.mark.parametrize(
    ("judge", "state", "says"),
    [
        ("off", "ok", "rules alone"),
        ("local", "degraded", "too small"),
        ("openai/gpt-4o", "missing", "needs a key"),
        ("gpt", "missing", "does not say whose model"),
    ],
)
def test_who_marks_the_words_is_told_and_never_keeps_anybody_from_a_call(
    judge: str, state: str, says: str
) -> None:
    found = checks._one("marking the words", checks._judge, Settings(judge=judge))
    assert (found.state, found.required) == (state, False)
    assert says in found.detail


def test_a_rubric_with_a_mistake_is_found(tmp_path: Path) -> None:
    (tmp_path / "rubrics").mkdir()
    (tmp_path / "rubrics" / "core.yaml").write_text("name: core\n")
    found = checks._one("rubric", checks._rubric, Settings(team_dir=tmp_path))
    assert found.state == "missing"
    assert "core.yaml:1:1" in found.detail


def test_check_that_breaks_is_a_line_and_the_list_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(settings: Settings) -> Finding:
        raise ZeroDivisionError("nobody foresaw this")

    monkeypatch.setitem(checks._CHECKS, "turn ends", broken)
    code, report = examined(capsys)
    found = by_name(report)
    assert code == 1
    assert "nobody foresaw this" in found["turn ends"]["detail"]
    assert list(found) == list(checks._CHECKS)


def test_microphone_is_told_apart_by_name() -> None:
    there = {"USB Headset": False, "Built-in": True}
    assert checks._device("microphone", there, "", "input_device").detail == "Built-in"
    assert checks._device("microphone", there, "headset", "input_device").detail == "USB Headset"
    gone = checks._device("microphone", there, "Jabra", "input_device")
    assert gone.state == "degraded"
    assert "trainer config unset input_device" in gone.mend


@pytest.mark.engine
def test_every_fault_of_a_model_server_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    trials = {trial["fault"]: trial for trial in examined(capsys, "--llm")[1]["llm"]}
    assert {"401", "429", "500", "hang", "broken", "garbage", "empty", "refused"} <= set(trials)
    assert [fault for fault, trial in trials.items() if not trial["handled"]] == []
    assert "not spoken" in trials["role_flip"]["outcome"]
