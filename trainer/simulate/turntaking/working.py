"""Whether any engine works right now, counted at the ports, and what the voice has spoken."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass

from trainer.domain.audio import Samples
from trainer.domain.persona import VoiceChoice
from trainer.domain.plan import VoiceStyle
from trainer.domain.transcript import Heard, Word
from trainer.ports.speech_to_text import SpeechToText
from trainer.ports.voice import Voice
from trainer.ports.wording import Prompt, Wording


class AtWork:
    """Counts what engines were asked and still owe; called, it says whether that is anything."""

    def __init__(self) -> None:
        self._count = 0

    def __call__(self) -> bool:
        """Whether an engine works."""
        return self._count > 0

    @contextmanager
    def one(self) -> Iterator[None]:
        """One piece of work."""
        self._count += 1
        try:
            yield
        finally:
            self._count -= 1


class CountedEars:
    """Speech-to-text whose work counts."""

    def __init__(self, stt: SpeechToText, at_work: AtWork) -> None:
        self.name, self.leaves_machine = stt.name, stt.leaves_machine
        self._stt, self._at_work = stt, at_work

    async def warm(self) -> None:
        """Load everything."""
        await self._stt.warm()

    async def transcribe(self, audio: Samples) -> Heard:
        """The words of one turn."""
        with self._at_work.one():
            return await self._stt.transcribe(audio)

    async def ahead(self, audio: Samples) -> None:
        """Look at a turn that still goes on."""
        with self._at_work.one():
            await self._stt.ahead(audio)

    async def align(self, audio: Samples, text: str) -> tuple[Word, ...]:
        """Word times."""
        with self._at_work.one():
            return await self._stt.align(audio, text)

    async def close(self) -> None:
        """End the engine."""
        await self._stt.close()


@dataclass(frozen=True)
class Piece:
    """Sound of a clause, and the call clock when the voice had made it."""

    at: int
    sound: Samples


class CountedVoice:
    """A voice whose work counts.

    `spoken` keeps each clause, each time it was voiced: what is heard if nothing comes between.
    `clock` is the call's.
    """

    def __init__(self, voice: Voice, at_work: AtWork, clock: Callable[[], int] = lambda: 0) -> None:
        self.name, self.leaves_machine = voice.name, voice.leaves_machine
        self.spoken: dict[str, list[list[Piece]]] = {}
        self._voice, self._at_work, self._clock = voice, at_work, clock

    async def warm(self) -> None:
        """Load everything."""
        await self._voice.warm()

    async def speak(
        self, text: str, choice: VoiceChoice, style: VoiceStyle
    ) -> AsyncGenerator[Samples, None]:
        """Sound of one clause."""
        pieces: list[Piece] = []
        self.spoken.setdefault(text, []).append(pieces)
        with self._at_work.one():
            async with aclosing(self._voice.speak(text, choice, style)) as sounds:
                async for sound in sounds:
                    pieces.append(Piece(self._clock(), sound))
                    yield sound

    async def close(self) -> None:
        """End the engine."""
        await self._voice.close()


class CountedModel:
    """A language model whose work counts."""

    def __init__(self, model: Wording, at_work: AtWork) -> None:
        self.name, self.leaves_machine, self.small = model.name, model.leaves_machine, model.small
        self._model, self._at_work = model, at_work

    async def warm(self) -> None:
        """Load everything."""
        await self._model.warm()

    async def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        """Text pieces as they come."""
        with self._at_work.one():
            async for piece in self._model.stream(prompt):
                yield piece

    async def close(self) -> None:
        """End the engine."""
        await self._model.close()
