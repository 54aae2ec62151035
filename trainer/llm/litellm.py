"""Any model that litellm reaches, as the customer's wording model.

litellm is imported on first use (3–7 s): `warm` does it in a thread. Nothing is retried within a
live turn, and every fault becomes an `EngineFailed` in plain words.
"""

import asyncio
import contextlib
import importlib
import logging
import os
import re
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

from trainer.domain.errors import EngineFailed, EngineMissing
from trainer.llm import ollama
from trainer.ports.wording import Message, Prompt, Wording

FIRST_S = 4.0
"""Seconds until the first words must come; the customer's opening is long over by then."""

TOTAL_S = 15.0
"""Seconds for the rest of a line."""

_WARM_S = 8.0
"""Seconds for the first, smallest request, which may have to load a model."""

_SERVICE = "voice-trainer"
"""The keyring's service name; the user name is the model string, or the key's variable."""

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_NO_KEY = "none"
"""Sent where no key is needed, so that none from the environment goes there by accident."""


def create(model: str, api_base: str = "") -> Wording:
    """A wording model by its litellm string.

    Args:
        model: e.g. "openai/gpt-4o-mini", "ollama_chat/llama3.2:3b".
        api_base: the server's address where it is not the provider's usual one.

    Raises:
        EngineMissing: the string names no provider that litellm knows of by its form.
    """
    if "/" not in model.strip("/"):
        raise EngineMissing(
            f"“{model}” does not say whose model it is.",
            "Write it as provider/model, e.g. openai/gpt-4o-mini or ollama_chat/llama3.2:3b.",
        )
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
        self.name = name or model
        self.leaves_machine = not _stays(model, api_base)
        self.small = _is_small(model) if small is None else small
        self._model = model
        self._api_base = api_base
        self._key = key
        self._first_s = first_s
        self._checked = False
        if not self.leaves_machine:
            _no_proxy()

    async def warm(self) -> None:
        """Import litellm, look for the key, and send the smallest possible request.

        Raises:
            EngineMissing: no key, a key that is refused, no such model, or no server there.
        """
        litellm = await asyncio.to_thread(_wake)
        await self._find_key(litellm)
        prompt = Prompt(messages=(Message(role="user", content="Hello"),), max_tokens=1)
        try:
            async with asyncio.timeout(_WARM_S):
                await (await self._request(litellm, prompt)).aclose()
        except (TimeoutError, litellm.Timeout):
            return  # slow to load: the turn's own deadline decides
        except Exception as fault:
            if _status(fault) in (429, *range(500, 600)) and not _unreachable(litellm, fault):
                return  # busy now, may be well in a minute
            raise EngineMissing(*_in_words(litellm, fault, self.name)) from None

    async def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        """Text pieces as they come; see the port."""
        litellm = await asyncio.to_thread(library)
        response: Any = None
        try:
            async with asyncio.timeout(self._first_s + TOTAL_S):
                async with asyncio.timeout(self._first_s):
                    await self._find_key(litellm)
                    response = await self._request(litellm, prompt)
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
        except TimeoutError:
            raise EngineFailed(f"{self.name} did not answer in time.") from None
        except Exception as fault:
            raise EngineFailed(*_in_words(litellm, fault, self.name)) from None
        finally:
            if response is not None:
                await response.aclose()

    async def close(self) -> None:
        """Nothing is held between requests."""

    async def _request(self, litellm: Any, prompt: Prompt) -> Any:
        given: dict[str, Any] = {"stop": list(prompt.stop)} if prompt.stop else {}
        if self._api_base:
            given["api_base"] = self._api_base
        if self._key:
            given["api_key"] = self._key
        return await litellm.acompletion(
            model=self._model,
            messages=[dict(message) for message in prompt.messages],
            max_tokens=prompt.max_tokens,
            temperature=prompt.temperature,
            stream=True,
            timeout=self._first_s + TOTAL_S,
            max_retries=0,
            num_retries=0,
            drop_params=True,
            **given,
        )

    async def _find_key(self, litellm: Any) -> None:
        """Settle which key this model gets, once. The key of one model is never sent for another.

        The environment's key goes to the provider itself, or to an https address that settings
        name; never to a server on this machine or over plain http.
        """
        if self._key or self._checked:
            return
        named = not self._api_base or self._api_base.startswith("https://")
        known = litellm.validate_environment(self._model)
        wanted = [name for name in known["missing_keys"] if not name.endswith("_API_BASE")]
        if self.leaves_machine and named and (known["keys_in_environment"] or not wanted):
            self._checked = True
            return
        self._key = await asyncio.to_thread(_keyring, self._model, *(wanted if named else ()))
        if self._key:
            return
        if self.leaves_machine and not self._api_base:
            raise EngineMissing(
                f"{self.name} needs a key, and none was found.",
                f"Set {' or '.join(wanted)} in the environment, or type: "
                f"keyring set {_SERVICE} {wanted[0]}",
            )
        self._key = _NO_KEY


