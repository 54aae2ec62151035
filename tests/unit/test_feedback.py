"""What the debrief picks to say: nothing against the log, nothing that does not fit the moment."""

from collections.abc import Sequence

import pytest

from tests.unit.test_review import ended, exchange, items, moved, reader, record, said, started
from trainer.content import personas
from trainer.domain.acts import ActKind
from trainer.domain.events import CauseFound, Event, Imported, Planned
from trainer.domain.mood import Status
from trainer.domain.plan import Intent
from trainer.review.debrief import review
from trainer.review.model import Item, Review
from trainer.review.remark import readable


def debrief(*events: Event) -> Review:
    return review(record([started(), *events, ended()]))


def improve(*events: Event) -> list[Item]:
    return debrief(*events).feedback.improve


def planned(turn: int, intent: Intent) -> Planned:
    return Planned(t=0, turn=turn, generation=turn, intent=intent, band="hot", facts=[], draft=[])


def tell(*told: tuple[str, Intent]) -> list[Event]:
    """What the customer says before each agent turn, and what it is for."""
    events: list[Event] = []
    for number, (text, intent) in enumerate(told):
        turn, start = 2 * number + 1, number * 10.0
        answer = "What is your account number?"
        events += [
            planned(turn, intent),
            said(turn, "customer", text, start, start + 3),
            said(turn + 1, "agent", answer, start + 4, start + 6),
            moved(turn + 1, answer, 0.75),
        ]
    return events


@pytest.mark.parametrize(
    "act", ["dismiss", "canned", "policy_wall", "judgement", "premature_advice", "overfamiliar"]
)
def test_words_after_which_the_feeling_came_down_are_not_held_against_the_agent(act: str) -> None:
    text = "Please don't worry about that."
    assert improve(*exchange(1, 0, text, 0.6, (act, text))) == []
    assert improve(*exchange(1, 0, text, 0.85, (act, text)))


def test_an_insult_is_named_whatever_the_feeling_did() -> None:
    text = "You are a fool."
    assert [one.quote for one in improve(*exchange(1, 0, text, 0.6, ("insult", text)))] == [text]


def test_a_set_phrase_that_nobody_minded_is_not_held_against_the_agent() -> None:
    text = "Thank you for calling."
    assert improve(*exchange(1, 0, text, 0.7, ("canned", text))) == []
    cause = CauseFound(appraisal="canned", quote=text, weight=0.5, good=False)
    heard = moved(2, text, 0.7, ("canned", text)).model_copy(update={"cause": [cause]})
    assert improve(*exchange(1, 0, text, 0.7)[:2], heard)


def test_the_same_words_are_never_praised_and_blamed() -> None:
    text = "You idiot, I see how bad that is."
    calls = exchange(1, 0, text, 0.6, ("insult", text), ("acknowledge", "I see how bad that is."))
    told = debrief(*calls).feedback
    assert [one.quote for one in told.improve] == [text]
    assert told.went_well == []


def test_a_hard_moment_that_was_met_by_a_deed_counts_as_met() -> None:
    deed = "I'll pause the payment now."
    feelings = (0.72, 0.66, 0.6)
    calls = [
        event
        for n, anger in enumerate(feelings)
        for event in exchange(2 * n + 1, n * 8.0, deed, anger, ("action", deed))
    ]
    assert all(item.behaviour != "E1" for item in improve(*calls))


def test_what_was_missing_is_shown_at_neither_the_greeting_nor_the_goodbye() -> None:
    lines = ("Hello, billing.", "When was that?", "What is your number?", "Goodbye.")
    feelings = (0.7, 0.7, 0.75, 0.95)
    calls = [
        event
        for n, (line, anger) in enumerate(zip(lines, feelings, strict=True))
        for event in exchange(2 * n + 1, n * 8.0, line, anger)
    ]
    finding = next(item for item in improve(*calls) if item.behaviour == "E1")
    assert finding.quote == "What is your number?"
    assert finding.number == "0 of 4 hard moments acknowledged"
    assert finding.turns == [2, 4, 6, 8]


