"""How a feeling sounds, as numbers."""

from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.customer.delivery import style
from trainer.domain.mood import Band, Feeling, Mood
from trainer.domain.plan import VoiceStyle

RISING = [Band.CALM, Band.WARY, Band.TENSE, Band.HOT, Band.OVERWHELMED]
unit = st.floats(0, 1)
moods = st.builds(Mood, unit, unit, unit, unit, unit, unit, unit, unit)


@pytest.mark.parametrize("lead", Feeling)
def test_a_calm_customer_speaks_in_the_personas_own_voice(lead: Feeling) -> None:
    assert style(lead, Band.CALM, Mood()) == VoiceStyle()


@given(lead=st.sampled_from(Feeling), mood=moods)
def test_every_part_of_the_voice_moves_one_way_as_the_feeling_grows(
    lead: Feeling, mood: Mood
) -> None:
    steps = [astuple(style(lead, band, mood)) for band in RISING]
    for values in zip(*steps, strict=True):
        assert list(values) in (sorted(values), sorted(values, reverse=True))
        assert values[0] != values[-1]


@pytest.mark.parametrize("band", RISING[1:])
def test_anger_is_loud_fear_is_fast_and_sorrow_is_heavy(band: Band) -> None:
    angry, afraid, sad = (style(lead, band, Mood()) for lead in Feeling)
    assert angry.level_db > afraid.level_db > sad.level_db
    assert angry.pitch_range > afraid.pitch_range > sad.pitch_range
    assert afraid.rate > angry.rate > 1 > sad.rate
    assert min(angry.pitch_st, afraid.pitch_st) > 0 > sad.pitch_st
    assert afraid.pause_s < angry.pause_s < sad.pause_s


def test_strong_worry_under_anger_quickens_the_voice() -> None:
    angry = style(Feeling.ANGER, Band.HOT, Mood(anger=0.7))
    torn = style(Feeling.ANGER, Band.HOT, Mood(anger=0.7, anxiety=0.9))
    assert torn.rate > angry.rate
    assert torn.pitch_st > angry.pitch_st


def test_a_touch_of_another_feeling_is_not_heard() -> None:
    angry = style(Feeling.ANGER, Band.HOT, Mood(anger=0.7))
    assert style(Feeling.ANGER, Band.HOT, Mood(anger=0.7, sadness=0.35)) == angry


@given(lead=st.sampled_from(Feeling), band=st.sampled_from(Band), mood=moods)
def test_no_mood_makes_a_voice_nobody_could_follow(lead: Feeling, band: Band, mood: Mood) -> None:
    found = style(lead, band, mood)
    assert 0.7 <= found.rate <= 1.4
    assert -5 <= found.pitch_st <= 6
    assert 0.3 <= found.pitch_range <= 1.8
    assert found.level_db <= 6
    assert 0 < found.pause_s <= 1
