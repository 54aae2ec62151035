"""Speech to text."""

from typing import Protocol

from trainer.domain.audio import Samples
from trainer.domain.transcript import Heard, Word


class SpeechToText(Protocol):
    name: str
    """Engine and model, e.g. "whisper base"."""

    leaves_machine: bool
    """True when the agent's voice goes to another machine; the screen says so."""

    async def warm(self) -> None:
        """Load everything, so that the first turn is as fast as the others.

        Raises EngineMissing.
        """

    async def transcribe(self, audio: Samples) -> Heard:
        """The words of one turn, shape (n,) at 16 kHz. Cancelling the task drops the result.

        Raises:
            EngineFailed: the engine died or answered nonsense; it is restarted for the next turn.
        """

    async def ahead(self, audio: Samples) -> None:
        """Look at a turn that still goes on, so that `transcribe` of the whole of it is sooner
        done. Changes no result, and does nothing where it would save nothing. Cancelling the task
        ends the work.

        Raises:
            EngineFailed: as above.
        """

    async def align(self, audio: Samples, text: str) -> tuple[Word, ...]:
        """Word times and confidences of words already recognised in `audio`; empty when the engine
        cannot.
        """

    async def close(self) -> None: ...
