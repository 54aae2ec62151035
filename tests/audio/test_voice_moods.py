"""A mood can be heard: the sound itself is measured, for every voice that works on this machine."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from tests.audio.voice_measures import LINE, NEUTRAL, choice, heard, pieces, say, semitones
from trainer.customer.delivery import style
from trainer.domain.audio import RATE
from trainer.domain.mood import Band, Feeling, Mood
from trainer.domain.plan import VoiceStyle
from trainer.ports.voice import Voice
from trainer.tts.choose import choose
from trainer.tts.level import CEILING_DBFS, LOUDEST_DBFS
from trainer.tts.pitch import voiced_hz

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module", params=["pyttsx3", "piper"])
def voice(request: pytest.FixtureRequest) -> Iterator[Voice]:
    made = choose(request.param)
    assert made is not None
    asyncio.run(made.warm())
    yield made
    asyncio.run(made.close())


def full(lead: Feeling) -> VoiceStyle:
    """This feeling at its strongest, without a pause: only speech is measured."""
    return replace(style(lead, Band.OVERWHELMED, Mood()), pause_s=0.0)


def test_fury_is_heard_as_higher_livelier_faster_and_louder(voice: Voice) -> None:
    calm, furious = heard(say(voice)), heard(say(voice, style=full(Feeling.ANGER)))
    assert semitones(calm.hz, furious.hz) > 2
    assert furious.range_st > calm.range_st * 1.2
    assert furious.duration_s < calm.duration_s * 0.95
    assert furious.level_dbfs > calm.level_dbfs + 3


def test_despair_is_heard_as_lower_flatter_slower_and_quieter(voice: Voice) -> None:
    calm, low = heard(say(voice)), heard(say(voice, style=full(Feeling.SADNESS)))
    assert semitones(low.hz, calm.hz) > 1
    assert low.range_st < calm.range_st * 0.75
    assert low.duration_s > calm.duration_s * 1.08
    assert low.level_dbfs < calm.level_dbfs - 3


def test_panic_is_heard_as_higher_and_faster_but_hardly_louder(voice: Voice) -> None:
    calm, anxious = heard(say(voice)), heard(say(voice, style=full(Feeling.ANXIETY)))
    assert semitones(calm.hz, anxious.hz) > 2
    assert anxious.duration_s < calm.duration_s * 0.92
    assert abs(anxious.level_dbfs - calm.level_dbfs) < 1.5


def test_three_registers_are_three_people(voice: Voice) -> None:
    low, middle, high = (
        heard(say(voice, who=choice(register=name))).hz for name in ("low", "middle", "high")
    )
    assert semitones(low, middle) > 4
    assert semitones(middle, high) > 4


def test_a_pitch_asked_for_in_hertz_is_the_pitch_heard(voice: Voice) -> None:
    found = heard(say(voice, who=choice(register="middle", pitch_hz=160))).hz
    assert found == pytest.approx(160, rel=0.06)


def test_the_pitch_that_the_program_measures_is_the_pitch_that_praat_finds(voice: Voice) -> None:
    for how in (NEUTRAL, full(Feeling.ANGER), full(Feeling.SADNESS)):
        sound = say(voice, style=how)
        by_praat, ours = heard(sound), voiced_hz(sound, RATE)
        low, middle, high = np.percentile(ours, [10, 50, 90])
        assert abs(semitones(by_praat.hz, middle)) < 1
        assert abs(semitones(low, high) - by_praat.range_st) < 2


def test_a_slow_speaker_takes_longer(voice: Voice) -> None:
    slow, quick = (heard(say(voice, who=choice(rate=rate))).duration_s for rate in (0.8, 1.25))
    assert slow > quick * 1.3


def test_changing_the_voice_does_not_change_the_loudness(voice: Voice) -> None:
    levels = [heard(say(voice, who=choice(register=name))).level_dbfs for name in ("low", "high")]
    assert levels[0] == pytest.approx(levels[1], abs=1.0)


def test_no_style_gets_over_the_loudness_ceiling(voice: Voice) -> None:
    screamed = heard(say(voice, "NO! Listen to me! NOW!", style=replace(NEUTRAL, level_db=60.0)))
    assert screamed.peak <= 10 ** (CEILING_DBFS / 20) + 1e-6
    assert screamed.level_dbfs <= LOUDEST_DBFS + 0.1


def test_the_pause_after_a_clause_is_silence_of_the_asked_length(voice: Voice) -> None:
    sound = say(voice, "Three days.", style=replace(NEUTRAL, pause_s=0.5))
    assert not sound[-RATE // 2 :].any()
    assert sound[: -RATE // 2].any()


def test_speech_begins_with_the_first_sample_and_without_a_click(voice: Voice) -> None:
    sound = say(voice)
    assert sound[0] == 0.0
    assert np.abs(sound[: RATE // 20]).max() > 0.001


def test_stage_directions_are_not_spoken(voice: Voice) -> None:
    plain = say(voice, "I want my money back.").size
    acted = say(voice, "(slams the table very loudly) I want my money back. *sighs deeply*").size
    assert acted == pytest.approx(plain, rel=0.12)


def test_a_clause_that_says_nothing_makes_no_sound(voice: Voice) -> None:
    assert asyncio.run(pieces(voice, "(sighs)", choice(), NEUTRAL)) == []


def test_the_first_sentence_sounds_before_the_next_is_made(voice: Voice) -> None:
    text = f"Three days! {LINE} And then you hung up on me. Twice. What are you going to do?"

    async def first_then_rest() -> tuple[int, int]:
        speech = voice.speak(text, choice(), NEUTRAL)
        first = await anext(speech)
        return first.size, sum([piece.size async for piece in speech])

    first, rest = asyncio.run(first_then_rest())
    if "piper" in voice.name:
        assert 0 < first < rest / 4
    else:  # eSpeak makes all of it in a few milliseconds, in one piece
        assert first > RATE * 5
