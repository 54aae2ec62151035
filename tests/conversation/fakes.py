"""A line, a voice, a listener and a sink without devices or models: conversations in milliseconds.

The line is a timeline in call seconds: where the agent makes sound. The voice hums a fixed time per
word. Speech-to-text takes its words from a queue. Everything else in these tests is the real thing.
"""

from collections import deque
from collections.abc import AsyncGenerator, Iterable, Sequence
from typing import Any

import numpy as np

from trainer.domain.audio import BLOCK, RATE, Samples
from trainer.domain.errors import EngineFailed
from trainer.domain.events import Event
from trainer.domain.persona import VoiceChoice
from trainer.domain.plan import VoiceStyle
from trainer.domain.transcript import Heard, Word
from trainer.ports.line import Frame

WORD_S = 0.3


class TimedLine:
    """A line on which the agent sounds in the given stretches of call time, seconds."""

    name = "timeline"
    paced = False

    def __init__(self, *sounds: tuple[float, float], ends_s: float = 120.0) -> None:
        self._sounds = sounds
        self._ends = ends_s
        self._queue: deque[Samples] = deque()
        self._at = 0
        self.closed = False
        self.trouble = ""

    def open(self) -> None:
        pass

    def read(self) -> Frame | None:
        now = self._at / RATE
        if now >= self._ends:
            return None
        self._at += BLOCK
        loud = any(start <= now < end for start, end in self._sounds)
        mic = np.full(BLOCK, 0.3 if loud else 0.0, np.float32)
        played = self._queue.popleft() if self._queue else np.zeros(BLOCK, np.float32)
        return Frame(mic, played)

    def write(self, block: Samples) -> None:
        self._queue.append(block)

    def drop(self) -> int:
        count = self.queued()
        self._queue.clear()
        return count

    def queued(self) -> int:
        return BLOCK * len(self._queue)

    def status(self) -> str:
        return self.trouble

    def close(self) -> None:
        self.closed = True


class TurnsLine(TimedLine):
    """A scripted line: each cue makes sound for one turn of the given seconds."""

    def __init__(self, *turns_s: float) -> None:
        super().__init__(ends_s=600.0)
        self._turns = deque(turns_s)
        self._until = 0.0

    def cue(self) -> bool:
        if not self._turns:
            return False
        now = self._at / RATE
        self._until = now + self._turns.popleft()
        self._sounds = ((now, self._until),)
        return True

    def read(self) -> Frame | None:
        held = self._at / RATE < self._until
        frame = super().read()
        return frame and Frame(frame.mic, frame.played, held=held)


class Loudness:
    """A voice-activity meter for sound that is either there or not."""

    def speech(self, block: Samples) -> float:
        return 1.0 if float(np.abs(block).max()) > 0.1 else 0.0

    def reset(self) -> None:
        pass


class QueuedWords:
    """Speech-to-text that knows what will have been said. An exception in the queue is raised."""

    name = "queue"
    leaves_machine = False

    def __init__(self, words: Iterable[str | EngineFailed] = (), confidence: float = 0.9) -> None:
        self._words = deque(words)
        self._confidence = confidence
        self.lengths_s: list[float] = []
        self.ahead_s: list[float] = []

    async def warm(self) -> None:
        pass

    async def transcribe(self, audio: Samples) -> Heard:
        self.lengths_s.append(len(audio) / RATE)
        said = self._words.popleft() if self._words else "Yes."
        if isinstance(said, EngineFailed):
            raise said
        return Heard(said, self._confidence if said else 0.0)

    async def ahead(self, audio: Samples) -> None:
        self.ahead_s.append(len(audio) / RATE)

    async def align(self, audio: Samples, text: str) -> tuple[Word, ...]:
        return tuple(Word(word, 0.0, 0.1, 0.9) for word in text.split())

    async def close(self) -> None:
        pass


class Hum:
    """A voice that hums `WORD_S` a word. `fails` makes it break before its first sample."""

    leaves_machine = False

    def __init__(self, name: str = "hum", fails: bool = False) -> None:
        self.name = name
        self.fails = fails

    async def warm(self) -> None:
        pass

    async def speak(
        self, text: str, choice: VoiceChoice, style: VoiceStyle
    ) -> AsyncGenerator[Samples, None]:
        if self.fails:
            raise EngineFailed("the voice broke")
        yield np.full(round(WORD_S * RATE) * len(text.split()), 0.2, np.float32)

    async def close(self) -> None:
        pass


class Memory:
    """A sink that keeps everything."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.fields: dict[str, Any] = {}
        self.mic: list[Samples] = []
        self.played: list[Samples] = []
        self.broken = ""

    def frame(self, mic: Samples, played: Samples) -> None:
        self.mic.append(mic)
        self.played.append(played)

    def event(self, event: Event) -> None:
        self.events.append(event)

    def meta(self, **fields: Any) -> None:
        self.fields |= fields

    def fault(self) -> str:
        return self.broken

    def close(self) -> None:
        pass

    def all(self, kind: str) -> Sequence[Any]:
        """The events of one type."""
        return [event for event in self.events if event.type == kind]
