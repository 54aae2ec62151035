"""Turns made from a customer's own file, and what the bench says of them."""

import pytest

from trainer.acts.reader import Reader
from trainer.cli import persona_bench
from trainer.content import personas, prompts
from trainer.domain.persona import Remedy
from trainer.simulate.listening_probes import Frames, deeds, probes
from trainer.simulate.listening_verdict import LEAST, Listening, Tried, listens, told

CAST = personas.load("olsen-outage", (), 0)
FRAMES = prompts.model("listening.yaml", Frames, ())


def remedy(*examples: str, called: str = "") -> Remedy:
    return Remedy(id="a_visit", called=called, examples=list(examples), allowed=True, solves=0.5)


def test_what_an_example_would_do_is_put_into_other_forms() -> None:
    made = deeds(remedy("I'll book an engineer.", "Send him? Yes.", "Yes, we can get one out!"),
                 FRAMES.deed_after)  # fmt: skip
    assert made == ["book an engineer", "get one out"]


def test_a_remedy_without_a_deed_is_called_by_its_name() -> None:
    assert deeds(remedy("A visit, then.", "Consider it gone."), FRAMES.deed_after) == [
        "get you a visit"
    ]
    named = remedy("A visit, then.", "Consider it gone.", called="the engineer")
    assert deeds(named, FRAMES.deed_after) == ["get you the engineer"]


def test_every_remedy_is_offered_in_eight_forms_and_refused_and_conditional() -> None:
    made = probes(CAST)
    for one in CAST.persona.scenario.remedies:
        forms = [probe.form for probe in made if probe.about == one.id and probe.what == "offers"]
        assert len(set(forms)) == len(forms) == 8
        assert sum(p.about == one.id and p.what == "not_offered" for p in made) == 4
    assert not [probe for probe in made if "{" in probe.text]


def test_every_slot_fact_and_item_is_asked_for() -> None:
    made, scenario = probes(CAST), CAST.persona.scenario
    about = {probe.about for probe in made}
    assert {fact.id for fact in scenario.facts} <= about
    assert {f"item:{item.id}" for item in scenario.knows.items} <= about
    for slot in ("name", "spelling", "birth_date", "postcode", "phone"):
        assert sum(probe.about == f"identity:{slot}" for probe in made) == 2


@pytest.mark.parametrize("name", personas.names(()))
def test_every_customer_of_the_library_can_be_tried(name: str) -> None:
    made = probes(personas.load(name, (), 0))
    assert {probe.what for probe in made} == set(LEAST)
    assert len(made) < 400


def test_a_customer_is_tried_without_a_sentence_model_and_not_judged() -> None:
    steps: list[int] = []
    found = listens(CAST, Reader(None), False, lambda: steps.append(1))
    assert set(LEAST) <= set(found.tried)
    assert len(steps) == sum(one.turns for one in found.tried.values())
    assert found.tried["identity"].share > 0.6
    assert found.failures == []
    assert "not judged" in told(found)[-1]


def test_a_share_too_low_fails_and_names_the_words() -> None:
    low = Tried(10, 5, (("question", "Would you like me to?"),))
    assert Listening({"offers": low}, judged=False).failures == []
    (failure,) = Listening({"offers": low}, judged=True).failures
    assert "50%" in failure
    assert "Would you like me to?" in failure
    assert Listening({"offers": Tried(10, 9, ())}, judged=True).failures == []


def test_scripts_read_what_was_tried() -> None:
    found = Listening({"offers": Tried(2, 1, (("done", "x"),))}, judged=True)
    assert persona_bench.listening_row(found) == {
        "judged": True,
        "offers": {
            "turns": 2,
            "right": 1,
            "share": 0.5,
            "least": LEAST["offers"],
            "wrong": [{"form": "done", "text": "x"}],
        },
    }
