"""A new customer knows who they are and a few plain things; what is asked for is nobody's."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from trainer.content import knowledge, personas, starter, starter_sheet, writing
from trainer.content.starter_sheet import GUESSED, REPLACE
from trainer.domain.persona import ItemKind, Persona

BEGIN = starter.read([])


def kept(folder: Path, answers: dict[str, Any]) -> Path:
    text = starter.file(BEGIN, answers, [], "somebody")
    return writing.save(folder / "personas", "somebody", text)


def read(folder: Path, answers: dict[str, Any]) -> Persona:
    file = kept(folder, answers)
    assert [str(one) for one in personas.check(file, [])] == []
    return personas.read(str(file), [])[0]


@pytest.mark.parametrize("age", [16, 41, 110])
def test_by_enter_every_slot_is_filled_and_every_kind_has_an_item(tmp_path: Path, age: int) -> None:
    who = read(tmp_path, {"age": age, "name": "Zoë de Vries-Łuć"})
    assert knowledge.missing(who) == []
    knows = who.scenario.knows
    assert {item.kind for item in knows.items} == set(ItemKind)
    assert knows.identity.spelling
    assert knows.identity.spelling.is_ == "Vries-Łuć"
    assert knows.identity.email
    assert knows.identity.email.is_.startswith("zoe.de.vries")


def test_answers_are_in_the_sheet_and_only_examples_are_marked(tmp_path: Path) -> None:
    answers = {
        "birth_date": f"{date.today().year - 41}-01-09",
        "reference": "meter number EV 61 8830",
        "ask_1": "Is the light red or green?",
        "say_1": "One red light, blinking.",
        "ask_2": "Who told you so?",
        "say_2": "A young man. He gave no name.",
    }
    who = read(tmp_path, answers)
    knows = who.scenario.knows
    assert (knows.identity.references[0].called, knows.identity.references[0].is_) == (
        "meter number",
        "EV 61 8830",
    )
    light, told, _ = knows.items[:3]
    assert (light.kind, light.topic, light.says) == ("object", "the light", answers["say_1"])
    assert told.kind == "people"
    lines = (tmp_path / "personas" / "somebody.yaml").read_text().splitlines()

    def line_with(words: str) -> str:
        return next(line for line in lines if words in line and not line.lstrip().startswith("#"))

    for given in ("EV 61 8830", answers["birth_date"], "One red light", "A young man"):
        assert REPLACE not in line_with(given)
    for usual in ("07700 900346", "ZZ7 4RD", "A call, please.", "Your website, once."):
        assert line_with(usual).endswith(REPLACE)
    assert line_with("topic: the light").endswith(GUESSED)


def test_a_question_of_the_trainers_own_takes_the_place_of_an_example(tmp_path: Path) -> None:
    who = read(tmp_path, {"ask_1": "Have you got a pen there?", "say_1": "A crayon."})
    asks = [item for item in who.scenario.knows.items if "pen" in " ".join(item.asks)]
    assert [item.says for item in asks] == ["A crayon."]


def test_each_field_of_a_slot_is_explained_once() -> None:
    text = starter.file(BEGIN, {}, [], "somebody")
    assert text.count("# The value as it is written down.") == 1
    assert text.count("# YYYY-MM-DD.") == 1


@pytest.mark.parametrize(
    ("name", "answer", "why"),
    [
        ("birth_date", "1940-01-01", "fit the age"),
        ("birth_date", "in March", "1974-03-12"),
        ("phone", "07911 123456", "07700 900000"),
        ("phone", "(555) 555-0123", ""),
        ("email", "jo@gmail.com", ".example"),
        ("postcode", "SW1A 1AA", "ZZ11 4QD"),
        ("postcode", "00123", ""),
        ("address", "4 Row, Leeds LS1 4AP", "ZZ"),
        ("address", "jo@shop.example", "an e-mail address, not"),
        ("address", "14 Mill Lane, Thornby", ""),
        ("reference", "no idea", "order number NH"),
        ("reference", "4417", "order number NH"),
        ("reference", "account number LK 4471 902", ""),
        ("ask_1", "When did you last call us?", "asked already"),
        ("ask_2", "What does the box say?", "asked already"),
        ("ask_2", "Is there a light on it?", ""),
        ("question", "What does the box say?", "asked already"),
        ("question", "What has this cost you at work?", ""),
        ("say_1", "I was promised a call back.", "as a fact"),
        ("say_1", "*sighs* Three.", "read aloud"),
        ("say_1", "Three of them. One is dead.", ""),
    ],
)
def test_an_answer_that_the_check_would_refuse_is_told_at_once(
    name: str, answer: str, why: str
) -> None:
    question = BEGIN.question(name)
    before = {"age": 41, "ask_1": "What does the box say?"}
    before = before if name != "ask_1" else {"age": 41}
    wrong = starter.mistake(question, answer, starter.beside(BEGIN, question, before, []), before)
    assert (why in wrong) if why else wrong == ""


def test_a_teams_questions_of_before_there_was_a_sheet_still_make_a_customer(
    tmp_path: Path,
) -> None:
    older = BEGIN.model_copy(
        update={
            "items": [],
            "account_holder": "",
            "questions": [
                one for one in BEGIN.questions if not one.id.startswith(("ask_", "say_"))
                and one.id not in (*starter_sheet.SLOTS, "reference")
            ],
        }
    )  # fmt: skip
    text = starter.file(older, {}, [], "somebody")
    file = writing.save(tmp_path, "somebody", text)
    assert personas.check(file, []) == []
    assert "They will not be able to say: date of birth" in personas.notes(file)[0].message
