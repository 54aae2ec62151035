"""What a voice's sound is measured by, with Praat: the same tool that phoneticians use."""

import asyncio
from dataclasses import dataclass

import numpy as np

from trainer.domain.audio import RATE, Samples
from trainer.domain.persona import VoiceChoice
from trainer.domain.plan import VoiceStyle
from trainer.ports.voice import Voice
from trainer.tts.level import speech_level

NEUTRAL = VoiceStyle(pause_s=0.0)
LINE = "I have been waiting for three days and nobody has told me what is going on."


@dataclass(frozen=True)
class Heard:
    """Pitch median in Hz, pitch range (10th to 90th percentile) in semitones, seconds, dBFS."""

    hz: float
    range_st: float
    duration_s: float
    level_dbfs: float
    peak: float


def choice(**given: object) -> VoiceChoice:
    """A voice choice with everything else at its default."""
    return VoiceChoice.model_validate(given)


async def pieces(voice: Voice, text: str, who: VoiceChoice, style: VoiceStyle) -> list[Samples]:
    """Every piece of a clause."""
    return [piece async for piece in voice.speak(text, who, style)]


def say(
    voice: Voice, text: str = LINE, who: VoiceChoice | None = None, style: VoiceStyle = NEUTRAL
) -> Samples:
    """One clause as one array."""
    return np.concatenate(asyncio.run(pieces(voice, text, who or choice(), style)))


def heard(sound: Samples) -> Heard:
    """Measure a clause without its pause."""
    import parselmouth

    pitch = parselmouth.Sound(sound.astype(np.float64), RATE).to_pitch(
        pitch_floor=60, pitch_ceiling=500
    )
    voiced = pitch.selected_array["frequency"]
    voiced = voiced[voiced > 0]
    low, middle, high = np.percentile(voiced, [10, 50, 90])
    return Heard(
        hz=float(middle),
        range_st=float(12 * np.log2(high / low)),
        duration_s=sound.size / RATE,
        level_dbfs=speech_level(sound),
        peak=float(np.abs(sound).max()),
    )


def semitones(low_hz: float, high_hz: float) -> float:
    """From one pitch up to another."""
    return float(12 * np.log2(high_hz / low_hz))
