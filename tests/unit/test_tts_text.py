"""A line as it is said aloud."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.tts.text import speakable


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("(sighs) I don't know any more.", "I don't know any more."),
        ("*slams the phone* Enough!", "Enough!"),
        ("[long pause] Fine. (quietly) Fine.", "Fine. Fine."),
        ("I said [angrily (very)] no.", "I said no."),
        ("Well, that's great (laughs bitterly,", "Well, that's great"),
        ("I am **done** with this.", "I am done with this."),
        ("I _really_ mean it :( all of it", "I really mean it all of it"),
        ("<sigh/> Right.", "Right."),
        ("You took $42.50 from me!", "You took 42 dollars and 50 cents from me!"),
        ("It was £1,200 and €1.", "It was 1200 pounds and 1 euro."),
        ("You offered £0.50?", "You offered 50 pence?"),
        ("You made $1.2 million last year.", "You made 1.2 million dollars last year."),
        ("My order is #48213.", "My order is number 4 8 2 1 3."),
        ("It's AC-90417, and 12,500 steps.", "It's AC-9 0 4 1 7, and 12500 steps."),
        ("Call me on 555-0134.", "Call me on 5 5 5 0 1 3 4."),
        ("Between 10:00 and 12:05.", "Between 10 o'clock and 12 oh 5."),
        ("At 3:15 pm or 9am.", "At 3 15 P M or 9 A M."),
        ("That's 20% more & no call.", "That's 20 percent more and no call."),
        ("You say 24/7, i.e. never.", "You say twenty-four seven, that is never."),
        ("What?!!! No — really…", "What? No, really..."),
        ("In 2024 it was 99.5 here.", "In 2024 it was 99.5 here."),
    ],
)
def test_what_is_written_becomes_what_is_said(written: str, said: str) -> None:
    assert speakable(written) == said


@pytest.mark.parametrize("silent", ["", "   ", "(sighs)", "*hangs up*", "...", "—", "🙁", "[pause"])
def test_a_line_without_words_is_silence(silent: str) -> None:
    assert speakable(silent) == ""


@given(st.text(alphabet="ab1 ()[]<>{}*_#$.,!?—…:/%&\n😡", max_size=60))
def test_nothing_is_left_that_a_voice_would_stumble_over(written: str) -> None:
    said = speakable(written)
    assert not set(said) & set("()[]<>{}*_#\n😡")
    assert said == said.strip()
    assert "  " not in said


@given(st.text(alphabet="abc ,.!?'", max_size=30), st.text(alphabet="abc 1$", max_size=10))
def test_a_direction_changes_nothing_that_is_said(words: str, direction: str) -> None:
    plain = speakable(f"{words} and {words}")
    assert speakable(f"({direction}) {words} and [{direction}] {words}") == plain
