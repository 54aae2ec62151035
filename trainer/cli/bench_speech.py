"""Speech with known words, for `trainer bench stt`."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from trainer import backends
from trainer.audio.files import load_turn
from trainer.domain.audio import RATE, Samples
from trainer.domain.errors import EngineMissing
from trainer.domain.persona import VoiceChoice
from trainer.domain.plan import VoiceStyle
from trainer.ports.voice import Voice

SENTENCES = (
    "I'm so sorry you've been without a line for three days, that must be really hard "
    "with a shop to run.",
    "Let me make sure I've understood. The engineer was due on Monday and nobody came.",
    "Can you tell me what happened when you called last time?",
    "I can send an engineer tomorrow between eight and ten, or on Thursday afternoon. "
    "Which suits you better?",
    "I understand why you're angry.",
    "Unfortunately that is our policy and there is nothing I can do.",
    "You should have read the terms and conditions.",
    "I'll refund the forty two pounds today, and you'll see it on your account within "
    "three to five working days.",
    "Would it be all right if I put you on hold for two minutes while I check?",
    "Thank you for waiting. I've spoken to the billing team.",
    "Calm down, please.",
    "What would make this right for you?",
    "Yes, of course.",
    "I can hear how worried you are about that bill.",
    "No, I can't do that, but here is what I can do.",
    "Okay.",
    "So what I'm hearing is that the chairs arrived damaged, you reported it the same day, "
    "and nobody got back to you.",
    "I don't want to promise something I can't keep.",
    "Is there anything else I can help you with today?",
    "Right, I see.",
)
"""What agents say, from one word to eight seconds."""

_READ = {
    "jfk": "And so my fellow Americans ask not what your country can do for you "
    "ask what you can do for your country",
    "libri_2412-153948-0000": "If the reader will excuse me I will say nothing of my antecedents "
    "nor of the circumstances which led me to leave my native country "
    "the narrative would be tedious to him and painful to myself",
    "LJ002-0020": "in eighteen thirteen",
    "LJ002-0035": "eight the press yard",
    "ami_ES2011a_H0_40-46s": "um I'm Abigail Claflin, you can call me Abbie",
}
"""The labelled recordings in the evaluation data's speech/, by file."""

_EVERY = 8  # of the acted recordings, which all say one of two sentences
_NOISE_DB = -15.0  # against the speech, on the simulated telephone


@dataclass(frozen=True)
class Utterance:
    """One turn and the words in it."""

    audio: Samples
    words: str


def recorded(folder: Path) -> dict[str, list[Utterance]]:
    """People, from the evaluation data: read and spontaneous speech, and acted feelings."""
    speech = [
        Utterance(load_turn(folder / "speech" / f"{name}.flac"), words)
        for name, words in _READ.items()
    ]
    labels = folder / "ravdess" / "labels.csv"
    with labels.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))[::_EVERY]
    acted = [Utterance(load_turn(labels.parent / row["file"]), row["text"]) for row in rows]
    return {"people, read and spontaneous": speech, "people, acted feelings": acted}


async def spoken() -> dict[str, list[Utterance]]:
    """Service sentences by the best voice that is here, clear and as through a telephone."""
    voice: Voice
    try:
        voice = backends.make("tts", "piper")
    except EngineMissing:
        voice = backends.make("tts", "pyttsx3")
    try:
        clear = [Utterance(await _say(voice, words), words) for words in SENTENCES]
    finally:
        await voice.close()
    noise = np.random.default_rng(0)
    far = [Utterance(_telephone(each.audio, noise), each.words) for each in clear]
    engine = voice.name.split()[0]
    return {f"service sentences, {engine}": clear, f"the same, noisy telephone, {engine}": far}


async def _say(voice: Voice, words: str) -> Samples:
    pieces = [piece async for piece in voice.speak(words, VoiceChoice(), VoiceStyle())]
    return np.concatenate(pieces)


def _telephone(audio: Samples, noise: np.random.Generator) -> Samples:
    """Through 8 kHz, with white noise 15 dB below the speech."""
    import soxr

    narrow = soxr.resample(soxr.resample(audio, RATE, 8_000), 8_000, RATE)
    level = np.sqrt(np.mean(narrow**2)) * 10 ** (_NOISE_DB / 20)
    return np.asarray(narrow + noise.normal(0, level, len(narrow)), np.float32)
