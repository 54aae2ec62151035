"""The customer's voice: one engine speaks, the next one stands behind it, and captions behind them
all.
"""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, suppress

import numpy as np

from trainer.domain.audio import Samples, samples
from trainer.domain.errors import TrainerError
from trainer.domain.persona import VoiceChoice
from trainer.domain.plan import VoiceStyle
from trainer.ports.voice import Voice

WORD_S = 0.4
"""Seconds a word takes where no sound says how long it took."""

_KEPT = 60
"""Clauses voiced ahead that are kept, about six megabytes."""

_PATIENCE = 2
"""Failures in a row after which a voice is not asked again in this call."""


def reading_time(text: str) -> int:
    """Samples that these words take on the call clock without a voice."""
    return samples(WORD_S * max(1, len(text.split())))


class Mouth:
    """Speaks clauses. `failed` is told, in plain words, each time a voice could not."""

    def __init__(
        self, voices: Sequence[Voice], choice: VoiceChoice, failed: Callable[[str], None]
    ) -> None:
        self._voices = list(voices)
        self._choice = choice
        self._failed = failed
        self._misses = 0
        self._ahead: dict[tuple[str, VoiceStyle], Samples] = {}

    @property
    def name(self) -> str:
        """The engine that speaks next, "none" when only captions are left."""
        return self._voices[0].name if self._voices else "none"

    async def speak(self, text: str, style: VoiceStyle) -> AsyncGenerator[Samples, None]:
        """Sound of one clause, in pieces; silence of the same length when no voice is left."""
        if (text, style) in self._ahead:
            yield self._ahead[text, style]
            return
        for voice in list(self._voices):
            spoke = False
            try:
                async with aclosing(voice.speak(text, self._choice, style)) as sounds:
                    async for sound in sounds:
                        spoke = spoke or len(sound) > 0
                        yield sound
            except TrainerError as error:
                self._failed(f"{voice.name}: {error.message}")
                self._misses += 1
                if self._misses >= _PATIENCE and voice in self._voices:
                    self._voices.remove(voice)
                    self._misses = 0
            else:
                self._misses = 0
            if spoke:
                return
        yield np.zeros(reading_time(text), np.float32)

    async def rehearse(self, text: str, style: VoiceStyle) -> None:
        """Voice a clause that may be needed soon; a voice that fails says so when it counts."""
        if not self._voices or (text, style) in self._ahead:
            return
        with suppress(TrainerError):
            async with aclosing(self._voices[0].speak(text, self._choice, style)) as sounds:
                pieces = [sound async for sound in sounds if len(sound)]
            while len(self._ahead) >= _KEPT:
                self._ahead.pop(next(iter(self._ahead)))
            if pieces:
                self._ahead[text, style] = np.concatenate(pieces)
