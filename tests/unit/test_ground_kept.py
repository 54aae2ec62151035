"""What both have established, from the call into its log and back."""

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.conversation.fakes import Memory
from tests.unit import customer_cast as made
from trainer.acts.reader import Reader
from trainer.content import personas
from trainer.conversation.typed import TypedCall
from trainer.customer.customer import Customer
from trainer.domain.events import CallEnded, MoodMoved, Planned, from_line, to_line
from trainer.domain.ground import Standing
from trainer.domain.moves import OfferState
from trainer.domain.persona import Cast
from trainer.domain.plan import AgentTurn

READER = Reader(None)
CASH = "I'll pay you the money in cash."
NO = "I'm afraid I can't do that, because the rules say that it has to be a bank transfer."


@pytest.fixture
def finch(tmp_path: Path) -> Cast:
    made.write(tmp_path)
    return personas.load("finch", [tmp_path], 0)


async def called(cast: Cast, script: Iterable[str]) -> Memory:
    sink = Memory()
    call = TypedCall(cast, Customer(cast, READER, 0), sink, lambda seen: None, script=script)
    await call.run()
    return sink


async def test_the_log_holds_how_every_remedy_of_a_turn_stood(finch: Cast) -> None:
    sink = await called(finch, [CASH])
    (moved,) = sink.all("mood")
    (offer,) = moved.offers
    assert (offer.remedy, offer.state, offer.quote) == (moved.remedy, OfferState.OFFERED, CASH)
    assert from_line(to_line(moved)) == moved


async def test_the_end_of_a_call_holds_what_both_had_established(finch: Cast) -> None:
    sink = await called(finch, [CASH])
    (ended,) = sink.all("call_ended")
    (offer,) = ended.ground.offers
    assert (offer.turn, offer.quote, offer.allowed) == (2, CASH, False)
    again = from_line(to_line(ended))
    assert isinstance(again, CallEnded)
    assert again.ground == ended.ground


async def test_a_call_without_a_word_of_the_agent_has_no_ground(finch: Cast) -> None:
    sink = await called(finch, [])
    assert sink.all("call_ended")[0].ground is None


async def test_what_was_told_stands_with_the_turn_and_the_words_that_told_it(finch: Cast) -> None:
    sink = await called(finch, ["Where was the box left?"])
    told = sink.all("call_ended")[0].ground.told
    turns = {turn.turn: turn.text for turn in sink.all("turn")}
    assert [one.about for one in told] == ["sun"]
    assert all(turns[one.turn] == one.quote for one in told)
    assert sink.all("planned")[-1].about == ["sun"]


async def test_a_no_that_names_nothing_takes_back_what_policy_forbids(finch: Cast) -> None:
    sink = await called(finch, [CASH, NO])
    (offer,) = sink.all("call_ended")[0].ground.offers
    assert (offer.state, offer.turn) == (Standing.WITHDRAWN, 4)


def test_what_was_cut_off_was_not_told(finch: Cast) -> None:
    customer = Customer(finch, READER, 0)
    customer.greet()
    customer.hear(AgentTurn(2, "Where was the box left?"))
    assert customer.ground.told
    customer.spoke(3, "")
    assert customer.ground.told == ()


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (
            {"type": "mood", "turn": 2, "acts": [], "appraisal": {}, "mood": {}, "cause": [],
             "remedy": "cash", "asks": [], "engine": "mood 2"},
            MoodMoved,
        ),
        (
            {"type": "planned", "turn": 3, "generation": 1, "intent": "vent", "band": "hot",
             "facts": [], "draft": []},
            Planned,
        ),
        ({"type": "call_ended", "status": "satisfied", "csat": 4.0, "story": []}, CallEnded),
    ],
)  # fmt: skip
def test_logs_from_before_there_was_a_ground_still_load(
    line: dict[str, object], kind: type
) -> None:
    event = from_line(json.dumps({"v": 1, "t": 0, "wall": {}, **line}))
    assert isinstance(event, kind)
    assert not getattr(event, "offers", None)
    assert not getattr(event, "ground", None)


def test_what_they_said_of_an_offer_is_not_said_again_of_the_same_offer(tmp_path: Path) -> None:
    lines = ["New ones, hm.", "New ones. They'd be dead again."]
    who = made.persona()
    who["scenario"]["remedies"][0] |= {"weigh": [*lines], "accept": [*lines]}
    made.write(tmp_path, who)
    customer = Customer(personas.load("finch", [tmp_path], 0), READER, 0)
    customer.greet()
    offer = who["scenario"]["remedies"][0]["examples"][0]
    said = [" ".join(customer.hear(AgentTurn(2 * n, offer)).draft) for n in (1, 2, 3)]
    assert set(said[:2]) == set(lines)
    assert not set(said[2:]) & set(lines)
