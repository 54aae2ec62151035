"""A speech model reached through litellm. The mood goes along as instructions in words."""

import asyncio
import contextlib
import importlib
import io
import logging
import os
from collections.abc import AsyncGenerator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from trainer.content import prompts
from trainer.domain.audio import RATE, Samples
from trainer.domain.errors import BadInput, EngineFailed, EngineMissing
from trainer.domain.persona import VoiceChoice
from trainer.domain.plan import VoiceStyle
from trainer.tts.level import finish
from trainer.tts.text import speakable

_REGISTERS = {"low": "onyx", "middle": "alloy", "high": "nova"}
"""Voice names every OpenAI-like server knows."""

_PATIENCE_S = 15.0
_HERE = {"localhost", "127.0.0.1", "::1"}
_SERVICE = "voice-trainer"  # of the keyring
_NO_KEY = "none"  # sent where no key is needed, so that none goes there by accident
_UNKNOWN = "?"

_FAULTS = {
    "AuthenticationError": "refused the key",
    "PermissionDeniedError": "refused the key",
    "RateLimitError": "has too many requests",
    "NotFoundError": "does not know this model",
    "BadRequestError": "refused the request",
    "Timeout": "did not answer in time",
    "TimeoutError": "did not answer in time",
    "APIConnectionError": "could not be reached",
    "InternalServerError": "failed",
    "ServiceUnavailableError": "is not available",
}


def create(model: str = "", api_base: str = "", roots: Sequence[Path] = ()) -> "CloudVoice":
    """The voice, not yet tried.

    Args:
        model: litellm model string, e.g. "openai/gpt-4o-mini-tts".
        api_base: address of the server, if it is not the provider's own.
        roots: folders whose prompts/ shadow the shipped ones.

    Raises:
        BadInput: no model named.
    """
    if not model:
        raise BadInput(
            "A cloud voice needs to know which speech model to use.",
            "Name it: trainer config set voice_model openai/gpt-4o-mini-tts",
        )
    return CloudVoice(model, api_base, tuple(roots))


class CloudVoice:
    """The voice port over a speech model. Holds nothing between clauses."""

    def __init__(self, model: str, api_base: str, roots: Sequence[Path]) -> None:
        self.name = f"cloud {model}"
        self.leaves_machine = urlsplit(api_base).hostname not in _HERE
        self._model = model
        self._api_base = api_base
        self._roots = roots
        self._key: str | None = _UNKNOWN

    async def warm(self) -> None:
        """Load litellm and look for the key.

        Raises:
            EngineMissing: there is no key for this model.
            EngineFailed: the prompt file with the instructions cannot be used.
        """
        await self._find_key(await asyncio.to_thread(_litellm))
        self._instructions(VoiceStyle())

    async def speak(
        self, text: str, choice: VoiceChoice, style: VoiceStyle
    ) -> AsyncGenerator[Samples, None]:
        """Sound of one clause, in one piece; see `trainer.ports.voice`."""
        text = speakable(text)
        if not text:
            return
        litellm = await asyncio.to_thread(_litellm)
        key = await self._find_key(litellm)
        instructions = self._instructions(style)
        try:
            async with asyncio.timeout(_PATIENCE_S):
                answer = await litellm.aspeech(
                    model=self._model,
                    api_base=self._api_base or None,
                    api_key=key,
                    input=text,
                    voice=choice.cloud or _REGISTERS[choice.register_],
                    instructions=instructions,
                    speed=round(min(max(choice.rate * style.rate, 0.25), 4.0), 3),
                    response_format="wav",
                    max_retries=0,
                    timeout=_PATIENCE_S,
                )
        except Exception as error:  # litellm wraps some provider faults and lets others through
            kind = type(error).__name__
            told = _FAULTS.get(kind, f"failed ({kind})")
            raise EngineFailed(f"The speech model {self._model} {told}.") from None
        yield await asyncio.to_thread(self._finish, answer.content, style)

    def _instructions(self, style: VoiceStyle) -> str:
        try:
            return prompts.render("voice_instructions.md", self._roots, **asdict(style))
        except BadInput as error:
            raise EngineFailed(error.message, error.hint) from None

    def _finish(self, answer: bytes, style: VoiceStyle) -> Samples:
        sound = _decode(answer)
        if sound is None or not sound.any():
            raise EngineFailed(f"The speech model {self._model} answered without sound.")
        return finish(sound, style)

    async def _find_key(self, litellm: Any) -> str | None:
        """The key this model gets; None: litellm takes the provider's own from the environment.

        A key from the environment goes to its provider, or to an https address that settings name;
        never to a server on this machine or over plain http. A key is used for no other model.
        """
        if self._key is not _UNKNOWN:
            return self._key
        safe = not self._api_base or self._api_base.startswith("https://")
        missing = litellm.validate_environment(self._model)["missing_keys"]
        wanted = [name for name in missing if not name.endswith("_API_BASE")]
        if safe and not wanted:
            self._key = None
            return None
        key = await asyncio.to_thread(_keyring, self._model, *(wanted if safe else ()))
        if not key and not self._api_base:
            raise EngineMissing(
                f"The speech model {self._model} needs a key, and none was found.",
                f"Set {' or '.join(wanted)} in the environment, or type: "
                f"keyring set {_SERVICE} {wanted[0]}",
            )
        self._key = key or _NO_KEY
        return self._key

    async def close(self) -> None:
        """Nothing is held."""


def _litellm() -> Any:
    """litellm, quiet and without its look at the network; takes seconds the first time."""
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    litellm: Any = importlib.import_module("litellm")
    litellm.suppress_debug_info = True
    litellm.turn_off_message_logging = True
    for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return litellm


def _keyring(*names: str) -> str:
    """The first of these entries in the system's keyring; empty where there is none."""
    import keyring
    from keyring.errors import KeyringError

    for name in names:
        with contextlib.suppress(KeyringError):
            if found := keyring.get_password(_SERVICE, name):
                return str(found)
    return ""


def _decode(answer: bytes) -> Samples | None:
    """Any audio file's bytes as 16 kHz mono; None when they are not audio.

    A streamed WAV announces a length nobody knew; libsndfile reads what is there.
    """
    import soundfile
    import soxr

    try:
        sound, rate = soundfile.read(io.BytesIO(answer), dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, RuntimeError, TypeError):
        return None
    mono: Samples = soxr.resample(sound.mean(axis=1), rate, RATE).astype("float32")
    return mono
