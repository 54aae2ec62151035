"""`trainer persona` and `trainer acts`, as scripts call them."""

import io
import json
from pathlib import Path

import pytest

from tests.unit import customer_cast as made
from trainer.cli import main


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made.write(tmp_path)
    monkeypatch.setenv("TRAINER_TEAM_DIR", str(tmp_path))
    return tmp_path


def test_list_names_every_customer_with_what_scripts_rely_on(
    team: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["persona", "list", "--json"]) == 0
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
    assert {"finch", "olsen-outage", "mercer-billing", "voss-return"} <= set(rows)
    assert rows["finch"]["exits"] == ["supervisor", "hangs_up"]
    for row in rows.values():
        assert {"name", "title", "lead", "exits", "difficulty", "trains", "language"} <= set(row)


def test_one_broken_file_does_not_hide_the_others(
    team: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (team / "personas" / "broken.yaml").write_text("title: [")
    assert main(["persona", "list", "--json"]) == 0
    out = capsys.readouterr()
    assert "finch" in out.out
    assert "broken" in out.err


def test_check_exits_1_and_names_the_place(team: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made.write(team, made.persona() | {"dificulty": 2})
    assert main(["persona", "check", "finch"]) == 1
    assert "finch.yaml:" in (out := capsys.readouterr().out)
    assert "difficulty" in out


def test_check_all_is_content_with_what_is_shipped() -> None:
    assert main(["persona", "check", "--all"]) == 0


def test_check_of_an_unknown_name_exits_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["persona", "check", "olson-outage"]) == 2
    assert "olsen-outage" in capsys.readouterr().err


def test_schema_accepts_the_fields_of_a_customer(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["persona", "schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert set(made.persona()) <= set(schema["properties"])
    assert schema["additionalProperties"] is False


def test_acts_reads_lines_and_jsonl_and_quotes_the_words(
    team: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [
        "I'm so sorry, that must be exhausting.",
        json.dumps({"text": "And what is your name again?", "context": ["My name is Ada."]}),
    ]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines) + "\n"))
    assert main(["acts", "--rules", "--persona", "finch"]) == 0
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert {act["act"] for act in first["acts"]} >= {"apology_owned", "acknowledge"}
    for act in first["acts"]:
        assert first["text"][act["start"] : act["end"]] == act["quote"]
    assert "repeat_ask" in {act["act"] for act in second["acts"]}
    assert first["remedy"] is None


def test_acts_refuses_a_line_that_is_not_what_it_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO('{"text": 3}\n'))
    assert main(["acts", "--rules"]) == 2
    assert "Line 1" in capsys.readouterr().err
