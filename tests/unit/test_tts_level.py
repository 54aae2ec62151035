"""Level, ceiling and edges of everything a voice says."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.domain.audio import RATE, Samples
from trainer.domain.plan import VoiceStyle
from trainer.tts.level import CEILING_DBFS, LOUDEST_DBFS, SPEECH_DBFS, finish, limit, speech_level

NO_PAUSE = VoiceStyle(pause_s=0.0)
CEILING = 10 ** (CEILING_DBFS / 20)


def buzz(seconds: float = 1.0, seed: int = 0) -> Samples:
    """A voice-like sound: pulses through a decay, with pauses between bursts."""
    time = np.arange(int(seconds * RATE)) / RATE
    pulses = np.exp(-((time * 120) % 1) * 6) * np.sin(2 * np.pi * 700 * time)
    bursts = np.sin(2 * np.pi * 3 * time) > -0.5
    noise = np.random.default_rng(seed).normal(0, 0.001, time.size)
    return (pulses * bursts + noise).astype(np.float32)


@pytest.mark.parametrize("gain", [0.001, 0.1, 1.0, 30.0])
def test_however_loud_the_engine_was_the_clause_has_one_level(gain: float) -> None:
    sound = finish(buzz() * np.float32(gain), NO_PAUSE)
    assert speech_level(sound) == pytest.approx(SPEECH_DBFS, abs=0.5)


def test_a_louder_style_is_louder_by_its_decibels() -> None:
    neutral = speech_level(finish(buzz(), NO_PAUSE))
    quiet = speech_level(finish(buzz(), VoiceStyle(level_db=-4.0, pause_s=0)))
    loud = speech_level(finish(buzz(), VoiceStyle(level_db=5.0, pause_s=0)))
    assert quiet - neutral == pytest.approx(-4.0, abs=0.3)
    assert loud - neutral == pytest.approx(5.0, abs=0.5)


def test_pauses_do_not_count_as_speech() -> None:
    with_pauses = np.concatenate([buzz(), np.zeros(RATE * 3, np.float32), buzz()])
    assert speech_level(with_pauses) == pytest.approx(speech_level(buzz()), abs=0.5)


@settings(deadline=None, max_examples=60)
@given(
    gain=st.floats(0.01, 1e4),
    level_db=st.floats(-20, 90),
    spikes=st.lists(st.integers(0, RATE - 1), max_size=20),
)
def test_nothing_gets_over_the_ceiling(gain: float, level_db: float, spikes: list[int]) -> None:
    sound = buzz() * np.float32(gain)
    sound[spikes] = 1e5
    finished = finish(sound, VoiceStyle(level_db=level_db, pause_s=0.0))
    assert np.abs(finished).max() <= CEILING + 1e-6
    assert speech_level(finished) <= LOUDEST_DBFS + 0.1


def test_the_limiter_turns_down_before_the_peak_instead_of_cutting_it() -> None:
    time = np.arange(RATE) / RATE
    swell = (
        np.sin(2 * np.pi * 200 * time) * (1 + 2 * np.exp(-(((time - 0.5) / 0.05) ** 2)))
    ).astype(np.float32)
    limited = limit(swell)
    assert np.abs(limited).max() <= CEILING + 1e-6
    # a clipped sine would have flat tops: neighbouring samples equal at the ceiling
    tops = np.flatnonzero(np.abs(limited) > CEILING * 0.9999)
    assert not np.any(np.diff(tops) == 1)


def test_a_sound_under_the_ceiling_passes_the_limiter_untouched() -> None:
    quiet = buzz() * np.float32(0.1)
    assert np.array_equal(limit(quiet), quiet)


def test_a_clause_starts_and_ends_at_zero() -> None:
    finished = finish(np.ones(RATE, np.float32), NO_PAUSE)
    assert finished[0] == 0.0
    assert finished[-1] == 0.0
    assert np.abs(np.diff(finished)).max() < 0.01


def test_silence_around_a_clause_is_cut_and_the_pause_is_what_was_asked() -> None:
    quiet = np.zeros(RATE, np.float32)
    padded = np.concatenate([quiet, buzz(), quiet])
    finished = finish(padded, VoiceStyle(pause_s=0.25))
    assert finished.size == pytest.approx(RATE * 1.25, abs=RATE * 0.06)
    assert not finished[-RATE // 4 :].any()


@pytest.mark.parametrize("nothing", [np.zeros(0, np.float32), np.zeros(RATE, np.float32)])
def test_silence_stays_silence(nothing: Samples) -> None:
    assert not finish(nothing, VoiceStyle(pause_s=0.1)).any()


def test_numbers_that_are_none_do_not_reach_the_speaker() -> None:
    broken = buzz()
    broken[100:110] = np.nan
    broken[200] = np.inf
    finished = finish(broken, NO_PAUSE)
    assert np.isfinite(finished).all()
    assert np.abs(finished).max() <= CEILING + 1e-6
