"""The common ground of a call: how offers stand, what was told, what was put right."""

import pytest

from trainer.acts.reader import Reader
from trainer.content import personas
from trainer.customer import ground as common
from trainer.customer.customer import Customer
from trainer.domain.acts import Reading
from trainer.domain.ground import Ground, Standing
from trainer.domain.mood import Status
from trainer.domain.moves import Offer, OfferState
from trainer.domain.plan import AgentTurn, Intent

S = OfferState
OLSEN = personas.load("olsen-outage", (), 0)
READER = Reader()
SORRY = "I'm so sorry, Mr Olsen. Three days without a line, and nobody came: that is our fault."
VISIT = "I can book an engineer for you, tomorrow between eight and ten."


def calls(*turns: str) -> Customer:
    """A customer who has heard these turns."""
    customer = Customer(OLSEN, READER, 7)
    customer.greet()
    for index, text in enumerate(turns):
        customer.hear(AgentTurn(2 + 2 * index, text))
    return customer


@pytest.mark.parametrize(
    ("first", "second", "stands"),
    [
        (S.OFFERED, S.REFUSED, Standing.REFUSED),
        (S.OFFERED, S.WITHDRAWN, Standing.WITHDRAWN),
        (S.CONDITIONAL, S.OFFERED, Standing.OFFERED),
        (S.CONDITIONAL, S.DONE, Standing.DONE),
        (S.REFUSED, S.ASKED, Standing.REFUSED),
    ],
)
def test_a_remedy_stands_as_it_was_left(
    first: OfferState, second: OfferState, stands: Standing
) -> None:
    ground = Ground()
    for turn, state in ((2, first), (4, second)):
        ground = common.heard(ground, Reading(offers=(Offer("visit", state),)), turn, OLSEN)
    found = ground.standing("visit")
    assert found is not None
    assert found.state is stands


def test_naming_a_thing_again_does_not_undo_that_it_was_taken() -> None:
    offer = Reading(offers=(Offer("visit", S.OFFERED),))
    ground = common.heard(Ground(), offer, 2, OLSEN)
    ground = common.answered(ground, {"visit": Standing.ACCEPTED})
    ground = common.heard(ground, Reading(offers=(Offer("visit", S.CONDITIONAL),)), 4, OLSEN)
    found = ground.standing("visit")
    assert found is not None
    assert found.state is Standing.ACCEPTED


def test_what_was_told_is_kept_with_its_turn() -> None:
    customer = calls("What is your date of birth?")
    told = customer.ground.said("identity:birth_date")
    assert told is not None
    assert told.turn == 3
    assert "nineteen seventy-four" in told.quote


def test_a_correction_takes_back_what_was_never_offered() -> None:
    meant = f"No, sorry, I meant {VISIT.replace('can', 'can not')}"
    before = calls(SORRY, "Let me have a look at the line for you.")
    after = calls(SORRY, VISIT, meant)
    assert calls(SORRY, VISIT).mood.resolution > before.mood.resolution
    assert after.mood.resolution == pytest.approx(before.mood.resolution, abs=0.1)
    assert after.ground.corrections[0].undone == ("visit",)
    assert not after.ground.of(Standing.OFFERED, Standing.WEIGHED, Standing.ACCEPTED)


def test_a_correction_without_a_name_is_about_what_was_taken_last() -> None:
    customer = calls(SORRY, VISIT, "No, hang on, I didn't say it was booked.")
    assert customer.ground.corrections[0].undone == ("visit",)


def test_a_call_does_not_end_while_something_was_just_asked() -> None:
    customer = calls(SORRY, VISIT, "I'll credit your account for every day without service.")
    reply = customer.hear(AgentTurn(8, "And what is your date of birth? Then goodbye."))
    assert reply.status is Status.OPEN
    assert reply.plan.intent is Intent.ANSWER


def test_what_hangs_on_something_does_not_settle_a_call() -> None:
    customer = calls(
        SORRY,
        "You were left in the dark for days, and you have bread to sell. I see that.",
        "Once my manager has signed it I can book an engineer for you, tomorrow at eight.",
    )
    assert customer.agent_left(9) in (Status.PENDING, Status.AGENT_ENDED)
    assert customer.agent_left(9) is not Status.SATISFIED
