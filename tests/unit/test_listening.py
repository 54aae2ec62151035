"""What counts as listened to, and how the bench of it counts."""

import json
import time
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from numpy.typing import NDArray

from trainer.acts import moves
from trainer.cli import bench_listening
from trainer.content import personas
from trainer.customer.customer import Customer
from trainer.domain.acts import Act, ActKind, Reading
from trainer.domain.errors import BadInput
from trainer.domain.ground import Standing
from trainer.domain.mood import Band, Mood
from trainer.domain.moves import MoveKind, Offer, OfferState
from trainer.domain.plan import AgentTurn, Intent, Plan, Reply
from trainer.ports.embedding import Compared
from trainer.simulate import listening, listening_data
from trainer.simulate.listening import Answered, answered
from trainer.simulate.listening_data import Said
from trainer.simulate.listening_play import Checked, allowed, play, run
from trainer.simulate.remembered import remembered

CAST = personas.load("olsen-outage", (), 0)
CALM = Mood(0.2, 0.2, 0.2, 0.5, 0.5, 0.8, 0.5)
ITEM = f"item:{CAST.persona.scenario.knows.items[0].id}"
K, N = MoveKind, Intent
TOPIC = (("topic", "the light"),)
FACT = CAST.persona.scenario.facts[0].id
REMEDY = next(one for one in CAST.persona.scenario.remedies if one.allowed)


def reply(intent: Intent, *said: str, **more: object) -> Reply:
    plan = Plan(intent, Band.CALM, **more)  # type: ignore[arg-type]
    return Reply(plan, said, CALM)


def said(kind: MoveKind, asks: str = "none", **offers: str) -> Said:
    return Said("…", CAST.name, kinds=(kind,), offers=offers, asks=asks)


NAME = said(K.ASK_IDENTITY, "identity:name")
WEIGHED = reply(N.WEIGH_OFFER, standing=(("visit", Standing.WEIGHED),))
OTHER = reply(N.TAKE_OFFER, standing=(("credit", Standing.ACCEPTED),))


@pytest.mark.parametrize(
    ("turn", "answer", "what"),
    [
        (NAME, reply(N.ANSWER, about=("identity:name",)), "answered"),
        (NAME, reply(N.ANSWER, about=("identity:phone",)), "not"),
        (said(K.ASK_DETAIL, "sheet"), reply(N.ANSWER, about=(ITEM,)), "answered"),
        (said(K.ASK_DETAIL, FACT), reply(N.DISCLOSE, fact_ids=(FACT,)), "answered"),
        (said(K.ASK_DETAIL, FACT), reply(N.DEFLECT), "dodged"),
        (said(K.ASK_DETAIL, "sheet"), reply(N.UNKNOWN, fill=TOPIC), "dodged"),
        (said(K.ASK_DETAIL, "outside"), reply(N.UNKNOWN, fill=TOPIC), "answered"),
        (said(K.ASK_DETAIL, "sheet"), reply(N.UNKNOWN), "not"),
        (said(K.ASK_YES_NO, "sheet"), reply(N.AGREE), "plain"),
        (said(K.ASK_YES_NO, "none"), reply(N.AGREE), "answered"),
        (said(K.ASK_EITHER_OR, "sheet"), reply(N.PICK), "answered"),
        (said(K.CHECK, "ground"), reply(N.PUT_RIGHT), "answered"),
        (said(K.OFFER, visit="offered"), WEIGHED, "answered"),
        (said(K.OFFER, visit="offered"), OTHER, "not"),
        (said(K.CONDITION, visit="conditional"), reply(N.CONDITION), "answered"),
        (said(K.REFUSE, visit="refused"), reply(N.PUSH), "not"),
        (said(K.ANYTHING_ELSE), reply(N.STILL_OPEN), "answered"),
        (said(K.PERMISSION), reply(N.HOLD), "answered"),
    ],
)  # fmt: skip
def test_what_answers_a_turn(turn: Said, answer: Reply, what: str) -> None:
    assert answered(turn.kinds[0], turn, answer, "I said so.", CAST) == Answered(what)


def test_a_repeat_holds_the_last_sentence() -> None:
    turn = said(MoveKind.ASK_REPEAT)
    again = reply(Intent.PUSH, "Like I said,", "nobody came.")
    assert answered(MoveKind.ASK_REPEAT, turn, again, "I waited. Nobody came.", CAST) == "answered"
    assert answered(MoveKind.ASK_REPEAT, turn, again, "I waited all day.", CAST) == "not"


def test_a_slot_in_ones_own_words_counts() -> None:
    turn = said(MoveKind.ASK_IDENTITY, "identity:name")
    line = reply(Intent.ANSWER, "It's", f"{CAST.persona.identity.name}.")
    assert answered(MoveKind.ASK_IDENTITY, turn, line, "", CAST) == "answered"


