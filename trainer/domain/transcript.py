"""What was said: words from speech-to-text, and turns of the call."""

from dataclasses import dataclass
from typing import Literal

Who = Literal["agent", "customer"]
Speaker = Literal["agent", "customer", "unknown"]
"""Who said a turn. One channel of a real call does not tell: `unknown`."""

Source = Literal["stt", "typed", "greeting", "authored", "llm", "mixed"]


@dataclass(frozen=True)
class Word:
    """One recognised word. Times are seconds from the start of the audio given; confidence 0..1."""

    text: str
    start_s: float
    end_s: float
    confidence: float


@dataclass(frozen=True)
class Heard:
    """What speech-to-text made of one stretch of speech.

    Attributes:
        text: the words; empty when nothing intelligible was said.
        confidence: mean token probability, 0..1. Under about .5 the words are not to be relied on.
        words: word times, when they were asked for; else empty.
        rejected: why the text was thrown away ("no speech", "repetition", ...); empty when it
            stands.
        closed: probability that a sentence ends with the last word, 0..1; None where the engine
            does not tell.
    """

    text: str
    confidence: float
    words: tuple[Word, ...] = ()
    rejected: str = ""
    closed: float | None = None


@dataclass(frozen=True)
class Turn:
    """One party's stretch of speech.

    `number` counts from 1 over both parties; the greeting is 1.
    """

    number: int
    who: Who
    text: str
    start_s: float
    end_s: float
    source: Source
