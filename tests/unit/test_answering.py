"""What a turn obliges the customer to answer: from moves and ground, without any reader."""

from dataclasses import replace

import pytest

from trainer.content import personas
from trainer.customer import ground as common
from trainer.customer.answering import answer
from trainer.customer.second_part import Answer, Asking
from trainer.domain.acts import Reading
from trainer.domain.ground import Ground, Offered, Standing
from trainer.domain.mood import Mood
from trainer.domain.moves import Move, MoveKind, Offer, OfferState
from trainer.domain.plan import Intent

K, S = MoveKind, OfferState
CAST = personas.load("olsen-outage", (), 0)
CALM = Mood(trust=0.9, heard=0.9)
HEATED = Mood(anger=0.95, trust=0.05)


def told(text: str, *moves: Move, offers: tuple[Offer, ...] = (), **more: object) -> Answer | None:
    """The answer to a turn that was read like this."""
    reading = Reading(moves=moves, offers=offers)
    asking = Asking(CAST, reading, text, CALM, Ground(), (), {}, True, "", "7 4")
    return answer(replace(asking, **more))  # type: ignore[arg-type]  # fields by name


def asks(kind: MoveKind, about: str = "none", quote: str = "") -> Move:
    return Move(kind, about, quote=quote)


def test_who_they_are_is_said_as_people_say_it() -> None:
    found = told("And your date of birth?", asks(K.ASK_IDENTITY, "identity:birth_date"))
    assert found is not None
    assert found.says == ("The twelfth of March, nineteen seventy-four.",)
    spelled = told("How is that spelled?", asks(K.ASK_IDENTITY, "identity:spelling"))
    assert spelled is not None
    assert spelled.says == ("O, L, S, E, N.",)


def test_a_detail_of_the_sheet_is_told_and_told_again_the_same_way() -> None:
    item = CAST.persona.scenario.knows.items[0]
    first = told("…?", asks(K.ASK_DETAIL, f"item:{item.id}"))
    assert first is not None
    assert (first.intent, first.says) == (Intent.ANSWER, (item.says,))
    ground = common.told(Ground(), first.about, 3, item.says)
    again = told("…?", asks(K.ASK_YES_NO, f"item:{item.id}"), ground=ground)
    assert again is not None
    assert again.intent is Intent.SAY_AGAIN
    assert again.says == (item.says,)


def test_a_fact_behind_its_gate_is_not_told() -> None:
    fact = next(f for f in CAST.persona.scenario.facts if f.gate.min_trust > 0)
    closed = told("…?", asks(K.ASK_OPEN, fact.id), mood=HEATED)
    opened = told("…?", asks(K.ASK_OPEN, fact.id))
    assert closed is not None
    assert opened is not None
    assert (closed.intent, opened.intent) == (Intent.DEFLECT, Intent.DISCLOSE)


def test_each_of_two_offers_gets_its_own_answer() -> None:
    visit, credit = (r for r in CAST.persona.scenario.remedies if r.id in ("visit", "credit"))
    found = told("…", offers=(Offer("visit", S.OFFERED), Offer("credit", S.OFFERED)))
    assert found is not None
    assert found.says[0] in visit.accept
    assert found.says[1] in credit.accept
    assert dict(found.standing) == {"visit": Standing.ACCEPTED, "credit": Standing.ACCEPTED}


def test_a_no_beside_an_offer_is_heard_as_both() -> None:
    remedies = {r.id: r for r in CAST.persona.scenario.remedies}
    found = told("…", offers=(Offer("lost_sales", S.REFUSED), Offer("credit", S.OFFERED)))
    assert found is not None
    assert found.says[0] in remedies["lost_sales"].refused
    assert found.says[1] in remedies["credit"].accept


@pytest.mark.parametrize(
    ("state", "intent"),
    [
        (S.CONDITIONAL, Intent.CONDITION),
        (S.REFUSED, Intent.REFUSED),
        (S.WITHDRAWN, Intent.WITHDRAWN),
    ],
)
def test_what_is_not_offered_is_not_taken(state: OfferState, intent: Intent) -> None:
    found = told("…", offers=(Offer("visit", state),))
    assert found is not None
    assert found.intent is intent
    assert not found.standing


def test_asked_to_repeat_they_say_their_last_sentences_again() -> None:
    last = "It died on Tuesday. I rang twice. Nobody came."
    found = told("Sorry, say that again?", asks(K.ASK_REPEAT), last=last)
    assert found is not None
    assert (found.intent, found.says, found.leads) == (
        Intent.SAY_AGAIN, ("I rang twice. Nobody came.",), True,
    )  # fmt: skip


def test_a_wrong_number_read_back_is_put_right() -> None:
    item = CAST.persona.scenario.knows.items[0]
    wrong = asks(K.CHECK, f"item:{item.id}", "So that is 9999, is that right?")
    right = asks(K.CHECK, "ground", "So nobody came, is that right?")
    found, so = told(wrong.quote, wrong), told(right.quote, right)
    assert found is not None
    assert so is not None
    assert (found.intent, so.intent) == (Intent.PUT_RIGHT, Intent.CONFIRM)


def test_anything_else_is_what_nobody_came_back_to() -> None:
    assert CAST.persona.scenario.remedies[0].called
    visit = CAST.persona.scenario.remedies[0]
    waiting = Ground(offers=(Offered(visit.id, Standing.CONDITIONAL, 4, "…"),))
    asked = asks(K.ANYTHING_ELSE)
    found, nothing = told("Anything else?", asked, ground=waiting), told("Anything else?", asked)
    assert found is not None
    assert nothing is not None
    assert (found.intent, found.fill["open"]) == (Intent.STILL_OPEN, visit.called)
    assert nothing.intent is Intent.NOTHING_ELSE


