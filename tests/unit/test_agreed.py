"""What was agreed, and which promise is held against the agent: both follow the common ground."""

from collections.abc import Sequence

import pytest

from tests.unit.test_review import ended, exchange, record, started
from trainer.cli.review import terminal
from trainer.domain.events import CallEnded, Event, MoodMoved, OfferFound
from trainer.domain.ground import Ground, Offered, PutRight, Standing
from trainer.domain.moves import OfferState
from trainer.domain.record import CallRecord
from trainer.review import agreed, report
from trainer.review.debrief import review
from trainer.review.model import Review
from trainer.tui.told import tell
from trainer.tui.widgets import remarks

WORDS = "You can have cash for it, today."


def ground(
    state: Standing, *, allowed: bool = False, turn: int = 2, undone: bool = False
) -> Ground:
    offer = Offered("cash", state, turn, WORDS, "", "today", allowed, "the cash")
    if undone:
        return Ground(corrections=(PutRight(4, "I never said cash.", ("cash",)),))
    return Ground(offers=(offer,))


def call(offers: Sequence[OfferFound], known: Ground | None) -> CallRecord:
    """A call with one turn that looks like a promise nobody may give."""
    events: list[Event] = []
    for event in [
        *exchange(1, 0, WORDS, 0.6, ("overpromise", WORDS)),
        *exchange(3, 8, "Yes.", 0.6),
    ]:
        if isinstance(event, MoodMoved) and event.turn == 2:
            events.append(event.model_copy(update={"offers": list(offers)}))
        else:
            events.append(event)
    last = ended()
    assert isinstance(last, CallEnded)
    return record([started(), *events, last.model_copy(update={"ground": known})])


def touched(state: OfferState) -> list[OfferFound]:
    return [OfferFound(remedy="cash", state=state, quote=WORDS)]


def blamed(result: Review) -> bool:
    return any(error.id == "false_promise" for error in result.critical)


@pytest.mark.parametrize("state", [OfferState.OFFERED, OfferState.PROMISED, OfferState.DONE])
def test_what_policy_forbids_and_was_put_on_the_table_is_held_against_the_agent(
    state: OfferState,
) -> None:
    assert blamed(review(call(touched(state), ground(Standing.ACCEPTED))))


@pytest.mark.parametrize(
    ("state", "stands"),
    [
        (OfferState.REFUSED, Standing.REFUSED),
        (OfferState.ASKED, Standing.WEIGHED),
        (OfferState.CONDITIONAL, Standing.CONDITIONAL),
        (OfferState.WITHDRAWN, Standing.WITHDRAWN),
    ],
)
def test_what_was_refused_asked_about_or_hung_on_something_is_no_promise(
    state: OfferState, stands: Standing
) -> None:
    turn = 1 if stands is Standing.WEIGHED else 2
    result = review(call(touched(state), ground(stands, turn=turn)))
    assert not blamed(result)
    assert not any(item.quote == WORDS for item in result.feedback.improve)
    assert result.measures.language["overpromise"] in (0, None)


def test_a_promise_that_a_later_turn_took_back_was_still_one() -> None:
    assert blamed(review(call(touched(OfferState.OFFERED), ground(Standing.WITHDRAWN, turn=4))))


def test_a_misunderstanding_that_was_cleared_up_is_no_promise() -> None:
    known = ground(Standing.OFFERED, undone=True)
    assert not blamed(review(call(touched(OfferState.OFFERED), known)))


def test_a_call_from_before_there_was_a_ground_reads_as_it_did() -> None:
    result = review(call([], None))
    assert blamed(result)
    assert result.ground is None
    assert "What was agreed" not in terminal(result, 80)


def test_the_debrief_says_what_was_agreed_by_when_and_in_which_words() -> None:
    seen = call(touched(OfferState.OFFERED), ground(Standing.ACCEPTED, allowed=True))
    result = review(seen)
    assert agreed.rows(result.ground) == [("The cash", "they took it · today", WORDS)]
    assert "The cash: they took it · today" in terminal(result, 80)
    page = report.html(result, seen)
    assert "What was agreed" in page
    assert "they took it · today" in page
    assert Review.model_validate_json(result.model_dump_json()) == result


@pytest.mark.parametrize("state", Standing)
def test_every_standing_has_words(state: Standing) -> None:
    ((_, how, _),) = agreed.rows(ground(state, allowed=True))
    assert how.endswith("· today")


def test_what_stands_against_policy_says_so() -> None:
    ((_, how, _),) = agreed.rows(ground(Standing.ACCEPTED))
    assert how.endswith("policy does not allow it")
    ((_, how, _),) = agreed.rows(ground(Standing.REFUSED))
    assert not how.endswith("policy does not allow it")


def test_the_app_says_it_too() -> None:
    seen = call(touched(OfferState.OFFERED), ground(Standing.ACCEPTED, allowed=True))
    told = tell(seen, review(seen), "Ada Finch")
    shown = remarks.agreed(told.agreed).plain
    assert shown == f"The cash  they took it · today\n  you: “{WORDS}”"
