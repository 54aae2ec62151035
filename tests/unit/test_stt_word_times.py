"""Word times agree with the sound."""

import numpy as np

from trainer.domain.audio import RATE, Samples
from trainer.domain.transcript import Word
from trainer.stt.word_times import settle


def _sound(*parts: tuple[float, float]) -> Samples:
    """Noise in parts of (seconds, level)."""
    rng = np.random.default_rng(5)
    return np.concatenate(
        [rng.normal(0, level, round(seconds * RATE)) for seconds, level in parts]
    ).astype(np.float32)


_SPOKEN, _SILENT = 0.1, 0.0005


def test_a_word_after_a_pause_starts_after_the_pause() -> None:
    audio = _sound((1.0, _SPOKEN), (1.0, _SILENT), (0.5, _SPOKEN))
    words = settle([Word("hello", 0.0, 0.9, 0.9), Word("there", 0.9, 2.5, 0.8)], audio)
    assert words[1].start_s == 2.0
    assert words[1].end_s == 2.5
    assert words[0] == Word("hello", 0.0, 0.9, 0.9)


def test_a_last_word_ends_before_the_silence_behind_it() -> None:
    audio = _sound((1.0, _SPOKEN), (1.0, _SILENT))
    (word,) = settle([Word("bye", 0.2, 2.0, 0.9)], audio)
    assert (word.start_s, word.end_s) == (0.2, 1.0)


def test_a_short_gap_inside_a_word_is_part_of_it() -> None:
    audio = _sound((0.5, _SPOKEN), (0.1, _SILENT), (0.5, _SPOKEN))
    (word,) = settle([Word("stop", 0.0, 1.1, 0.9)], audio)
    assert (word.start_s, word.end_s) == (0.0, 1.1)


def test_times_stay_in_order_and_inside_the_sound() -> None:
    audio = _sound((1.0, _SPOKEN))
    words = settle([Word("a", -0.1, 0.6, 1), Word("b", 0.4, 0.5, 1), Word("c", 0.9, 7.0, 1)], audio)
    times = [time for word in words for time in (word.start_s, word.end_s)]
    assert times == sorted(times)
    assert times[0] >= 0
    assert times[-1] <= 1.0


def test_no_words_and_no_sound_give_no_words() -> None:
    assert settle([], np.zeros(0, np.float32)) == ()
