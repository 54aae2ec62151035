"""How a voice sounds: exact on made sounds, unchanged by gain, withheld where unknown."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from tests.audio.speech import human_speech
from trainer.cli.measure import command, table
from trainer.domain.audio import RATE, Samples, samples
from trainer.domain.baseline import Baseline
from trainer.review.delivery import spectrum
from trainer.review.delivery.measured import measure
from trainer.review.delivery.pitch import track
from trainer.review.delivery.quality import Quality, assess
from trainer.review.delivery.raised import RAISED, raised
from trainer.review.delivery.trial import CHAINS, Case, Clip, auc, by_sex
from trainer.review.delivery.voice import Voice, hear


def buzz(hz: float, length_s: float = 2.0) -> Samples:
    """A pulse train as a larynx makes it, at `hz`."""
    time = np.arange(samples(length_s)) / RATE
    tones = [np.sin(2 * np.pi * hz * k * time) / k for k in range(1, int(4000 / hz))]
    sound: Samples = (0.2 * np.sum(tones, axis=0)).astype(np.float32)
    return sound


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    return human_speech(tmp_path_factory.mktemp("speech"))


@pytest.mark.parametrize("hz", [120.0, 210.0])
def test_the_pitch_of_a_pulse_train_is_exact(hz: float) -> None:
    pitch = track(buzz(hz))
    assert np.nanmedian(pitch.semitones) == pytest.approx(12 * np.log2(hz / 100), abs=0.2)


def test_the_balance_of_two_tones_is_their_ratio() -> None:
    time = np.arange(RATE) / RATE
    low, high = np.sin(2 * np.pi * 500 * time), 10 ** (-12 / 20) * np.sin(2 * np.pi * 2000 * time)
    found = spectrum.balance((low + high).astype(np.float32), (50, 1000), (1000, 5000))
    assert np.median(found) == pytest.approx(-12, abs=0.2)


@pytest.mark.parametrize("factor", [0.1, 0.5, 2.0])
def test_gain_changes_the_level_and_nothing_else(speech: Samples, factor: float) -> None:
    quiet = speech * np.float32(0.25 / np.abs(speech).max())
    one, other = hear(quiet), hear(quiet * np.float32(factor))
    assert one is not None
    assert other is not None
    assert other.pitch_st == pytest.approx(one.pitch_st, abs=0.05)
    assert other.effort_db == pytest.approx(one.effort_db, abs=0.1)
    assert other.level_db - one.level_db == pytest.approx(20 * np.log10(factor), abs=0.1)
    assert other.syllables == one.syllables


def test_silence_and_a_short_word_measure_nothing_and_say_why() -> None:
    for sound in (np.zeros(RATE, np.float32), buzz(150, 0.3), np.zeros(0, np.float32)):
        found = measure(sound)
        assert found.f0_median_st is None
        assert found.raised_voice is None
        assert "0.6 s of voice" in found.not_measured["f0_median_st"]


def test_every_number_that_is_missing_has_its_reason(speech: Samples) -> None:
    loud_noise = np.random.default_rng(0).normal(size=len(speech)).astype(np.float32) * 0.05
    clipped = np.clip(speech * 40, -1, 1)
    for sound in (speech, speech * 0.1 + loud_noise, clipped):
        found = measure(sound, [speech])
        told = found.model_dump()
        missing = {name for name, value in told.items() if value is None}
        assert missing == set(found.not_measured)


def test_noise_withholds_the_tone_and_keeps_the_pace(speech: Samples) -> None:
    hiss = np.random.default_rng(0).normal(size=len(speech)) * np.sqrt(np.mean(speech**2)) * 1.5
    found = measure((speech + hiss).astype(np.float32), [speech])
    assert found.raised_voice is None
    assert "noise" in found.not_measured["raised_voice"].lower()


def test_noise_neither_slows_the_speaker_nor_softens_them(speech: Samples) -> None:
    pause = np.zeros(samples(1.0), np.float32)
    talk = np.concatenate([speech, pause, speech])
    hiss = np.random.default_rng(0).normal(size=len(talk)) * np.sqrt(np.mean(speech**2)) * 0.3
    clear, noisy = hear(talk), hear((talk + hiss).astype(np.float32))
    assert clear is not None
    assert noisy is not None
    assert noisy.rate == pytest.approx(clear.rate, rel=0.1)
    assert noisy.level_db == pytest.approx(clear.level_db, abs=2)


def test_a_clipped_recording_keeps_its_level_out_of_the_index(speech: Samples) -> None:
    found = measure(np.clip(speech / np.abs(speech).max() * 4, -1, 1), [speech])
    assert found.level_db is None
    assert found.raised_voice is None or "level" not in found.raised_voice.parts


def test_gain_that_rides_is_noticed(speech: Samples) -> None:
    begun = int(np.argmax(np.abs(speech) > 0.1 * np.abs(speech).max()))
    word = speech[begun : begun + samples(1.5)]
    word = word / np.abs(word).max() * 0.5
    swell = np.random.default_rng(0).normal(size=samples(2.0)) * np.geomspace(
        0.0005, 0.005, samples(2)
    )
    riding = np.concatenate([word, swell, word, swell, word]).astype(np.float32)
    steady = riding.copy()
    hiss = np.random.default_rng(1).normal(size=samples(2.0)) * 0.001
    for at in (samples(1.5), samples(5.0)):
        steady[at : at + samples(2.0)] = hiss
    assert assess(riding).gain_rides
    assert not assess(steady).gain_rides


CLEAR = Quality(snr_db=30.0, clipping=0.0, gain_rides=False)


def voice(pitch: float, effort: float, level: float, quality: Quality = CLEAR) -> Voice:
    return Voice(pitch, pitch, 6.0, -15.0, effort, level, 10, 4.5, 5.0, quality)


numbers = st.floats(-20, 20)


@given(numbers, numbers, numbers, numbers)
def test_more_pitch_effort_or_level_never_lowers_the_index(
    pitch: float, effort: float, level: float, more: float
) -> None:
    calm = Baseline.of([voice(3, -5, -30), voice(4, -6, -31)])
    less = raised(voice(pitch, effort, level), calm).z
    for louder in (
        voice(pitch + abs(more), effort, level),
        voice(pitch, effort + abs(more), level),
        voice(pitch, effort, level + abs(more)),
    ):
        assert raised(louder, calm).z >= less


@pytest.mark.parametrize("nearer", [6, 10, 20])
def test_a_microphone_that_came_nearer_is_no_raised_voice(nearer: float) -> None:
    calm = Baseline.of([voice(3, -5, -30)])
    assert raised(voice(3, -5, -30 + nearer), calm).z <= RAISED
    assert raised(voice(8, 2, -30 - nearer), calm).z > RAISED


def test_a_poorer_recording_needs_a_larger_change() -> None:
    calm = Baseline.of([voice(3, -5, -30)])
    poor = Quality(snr_db=12.0, clipping=0.0, gain_rides=False)
    assert raised(voice(6, -2, -25, poor), calm).z < raised(voice(6, -2, -25), calm).z


def test_the_same_voice_is_not_raised_above_itself(speech: Samples) -> None:
    found = measure(speech, [speech])
    assert found.raised_voice is not None
    assert found.raised_voice.z == pytest.approx(0, abs=1e-9)


def test_the_area_under_the_curve_is_the_chance_of_the_right_order() -> None:
    made = [Case("a", "F", label, z) for label, z in ((True, 3), (True, 1), (False, 2), (False, 0))]
    assert auc(made) == pytest.approx(0.75)


def test_what_would_count_against_a_speaker_is_told_by_sex() -> None:
    def clip(sex: str, rate: float, pitch: float, *, neutral: bool = True) -> Clip:
        heard = replace(voice(pitch, -5, -30), rate=rate)
        return Clip(sex, sex, neutral=neutral, raised=False, voice=heard)

    even = [clip("F", 4.5, n) for n in range(3)] + [clip("F", 4.6, 3, neutral=False)]
    slow = [clip("M", 4.5, n) for n in range(3)] + [clip("M", 3.0, 3, neutral=False)]
    found = by_sex([*even, *slow])
    assert found["pace_off_calm"] == {"F": 0.0, "M": 1.0}
    assert found["pace_off_neutral"] == {"F": 0.0, "M": 0.0}


@pytest.mark.parametrize("chain", CHAINS.values(), ids=CHAINS)
def test_the_chains_keep_the_length(chain: Callable[[Samples], Samples], speech: Samples) -> None:
    assert chain(speech).shape == speech.shape


def test_the_command_prints_the_contract(tmp_path: Path, speech: Samples) -> None:
    wav = tmp_path / "agent.wav"
    soundfile.write(wav, speech, RATE)
    done = CliRunner().invoke(command, [str(wav), "--baseline", str(wav), "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    assert set(told) == {
        "f0_median_st", "f0_range_st", "alpha_db", "level_db", "articulation_rate", "syllables",
        "words_per_minute", "voiced_s", "snr_db", "clipping", "raised_voice", "not_measured",
    }  # fmt: skip
    assert set(told["raised_voice"]) == {"z", "parts"}
    piped = CliRunner().invoke(command, [str(wav), "--baseline", str(wav)])
    assert json.loads(piped.output) == told
    assert "no usual voice" in table(measure(speech))
