"""A voice that speaks clauses."""

from collections.abc import AsyncGenerator
from typing import Protocol

from trainer.domain.audio import Samples
from trainer.domain.persona import VoiceChoice
from trainer.domain.plan import VoiceStyle


class Voice(Protocol):
    name: str
    """Engine and voice, e.g. "piper en_US-joe-medium"."""

    leaves_machine: bool

    async def warm(self) -> None:
        """Load everything. Raises EngineMissing."""

    def speak(
        self, text: str, choice: VoiceChoice, style: VoiceStyle
    ) -> AsyncGenerator[Samples, None]:
        """Sound of one clause in pieces of any length, 16 kHz mono, level capped by the loudness
        ceiling.

        The pause of `style` follows the clause. Closing the iterator cancels the rest.

        Raises:
            EngineFailed: the engine died or could not speak this; it is restarted for the next
                clause.
        """

    async def close(self) -> None: ...
