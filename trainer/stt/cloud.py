"""A transcription model reached through litellm. The agent's voice leaves the machine for it."""

import asyncio
import contextlib
import importlib
import io
import logging
import math
import os
from typing import Any
from urllib.parse import urlsplit

from trainer.domain.audio import RATE, Samples
from trainer.domain.errors import BadInput, EngineFailed, EngineMissing
from trainer.domain.transcript import Heard, Word
from trainer.stt import gate

_PATIENCE_S = 15.0
"""Seconds to wait beyond the length of the turn itself."""

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_SERVICE = "voice-trainer"  # of the keyring
_NO_KEY = "none"  # sent where no key is needed, so that none goes there by accident

_FAULTS = {
    400: ("did not accept the request", "Check the model's name."),
    401: ("refused the key", "Check the key of this model."),
    403: ("does not let this key use the model", "Check the key of this model."),
    404: ("does not exist there", "Check the model's name and the server's address."),
    413: ("does not take so long a turn", "Speak in shorter turns, or use --stt base."),
    429: ("is too busy, or the account's limit is reached", "Try again later."),
}


def create(model: str, api_base: str = "") -> "CloudTranscription":
    """Speech-to-text by a litellm transcription model.

    Args:
        model: litellm model string, e.g. "openai/whisper-1".
        api_base: the server's address where it is not the provider's usual one.

    Raises:
        BadInput: the string does not say whose model it is.
    """
    if "/" not in model.strip("/"):
        raise BadInput(
            f"“{model}” does not say whose model it is.",
            "Write it as provider/model, e.g. openai/whisper-1.",
        )
    return CloudTranscription(model, api_base)


class CloudTranscription:
    """The speech-to-text port over a provider. Holds nothing between turns."""

    def __init__(self, model: str, api_base: str) -> None:
        self.name = model
        self.leaves_machine = urlsplit(api_base).hostname not in _LOOPBACK
        self._model = model
        self._api_base = api_base
        self._key: str | None = None  # None: litellm takes the provider's own from the environment
        self._key_known = False

    async def warm(self) -> None:
        """Load litellm and find the key.

        Raises:
            EngineMissing: there is no key for this model.
        """
        await self._find_key(await asyncio.to_thread(_litellm))

    async def transcribe(self, audio: Samples) -> Heard:
        """The words of one turn; see the port. Confidence is 1 where the provider gives none."""
        if not audio.any():
            return Heard("", 0.0, rejected=gate.NO_SPEECH)
        litellm = await asyncio.to_thread(_litellm)
        await self._find_key(litellm)
        patience_s = _PATIENCE_S + len(audio) / RATE
        given = {
            name: value
            for name, value in (("api_base", self._api_base), ("api_key", self._key))
            if value
        }
        try:
            async with asyncio.timeout(patience_s):
                answer = await litellm.atranscription(
                    model=self._model,
                    file=("turn.wav", await asyncio.to_thread(_wav, audio), "audio/wav"),
                    language="en",
                    temperature=0,
                    response_format="verbose_json" if "whisper" in self._model else "json",
                    timeout=patience_s,
                    max_retries=0,
                    num_retries=0,
                    drop_params=True,
                    **given,
                )
            return _heard(answer)
        except Exception as fault:  # litellm wraps some provider faults and lets others through
            raise EngineFailed(*self._in_words(litellm, fault)) from None

    async def align(self, audio: Samples, text: str) -> tuple[Word, ...]:
        """Always empty: providers do not align given words."""
        return ()

    async def close(self) -> None:
        """Nothing is held."""

    async def _find_key(self, litellm: Any) -> None:
        """Settle which key this model gets, once; a key is used for no other model.

        A key from the environment goes to its provider, or to an https address that settings name;
        never to a server on this machine or over plain http.
        """
        if self._key_known:
            return
        safe = not self._api_base or self._api_base.startswith("https://")
        missing = litellm.validate_environment(self._model)["missing_keys"]
        wanted = [name for name in missing if not name.endswith("_API_BASE")]
        if not (safe and not wanted):
            names = [self._model, *(wanted if safe else ())]
            self._key = await asyncio.to_thread(_keyring, names) or _NO_KEY
            if self._key == _NO_KEY and not self._api_base:
                raise EngineMissing(
                    f"{self._model} needs a key, and none was found.",
                    f"Set {' or '.join(wanted)} in the environment, or type: "
                    f"keyring set {_SERVICE} {wanted[0]}",
                )
        self._key_known = True

    def _in_words(self, litellm: Any, fault: Exception) -> tuple[str, str]:
        """A provider's fault as (what happened, what to do)."""
        status = int(getattr(fault, "status_code", 0) or 0)
        if isinstance(fault, TimeoutError | litellm.Timeout):
            return f"{self.name} did not answer in time.", ""
        if isinstance(fault, litellm.APIConnectionError) or "onnection error" in str(fault):
            mend = "Check the network, or that its server is running."
            return f"{self.name} cannot be reached.", mend
        if status in _FAULTS:
            return f"{self.name} {_FAULTS[status][0]} ({status}).", _FAULTS[status][1]
        if status >= 500:
            return f"{self.name} had a fault of its own ({status}).", "Try again later."
        return f"{self.name} answered something that cannot be used.", ""


def _litellm() -> Any:
    """litellm, imported without going to the network and told to keep quiet."""
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    litellm: Any = importlib.import_module("litellm")
    litellm.suppress_debug_info = True
    litellm.turn_off_message_logging = True
    for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return litellm


def _keyring(names: list[str]) -> str:
    """The first of these entries in the system's keyring; empty where there is none."""
    import keyring
    from keyring.errors import KeyringError

    for name in names:
        with contextlib.suppress(KeyringError):
            if found := keyring.get_password(_SERVICE, name):
                return str(found)
    return ""


def _wav(audio: Samples) -> bytes:
    import soundfile

    file = io.BytesIO()
    soundfile.write(file, audio, RATE, format="WAV", subtype="PCM_16")
    return file.getvalue()


def _heard(answer: Any) -> Heard:
    """The words, gated as Whisper's own are where the provider tells how sure it was.

    Raises:
        TypeError: the answer holds no text.
    """
    text = answer.text
    if not isinstance(text, str):
        raise TypeError("no text")
    text = text.strip()
    if not text:
        return Heard("", 0.0, rejected=gate.NO_SPEECH)
    parts = [dict(part) for part in getattr(answer, "segments", None) or ()]
    if not parts or not all({"avg_logprob", "no_speech_prob"} <= part.keys() for part in parts):
        return Heard(text, 1.0)
    logprob = sum(part["avg_logprob"] for part in parts) / len(parts)
    guess = gate.Guess(
        text,
        no_speech=min(part["no_speech_prob"] for part in parts),
        logprob=logprob,
        compression=max(part.get("compression_ratio", 0.0) for part in parts),
        ended=True,
    )
    if why := gate.reason(guess):
        return Heard("", 0.0, rejected=why)
    return Heard(text, min(1.0, math.exp(logprob)))
