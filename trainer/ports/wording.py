"""A language model that words what the plan says."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Literal, Protocol, TypedDict


class Message(TypedDict):
    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True)
class Prompt:
    """What the model gets: chat messages, or a screenplay to continue (small models stay in role
    that way).

    `within_s`: seconds the whole answer may take, where nobody is on the phone; None: as in a call.
    """

    messages: tuple[Message, ...]
    stop: tuple[str, ...] = ()
    max_tokens: int = 80
    temperature: float = 0.7
    within_s: float | None = None


class Wording(Protocol):
    name: str
    """The litellm model string, or "local/<file>"."""

    leaves_machine: bool
    """True when words go to another machine; the screen says so."""

    small: bool
    """True for small models: they get the screenplay form of the prompt."""

    async def warm(self) -> None:
        """Load and touch the model once. Raises EngineMissing (no key, no weights, no server)."""

    def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        """Text pieces as they come. Closing the iterator cancels the request.

        Raises:
            EngineFailed: any fault of the provider, in plain words.
        """

    async def close(self) -> None: ...
