"""What a telephone and a place do to a voice, measured in what comes out."""

import asyncio
import time
from typing import get_args

import jiwer
import numpy as np
import pytest

from tests.audio.speech import human_speech
from trainer.audio.backgrounds import LOOP_S, loop
from trainer.audio.line_sound import CEILING, LineSound
from trainer.audio.vad import Silero
from trainer.domain.audio import BLOCK, RATE, Samples
from trainer.domain.persona import Place, VoiceChoice
from trainer.domain.plan import VoiceStyle
from trainer.review import stretches
from trainer.stt import whisper
from trainer.tts import piper
from trainer.tts.level import SPEECH_DBFS, finish, speech_level

PLACES = [place for place in get_args(Place) if place != "none"]
SAID = "You keep putting me through to someone else, and every time I have to start again."


def line(place: str = "none", *, telephone: bool = False, snr_db: float = 20.0) -> LineSound:
    return LineSound(telephone=telephone, place=place, snr_db=snr_db, voice_dbfs=SPEECH_DBFS)


def heard(line: LineSound, sound: Samples) -> Samples:
    """Sound through a line block by block, the last one filled with silence."""
    whole = np.zeros(-(-len(sound) // BLOCK) * BLOCK, np.float32)
    whole[: len(sound)] = sound
    return np.concatenate([line.through(block) for block in whole.reshape(-1, BLOCK)])


def level(sound: Samples) -> float:
    """RMS, dBFS."""
    return float(10 * np.log10(np.mean(np.square(sound.astype(np.float64)))))


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE), np.float32)


def hiss(seconds: float, dbfs: float, seed: int = 1) -> Samples:
    noise = np.random.default_rng(seed).normal(size=round(seconds * RATE))
    return (noise * 10 ** (dbfs / 20)).astype(np.float32)


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    """A reader at the level of a calm customer."""
    return finish(human_speech(tmp_path_factory.mktemp("speech")), VoiceStyle())


