"""A transcription model reached through litellm. The agent's voice leaves the machine for it."""

import asyncio
import io
import math
from typing import Any

from trainer.domain.audio import RATE, Samples
from trainer.domain.errors import EngineFailed
from trainer.domain.transcript import Heard, Word
from trainer.providers import faults, library
from trainer.providers.hosted import HostedModel, check_name
from trainer.stt import gate

_PATIENCE_S = 15.0
"""Seconds to wait beyond the length of the turn itself."""

_OWN: faults.Said = {
    413: ("does not take so long a turn", "Speak in shorter turns, or use --stt base."),
}


def create(model: str, api_base: str = "") -> "CloudTranscription":
    """Speech-to-text by a litellm transcription model.

    Args:
        model: litellm model string, e.g. "openai/whisper-1".
        api_base: the server's address where it is not the provider's usual one.

    Raises:
        BadInput: the string does not say whose model it is.
    """
    check_name(model, "openai/whisper-1")
    return CloudTranscription(model, api_base)


class CloudTranscription:
    """The speech-to-text port over a provider. Holds nothing between turns."""

    def __init__(self, model: str, api_base: str) -> None:
        self._hosted = HostedModel(model, api_base)
        self.name = self._hosted.name
        self.leaves_machine = self._hosted.leaves_machine

    async def warm(self) -> None:
        """Load litellm and find the key.

        Raises:
            EngineMissing: there is no key for this model.
        """
        await self._hosted.request()

    async def transcribe(self, audio: Samples) -> Heard:
        """The words of one turn; see the port. Confidence is 1 where the provider gives none."""
        if not audio.any():
            return Heard("", 0.0, rejected=gate.NO_SPEECH)
        litellm = await asyncio.to_thread(library.load)
        given = await self._hosted.request()
        patience_s = _PATIENCE_S + len(audio) / RATE
        try:
            async with asyncio.timeout(patience_s):
                answer = await litellm.atranscription(
                    file=("turn.wav", await asyncio.to_thread(_wav, audio), "audio/wav"),
                    language="en",
                    temperature=0,
                    response_format="verbose_json" if "whisper" in self.name else "json",
                    timeout=patience_s,
                    **given,
                )
            return _heard(answer)
        except Exception as fault:
            raise EngineFailed(*faults.in_words(fault, self.name, _OWN)) from None

    async def ahead(self, audio: Samples) -> None:
        """Nothing: it would be paid for twice."""

    async def align(self, audio: Samples, text: str) -> tuple[Word, ...]:
        """Always empty: providers do not align given words."""
        return ()

    async def close(self) -> None:
        """Nothing is held."""


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