def test_a_promise_that_was_taken_back_tells_what_came_of_it() -> None:
    promise, back = "You will have it tomorrow.", "I can't do tomorrow after all."
    broken = CauseFound(appraisal="broken_promise", quote=back, weight=0.9, good=False)
    calls = [
        *exchange(1, 0, promise, 0.6, ("overpromise", promise)),
        *exchange(3, 8, back, 0.8)[:2],
        moved(4, back, 0.8).model_copy(update={"cause": [broken]}),
    ]
    effect = next(item for item in improve(*calls) if item.quote == promise).effect
    assert "came down, from 70 to 60" in effect
    assert "taken back" in effect
    assert "went up, from 60 to 80" in effect


def test_only_what_the_customer_told_of_their_own_story_is_said_back() -> None:
    story = "I have waited nine days for this."
    jest = "Nobody ever promised you a thing, I suppose."

    def lines(*told: tuple[str, Intent]) -> Sequence[str]:
        return [item.say_instead or "" for item in improve(*tell(*told))]

    told = lines((story, Intent.GREET), (jest, Intent.HURT), (jest, Intent.UNKNOWN))
    assert any("I have waited nine days" in line for line in told)
    assert not any("Nobody ever promised" in line for line in told)
    assert not any("Nobody" in line for line in lines((jest, Intent.WALL), (jest, Intent.STOCK)))


def test_what_stands_as_the_customers_words_was_said_just_before() -> None:
    story = "I have waited nine days for this."
    other = "And who are you?"
    calls = tell((story, Intent.GREET), (other, Intent.PUSH), (other, Intent.PUSH))
    for item in improve(*calls):
        before = {2: story, 4: other, 6: other}[item.turn]
        assert item.theirs in before


def test_a_question_is_not_praised_as_a_time_frame() -> None:
    asked, told = "How can I help you today?", "I'll call you back today at six."
    for text, praised in ((asked, False), (told, True)):
        calls = exchange(1, 0, text, 0.5, ("timeframe", text))
        assert bool(debrief(*calls).feedback.went_well) is praised


def test_words_that_left_a_hot_customer_as_they_were_are_no_strength() -> None:
    text = "Parking services, good afternoon."
    assert debrief(*exchange(1, 0, text, 0.7, ("warmth", text))).feedback.went_well == []
    easy = record([started(anger=0.2), *exchange(1, 0, text, 0.2, ("warmth", text)), ended()])
    assert review(easy).feedback.went_well


def test_a_scrap_is_shown_with_its_sentence_and_a_long_sentence_is_not() -> None:
    text = "Oh no, that's awful. I'm on it."
    assert readable(text, "that's awful.") == "Oh no, that's awful."
    long = "I see that and " + "then " * 20 + "it goes on."
    assert readable(long, "I see that") == "I see that"
    assert readable("Thank you, goodbye then my dear old friend.", "Thank you,") in (
        "Thank you, goodbye then my dear old friend."
    )


def test_every_quote_stands_in_its_turn() -> None:
    text = "I'm sorry, that's awful, let me see what I can do for you today."
    calls = exchange(1, 0, text, 0.5, ("apology_owned", "I'm sorry,"), ("acknowledge", "awful,"))
    result = review(record([started(), *calls, ended(Status.SATISFIED)]))
    assert items(result)
    assert all(item.quote is None or item.quote in text for item in items(result))


def answers(*gaps: float, anger: float = 0.5) -> Review:
    calls = [
        event
        for n, gap in enumerate(gaps)
        for event in exchange(2 * n + 1, n * 12.0, "I see.", anger, gap=gap)
    ]
    return debrief(*calls)


def shown(result: Review, behaviour: str) -> tuple[int | None, int]:
    one = next(one for one in result.behaviours if one.id == behaviour)
    return one.level, one.evidence[0].turn


def test_a_good_level_is_shown_where_it_was_good_and_a_poor_one_where_it_was_poor() -> None:
    assert shown(answers(3.5, 1, 1, 1, 1, 1), "P3") == (4, 4)
    assert shown(answers(1, 1, 3.5, 3.5, 3.5), "P3") == (2, 6)
    assert shown(answers(0.1, 1, 1, 1, 1, anger=0.7), "SR2") == (4, 4)
    assert shown(answers(1, 0.1, 0.1, 0.1, anger=0.7), "SR2")[1] == 4


