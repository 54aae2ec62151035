"""The words of each turn of a recording, by speech-to-text."""

from collections.abc import Callable, Sequence

import numpy as np

from trainer.domain.audio import RATE, Samples
from trainer.domain.events import ActFound, WordsTimed
from trainer.domain.transcript import Heard
from trainer.imports.writing import Spoken
from trainer.ports.speech_to_text import SpeechToText
from trainer.review.log import SHARP
from trainer.review.stretches import Stretch

UNCLEAR = "[not understood]"
"""Stands for speech whose words could not be had; nothing is ever read from it."""

NO_SPEECH = "no speech"
"""Why speech-to-text throws away what is none; everything else it throws away was speech."""

_AROUND = RATE // 10
"""Sound given on either side of a turn, samples."""


async def transcribe(
    channel: Samples,
    turns: Sequence[Stretch],
    stt: SpeechToText,
    progress: Callable[[int], None] = lambda done: None,
) -> list[Heard]:
    """What was said in each turn; `UNCLEAR` where somebody spoke and was not understood.

    Args:
        channel: one party's sound, shape (n,), 16 kHz.
        turns: where they spoke.
        stt: the engine.
        progress: told the samples just done.

    Raises:
        EngineFailed, EngineMissing: of the engine.
    """
    found = []
    for turn in turns:
        heard = await stt.transcribe(_sound(channel, turn.start, turn.end))
        if heard.rejected:
            lost = "" if heard.rejected == NO_SPEECH else UNCLEAR
            heard = Heard(lost, 0.0, rejected=heard.rejected)
        found.append(heard)
        progress(turn.length)
    return found


async def certainty(
    agent: Samples,
    turns: Sequence[Spoken],
    acts: dict[int, list[ActFound]],
    stt: SpeechToText,
) -> list[WordsTimed]:
    """Word times and confidences of the agent turns that hold something held against them.

    A sharp word that was hardly understood must not become blame. Turns with masked words are left
    out: their words are no longer those of the sound.
    """
    found = []
    for number, turn in enumerate(turns, start=1):
        sharp = any(act.act in SHARP for act in acts.get(number, ()))
        if not sharp or turn.masked or turn.source != "stt":
            continue
        begin = max(0, turn.start - _AROUND) / RATE
        words = await stt.align(_sound(agent, turn.start, turn.end), turn.text)
        timed = [
            (word.text, round(begin + word.start_s, 3), round(begin + word.end_s, 3),
             round(word.confidence, 4))
            for word in words
        ]  # fmt: skip
        if timed:
            found.append(WordsTimed(t=turn.end, turn=number, words=timed))
    return found


def _sound(channel: Samples, start: int, end: int) -> Samples:
    return np.ascontiguousarray(channel[max(0, start - _AROUND) : end + _AROUND])
