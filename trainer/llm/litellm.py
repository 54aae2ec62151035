"""Any model that litellm reaches, as the customer's wording model.

litellm is imported on first use (3–7 s): `warm` does it in a thread. Nothing is retried within a
live turn, and every fault becomes an `EngineFailed` in plain words.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

from trainer.domain.errors import EngineFailed, EngineMissing
from trainer.ports.wording import Message, Prompt, Wording
from trainer.providers import faults, library
from trainer.providers.hosted import HostedModel, check_name
from trainer.providers.keys import NO_KEY

FIRST_S = 4.0
"""Seconds until the first words must come; the customer's opening is long over by then."""

TOTAL_S = 15.0
"""Seconds for the rest of a line."""

_WARM_S = 8.0
"""Seconds for the first, smallest request, which may have to load a model."""


def create(model: str, api_base: str = "") -> Wording:
    """A wording model by its litellm string.

    Args:
        model: e.g. "openai/gpt-4o-mini", "ollama_chat/llama3.2:3b".
        api_base: the server's address where it is not the provider's usual one.

    Raises:
        BadInput: the string does not say whose model it is.
    """
    check_name(model, "openai/gpt-4o-mini or ollama_chat/llama3.2:3b")
    return LiteLLM(model, api_base)


class LiteLLM:
    """Implements `trainer.ports.wording.Wording`.

    Args:
        model: litellm model string.
        api_base: address of its server; empty: the provider's own.
        name: what people are shown, if not the model string.
        key: sent instead of any key from environment or keyring.
        small: gets the screenplay form of the prompt; None: told from the model's name.
        first_s: seconds until the first words must come.
    """

    def __init__(
        self,
        model: str,
        api_base: str = "",
        *,
        name: str = "",
        key: str = "",
        small: bool | None = None,
        first_s: float = FIRST_S,
    ) -> None:
        self._hosted = HostedModel(model, api_base, name=name, key=key)
        self.name = self._hosted.name
        self.leaves_machine = self._hosted.leaves_machine
        self.small = is_small(model) if small is None else small
        self._first_s = first_s

    async def warm(self) -> None:
        """Import litellm, look for the key, and send the smallest possible request.

        Raises:
            EngineMissing: no key, a key that is refused, no such model, or no server there.
        """
        await asyncio.to_thread(_wake)
        await self._hosted.request()  # a missing key is told as such, not as a refusal
        prompt = Prompt(messages=(Message(role="user", content="Hello"),), max_tokens=1)
        try:
            async with asyncio.timeout(_WARM_S):
                await (await self._request(prompt)).aclose()
        except Exception as fault:
            if not faults.may_pass(fault):  # else the turn's own deadline decides
                raise EngineMissing(*faults.in_words(fault, self.name)) from None

    async def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        """Text pieces as they come; see the port."""
        await asyncio.to_thread(library.load)  # the first time, longer than words may take
        response: Any = None
        try:
            async with asyncio.timeout(self._whole_s(prompt)):
                async with asyncio.timeout(prompt.within_s or self._first_s):
                    response = await self._request(prompt)
                    piece = await _next(response)
                if piece is None:
                    raise EngineFailed(f"{self.name} sent an empty answer.")
                while piece is not None:
                    yield piece
                    piece = await _next(response)
                if getattr(response, "received_finish_reason", "stop") is None:
                    raise EngineFailed(f"{self.name} broke off in the middle.")
        except (EngineFailed, EngineMissing):
            raise
        except Exception as fault:
            raise EngineFailed(*faults.in_words(fault, self.name)) from None
        finally:
            if response is not None:
                await response.aclose()

    async def close(self) -> None:
        """Nothing is held between requests."""

    def _whole_s(self, prompt: Prompt) -> float:
        return prompt.within_s or self._first_s + TOTAL_S

    async def _request(self, prompt: Prompt) -> Any:
        given = await self._hosted.request()
        if prompt.stop:
            given["stop"] = list(prompt.stop)
        return await library.load().acompletion(
            messages=[dict(message) for message in prompt.messages],
            max_tokens=prompt.max_tokens,
            temperature=prompt.temperature,
            stream=True,
            timeout=self._whole_s(prompt),
            **given,
        )


def _wake() -> None:
    """Import most of what litellm imports late too, by an answer that it makes up itself."""
    litellm = library.load()
    hello = [{"role": "user", "content": "Hello"}]
    for _ in litellm.completion("openai/x", hello, mock_response="Hi", api_key=NO_KEY, stream=True):
        pass


async def _next(response: Any) -> str | None:
    """The next words, or None at the end of a complete answer."""
    async for part in response:
        if part.choices and part.choices[0].delta.content:
            return str(part.choices[0].delta.content)
    return None


def is_small(model: str) -> bool:
    """Under two and a half thousand million parameters, told from names like "qwen2.5:1.5b"."""
    size = re.search(r"(?<![\d.])(\d+(?:\.\d+)?)b\b", model.casefold())
    return size is not None and float(size[1]) < 2.5
