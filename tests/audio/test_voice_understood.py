"""Whoever the customer is and however they feel, Whisper can write down what they say."""

import asyncio
from collections.abc import Callable, Iterator

import jiwer
import numpy as np
import pytest

from tests.audio.voice_measures import choice, say
from trainer import models
from trainer.customer.delivery import style
from trainer.domain.audio import RATE, Samples
from trainer.domain.mood import Band, Feeling, Mood
from trainer.domain.persona import VoiceChoice
from trainer.domain.plan import VoiceStyle
from trainer.ports.voice import Voice
from trainer.tts import piper

pytestmark = pytest.mark.engine

LINES = [
    "You keep putting me through to someone else, and every time I have to start again.",
    "My internet has been down since Tuesday and I work from home.",
    "I don't want another apology, I want to know when it will be fixed.",
]
MOODS = {
    "calm": VoiceStyle(),
    "furious": style(Feeling.ANGER, Band.OVERWHELMED, Mood()),
    "panicking": style(Feeling.ANXIETY, Band.OVERWHELMED, Mood()),
    "desolate": style(Feeling.SADNESS, Band.OVERWHELMED, Mood()),
}

Transcribe = Callable[[Samples], str]


@pytest.fixture(scope="module")
def transcribe() -> Transcribe:
    import torch
    import whisper

    torch.set_num_threads(1)
    model = whisper.load_model(str(models.find("whisper-tiny.en")))

    def write_down(sound: Samples) -> str:
        found = model.transcribe(
            sound, language="en", temperature=0, fp16=False, without_timestamps=True
        )
        return str(found["text"])

    return write_down


@pytest.fixture(scope="module")
def voice() -> Iterator[Voice]:
    made = piper.create()
    asyncio.run(made.warm())
    yield made
    asyncio.run(made.close())


def plain(text: str) -> str:
    """Without case and punctuation."""
    return "".join(mark for mark in text.lower() if mark.isalnum() or mark == " ").strip()


def one_after_another(voice: Voice, people: list[VoiceChoice], how: VoiceStyle) -> Samples:
    """Each says another line; together they fit the half minute Whisper takes at once."""
    pause = np.zeros(RATE // 2, np.float32)
    said = [say(voice, line, who, how) for line, who in zip(LINES, people, strict=False)]
    return np.concatenate([part for sound in said for part in (sound, pause)])


@pytest.mark.parametrize("mood", MOODS)
def test_every_register_is_understood_in_every_mood(
    voice: Voice, transcribe: Transcribe, mood: str
) -> None:
    people = [choice(register=name) for name in ("low", "middle", "high")]
    written = transcribe(one_after_another(voice, people, MOODS[mood]))
    assert jiwer.wer(plain(" ".join(LINES)), plain(written)) <= 0.08


def test_extreme_voices_a_trainer_may_ask_for_are_still_understood(
    voice: Voice, transcribe: Transcribe
) -> None:
    people = [
        choice(register="low", pitch_hz=75, formant=0.85, rate=0.75),
        choice(register="high", pitch_hz=260, formant=1.2, rate=1.3),
    ]
    written = transcribe(one_after_another(voice, people, VoiceStyle()))
    assert jiwer.wer(plain(" ".join(LINES[:2])), plain(written)) <= 0.15
