"""What no call can come to is named where it stands."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit import customer_cast as made
from trainer.cli import main
from trainer.content import personas
from trainer.content.problems import Problem

Change = Callable[[dict[str, Any]], Any]


def problems(root: Path, change: Change) -> list[Problem]:
    who = made.persona()
    change(who)
    return personas.check(made.write(root, who), [root])


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        (lambda w: w["scenario"]["facts"][1]["gate"].update(min_trust=1.0),
         "scenario.facts[1].gate.min_trust", "never told"),
        (lambda w: w["scenario"]["facts"][1]["gate"].update(max_anger=0.0),
         "scenario.facts[1].gate.max_anger", "never told"),
        (lambda w: [v.update(hidden=["sun"]) for v in w["scenario"]["variants"]],
         "scenario.facts[0]", "hidden in every variant"),
        (lambda w: w["scenario"]["variants"][1].update(hidden=["sun", "show"]),
         "scenario.variants[1].hidden", "hides every fact"),
        (lambda w: (w["scenario"]["remedies"][0].update(needs=["sun"]),
                    [v.update(hidden=["sun"]) for v in w["scenario"]["variants"]]),
         "scenario.remedies[0].needs[0]", "hidden in every variant"),
        (lambda w: w["lines"].update(cry={"any": ["Sorry. Give me a moment."]}),
         "lines.cry", "cries"),
        (lambda w: (w.update(exits=["hangs_up"]),
                    w["lines"].update(withdraw={"any": ["Never mind. Goodbye."]})),
         "lines.withdraw", "hangs up instead"),
        (lambda w: (w.update(exits=["hangs_up"]),
                    w["lines"].update(supervisor={"any": ["Right. Your boss, please."]})),
         "lines.supervisor", "supervisor"),
        (lambda w: w["lines"]["greet"].update(calm=["Hello. Lovely day for it."]),
         "lines.greet.calm", "they begin hot"),
        (lambda w: (w.update(mood={"anger": 0.6}),
                    [v.update(mood={"anger": 0.7}) for v in w["scenario"]["variants"]]),
         "mood.anger", "no effect"),
        (lambda w: w["scenario"]["facts"][1].update(asks=["What happened to the parcel?"]),
         "scenario.facts[1].asks[0]", "sun"),
        (lambda w: w["scenario"]["remedies"][1]["examples"].append(
            "We'll deliver a new box of plants."),
         "scenario.remedies[1].examples[2]", "again"),
        (lambda w: w.update(exits=["supervisor", "hangs_up", "supervisor"]), "exits[2]", "twice"),
        (lambda w: w.update(exits=["hangs_up", "supervisor", "withdraws"]),
         "exits[2]", "“hangs_up” stands before it"),
        (lambda w: w["scenario"]["facts"][0].update(keys=["by the gate", " "]),
         "scenario.facts[0].keys[1]", "empty"),
        (lambda w: (w["scenario"]["facts"][1].update(
            line="Number three. My sister, her memorial.", keys=["number three", "memorial"])),
         "scenario.facts[1].keys[0]", "a line of “plain” says it too"),
    ],
)  # fmt: skip
def test_what_no_call_reaches_is_an_error(
    tmp_path: Path, change: Change, field: str, says: str
) -> None:
    found = problems(tmp_path, change)
    assert any(p.field == field and says in p.message for p in found), [str(p) for p in found]


def test_greetings_for_the_mood_that_a_variant_begins_with_are_reached(tmp_path: Path) -> None:
    def colder(who: dict[str, Any]) -> None:
        who["scenario"]["variants"][1]["mood"] = {"anger": 0.1}
        who["lines"]["greet"]["calm"] = ["Hello. Ada Finch here, about a box."]

    assert problems(tmp_path, colder) == []


@pytest.mark.parametrize(
    ("line", "place", "nearest"),
    [
        ("lead: angre", "lead", "anger"),
        ("need: to_be_herd", "need", "to_be_heard"),
        ("exits: [supervisor, hang_up]", "hang_up", "hangs_up"),
        ("lines: {vnet: {any: [Well.]}}", "vnet", "vent"),
        ("lines: {vent: {hto: [Well.]}}", "hto", "hot"),
        ("lines: {vent: {an: [Well.]}}", "an", "any"),
        ("voice: {regster: low}", "regster", "register"),
        ("scenario: {card: {compny: x}}", "compny", "company"),
        ("temper: {reactivty: 1}", "reactivty", "reactivity"),
        ("trains: [E11]", "E11", "E1"),
        ("extends: plian", "extends", "plain"),
    ],
)
def test_a_misspelt_name_is_answered_with_the_nearest_valid_one_and_its_place(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    line: str,
    place: str,
    nearest: str,
) -> None:
    monkeypatch.setenv("TRAINER_TEAM_DIR", str(tmp_path))
    who = made.persona()
    who.pop(line.partition(":")[0], None)
    file = made.write(tmp_path, who)
    file.write_text(line + "\n" + file.read_text())
    assert main(["persona", "check", str(file)]) == 1
    told = [one for one in capsys.readouterr().out.splitlines() if f"“{nearest}”?" in one]
    assert [one.split(": ")[0] for one in told] == [f"{file}:1:{line.index(place) + 1}"]


def test_a_temperament_in_another_language_is_refused_not_ignored(tmp_path: Path) -> None:
    manner = made.temperament() | {"language": "de"}
    made.write(tmp_path, manner=manner)
    (found,) = personas.check(tmp_path / "personas" / "temperaments" / "plain.yaml", [tmp_path])
    assert found.field == "language"
    assert found.message == "“de” is not one of: en."


def test_checking_and_listing_leave_a_file_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRAINER_TEAM_DIR", str(tmp_path))
    file = made.write(tmp_path)
    file.write_text("# kept\n" + file.read_text() + "# kept too\n")
    before = file.read_bytes()
    assert main(["persona", "check", "finch"]) == 0
    assert main(["persona", "list"]) == 0
    assert main(["persona", "new", "finch", "--yes"]) == 2
    assert file.read_bytes() == before
