"""What a question is by its form: pieces of a turn, question words, a bare wish for a yes."""

import pytest

from trainer.acts import consent, questions
from trainer.acts.asked import pieces
from trainer.acts.reader import Reader
from trainer.content import personas
from trainer.domain.moves import QUESTIONS, MoveKind

K = MoveKind
READER = Reader()
VOSS = personas.load("voss-return", (), 0)


@pytest.mark.parametrize(
    "question",
    [
        "Is that all right?",
        "Is that alright, Mrs Voss?",
        "How does that sound?",
        "Would you like that?",
        "Would you like me to do that?",
        "Shall I get that going now?",
        "Are you all right with leaving it there for today?",
        "Does tonight suit you?",
        "Any good?",
        "So would that help?",
    ],
)
def test_some_questions_only_want_a_yes(question: str) -> None:
    assert consent.sought(question)


@pytest.mark.parametrize(
    "question",
    [
        "Is that right?",
        "Would you like it red?",
        "What time would suit?",
        "Do you want the old price, or the small plan?",
        "Is it still right that you live alone?",
        "Shall I send it to your sister?",
    ],
)
def test_others_ask_for_more(question: str) -> None:
    assert not consent.sought(question)


@pytest.mark.parametrize(
    ("question", "forms"),
    [
        ("Which of the lights is on?", {"which"}),
        ("Is the light on?", {"whether"}),
        ("Could you read me the number?", {"request"}),
        ("When somebody rings, does it go dead at once?", {"which", "whether"}),
        ("Somewhere quiet?", set()),
    ],
)
def test_the_form_of_a_question(question: str, forms: set[str]) -> None:
    assert questions.forms(question) == forms


def test_or_names_an_alternative_only_between_two_things() -> None:
    assert questions.alternatives("Is it red or green?")
    assert not questions.alternatives("Is it red or not?")
    assert not questions.alternatives("Did it beep or something?")


def test_the_end_of_a_question_stays_with_it() -> None:
    turn = "Sorry. Could I take your name so I can bring it up? Thanks."
    assert [one.text for one in pieces(turn)][1] == "Could I take your name so I can bring it up?"
    assert all(turn[one.start : one.end] == one.text for one in pieces(turn))
    either = "Who helps you with these letters, or do you do it all on your own?"
    assert [one.text for one in pieces(either)] == [either]


def test_two_things_asked_for_are_both_named() -> None:
    turn = "Could I take your order number, or the postcode it was delivered to?"
    about = [m.about for m in READER.read(turn, (), VOSS).moves if m.kind in QUESTIONS]
    assert about == ["identity:reference", "identity:postcode"]


@pytest.mark.parametrize(
    ("turn", "kind"),
    [
        ("I can see you rang on Friday. Did nobody turn up at all?", K.ASK_YES_NO),
        ("That's on us. Is it wobbly, or has something come apart?", K.ASK_EITHER_OR),
        ("We'll do that. Is that all right?", K.ASK_YES_NO),
        ("What colour was it, did you say?", K.ASK_REPEAT),
    ],
)
def test_what_was_said_before_a_question_does_not_change_its_kind(
    turn: str, kind: MoveKind
) -> None:
    assert [m.kind for m in READER.read(turn).moves if m.kind in QUESTIONS][-1] is kind


@pytest.mark.parametrize(
    "question",
    ["Could you tell me her full name?", "What's the name of the clinic, and their phone number?"],
)
def test_somebody_else_s_name_is_not_the_customer_s_own(question: str) -> None:
    asked = [m.about for m in READER.read(question, (), VOSS).moves if m.kind in QUESTIONS]
    assert not any(about.startswith("identity:") for about in asked)


def test_a_bare_check_asks_for_nothing_of_the_sheet() -> None:
    turn = "You send me the photo and it stays at seventy pounds. Have I got that right?"
    last = READER.read(turn, (), VOSS).moves[-1]
    assert (last.kind, last.about) == (K.CHECK, "none")
