"""Asking a customer, and where on their sheet an answer comes from."""

import json

import pytest
from click.testing import CliRunner

from trainer.acts.reader import Reader
from trainer.cli.persona import command
from trainer.content import personas
from trainer.domain.mood import Mood
from trainer.domain.plan import Intent
from trainer.simulate.ask import MOODS, ask, in_mood, source

CAST = personas.load("rees-account", (), 0)
READER = Reader(None)


def test_an_answer_names_the_slot_it_comes_from() -> None:
    (one,) = ask(CAST, ["Could you spell your surname?"], READER)
    assert one.answer == "R, E, E, S."
    assert [found.id for found in one.sources] == ["identity:spelling"]
    assert one.note == ""


def test_a_closed_gate_is_named_and_an_open_one_too() -> None:
    closed = next(ask(in_mood(CAST, "hot"), ["What's your date of birth?"], READER)).sources[0]
    opened = next(ask(in_mood(CAST, "calm"), ["What's your date of birth?"], READER)).sources[0]
    assert (closed.open, opened.open) == (False, True)
    assert closed.gate == opened.gate == "trust 0.30"


def test_not_knowing_is_said_to_be_nobodys_answer() -> None:
    (one,) = ask(CAST, ["How many kilowatts does the kettle have?"], READER)
    assert one.intent is Intent.UNKNOWN
    assert (one.sources, one.note) == ((), "nothing on the sheet: not knowing")


def test_questions_are_one_call() -> None:
    first, again = ask(CAST, ["And your postcode?", "Sorry, could you say that again?"], READER)
    assert again.intent is Intent.SAY_AGAIN
    assert first.answer.rstrip(".").lower() in again.answer.lower()


@pytest.mark.parametrize("mood", MOODS)
def test_a_mood_is_one_that_its_name_says(mood: str) -> None:
    lead = in_mood(CAST, mood).mood.of(CAST.persona.lead)
    assert {"calm": lead < 0.22, "tense": 0.4 <= lead < 0.6, "hot": 0.6 <= lead < 0.8}[mood]


def test_several_numbers_are_told_apart_and_a_fact_has_its_gate() -> None:
    scenario = CAST.persona.scenario
    found = source("identity:reference", scenario, Mood(), "What's the account number?")
    assert found is not None
    assert found.topic == "account number"
    fact = next(one for one in scenario.facts if one.gate.min_trust)
    told = source(fact.id, scenario, Mood())
    assert told is not None
    assert (told.kind, told.open) == ("fact", False)
    assert source("still_open", scenario, Mood()) is None


def test_the_command_prints_answers_and_json() -> None:
    words = ["rees-account", "Could you spell your surname?", "--rules"]
    done = CliRunner().invoke(command, ["ask", *words])
    assert "← identity spelling" in done.output
    row = json.loads(CliRunner().invoke(command, ["ask", *words, "--json"]).output)
    assert list(row) == ["persona", "variant", "mood", "answers", "not_asked"]
    assert row["answers"][0]["from"][0]["id"] == "identity:spelling"
    assert CliRunner().invoke(command, ["ask", "rees-account"]).exit_code == 2
