"""A language model that reads a transcript and answers once, whole. Nobody is on the phone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from trainer.ports.wording import Message


@dataclass(frozen=True)
class Answer:
    """What came back.

    `cost_usd`: what the request cost, US dollars; None where no price is known.
    """

    text: str
    cost_usd: float | None


class Judge(Protocol):
    name: str
    """The litellm model string."""

    leaves_machine: bool
    """True when words go to another machine."""

    async def ready(self) -> None:
        """Whether it can be asked at all; nothing is sent. Raises EngineMissing: no key."""

    async def ask(
        self, messages: Sequence[Message], *, temperature: float, within_s: float
    ) -> Answer:
        """The whole answer, within seconds. Cancelling ends the request.

        Raises:
            EngineMissing: no key.
            EngineFailed: any fault of the provider, in plain words; also when it is late.
        """