def test_a_telephone_carries_300_to_3400_hz_and_no_more() -> None:
    sound = hiss(12, -26)
    out = heard(line(telephone=True), sound)[: len(sound)]
    frames = 200  # bins of 5 Hz over 60 stretches
    spectra = [
        np.square(np.abs(np.fft.rfft(part.reshape(-1, RATE // 5) * np.hanning(RATE // 5)))).mean(0)
        for part in (sound[: frames * 960], out[: frames * 960])
    ]
    ratio = 10 * np.log10(spectra[1] / spectra[0])
    f = np.fft.rfftfreq(RATE // 5, 1 / RATE)

    def gain(low: float, high: float) -> float:
        """dB against the middle of the band."""
        middle = ratio[(f > 800) & (f < 1200)].mean()
        return float(ratio[(f >= low) & (f <= high)].mean() - middle)

    assert gain(20, 150) < -30
    assert gain(3800, 4000) < -20
    assert gain(4500, 8000) < -30
    assert abs(gain(300, 330)) < 2
    assert abs(gain(3300, 3390)) < 2
    for low in range(400, 3200, 200):
        assert abs(gain(low, low + 200)) < 1


@pytest.mark.parametrize("low_voice", [False, True])
def test_a_voice_is_as_loud_through_the_telephone_as_without(
    voice: Samples, low_voice: bool
) -> None:
    if low_voice:  # a deep, dull one loses most below 300 Hz
        spectrum = np.fft.rfft(voice)
        spectrum /= 1 + np.square(np.fft.rfftfreq(len(voice), 1 / RATE) / 350)
        voice = finish(np.fft.irfft(spectrum, len(voice)).astype(np.float32), VoiceStyle())
    out = heard(line(telephone=True), np.tile(voice, 2))
    assert speech_level(out) == pytest.approx(speech_level(voice), abs=1)
    # from the first sentence on, not only when the match has settled
    start = slice(0, 2 * RATE)
    assert speech_level(out[start]) == pytest.approx(speech_level(voice[start]), abs=1.5)


@pytest.mark.parametrize("telephone", [False, True])
@pytest.mark.parametrize("place", PLACES)
def test_a_place_lies_as_far_under_the_voice_as_asked(
    place: str, telephone: bool, voice: Samples
) -> None:
    out = heard(line(place, telephone=telephone, snr_db=15), silence(LOOP_S))
    assert speech_level(voice) - level(out) == pytest.approx(15, abs=1)


@pytest.mark.parametrize("place", PLACES)
def test_a_place_goes_on_without_a_seam(place: str) -> None:
    sound = loop(place)
    step = np.abs(np.diff(np.concatenate([sound, sound[:1]])))
    assert step[-1] <= np.percentile(step[:-1], 99.9)


@pytest.mark.parametrize("telephone", [False, True])
@pytest.mark.parametrize("place", PLACES)
def test_nobody_in_a_place_is_taken_for_somebody_speaking(place: str, telephone: bool) -> None:
    meter = Silero()
    loud = heard(line(place, telephone=telephone, snr_db=5), silence(LOOP_S / 2))
    assert max(meter.speech(block) for block in loud.reshape(-1, BLOCK)) < 0.5


@pytest.mark.parametrize("place", ["none", "cafe"])
def test_nothing_clips_however_loud_the_voice(place: str) -> None:
    out = heard(line(place, telephone=True, snr_db=5), hiss(3, -3))
    assert np.abs(out).max() <= CEILING
    out = heard(line(place, snr_db=5), np.clip(hiss(3, -3), -CEILING, CEILING))
    assert np.abs(out).max() <= CEILING


def test_a_telephone_in_a_quiet_place_falls_silent_between_words(voice: Samples) -> None:
    out = heard(line(telephone=True), np.concatenate([voice, silence(1)]))
    assert not out[-RATE // 2 :].any()


def test_words_come_at_most_two_milliseconds_late(voice: Samples) -> None:
    out = heard(line(telephone=True), voice)[: len(voice)]
    size = 2 * len(voice)
    likeness = np.fft.irfft(np.fft.rfft(out, size) * np.conj(np.fft.rfft(voice, size)), size)
    assert 0 <= int(likeness.argmax()) <= RATE * 0.002


def test_the_place_is_silent_on_hold_and_goes_on_afterwards() -> None:
    held = False
    place = LineSound(telephone=True, place="rain", snr_db=20, voice_dbfs=-23, hushed=lambda: held)
    before = heard(place, silence(0.5))
    held = True
    during = heard(place, silence(0.5))
    held = False
    after = heard(place, silence(0.5))
    assert level(before[2 * BLOCK :]) == pytest.approx(-43, abs=2)
    assert not during[4 * BLOCK :].any()
    assert level(after[2 * BLOCK :]) == pytest.approx(-43, abs=2)


def test_what_the_line_forgot_of_a_place_is_heard_later() -> None:
    place = line("machine")
    heard(place, silence(1))
    cut_off = heard(place, silence(0.5))
    place.taken_back(len(cut_off))
    assert np.array_equal(heard(place, silence(0.5)), cut_off)


def test_over_a_place_the_reviewer_finds_the_voice_and_nothing_but_the_voice(
    voice: Samples,
) -> None:
    call = np.concatenate([silence(2), voice, silence(3), voice, silence(2)])
    clear = stretches.find(call)
    for place in PLACES:
        over = stretches.find(heard(line(place, telephone=True), call)[: len(call)])
        shared = stretches.overlap(clear, over)
        # weak ends of words lie under the place, and count as pauses
        assert shared > 0.7 * sum(stretch.length for stretch in clear), place
        assert shared > 0.97 * sum(stretch.length for stretch in over), place
        assert abs(over[0].start - clear[0].start) < 0.06 * RATE


def test_a_block_costs_less_than_a_millisecond() -> None:
    phone, sound = line("cafe", telephone=True), hiss(10, -23)
    heard(phone, sound)
    began = time.process_time()
    heard(phone, sound)
    assert (time.process_time() - began) / (len(sound) / BLOCK) < 0.001


@pytest.mark.engine
async def test_whisper_writes_down_the_customer_from_every_place() -> None:
    speaker, ears = piper.create(), whisper.create("base")
    try:
        pieces = [piece async for piece in speaker.speak(SAID, VoiceChoice(), VoiceStyle())]
        spoken = np.concatenate([silence(0.5), *pieces, silence(0.5)])
        for place in PLACES:
            sound = await asyncio.to_thread(heard, line(place, telephone=True), spoken)
            text = (await ears.transcribe(sound)).text
            plain = jiwer.Compose([jiwer.ToLowerCase(), jiwer.RemovePunctuation(), jiwer.Strip()])
            assert jiwer.wer(plain(SAID), plain(text)) < 0.15, (place, text)
    finally:
        await asyncio.gather(speaker.close(), ears.close())
