"""Customers load whole, mistakes are named where they are, and no file can reach outside its
folder.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.unit import customer_cast as made
from trainer.content import personas, roots
from trainer.content.problems import Problem
from trainer.domain.errors import BadInput
from trainer.domain.plan import Intent


def problems(root: Path, who: dict[str, Any]) -> list[Problem]:
    return personas.check(made.write(root, who), [root])


def test_a_complete_customer_has_nothing_to_mend(tmp_path: Path) -> None:
    assert problems(tmp_path, made.persona()) == []


def test_a_cast_is_merged_chosen_and_filled(tmp_path: Path) -> None:
    who = made.cast(tmp_path, seed=1)
    assert who.variant == "roses"
    assert who.mood.anger == 0.7  # the variant's word before the temperament's
    assert who.mood.patience == 0.8
    assert None not in who.temper.model_dump().values()
    assert "roses came three days late" in who.lines[next(iter(who.lines))]["any"][0]
    assert next(fact.line for fact in who.persona.scenario.facts).endswith(
        "For three days, in the heat."
    )


def test_seeds_go_through_all_variants(tmp_path: Path) -> None:
    assert {made.cast(tmp_path, seed).variant for seed in range(3)} == {"ferns", "roses", "moss"}


def test_a_hidden_fact_is_gone_from_the_cast(tmp_path: Path) -> None:
    who = made.cast(tmp_path, seed=2)
    assert [fact.id for fact in who.persona.scenario.facts] == ["show"]


def test_an_unknown_field_is_named_with_the_nearest_one_and_its_place(tmp_path: Path) -> None:
    who = made.persona()
    who["scenario"]["facts"][1]["gate"]["min_trsut"] = 0.4
    (found,) = problems(tmp_path, who)
    text = found.file.read_text().splitlines()
    assert text[found.line - 1][found.column - 1 :].startswith("min_trsut")
    assert found.field == "scenario.facts[1].gate.min_trsut"
    assert found.nearest == "min_trust"


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        (lambda w: w.update(extends="plian"), "extends", "plian"),
        (lambda w: w.update(lead="angre"), "lead", "anger"),
        (lambda w: w.update(difficulty="hard"), "difficulty", "whole number"),
        (lambda w: w.update(difficulty=9), "difficulty", "at most 5"),
        (lambda w: w.update(need=None), "need", "empty"),
        (lambda w: w.update(trains="E1"), "trains", "a list"),
        (lambda w: w.update(trains=["E1", "Z9"]), "trains[1]", "Z9"),
        (lambda w: w["scenario"]["remedies"][0].update(needs=["shwo"]),
        "scenario.remedies[0].needs[0]", "shwo"),
        (lambda w: w["scenario"]["variants"][0]["slots"].pop("late"),
        "scenario.card.situation", "late"),
        (lambda w: w["scenario"]["variants"][0]["slots"].update(unused="x"),
        "scenario.variants[0].slots.unused", "slot"),
        (lambda w: w["scenario"].update(demand=12), "scenario.demand", "quotes"),
        (lambda w: w["scenario"].update(demand="My sister wants them back."),
        "scenario.demand", "gives away"),
        (lambda w: w["lines"]["vent"]["any"].append("*sighs* Well."), "lines.vent.any[8]", "aloud"),
        (lambda w: w["scenario"]["facts"][0].update(keys=["elsewhere"]),
        "scenario.facts[0].line", "leak"),
        (lambda w: w.update(lines={"vent": {"any": ["Hm."]}}), "lines", "12"),
        (lambda w: w["lines"].update(still_open={"any": ["Yes. One more thing."]}),
        "lines.still_open.any[0]", "{open}"),
        (lambda w: w["lines"].update(pick={"any": ["{open}, then."]}), "lines.pick.any[0]",
        "{pick} or {Pick}"),
        (lambda w: w["lines"].update(unknown={"any": ["{open}? No idea."]}),
        "lines.unknown.any[0]", "not filled"),
        (lambda w: w["scenario"]["variants"][0]["slots"].update(topic="x"),
        "scenario.variants[0].slots.topic", "during the call"),
    ],
)  # fmt: skip
def test_every_mistake_is_found_where_it_is(
    tmp_path: Path, change: Any, field: str, says: str
) -> None:
    who = made.persona()
    change(who)
    found = problems(tmp_path, who)
    assert any(p.field == field and says in str(p) for p in found), [str(p) for p in found]


def test_slots_that_are_filled_during_the_call_stay_open_until_then(tmp_path: Path) -> None:
    who = made.persona()
    who["lines"]["unknown"] = {"any": ["{Topic}? Ask the driver, not me."]}
    who["lines"]["pick"] = {"any": ["{Pick}, I should think."]}
    assert problems(tmp_path, who) == []
    cast = made.cast(tmp_path, who=who)
    assert cast.lines[Intent.UNKNOWN]["any"] == ["{Topic}? Ask the driver, not me."]
    assert all("{open}" in line for line in cast.stock[Intent.STILL_OPEN]["any"])


def test_a_temperament_that_is_not_there_is_named_with_the_nearest_once(tmp_path: Path) -> None:
    who = made.persona()
    who["extends"] = "plian"
    (found,) = problems(tmp_path, who)
    assert str(found).count("Did you mean “plain”?") == 1


def test_a_temperament_must_be_complete(tmp_path: Path) -> None:
    manner = made.temperament()
    del manner["temper"]["presence_s"]
    del manner["lines"]["hang_up"]
    made.write(tmp_path, manner=manner)
    found = personas.check(tmp_path / "personas" / "temperaments" / "plain.yaml", [tmp_path])
    assert {p.field for p in found} == {"temper.presence_s", "lines.hang_up"}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("title: [\n", ":2:1"),
        ("title: a\ntitle: b\n", ":2:1"),
        ("a: &x [1]\nb: *x\n", ":2:4"),
        ("- just\n- a list\n", ":1:1"),
        ("title: a\nspeech: b\0\n", ":2:10"),
        ("title: a\n---\ntitle: b\n", ":2:1"),
    ],
)
def test_broken_yaml_is_a_message_with_line_and_column(
    tmp_path: Path, text: str, place: str
) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text(text)
    with pytest.raises(BadInput) as error:
        personas.load(str(file), [], 0)
    assert f"broken.yaml{place}" in error.value.message


def test_a_file_of_brackets_is_refused_without_falling_over(tmp_path: Path) -> None:
    file = tmp_path / "deep.yaml"
    file.write_text("a: " + "[" * 100_000)
    with pytest.raises(BadInput):
        personas.load(str(file), [], 0)


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "huge.yaml"
    file.write_text("title: x\n" * roots.MAX_BYTES)
    with pytest.raises(BadInput, match="larger than"):
        personas.load(str(file), [], 0)


def test_python_in_yaml_is_not_run(tmp_path: Path) -> None:
    file = tmp_path / "evil.yaml"
    mark = tmp_path / "ran"
    file.write_text(f"title: !!python/object/apply:os.system ['touch {mark}']\n")
    with pytest.raises(BadInput):
        personas.load(str(file), [], 0)
    assert not mark.exists()


def test_an_unknown_name_offers_the_nearest(tmp_path: Path) -> None:
    made.write(tmp_path)
    with pytest.raises(BadInput, match="finch"):
        personas.load("fnich", [tmp_path], 0)


@pytest.mark.parametrize("name", ["..", ".finch", "", "a b", "nul\0"])
def test_a_name_is_not_a_way_out(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput):
        personas.load(name, [tmp_path], 0)


def test_a_link_out_of_the_folder_does_not_count(tmp_path: Path) -> None:
    made.write(tmp_path / "elsewhere")
    folder = tmp_path / "mine" / "personas"
    folder.mkdir(parents=True)
    (folder / "linked.yaml").symlink_to(tmp_path / "elsewhere" / "personas" / "finch.yaml")
    with pytest.raises(BadInput):
        personas.load("linked", [tmp_path / "mine"], 0)


def test_own_content_shadows_the_teams_and_the_teams_what_is_shipped(tmp_path: Path) -> None:
    team, own = tmp_path / "team", tmp_path / "own"
    for root, title in ((team, "The team's"), (own, "My own")):
        who = made.persona() | {"title": title}
        made.write(root, who)
    assert personas.load("finch", [team, own], 0).persona.title == "My own"
    assert personas.load("finch", [team], 0).persona.title == "The team's"
    assert "finch" in personas.names([own])


def test_what_a_trainer_writes_has_an_effect_or_is_an_error(tmp_path: Path) -> None:
    """Each field of the file, renamed, is found: none is silently ignored."""
    data = yaml.safe_load(made.write(tmp_path).read_text())
    for key in data:
        wrong = {(f"{k}x" if k == key else k): v for k, v in data.items()}
        assert any(p.field == f"{key}x" for p in problems(tmp_path, wrong)), key


def test_every_shipped_customer_and_temperament_is_fit_for_a_call() -> None:
    files = [personas.locate(name, []) for name in personas.names([])]
    files += [
        roots.shipped() / "personas" / "temperaments" / f"{name}.yaml"
        for name in personas.temperaments([])
    ]
    assert files
    assert [str(p) for file in files for p in personas.check(file, [])] == []
