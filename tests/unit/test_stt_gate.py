"""The gate: what is made up goes, what was said stays. Figures are of real decodings."""

import pytest

from trainer.stt.gate import Guess, doubtful, loops, reason


def _guess(text: str, no_speech: float, logprob: float, compression: float = 1.0) -> Guess:
    return Guess(text, no_speech, logprob, compression, ended=True)


@pytest.mark.parametrize(
    ("made_up", "no_speech", "logprob"),
    [
        ("you", 0.93, -0.45),  # digital silence
        ("Thank you.", 0.81, -0.88),  # typing
        ("I'm going to put the oil in the pan.", 0.79, -1.47),  # white noise
        ("The", 0.54, -3.43),  # breath
        ("you", 0.96, -0.49),  # mains hum
    ],
)
def test_words_over_noise_are_no_speech(made_up: str, no_speech: float, logprob: float) -> None:
    assert reason(_guess(made_up, no_speech, logprob)) == "no speech"


@pytest.mark.parametrize(
    ("said", "no_speech", "logprob"),
    [
        ("Right.", 0.55, -0.53),
        ("Thank you.", 0.16, -0.29),
        ("Yes.", 0.49, -0.74),
        ("Okay.", 0.17, -0.23),
        ("So, what I'm having is", 0.41, -0.18),
    ],
)
def test_short_and_quiet_words_stand(said: str, no_speech: float, logprob: float) -> None:
    assert reason(_guess(said, no_speech, logprob)) == ""


def test_a_sentence_three_times_in_a_row_is_a_loop() -> None:
    text = "Could you sell that for me, Prink? " * 3
    assert reason(_guess(text, 0.1, -0.1)) == "repetition"


def test_people_may_repeat_themselves() -> None:
    for text in (
        "No, no, no, no.",
        "I'm sorry. I'm really sorry. I'm so sorry about that.",
        "Thank you. Thank you. Thank you very much.",
        "Can you hear me? Can you hear me?",
    ):
        assert not loops(_guess(text, 0.1, -0.2)), text


def test_a_text_that_never_ends_is_a_loop() -> None:
    assert reason(Guess("well and well", 0.1, -0.1, 1.0, ended=False)) == "repetition"


def test_marks_without_a_letter_are_no_speech() -> None:
    assert reason(_guess("...", 0.1, -0.2)) == "no speech"


def test_only_doubtful_words_over_speech_get_a_second_look() -> None:
    assert doubtful(_guess("D.S.", 0.37, -0.87))
    assert not doubtful(_guess("Okay.", 0.17, -0.23))
    assert not doubtful(_guess("you", 0.93, -1.7))  # noise: another look finds no words either
