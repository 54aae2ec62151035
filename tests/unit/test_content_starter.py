"""A new customer is whole from the first answer, and what is written says what was meant."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.content import personas, schema, secrets, source, starter, writing
from trainer.content.starter import Question
from trainer.domain.errors import BadInput
from trainer.domain.mood import Feeling

BEGIN = starter.read([])


def kept(folder: Path, answers: dict[str, Any]) -> Path:
    text = starter.file(BEGIN, answers, [], "somebody")
    return writing.save(folder / "personas", "somebody", text)


@pytest.mark.parametrize("manner", personas.temperaments([]))
def test_whatever_the_temperament_the_result_has_nothing_to_mend(
    tmp_path: Path, manner: str
) -> None:
    assert [str(p) for p in personas.check(kept(tmp_path, {"extends": manner}), [])] == []


@pytest.mark.parametrize(("lead", "difficulty"), list(zip(Feeling, (1, 3, 5), strict=True)))
def test_whatever_the_feeling_every_variant_can_be_called(
    tmp_path: Path, lead: Feeling, difficulty: int
) -> None:
    file = kept(tmp_path, {"lead": lead.value, "difficulty": difficulty})
    assert personas.check(file, []) == []
    for seed in range(3):
        cast = personas.load(str(file), [], seed)
        assert cast.persona.lead is lead


def test_the_lead_follows_the_temperament_and_the_exits_the_lead() -> None:
    answers = starter.complete(BEGIN, {"extends": "worrier"}, [])
    assert answers["lead"] == "anxiety"
    assert answers["exits"] == ["cries", "withdraws"]


def test_what_was_answered_is_in_the_file(tmp_path: Path) -> None:
    answers = {
        "name": "Edda Noakes",
        "thing": "the boiler",
        "grant": "I can send a fitter tomorrow.",
        "secret": "There's a baby in the house. She is nine days old.",
        "question": "Who lives with you?",
    }
    file = kept(tmp_path, answers)
    assert personas.check(file, []) == []
    persona = personas.load(str(file), [], 0).persona
    assert persona.identity.name == "Edda Noakes"
    assert persona.scenario.card.may_grant == ["Send a fitter tomorrow"]
    assert "I can send a fitter tomorrow." in persona.scenario.remedies[0].examples
    secret = persona.scenario.facts[-1]
    assert secret.asks[0] == "Who lives with you?"
    assert secret.keys
    assert all(key in secret.line for key in secret.keys)
    said = [line for bands in persona.lines.values() for lines in bands.values() for line in lines]
    assert any("the boiler" in line for line in said)


@pytest.mark.parametrize(
    ("name", "answer", "why"),
    [
        ("demand", "I want {everything} back.", "Leave out"),
        ("thing", "my {since} order", "Leave out"),
        ("greet", "*sighs* Hello.", "read aloud"),
        ("about", "x" * 2000, "long"),
        ("about", "a\x07bell", "cannot be shown"),
        ("secret", "My order.", "known already"),
        ("greet", "It's {name}, about {thing}.", ""),
        ("about", "Lives # alone: and says so.", ""),
    ],
)
def test_an_answer_that_would_break_the_file_is_told_at_once(
    name: str, answer: str, why: str
) -> None:
    wrong = starter.mistake(BEGIN.question(name), answer, ["It's about my order."])
    assert (why in wrong) if why else wrong == ""


@settings(max_examples=60, deadline=None)
@given(
    text=st.text(st.characters(categories=("L", "N", "P", "S", "Z")), min_size=1, max_size=200),
    name=st.sampled_from(["about", "demand", "situation", "title", "company"]),
)
def test_any_answer_that_is_let_through_is_written_and_read_back(text: str, name: str) -> None:
    answer = " ".join(text.split())
    if not answer or starter.mistake(BEGIN.question(name), answer):
        return
    data = {"title": answer, "identity": {name: answer}, "content_notes": [answer, answer]}
    assert yaml.safe_load(writing.compose(data, "Head.")) == data


def test_a_shipped_customer_is_written_back_the_same() -> None:
    for name in personas.names([])[::6]:
        data = source.read(personas.locate(name, [])).data
        assert yaml.safe_load(writing.compose(data, "Head.")) == data


def test_each_field_is_explained_once_and_above_it() -> None:
    lines = starter.file(BEGIN, {}, [], "somebody").splitlines()
    place = lines.index("  # What they ask for, in their words.")
    assert lines[place + 1].startswith("  demand:")
    assert sum("An agent's phrases" in line or "Agent phrases" in line for line in lines) == 1


def test_a_file_that_is_there_is_never_overwritten(tmp_path: Path) -> None:
    file = kept(tmp_path, {})
    before = file.read_bytes()
    with pytest.raises(BadInput, match="not overwritten"):
        kept(tmp_path, {"name": "Somebody Else"})
    assert file.read_bytes() == before


@pytest.mark.parametrize("name", ["../out", ".hidden", "a b", "x/y", ""])
def test_a_name_cannot_lead_out_of_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput):
        writing.save(tmp_path / "personas", name, "title: x\n")
    assert not list(tmp_path.rglob("*.yaml"))


def test_a_new_file_and_its_schema_are_for_its_writer_only(tmp_path: Path) -> None:
    file = kept(tmp_path, {})
    assert file.stat().st_mode & 0o777 == 0o600
    first = file.read_text().splitlines()[0]
    assert (file.parent / first.partition("$schema=")[2]).is_file()
    assert file.parent.stat().st_mode & 0o777 == 0o700


def test_the_schema_beside_old_files_is_renewed(tmp_path: Path) -> None:
    file = schema.put(tmp_path)
    file.write_text("{}")
    schema.put(tmp_path)
    assert file.read_text() == schema.text(schema.FILES[file.name])


@pytest.mark.parametrize(
    ("line", "heard", "expected"),
    [
        ("My sister died in March.", [], {"sister died"}),
        ("My sister died in March.", ["I said my sister died."], {"March", "died in March"}),
        ("It's the {thing}.", [], set()),
        ("No, not that. I know.", [], set()),
    ],
)
def test_keys_are_words_that_only_the_secret_holds(
    line: str, heard: list[str], expected: set[str]
) -> None:
    found = set(secrets.keys(line, heard))
    assert found & expected or found == expected
    assert not any(key.lower() in text.lower() for key in found for text in heard)


def test_a_question_without_a_default_follows_from_earlier_answers() -> None:
    open_ones = [q.id for q in BEGIN.questions if q.id and q.default is None]
    assert open_ones == ["lead", "exits", "birth_date", "email"]
    assert isinstance(BEGIN.question("lead"), Question)