def test_a_level_that_a_brush_off_kept_low_is_shown_by_it_first() -> None:
    ack, brush = "No wonder you are fed up.", "Calm down."
    calls = [
        *exchange(1, 0, ack, 0.7, ("validate", ack)),
        *exchange(3, 8, ack, 0.7, ("validate", ack)),
        *exchange(5, 16, brush, 0.8, ("dismiss", brush)),
    ]
    one = next(one for one in debrief(*calls).behaviours if one.id == "E1")
    assert one.level == 2
    assert one.evidence[0].quote == brush


@pytest.mark.parametrize("own", [True, False])
def test_who_acknowledges_in_the_customers_words_has_said_something_back(own: bool) -> None:
    ack = "Nine days without a line must be exhausting." if own else "That must be exhausting."
    calls = [
        said(1, "customer", "My line has been dead for nine days.", 0, 3),
        *exchange(1, 0, ack, 0.5, ("acknowledge", ack))[1:],
        *(e for n in (3, 5, 7) for e in exchange(n, n * 6.0, "I can do that today.", 0.5)),
    ]
    result = debrief(*calls)
    missed = any(item.behaviour == "E2" for item in result.feedback.improve)
    level = next(one.level for one in result.behaviours if one.id == "E2")
    assert missed is not own
    assert level == (3 if own else 1)


def test_what_is_said_of_the_whole_call_tells_what_the_whole_call_did() -> None:
    calls = [
        event
        for n, anger in enumerate((0.9, 0.5, 0.4, 0.3, 0.3))
        for event in exchange(2 * n + 1, n * 12.0, "I see.", anger)
    ]
    found = [item for item in debrief(*calls).feedback.went_well if item.number]
    assert found
    assert all("from 70 to 30" in item.effect for item in found)


def test_nobody_who_cut_in_is_told_that_they_let_everything_be_finished() -> None:
    def praised(unheard: str) -> bool:
        calls = [
            event for n in range(1, 80, 2) for event in exchange(n, n * 6.0, "I see.", 0.5, gap=3)
        ]
        calls[0] = said(1, "customer", "And then", 6, 9, unheard=unheard)
        return any("finish" in item.what for item in debrief(*calls).feedback.went_well)

    assert praised("")
    assert not praised("I had to wait for a whole week")


@pytest.mark.parametrize("kind", ["next_step", "choice", "timeframe"])
def test_a_next_step_just_before_the_goodbye_is_one(kind: str) -> None:
    step = "Would you rather have a call or an email on Friday?"
    talk = exchange(1, 0, "I see.", 0.3)
    close = [*exchange(5, 20, "Friday then.", 0.3), *exchange(7, 30, "Goodbye.", 0.3)]
    offered = improve(*talk, *exchange(3, 10, step, 0.3, (kind, step)), *close)
    assert all(item.behaviour != "SR4" for item in offered)
    bare = improve(*talk, *exchange(3, 10, "Hm.", 0.3), *close)
    assert any(item.behaviour == "SR4" for item in bare)


def test_a_recording_whose_voices_cannot_be_told_apart_is_not_called_too_short() -> None:
    one = said(1, "agent", "Hello, how can I help? My line is dead.", 0, 9)
    heard: list[Event] = [
        Imported(t=0, engines={}, apart=False, timed=False),
        one.model_copy(update={"who": "unknown"}),
    ]
    assert "one channel" in review(record(heard)).feedback.note


def test_what_to_repeat_is_named() -> None:
    text = "I see how bad that is."
    told = debrief(*exchange(1, 0, text, 0.5, ("acknowledge", text))).feedback
    assert told.action is not None
    assert told.action.what.startswith(told.went_well[0].what)


@pytest.mark.engine
def test_a_refusal_is_never_taken_for_a_promise() -> None:
    no = "The system won't let me do that."
    read = reader().read(no, cast=personas.load("birkett-treatment", [], 0))
    assert read.find(ActKind.POLICY_WALL) is not None
    assert read.find(ActKind.OVERPROMISE) is None
