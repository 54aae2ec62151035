"""Word times that agree with the sound: a word does not reach across the pause beside it.

Whisper's alignment gives every moment to some word, so a pause is counted as part of the word after
it. The level of the sound shows where the pause is.
"""

import numpy as np

from trainer.domain.audio import RATE, Samples
from trainer.domain.transcript import Word

_FRAME_S = 0.02
_PAUSE_S = 0.2
_SHORTEST_WORD_S = 0.06
_BELOW_DB = 30.0  # quieter than the loud parts by this much is silence


def settle(words: list[Word], audio: Samples) -> tuple[Word, ...]:
    """Trim pauses off words, and keep times in order and inside the sound.

    Args:
        words: as aligned, in order; seconds from the start of `audio`.
        audio: the turn, shape (n,), 16 kHz.
    """
    quiet = _quiet(audio)
    settled: list[Word] = []
    floor = 0.0
    for word in words:
        start = min(max(word.start_s, floor), len(audio) / RATE)
        end = min(max(word.end_s, start), len(audio) / RATE)
        start, end = _trim(start, end, quiet)
        settled.append(Word(word.text, round(start, 3), round(end, 3), word.confidence))
        floor = end
    return tuple(settled)


def _quiet(audio: Samples) -> list[tuple[float, float]]:
    """Pauses as (start, end) in seconds."""
    size = round(_FRAME_S * RATE)
    frames = audio[: len(audio) // size * size].reshape(-1, size).astype(np.float64)
    if not len(frames):
        return []
    level = 10 * np.log10(np.mean(frames**2, axis=1) + 1e-10)
    silent = np.concatenate([[False], level < np.percentile(level, 95) - _BELOW_DB, [False]])
    edges = np.flatnonzero(np.diff(silent.astype(np.int8)))
    runs = edges.reshape(-1, 2) * _FRAME_S
    return [(float(a), float(b)) for a, b in runs if b - a >= _PAUSE_S - 1e-9]


def _trim(start: float, end: float, quiet: list[tuple[float, float]]) -> tuple[float, float]:
    """The word is what follows the last pause inside it; before the pause if nothing follows."""
    for pause_start, pause_end in quiet:
        if pause_start >= end or pause_end <= start:
            continue
        if end - pause_end >= _SHORTEST_WORD_S:
            start = pause_end
        elif pause_start - start >= _SHORTEST_WORD_S:
            end = pause_start
    return start, end
