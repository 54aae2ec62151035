"""Any model that litellm reaches, as a reader of transcripts: whole answers, with what they cost.

litellm is imported on first use (3–7 s), in a thread. Nothing is retried here.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from trainer.domain.errors import EngineFailed, EngineMissing
from trainer.llm.litellm import is_small
from trainer.ports.judge import Answer, Judge
from trainer.ports.wording import Message
from trainer.providers import faults, library
from trainer.providers.hosted import HostedModel, check_name

_TOKENS = 2_000
"""Of an answer; models that think before they answer need most of it for that."""


def create(model: str, api_base: str = "") -> Judge:
    """A judge by its litellm string.

    Args:
        model: e.g. "openai/gpt-4o", "ollama_chat/qwen2.5:14b".
        api_base: the server's address where it is not the provider's usual one.

    Raises:
        BadInput: the string does not say whose model it is.
    """
    check_name(model, "openai/gpt-4o or ollama_chat/qwen2.5:14b")
    return LiteLLMJudge(model, api_base)


def too_small(model: str) -> bool:
    """Whether a model is too small to mark anything: the bundled one, and others of its size."""
    return model == "local" or model.startswith("local/") or is_small(model)


class LiteLLMJudge:
    """Implements `trainer.ports.judge.Judge`.

    Args:
        model: litellm model string.
        api_base: address of its server; empty: the provider's own.
    """

    def __init__(self, model: str, api_base: str = "") -> None:
        self._hosted = HostedModel(model, api_base)
        self.name = self._hosted.name
        self.leaves_machine = self._hosted.leaves_machine

    async def ready(self) -> None:
        """See the port."""
        await self._hosted.request()

    async def ask(
        self, messages: Sequence[Message], *, temperature: float, within_s: float
    ) -> Answer:
        """See the port."""
        litellm = await asyncio.to_thread(library.load)
        try:
            async with asyncio.timeout(within_s):
                response = await litellm.acompletion(
                    messages=[dict(message) for message in messages],
                    max_tokens=_TOKENS,
                    temperature=temperature,
                    timeout=within_s,
                    **await self._hosted.request(),
                )
            text = response.choices[0].message.content
        except (EngineFailed, EngineMissing):
            raise
        except Exception as fault:
            raise EngineFailed(*faults.in_words(fault, self.name)) from None
        if not text:
            raise EngineFailed(f"{self.name} sent an empty answer.")
        return Answer(str(text), self._cost(litellm, response))

    def _cost(self, litellm: Any, response: Any) -> float | None:
        """By litellm's list of prices; what is on this machine and not in it costs nothing."""
        with suppress(Exception):  # whatever a list of prices does, the answer is there
            sent, came = litellm.cost_per_token(
                model=self._hosted.model,
                prompt_tokens=response.usage.prompt_tokens,
                completion_tokens=response.usage.completion_tokens,
            )
            return float(sent) + float(came)
        return None if self.leaves_machine else 0.0
