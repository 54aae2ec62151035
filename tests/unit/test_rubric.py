"""A rubric is data: mistakes in it have a place, and a team's own replaces ours."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.test_review import ended, exchange, record, started
from trainer.cli import main
from trainer.content import roots
from trainer.domain.errors import BadInput
from trainer.review import rubric, self_rating
from trainer.review.debrief import review

SHIPPED = roots.shipped() / "rubrics" / "core.yaml"
CORE = SHIPPED.read_text("utf-8")
E3 = CORE[CORE.index("  - id: E3") : CORE.index("  - id: E4")]

Write = Callable[[str], Path]


@pytest.fixture
def written(tmp_path: Path) -> Write:
    """Writes a rubric called ours."""

    def write(text: str) -> Path:
        folder = tmp_path / "rubrics"
        folder.mkdir(exist_ok=True)
        file = folder / "ours.yaml"
        file.write_text(text.replace("name: core\n", "name: ours\n", 1), "utf-8")
        return file

    return write


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRAINER_TEAM_DIR", str(tmp_path))
    return tmp_path


def place(text: str, word: str) -> int:
    """The line of the first occurrence of `word`."""
    return text[: text.index(word)].count("\n") + 1


@pytest.mark.parametrize(
    ("good", "bad", "field", "says", "nearest"),
    [
        ("    weight: 0.4\n", "    weight: 0.5\n", "weight", "add up to 1.10", ""),
        ("    weight: 0.4\n", "    weigth: 0.4\n", "weigth", "no such field", "weight"),
        ("dimension: tone\n", "dimension: tony\n", "dimension", "no dimension", "tone"),
        ("  - id: T1\n", "  - id: T2\n", "id", "used twice", ""),
        ("{id: insult,", "{id: insolt,", "critical[0].id", "finds no error", "insult"),
        ("one_turn: 4.0}", "one_torn: 4.0}", "one_torn", "nothing reads", "one_turn"),
        ("clearly_share: 0.1, ", "", "thresholds", "“clearly_share” is missing", ""),
        ("0.5, 0.3, 0.15, 0.05]", "0.5, 0.3]", "raised_share", "needs 4 numbers", ""),
        ("least: {hot: 2}", "least: {hott: 2}", "least.hott", "is not one of", "hot"),
        ("source: [timing]", "source: [rule]", "source", "by timing", ""),
        ("source: [timing]", "source: [tuning]", "source[0]", "is not one of", "timing"),
        ("{below: 5.1, name: Strong}", "{below: 5, name: Strong}", "bands[3]", "score of 5", ""),
        ("{below: 3.5,", "{below: 2.5,", "bands[1].below", "low to high", ""),
        ("      1: Read off a card\n", "", "listener", "level 1", ""),
        ("      1: Read off a card\n", "      6: Read off a card\n", "listener", "not one of", ""),
        ("      1: Read off a card\n", "      1: ''\n", "listener.1", "is empty", ""),
    ],
)
def test_a_mistake_is_named_with_its_place_and_the_nearest_name(
    written: Write, good: str, bad: str, field: str, says: str, nearest: str
) -> None:
    assert good in CORE
    file = written(CORE.replace(good, bad, 1))
    found = [one for one in rubric.check(file) if says in one.message]
    assert found, rubric.check(file)
    assert field in found[0].field
    assert found[0].nearest == nearest
    assert abs(found[0].line - place(CORE, good)) < 20


def test_the_shipped_rubric_has_nothing_to_mend_and_a_copy_neither(written: Write) -> None:
    assert rubric.check(SHIPPED) == []
    assert rubric.check(written(CORE)) == []


def test_a_dimension_without_a_behaviour_is_named(written: Write) -> None:
    odd = CORE.replace("  - {id: tone,", "  - {id: warmth, name: Warmth}\n  - {id: tone,", 1)
    assert "no behaviour belongs" in str(rubric.check(written(odd))[0])


def test_a_behaviour_without_a_reader_needs_a_judge(written: Write) -> None:
    unknown = E3.replace("id: E3", "id: E33")
    found = rubric.check(written(CORE.replace(E3, unknown.replace("rule, judge", "rule"))))
    assert ["no reader" in one.message for one in found] == [True]
    assert found[0].nearest == "E3"
    assert rubric.check(written(CORE.replace(E3, unknown.replace("rule, judge", "judge")))) == []


@pytest.mark.parametrize("name", ["E33", "E3"])
def test_what_only_a_judge_may_mark_has_no_level_and_says_so(
    written: Write, tmp_path: Path, name: str
) -> None:
    judged = E3.replace("id: E3", f"id: {name}").replace("rule, judge", "judge")
    written(CORE.replace(E3, judged))
    turns = [one for n in (1, 3, 5, 7) for one in exchange(n, n * 8.0, "What happened?", 0.7)]
    result = review(record([started(), *turns, ended()]), [tmp_path], by="ours")
    found = next(one for one in result.behaviours if one.id == name)
    assert (found.level, found.source) == (None, None)
    assert "does not look for this" in found.reason
    assert result.rubric["name"] == "ours"


def test_a_rubric_with_a_mistake_is_not_used(written: Write, tmp_path: Path) -> None:
    written(CORE.replace("    weight: 0.4\n", "    weight: 0.5\n", 1))
    with pytest.raises(BadInput, match=r"ours\.yaml:\d+:\d+.*weights") as raised:
        rubric.load([tmp_path], "ours")
    assert "trainer rubric check" in raised.value.hint


def test_check_exits_1_with_something_to_mend_and_2_without_a_file(
    own: Path, written: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(CORE.replace("dimension: tone\n", "dimension: tony\n", 1))
    assert main(["rubric", "check", "ours"]) == 1
    assert f"{file}:{place(CORE, 'dimension: tone')}" in capsys.readouterr().out
    assert main(["rubric", "check", str(file), "--json"]) == 1
    rows = json.loads(capsys.readouterr().out)["problems"]
    assert {"file", "line", "column", "field", "message", "nearest"} == set(rows[0])
    assert main(["rubric", "check", "core"]) == 0
    assert main(["rubric", "check", "cor"]) == 2
    assert "Did you mean “core”" in capsys.readouterr().err
    assert main(["rubric", "check", str(own / "gone.yaml")]) == 2
    assert main(["rubric", "check"]) == 2


def test_list_marks_the_one_in_use_and_leaves_out_a_broken_one(
    own: Path, written: Write, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    written(CORE)
    (own / "rubrics" / "broken.yaml").write_text("title: [")
    monkeypatch.setenv("TRAINER_RUBRIC", "ours")
    assert main(["rubric", "list", "--json"]) == 0
    out = capsys.readouterr()
    rows = {row["name"]: row for row in json.loads(out.out)}
    assert {name: row["in_use"] for name, row in rows.items()} == {"core": False, "ours": True}
    assert "broken" in out.err


def test_the_schema_that_lies_beside_the_rubrics_is_the_current_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["rubric", "schema"]) == 0
    out = capsys.readouterr().out
    assert (SHIPPED.parent / rubric.SCHEMA_FILE).read_text("utf-8") == out
    assert CORE.splitlines()[0].endswith(f"$schema={rubric.SCHEMA_FILE}")
    levels = json.loads(out)["$defs"]["Behaviour"]["properties"]["anchors"]
    assert set(levels["properties"]) == {"1", "2", "3", "4", "5"}


def test_the_own_view_is_asked_by_the_rubric_in_force(written: Write, tmp_path: Path) -> None:
    written(CORE.replace("name: Empathy}", "name: Being heard}"))
    turns = [one for n in (1, 3) for one in exchange(n, n * 8.0, "What happened?", 0.7)]
    call = record([started(), *turns, ended()])
    asked = self_rating.asked(call, [tmp_path], "ours")
    assert asked is not None
    assert "Being heard" in {name for _, name, _ in asked.dimensions}


@pytest.mark.parametrize(
    ("good", "bad", "says"),
    [
        ("look_for:", "look_at:", "look_for"),
        ('quote: "What happened exactly?"', 'quote: "How did it go?"', "is not in turn 2"),
        ("level: 2", "level: 7", "examples[0].answer.level"),
    ],
)
def test_what_a_judge_is_told_is_checked_with_the_rubric(
    own: Path, capsys: pytest.CaptureFixture[str], good: str, bad: str, says: str
) -> None:
    shipped = (roots.shipped() / "prompts" / "judge" / "e3.yaml").read_text("utf-8")
    assert good in shipped
    mine = own / "prompts" / "judge" / "e3.yaml"
    mine.parent.mkdir(parents=True)
    mine.write_text(shipped)
    assert main(["rubric", "check", "core"]) == 0
    mine.write_text(shipped.replace(good, bad, 1))
    assert main(["rubric", "check", "core"]) == 1
    out = capsys.readouterr().out
    assert f"{mine}:" in out
    assert says in out
