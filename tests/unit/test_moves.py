"""What grammar says of a clause, and moves by words alone: no model is needed for either."""

import pytest

from trainer.acts import grammar, offers, units
from trainer.acts.reader import Reader
from trainer.content import personas
from trainer.domain.moves import MoveKind, OfferState

K, S = MoveKind, OfferState
OLSEN = personas.load("olsen-outage", (), 0)
READER = Reader()


@pytest.mark.parametrize(
    ("clause", "state"),
    [
        ("I can book an engineer for you", S.OFFERED),
        ("Shall I send an engineer tomorrow?", S.OFFERED),
        ("Would it help if I sent somebody out?", S.OFFERED),
        ("An engineer? I'd have to ask whether I can send one", S.CONDITIONAL),
        ("Once the papers are through I can book him", S.CONDITIONAL),
        ("I can't swear to it, but somebody may come", S.REFUSED),
        ("I can't book an engineer", S.REFUSED),
        ("Nobody can come tonight", S.REFUSED),
        ("Did anybody offer you an engineer?", S.ASKED),
        ("The engineer is booked", S.DONE),
        ("I've taken it off your bill", S.DONE),
        ("I said you'd have it tonight and that was wrong", S.WITHDRAWN),
        ("Engineers wear a badge", None),
    ],
)
def test_grammar_tells_what_becomes_of_a_remedy(clause: str, state: OfferState | None) -> None:
    assert offers.ruled(clause) is state


@pytest.mark.parametrize(
    ("clause", "found"),
    [
        ("I can send it once I have the photo", "once i have the photo"),
        ("Unless the line goes down", "unless the line goes down"),
        ("It's pencilled in for Friday", "pencilled in"),
        ("If you like, I'll send it", ""),
        ("Would it help if I rang?", ""),
        ("I'll send it today", ""),
    ],
)
def test_a_condition_is_what_it_hangs_on(clause: str, found: str) -> None:
    assert grammar.condition(clause) == found


@pytest.mark.parametrize(
    ("clause", "found"),
    [
        ("It'll be with you by Friday", "by friday"),
        ("Someone comes tomorrow morning", "tomorrow morning"),
        ("You'll have it within two days", "within two days"),
        ("I'm sorry about that", ""),
    ],
)
def test_a_time_is_found_where_one_is_named(clause: str, found: str) -> None:
    assert grammar.when(clause) == found


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Sorry, could you say that again?", K.ASK_REPEAT),
        ("Pardon?", K.ASK_REPEAT),
        ("I didn't catch that.", K.ASK_REPEAT),
        ("What's your date of birth, please?", K.ASK_IDENTITY),
        ("Is it red or green?", K.ASK_EITHER_OR),
        ("Do you mind if I ask you something?", K.PERMISSION),
        ("No, sorry, I meant the other line.", K.CORRECT),
        ("Is there anything else I can do for you?", K.ANYTHING_ELSE),
        ("How did it all begin?", K.ASK_OPEN),
        ("Take care now, bye.", K.CLOSE),
        ("I can see two tickets here.", K.TELL),
    ],
)
def test_words_alone_show_what_a_clause_wants(text: str, kind: MoveKind) -> None:
    reading = READER.read(text, (), OLSEN)
    assert kind in [move.kind for move in reading.moves]


def test_every_move_quotes_its_words() -> None:
    text = "I'm so sorry. I can't pay for the bread, but I can book an engineer for tomorrow. Okay?"
    reading = READER.read(text, (), OLSEN)
    assert len(reading.moves) >= 4
    assert all(text[move.start : move.end] == move.quote for move in reading.moves)


def test_a_promise_beyond_the_card_is_one_only_if_it_is_promised() -> None:
    said = "We'll pay you for the sales you lost."
    denied = "I can't say that we'll pay you for the sales you lost."
    assert "lost_sales" in READER.read(said, (), OLSEN).offered
    assert READER.read(denied, (), OLSEN).offered == ()


def test_a_denial_with_just_in_it_denies() -> None:
    assert grammar.polarity("I can't just swap it for a new one") == "negative"
    assert grammar.polarity("It's not just the light") == "positive"


def test_a_condition_before_the_comma_belongs_to_the_offer_after_it() -> None:
    turn = "If you've the number from the posting slip, I can have the file opened again for you."
    pieces = units.clauses(turn)
    assert offers._hangs(pieces, pieces[-1]).startswith("if you have the number")
    apart = units.clauses("I see what you mean, if I may say so. I can send somebody tomorrow.")
    assert offers._hangs(apart, apart[-1]) == ""


@pytest.mark.parametrize(
    ("clause", "later"),
    [
        ("The rest goes over a year, no interest, and nothing for six weeks", True),
        ("I can't do that for you, no", False),
        ("Sorry, I can't", False),
    ],
)
def test_what_is_denied_after_a_comma_does_not_deny_the_whole(clause: str, later: bool) -> None:
    assert offers._denies_later(clause) is later


def test_seeing_the_screen_hangs_on_nothing() -> None:
    assert grammar.condition("I can see the system tried to put you through Brussels.") == ""
    assert grammar.condition("I can see if they have one left.") != ""


def test_an_apology_offers_nothing_unless_its_words_do() -> None:
    assert offers._only_sorry("I'm sorry this bill gave you such a fright.")
    assert not offers._only_sorry("I'm sorry, and I'll pay it back today.")


def test_what_policy_forbids_needs_words_of_an_offer() -> None:
    assert not offers._commits("this bill gave you such a fright", "")
    assert offers._commits("I'll cancel the whole bill", "")
    assert not offers._commits("I can't cancel the bill", "")


def test_asking_what_they_saw_offers_nothing() -> None:
    assert grammar.asks_of_the_past("Could you actually see a sign from where you pulled in?")
    assert offers.ruled("Could you actually see a sign?") is S.ASKED
    assert grammar.polarity("The amount stays put, nobody adds a penny") == "positive"


def test_the_last_bit_is_asked_for_again() -> None:
    moves = READER.read("Sorry, it crackled, what was that last bit?").moves
    assert moves[-1].kind is K.ASK_REPEAT
