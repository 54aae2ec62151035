"""The sheet of what a customer knows holds nobody's numbers, and says no more than it may."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit import customer_cast as made
from trainer.cli import main
from trainer.content import knowledge, personas, source
from trainer.content.problems import Problem
from trainer.domain.persona import Persona

Change = Callable[[dict[str, Any]], Any]


def written(root: Path, change: Change = lambda knows: None) -> Path:
    who, knows = made.persona(), made.sheet()
    who["scenario"]["knows"] = knows
    change(knows)
    return made.write(root, who)


def problems(root: Path, change: Change = lambda knows: None) -> list[Problem]:
    return personas.check(written(root, change), [root])


def identity(**slots: Any) -> Change:
    return lambda knows: knows["identity"].update(slots)


def item(number: int, **fields: Any) -> Change:
    return lambda knows: knows["items"][number].update(fields)


def test_a_whole_sheet_has_nothing_to_mend_and_every_telling_is_filled(tmp_path: Path) -> None:
    assert problems(tmp_path) == []
    for seed, late in enumerate(("two days", "three days", "a week")):
        items = personas.load("finch", [tmp_path], seed).persona.scenario.knows.items
        assert items[1].says.endswith(f"They were {late} late.")


def test_without_a_sheet_a_customer_is_fit_for_a_call(tmp_path: Path) -> None:
    assert personas.check(made.write(tmp_path, made.persona()), [tmp_path]) == []


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        (identity(phone={"is": "07911 123456"}), "identity.phone.is", "07700 900000"),
        (identity(phone={"is": "ada@finch.example"}), "identity.phone.is", "under `email`"),
        (identity(phone={"is": "the bakery"}), "identity.phone.is", "not a telephone number"),
        (identity(phone={"says": "Oh, 07911 123456."}), "identity.phone.says", "under `is`"),
        (identity(phone={"is": "07700 900321", "says": "0 7 7 0 0, 9 0 0, 3 1 2."}),
         "identity.phone.says", "another number"),
        (identity(email={"is": "ada@finch.co.uk"}), "identity.email.is", ".example"),
        (identity(email={"is": "07700 900321"}), "identity.email.is", "under `phone`"),
        (identity(email={"says": "ada@gmail.com, in small letters."}), "identity.email.says",
         "somebody may have"),
        (identity(birth_date={"is": "1954-04-02"}), "identity.birth_date.is", "age, 44"),
        (identity(birth_date={"is": "April 1982"}), "identity.birth_date.is", "1974-03-12"),
        (identity(birth_date={"is": "1982-13-02"}), "identity.birth_date.is", "no such day"),
        (identity(postcode={"is": "SW1A 1AA"}), "identity.postcode.is", "ZZ11 4QD"),
        (identity(postcode={"is": "3 Kiln Lane"}), "identity.postcode.is", "not a postcode"),
        (identity(address={"is": "3 Kiln Lane, Leeds LS1 4AP"}), "identity.address.is", "ZZ"),
        (identity(address={"is": "ada@finch.example"}), "identity.address.is", "under `email`"),
        (identity(name={"is": "Ida Finch"}), "identity.name.is", "Ada Finch"),
        (identity(spelling={"is": "Fynch"}), "identity.spelling.is", "Ada Finch"),
        (identity(account_holder={"gate": {"min_trust": 0.2}}), "identity.account_holder",
         "says nothing"),
        (identity(address={"is": "3 Kiln Lane", "gate": {"min_trust": 0.99}}),
         "identity.address.gate.min_trust", "0.95"),
        (identity(references=[{"called": "Parcel number", "is": "A 1"},
                              {"called": "parcel number", "is": "A 2"}]),
         "identity.references[1].called", "twice"),
        (identity(references=[{"called": "parcel number"}]), "identity.references[0]",
         "says nothing"),
        (identity(references=[{"called": "parcel number", "is": "{tracking}"}]),
         "identity.references[0].is", "not filled"),
        (item(0, gate={"max_anger": 0.01}), "items[0].gate.max_anger", "never said"),
        (item(1, id="label"), "items[1].id", "twice"),
        (item(1, id="sun"), "items[1].id", "a fact already"),
        (item(0, asks=["Where was the box left?"]), "items[0].asks[0]", "the fact “sun”"),
        (item(0, asks=["Where has that box been left?"]), "items[0].asks[0]", "the fact “sun”"),
        (item(1, asks=["Who is it?", "Is anybody there with you?"]), "items[2].asks[0]",
         "the item “count”"),
        (item(0, says="It stood by the gate, like that."), "items[0].says", "“sun”"),
        (item(0, says="It's for my sister."), "items[0].says", "“show”"),
        (item(0, topic="the memorial"), "items[0].topic", "“show”"),
        (item(0, says="It says {plant}."), "items[0].says", "not filled"),
        (item(0, says="*sighs* It says ferns."), "items[0].says", "read aloud"),
        (item(0, kind="objects"), "items[0].kind", "object"),
    ],
)  # fmt: skip
def test_every_mistake_in_the_sheet_is_found_where_it_is(
    tmp_path: Path, change: Change, field: str, says: str
) -> None:
    found = problems(tmp_path, change)
    assert [p for p in found if p.field == f"scenario.knows.{field}" and says in str(p)], [
        str(p) for p in found
    ]
    lines = found[0].file.read_text().splitlines()
    key = field.rpartition(".")[2].partition("[")[0]
    assert any(key in lines[p.line - 1] or lines[p.line - 1].strip()[0] == "-" for p in found)


def test_a_number_on_the_agents_card_is_the_one_they_have(tmp_path: Path) -> None:
    who = made.persona()
    who["scenario"]["knows"] = made.sheet()
    card = who["scenario"]["card"]
    card["system"] = ["One parcel, delivered.", "Parcel number GC-4410-27, sent on Monday."]
    assert personas.check(made.write(tmp_path, who), [tmp_path]) == []
    card["system"][1] = "Parcel number GC 4410 28, sent on Monday."
    (found,) = personas.check(made.write(tmp_path, who), [tmp_path])
    assert found.field == "scenario.knows.identity.references[0].is"
    assert "GC 4410 28" in found.message
    assert "card.system.1" in found.message


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Where was the box left?", "Where has the box been left?", True),
        ("What colour is the light?", "What colour is the ticket?", False),
        ("What was in the flask?", "What was the flask for?", False),
        ("When did you ring?", "Who did you ring?", False),
        ("Is it?", "Was she?", False),
        ("How old is he?", "How old is it?", False),
    ],
)
def test_only_the_same_question_is_the_same(one: str, other: str, same: bool) -> None:
    assert knowledge.same_question(one, other) is same


def test_what_a_remedy_says_gives_no_secret_away(tmp_path: Path) -> None:
    who = made.persona()
    who["scenario"]["remedies"][0]["weigh"] = ["New ones? For the memorial?"]
    (found,) = personas.check(made.write(tmp_path, who), [tmp_path])
    assert found.field == "scenario.remedies[0].weigh[0]"
    assert "show" in found.message


def notes(file: Path) -> str:
    return "\n".join(note.message for note in personas.notes(file))


def test_what_they_will_not_be_able_to_say_is_a_note(tmp_path: Path) -> None:
    bare = notes(made.write(tmp_path, made.persona()))
    for words in knowledge.PLAIN.values():
        assert words in bare
    assert "not knowing" in bare
    some = notes(written(tmp_path, lambda knows: knows["identity"].pop("postcode")))
    assert "say: postcode." in some
    assert "7 items" in some

    def many(knows: dict[str, Any]) -> None:
        knows["items"] = [
            {**knows["items"][0], "id": f"label_{n}", "asks": [f"And label number {n}?"]}
            for n in range(knowledge.ENOUGH)
        ]

    assert notes(written(tmp_path, many)) == ""


def test_check_tells_notes_beside_its_verdict_and_exits_0(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = made.write(tmp_path, made.persona())
    assert main(["persona", "check", str(file)]) == 0
    out = capsys.readouterr()
    assert "all good" in out.out
    assert "note: " in out.err
    assert "date of birth, address, postcode" in out.err
    line = int(out.err.split(f"{file}:")[1].split(":")[0])
    assert file.read_text().splitlines()[line - 1].startswith("scenario")


def test_notes_on_a_file_that_is_no_customer_are_none(tmp_path: Path) -> None:
    written(tmp_path)
    assert personas.notes(tmp_path / "personas" / "temperaments" / "plain.yaml") == []
    assert personas.notes(tmp_path / "nobody.yaml") == []


@pytest.mark.parametrize("name", personas.names([]))
def test_the_sheets_that_ship_have_nothing_to_mend(name: str) -> None:
    origin = source.read(personas.locate(name, []))
    who = Persona.model_validate(origin.data)
    assert [str(one) for one in knowledge.persona(who, personas.filling, origin)] == []
