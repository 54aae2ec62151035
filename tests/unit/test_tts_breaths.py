"""Where a long clause is cut, so that its beginning can be heard while the rest is made."""

from hypothesis import given
from hypothesis import strategies as st

from trainer.tts.piper import breaths


def test_a_long_sentence_is_cut_at_a_comma_with_enough_words_around_it() -> None:
    text = "I have been waiting here for three days, and every time I call I start again."
    assert breaths(text) == [
        "I have been waiting here for three days,",
        "and every time I call I start again.",
    ]


def test_small_words_between_commas_stay_with_their_sentence() -> None:
    for text in ("No, no, listen to me for once.", "I told you, twice, that it is broken, okay?"):
        assert breaths(text) == [text]


@given(st.lists(st.sampled_from(["no,", "word", "and", "so;", "end."]), max_size=60))
def test_cutting_loses_no_word(words: list[str]) -> None:
    assert " ".join(breaths(" ".join(words))).split() == words
