"""`trainer persona` and `trainer acts`, as people and scripts call them."""

import io
import json
from pathlib import Path

import pytest

from tests.unit import customer_cast as made
from trainer.cli import main
from trainer.content import personas, roots, schema


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


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The person's own folder of customers, still to be made."""
    monkeypatch.setenv("TRAINER_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data" / "personas"


def type_in(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_new_writes_a_customer_that_can_be_called_at_once(
    own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["persona", "new", "fern", "--yes"]) == 0
    assert str(own / "fern.yaml") in capsys.readouterr().out
    assert main(["persona", "check", "fern"]) == 0
    script = tmp_path / "agent.txt"
    script.write_text("I'm so sorry, that must be exhausting.\nI can look into it today.\n")
    capsys.readouterr()
    words = ["call", "fern", "--agent-text", str(script), "--wording", "authored", "--json"]
    assert main([*words, "--voice", "none", "--out", str(tmp_path / "call")]) == 0
    call = json.loads(capsys.readouterr().out)
    assert "Jo Merrin" in call["transcript"][0]["text"]


def test_new_asks_and_enter_answers_every_question(
    own: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    type_in(monkeypatch, "by-enter", *[""] * 40)
    assert main(["persona", "new"]) == 0
    assert main(["persona", "new", "taken-as-is", "--yes"]) == 0
    asked, as_is = ((own / f"{name}.yaml").read_text() for name in ("by-enter", "taken-as-is"))
    assert asked.replace("by-enter", "x") == as_is.replace("taken-as-is", "x")


def test_new_takes_numbers_and_names_and_asks_again_after_a_mistake(
    own: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    type_in(
        monkeypatch,
        "Edda Noakes", "twelve", "67", "", "", "hihg", "high", "",
        "worrier", "3", "hangs up, leaves politely", "leaves politely, 3", "6", "4",
        "E2, sr4", "illness, money worries",
        "", "", "the {boiler}", "the boiler", *[""] * 30,
    )  # fmt: skip
    assert main(["persona", "new", "edda"]) == 0
    said = capsys.readouterr()
    assert "“high”" in said.err
    assert "Leave out" in said.err
    assert "only one way out" in said.err
    persona, _ = personas.read(str(own / "edda.yaml"), [])
    assert (persona.identity.name, persona.identity.age) == ("Edda Noakes", 67)
    assert persona.voice.register_ == "high"
    assert (persona.extends, persona.lead.value) == ("worrier", "sadness")
    assert [way.value for way in persona.exits] == ["leaves_politely", "cries"]
    assert (persona.need.value, persona.difficulty) == ("dignity", 4)
    assert persona.trains == ["E2", "SR4"]
    assert persona.content_notes == ["illness", "money worries"]
    assert persona.scenario.variants[0].slots["thing"] == "the boiler"
    assert main(["persona", "check", "edda"]) == 0


def test_new_stopped_half_way_writes_nothing(
    own: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    type_in(monkeypatch, "Edda Noakes", "67")
    assert main(["persona", "new", "edda"]) == 130
    assert not own.exists()


@pytest.mark.parametrize("name", ["finch", "olsen-outage"])
def test_new_takes_no_name_that_would_hide_another_customer(
    team: Path, own: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["persona", "new", name, "--yes"]) == 2
    assert "another name" in capsys.readouterr().err
    assert not own.exists()


def test_new_without_a_name_takes_the_next_free_one(own: Path) -> None:
    assert main(["persona", "new", "--yes"]) == 0
    assert main(["persona", "new", "--yes"]) == 0
    assert {file.name for file in own.glob("*.yaml")} == {"my-customer.yaml", "my-customer-2.yaml"}


def test_own_file_before_the_teams_before_ours_and_a_path_before_all(
    tmp_path: Path, own: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRAINER_TEAM_DIR", str(tmp_path / "team"))

    def title() -> str:
        capsys.readouterr()
        assert main(["persona", "list", "--json"]) == 0
        rows = json.loads(capsys.readouterr().out)
        return str(next(row["title"] for row in rows if row["name"] == "finch"))

    made.write(tmp_path / "team", made.persona() | {"title": "The team's"})
    assert title() == "The team's"
    mine = made.write(own.parent, made.persona() | {"title": "Mine"})
    assert title() == "Mine"
    path = tmp_path / "elsewhere.yaml"
    path.write_text(mine.read_text().replace("Mine", "On a path") + "oops: 1\n")
    assert main(["persona", "check", str(path)]) == 1
    assert "elsewhere.yaml" in capsys.readouterr().out
    assert main(["persona", "check", "finch"]) == 0


@pytest.mark.parametrize("kind", sorted(schema.FILES))
def test_the_schema_that_ships_is_fresh_and_shipped_files_point_to_it(kind: str) -> None:
    folder = roots.shipped() / "personas"
    if kind.startswith("temperament"):
        folder /= "temperaments"
    assert (folder / kind).read_text("utf-8") == schema.text(schema.FILES[kind]), (
        "write it anew: trainer persona schema [--temperament] > " + str(folder / kind)
    )
    files = list(folder.glob("*.yaml"))
    assert files
    first = schema.FIRST_LINE.format(file=kind)
    assert [file.name for file in files if file.read_text("utf-8").split("\n")[0] != first] == []


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


def test_acts_shows_what_each_clause_does_and_how_a_remedy_stands(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [
        "What is your postcode, please?",
        "I can send an engineer out today if you send me a photo.",
    ]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines) + "\n"))
    assert main(["acts", "--persona", "olsen-outage"]) == 0
    asked, hoped = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert [(one["kind"], one["about"]) for one in asked["moves"]] == [
        ("ask_identity", "identity:postcode")
    ]
    assert (asked["asks"], asked["offers"]) == ([], [])
    (offer,) = hoped["offers"]
    assert (offer["remedy"], offer["state"], offer["when"]) == ("visit", "conditional", "today")
    assert hoped["remedy"] is None  # it hangs on something: nothing is on the table yet
    for row in (asked, hoped):
        for move in row["moves"]:
            assert row["text"][move["start"] : move["end"]] == move["quote"]


def test_acts_of_nobody_in_particular_has_moves_and_no_offers(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("Is the light red or green?\n"))
    assert main(["acts", "--rules"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert [move["kind"] for move in row["moves"]] == ["ask_either_or"]
    assert "offers" not in row


def test_acts_names_an_item_of_the_sheet_beside_its_kind(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("Is the light red or green?\n"))
    assert main(["acts", "--persona", "olsen-outage"]) == 0
    (move,) = json.loads(capsys.readouterr().out)["moves"]
    assert (move["about"], move["item"]) == ("sheet", "light")


def test_acts_reads_a_file_that_begins_with_a_byte_order_mark(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO('\ufeff{"text": "Calm down."}\n'))
    assert main(["acts", "--rules"]) == 0
    assert json.loads(capsys.readouterr().out)["text"] == "Calm down."


@pytest.mark.parametrize("line", ['{"text": 3}', '{"text": ' + "[" * 100_000, '{"text": "a"'])
def test_acts_refuses_a_line_that_is_not_what_it_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(line + "\n"))
    assert main(["acts", "--rules"]) == 2
    assert "Line 1" in capsys.readouterr().err
