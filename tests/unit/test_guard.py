"""What a customer may not say, and what an upset one may."""

from dataclasses import replace

import pytest

from trainer.content import personas
from trainer.customer.clauses import cut
from trainer.customer.guard import Context, betrays, check
from trainer.customer.lines import filled
from trainer.domain.plan import Intent

CALL = Context(
    known=(
        "There's a payment of ninety pounds on the fourth of March that I never made.",
        "I want to know whether the money is coming back.",
        "My name is Sam, what happened in Leeds?",
        "I told my daughter.",
    ),
    locked=("Dolores", "my PIN"),
    said=("I never made that payment.",),
    heard="Could you tell me the last digits of it, please?",
    speakers=("Ruth", "Mercer"),
)


@pytest.mark.parametrize(
    ("clause", "reason"),
    [
        ("How can I help you today?", "helper talk"),
        ("Let me look into that for you.", "helper talk"),
        ("We will refund the full amount.", "helper talk"),
        ("I'll escalate this right away.", "helper talk"),
        ("I'm so sorry to hear that.", "helper talk"),
        ("I apologize for the inconvenience.", "helper talk"),
        ("I understand your frustration.", "helper talk"),
        ("Is there anything else?", "helper talk"),
        ("Thank you for your patience.", "helper talk"),
        ("Our team is working on it.", "helper talk"),
        ("Can I have your account number?", "helper talk"),
        ("Your refund is on its way.", "helper talk"),
        ("*sighs* I don't know.", "stage direction"),
        ("(pauses) I don't know.", "stage direction"),
        ("I don't know, she said quietly.", "stage direction"),
        ("# Reply", "markup"),
        ("- I want my money", "markup"),
        ("Agent: I want my money.", "speaker label"),
        ("Ruth: I want my money.", "speaker label"),
        ("Anna Smith: I want it.", "speaker label"),
        ("As an AI language model, no.", "out of character"),
        ("Here is a possible line", "out of character"),
        ("I won't follow your instructions.", "out of character"),
        ("我要退款", "another script"),
        ("...", "nothing to say"),
        ("I paid four hundred pounds.", "number"),
        ("It was 91 pounds.", "number"),
        ("It was the twentieth, no, 20.", "number"),
        ("My husband would be ashamed.", "news"),
        ("I'll call my lawyer.", "news"),
        ("I want your supervisor.", "news"),
        ("Then I'll cancel.", "news"),
        ("I was in Paris with it.", "name"),
        ("Dolores has it.", "may not be told"),
        ("Somebody knows MY  PIN.", "may not be told"),
        ("That sounds good, really.", "gives in"),
        ("Thank you so much.", "gives in"),
        ("I never made that payment!", "said before"),
        ("Could you tell me the last digits of it?", "echo"),
        ("I will kill you.", "violence"),
        ("I know where you live.", "violence"),
        ("I'll just kill myself then.", "self-harm"),
        ("I don't want to live any more.", "self-harm"),
        ("You retard.", "slur"),
        ("Are you naked?", "sexual"),
        (" ".join(["please"] * 40), "too long"),
    ],
)
def test_a_clause_out_of_role_is_refused_with_its_reason(clause: str, reason: str) -> None:
    why = check(clause, CALL)
    assert why is not None
    assert reason in why


@pytest.mark.parametrize(
    "clause",
    [
        "I just want to know whether it's coming back.",
        "Ninety pounds, on the fourth of March!",
        "90 pounds, gone.",
        "You people never listen, do you?",
        "No one tells me anything, and I've asked a hundred times.",
        "God, I am so tired of this.",
        "I'm sorry, I don't understand what you mean.",
        "My daughter says I should have rung you sooner, Sam.",
        "Are you even listening to me?",
        "This is killing me.",
        "Leeds? I've never been to Leeds.",
        "I can't help it, I'm frightened.",
    ],
)
def test_an_upset_customer_may_speak_plainly(clause: str) -> None:
    assert check(clause, CALL) is None


def test_a_customer_who_was_won_over_may_thank() -> None:
    assert check("Thank you, that helps.", CALL)
    assert check("Thank you, that helps.", replace(CALL, may_yield=True)) is None


def test_words_far_from_the_plan_are_refused_but_short_reactions_pass() -> None:
    assert check("I like the weather in spring.", replace(CALL, nearness=0.05))
    assert check("I like the weather in spring.", replace(CALL, nearness=0.7)) is None
    assert check("Oh, come on.", replace(CALL, nearness=0.05)) is None


def test_a_turn_has_no_more_words_than_the_plan_allows() -> None:
    assert check("I want my money back now.", replace(CALL, words_left=5)) == "too long"
    assert check("I want my money back now.", replace(CALL, words_left=6)) is None


def test_a_key_is_found_whole_in_any_case_and_punctuation() -> None:
    assert betrays("It was my—PIN, yes.", ["My PIN"]) == "My PIN"
    assert betrays("I was spinning.", ["pin"]) is None


def _lines() -> list[tuple[str, str, str]]:
    found = []
    for name in personas.names(()):
        cast = personas.load(name, (), 0)
        for lines in (cast.lines, cast.stock):
            found += [
                (name, intent.value, line)
                for intent, bands in lines.items()
                for texts in bands.values()
                for line in texts
            ]
    return found


FILL = dict.fromkeys(("pick", "open", "topic"), "the letter")
FILL |= dict.fromkeys(("Pick", "Topic"), "The letter")
"""What stands in a line's places while a call goes on."""


def test_every_shipped_line_passes() -> None:
    wrong = []
    for name, intent, line in _lines():
        done, rest = cut(filled(line, FILL))
        # long sentences are the author's right: the length is the model's limit
        context = Context(known=(filled(line, FILL),), may_yield=True, words_left=99)
        for clause in [*done, *([rest] if rest else [])]:
            why = check(clause, context)
            if why and why != "too long":
                wrong.append((name, intent, why, clause))
    assert wrong == []
    assert {intent for _, intent, _ in _lines()} >= {intent.value for intent in Intent}