def library() -> Any:
    """litellm, imported without going to the network and told to keep quiet."""
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    litellm: Any = importlib.import_module("litellm")
    litellm.suppress_debug_info = True
    litellm.turn_off_message_logging = True
    for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return litellm


def _wake() -> Any:
    """litellm with most of what it imports late imported too, by an answer it makes up itself."""
    litellm = library()
    hello = [{"role": "user", "content": "Hello"}]
    for _ in litellm.completion(
        "openai/x", hello, mock_response="Hi", api_key=_NO_KEY, stream=True
    ):
        pass
    return litellm


async def _next(response: Any) -> str | None:
    """The next words, or None at the end of a complete answer."""
    async for part in response:
        if part.choices and part.choices[0].delta.content:
            return str(part.choices[0].delta.content)
    return None


def _keyring(*names: str) -> str:
    """The first of these entries in the system's keyring; empty where there is none."""
    import keyring
    from keyring.errors import KeyringError

    for name in names:
        with contextlib.suppress(KeyringError):
            if found := keyring.get_password(_SERVICE, name):
                return str(found)
    return ""


def _stays(model: str, api_base: str) -> bool:
    """Whether words stay on this machine."""
    if ollama.is_cloud(model):
        return False
    if not api_base and model.startswith(("ollama/", "ollama_chat/")):
        api_base = os.environ.get("OLLAMA_API_BASE") or "http://localhost:11434"
    return bool(api_base) and urlsplit(api_base).hostname in _LOOPBACK


def _no_proxy() -> None:
    """Requests to this machine take no proxy, which would carry the words away."""
    for variable in ("NO_PROXY", "no_proxy"):
        given = [name for name in os.environ.get(variable, "").split(",") if name]
        os.environ[variable] = ",".join([*given, *sorted(_LOOPBACK.difference(given))])


def _is_small(model: str) -> bool:
    """Under two and a half thousand million parameters, told from names like "qwen2.5:1.5b"."""
    size = re.search(r"(?<![\d.])(\d+(?:\.\d+)?)b\b", model.casefold())
    return size is not None and float(size[1]) < 2.5


def _status(fault: Exception) -> int:
    return int(getattr(fault, "status_code", 0) or 0)


def _unreachable(litellm: Any, fault: Exception) -> bool:
    return isinstance(fault, litellm.APIConnectionError) or "onnection error" in str(fault)


def _in_words(litellm: Any, fault: Exception, name: str) -> tuple[str, str]:
    """A provider's fault as (what happened, what to do)."""
    if isinstance(fault, litellm.Timeout):
        return f"{name} did not answer in time.", ""
    if type(fault).__name__ == "MidStreamFallbackError":
        return f"{name} broke off in the middle.", ""
    status = _status(fault)
    said = {
        400: ("did not accept the request", "Check the model's name."),
        401: ("refused the key", "Check the key of this model."),
        403: ("does not let this key use the model", "Check the key of this model."),
        404: ("does not exist there", "Check the model's name and the server's address."),
        429: ("is too busy, or the account's limit is reached", "Try again later."),
    }
    if status in said:
        return f"{name} {said[status][0]} ({status}).", said[status][1]
    if _unreachable(litellm, fault):
        return f"{name} cannot be reached.", "Check the network, or that its server is running."
    if status >= 500:
        return f"{name} had a fault of its own ({status}).", "Try again later."
    return f"{name} answered something that cannot be used.", ""