def test_a_condition_taken_is_wrong_and_an_offer_not_taken_is_missed() -> None:
    counted = listening.Offers()
    taken = Reading(offers=(Offer("visit", OfferState.PROMISED), Offer("free", OfferState.DONE)))
    counted.add(said(MoveKind.OFFER, visit="conditional", credit="offered"), taken)
    assert counted.missed() == 1.0
    assert counted.wrongly("conditional") == 1.0
    assert counted.untouched == 1
    counted.add(said(MoveKind.OFFER, visit="offered"), taken)
    assert (counted.missed(), counted.right["offered"]) == (0.5, 1)


def test_what_the_labels_do_not_allow_is_left_out() -> None:
    act = Act(ActKind.INSULT, "x", 0, 1, 0.9, "rule")
    read = Reading(acts=(act,), offers=(Offer(REMEDY.id, OfferState.OFFERED),))
    assert allowed(read, said(MoveKind.OFFER, **{REMEDY.id: "offered"}), CAST).offered
    less = allowed(read, said(MoveKind.CONDITION, **{REMEDY.id: "conditional"}), CAST)
    assert (less.acts, less.offers) == ((), ())


def test_every_labelled_turn_can_be_read() -> None:
    for held in (False, True):
        data = listening_data.load(listening_data.OWN, held)
        assert len(data.calls) == 18
        for turns in data.calls.values():
            cast = personas.load(turns[0].persona, (), 0)
            known = {one.id for one in cast.persona.scenario.remedies}
            facts = {one.id for one in personas.read(cast.name, ())[0].scenario.facts}
            for turn in turns:
                assert set(turn.offers or ()) <= known
                assert ":" in turn.asks or turn.asks in facts | {
                    "sheet",
                    "outside",
                    "ground",
                    "none",
                }


def test_a_call_is_played_to_its_end_and_counted() -> None:
    data = listening_data.load(listening_data.OWN, only=frozenset({"olsen-outage"}))
    steps: list[int] = []
    reader = Checked(None)
    found = run(
        listening_data.Data(data.calls, data.offers[:5], questions=data.questions[:5]),
        reader,
        step=lambda: steps.append(1),
    )
    assert len(steps) == 13 + 10
    assert len(found.turns) + found.calls[0].unheard == 13
    assert found.questions.turns == 5
    row = bench_listening.as_row(found)
    assert list(row) == ["calls", "kinds", "offers", "questions", "accusations"]
    assert json.loads(json.dumps(row)) == row
    assert "ask_identity" in bench_listening.told(row)
    again = play("olsen-outage-2", next(iter(data.calls.values())), Checked(None))
    assert [turn.text for turn in again.turns] == [turn.text for turn in found.turns]


def test_looking_how_a_turn_moves_them_changes_nothing() -> None:
    turns = listening_data.load(listening_data.OWN, only=frozenset({"olsen-outage"})).calls
    played = play("x", next(iter(turns.values())), Checked(None))
    customer = Customer(CAST, Checked(None), 0)
    customer.spoke(1, " ".join(customer.greet().draft))
    first = customer.hear(AgentTurn(2, played.turns[0].said.text))
    assert first.draft == played.turns[0].reply.draft


def test_a_long_clause_takes_no_time_that_grows_with_its_words() -> None:
    began = time.perf_counter()
    moves.words().of("so " + "and then they said it would be sorted out by monday " * 6)
    assert time.perf_counter() - began < 2


def test_a_folder_without_calls_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        listening_data.load(tmp_path)
    (tmp_path / "calls").mkdir()
    (tmp_path / "calls" / "olsen-outage-1.jsonl").write_text('{"text": "Hi", "kind": ["odd"]}')
    with pytest.raises(BadInput, match=r"olsen-outage-1\.jsonl:1"):
        listening_data.load(tmp_path)


def test_a_customer_nobody_knows_is_bad_usage() -> None:
    done = CliRunner().invoke(bench_listening.command, ["--persona", "nobody-here"])
    assert isinstance(done.exception, BadInput)


class _Twice:
    name = "twice"

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.compared = 0

    def embed(self, texts: list[str]) -> NDArray[np.float32]:
        self.texts += texts
        return np.zeros((len(texts), 2), dtype=np.float32)

    def compare(
        self,
        before: str,
        text: str,
        candidates: list[str],
        near: NDArray[np.float32],
        shape: NDArray[np.float32],
    ) -> Compared:
        self.compared += 1
        none = np.zeros(0, dtype=np.float32)
        return Compared(none, none, none)


def test_what_was_computed_is_not_computed_again() -> None:
    engine = _Twice()
    kept = remembered(engine)  # type: ignore[arg-type]
    assert kept is not None
    kept.embed(["a", "b"])
    kept.embed(["b", "c"])
    assert engine.texts == ["a", "b", "c"]
    near = np.zeros((1, 4), dtype=np.float32)
    for _ in range(2):
        kept.compare("", "a", ["b"], near, near)  # type: ignore[attr-defined]
    assert engine.compared == 1