def test_one_of_two_is_named_in_words_that_fit() -> None:
    found = told("…", asks(K.ASK_EITHER_OR, quote="Would you rather have a call or a letter?"))
    assert found is not None
    assert found.fill["pick"] in ("a call", "a letter")
    long = told("…", asks(K.ASK_EITHER_OR, quote="Is this work, or are you going on your own?"))
    assert long is not None
    assert long.fill["pick"] in ("work", "the first", "the second", "this work")


def test_who_offered_to_read_a_number_reads_it_when_told_to_go_ahead() -> None:
    found = told("Yes, go ahead.", last="It's on the letter. Have you got a pen?")
    assert found is not None
    assert found.about == ("identity:reference",)


def test_the_same_harmless_question_gets_the_same_answer_in_every_retry() -> None:
    question = asks(K.ASK_YES_NO, quote="Do you keep a parrot?")
    first = told(question.quote, question, seed="7 4")
    again = told(question.quote, question, seed="9 12")
    assert first is not None
    assert again is not None
    assert first.intent is again.intent


def test_two_things_asked_for_are_both_answered() -> None:
    found = told(
        "Date of birth and postcode?",
        asks(K.ASK_IDENTITY, "identity:birth_date"),
        replace(asks(K.ASK_IDENTITY, "identity:postcode"), start=14),
    )
    assert found is not None
    assert found.about == ("identity:birth_date", "identity:postcode")
    assert len(found.says) == 2


def test_what_was_agreed_wants_no_second_yes_where_something_is_asked() -> None:
    agreed = common.told(
        Ground(offers=(Offered("visit", Standing.ACCEPTED, 4, "…"),)), ("remedy:visit",), 5, "Yes."
    )
    booked, item = (Offer("visit", S.DONE),), CAST.persona.scenario.knows.items[0]
    beside = told("…", asks(K.ASK_DETAIL, f"item:{item.id}"), offers=booked, ground=agreed)
    alone = told("…", offers=booked, ground=agreed)
    assert beside is not None
    assert alone is not None
    assert (beside.intent, beside.says) == (Intent.ANSWER, (item.says,))
    assert (alone.intent, alone.says) == (Intent.TAKE_OFFER, ())


def test_asked_whether_it_suits_they_answer_what_lies_on_the_table() -> None:
    table = Ground(offers=(Offered("credit", Standing.OFFERED, 4, "…"),))
    suits = asks(K.ASK_YES_NO, quote="Does that suit you?")
    yes, not_yet = (told(suits.quote, suits, ground=table, takes=takes) for takes in (True, False))
    nothing = told(suits.quote, suits)
    assert yes is not None
    assert not_yet is not None
    assert nothing is not None
    assert (yes.intent, not_yet.intent) == (Intent.TAKE_OFFER, Intent.WEIGH_OFFER)
    assert nothing.intent is Intent.AGREE


def test_what_was_weighed_is_taken_the_second_time_unless_they_are_hot() -> None:
    weighed = common.told(
        Ground(offers=(Offered("credit", Standing.WEIGHED, 4, "…"),)), ("remedy:credit",), 5, "Hm."
    )
    again = {"offers": (Offer("credit", S.OFFERED),), "ground": weighed, "worth": {"credit": 0.3}}
    cool = told("…", takes=False, **again)  # type: ignore[arg-type]
    hot = told("…", takes=False, mood=HEATED, **again)  # type: ignore[arg-type]
    assert cool is not None
    assert hot is not None
    assert (cool.intent, hot.intent) == (Intent.TAKE_OFFER, Intent.WEIGH_OFFER)


def test_a_summary_of_what_was_offered_is_confirmed_at_once() -> None:
    ground = Ground(
        offers=(
            Offered("visit", Standing.WEIGHED, 4, "…"),
            Offered("credit", Standing.ACCEPTED, 6, "…"),
        )
    )
    ground = common.told(ground, ("remedy:visit", "remedy:credit"), 7, "…")
    found = told(
        "So a visit and a credit, have I got that right?",
        asks(K.CHECK, quote="have I got that right?"),
        offers=(Offer("visit", S.OFFERED), Offer("credit", S.OFFERED)),
        ground=ground,
    )
    assert found is not None
    assert found.intent is Intent.CONFIRM
    assert dict(found.standing) == {"visit": Standing.ACCEPTED, "credit": Standing.ACCEPTED}


def test_a_condition_that_was_said_is_not_asked_for() -> None:
    said = Offer("priority", S.CONDITIONAL, condition="if somebody is at risk")
    asked = (told("…", offers=(replace(said, condition=words),)) for words in (said.condition, ""))
    stated, unsaid = asked
    assert stated is not None
    assert unsaid is not None
    assert not any("if what" in line.lower() or "hang on" in line.lower() for line in stated.says)
    assert unsaid.intent is Intent.CONDITION


def test_a_yes_or_no_about_their_own_story_is_yes() -> None:
    story = CAST.persona.scenario.card.situation
    question = asks(K.ASK_YES_NO, quote=f"So is it that {story.split('.')[0].lower()}?")
    found = told(question.quote, question)
    assert found is not None
    assert found.intent is Intent.AGREE
