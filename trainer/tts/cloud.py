"""A speech model reached through litellm. The mood goes along as instructions in words."""

import asyncio
import io
from collections.abc import AsyncGenerator, Sequence
from dataclasses import asdict
from pathlib import Path

from trainer.content import prompts
from trainer.domain.audio import RATE, Samples
from trainer.domain.errors import BadInput, EngineFailed
from trainer.domain.persona import VoiceChoice
from trainer.domain.plan import VoiceStyle
from trainer.providers import faults, library
from trainer.providers.hosted import HostedModel
from trainer.tts.level import finish
from trainer.tts.text import speakable

_REGISTERS = {"low": "onyx", "middle": "alloy", "high": "nova"}
"""Voice names every OpenAI-like server knows."""

_PATIENCE_S = 15.0


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
        self._hosted = HostedModel(model, api_base, name=f"The speech model {model}")
        self.leaves_machine = self._hosted.leaves_machine
        self._roots = roots

    async def warm(self) -> None:
        """Load litellm and look for the key.

        Raises:
            EngineMissing: there is no key for this model.
            EngineFailed: the prompt file with the instructions cannot be used.
        """
        await self._hosted.request()
        self._instructions(VoiceStyle())

    async def speak(
        self, text: str, choice: VoiceChoice, style: VoiceStyle
    ) -> AsyncGenerator[Samples, None]:
        """Sound of one clause, in one piece; see `trainer.ports.voice`."""
        text = speakable(text)
        if not text:
            return
        litellm = await asyncio.to_thread(library.load)
        given = await self._hosted.request()
        instructions = self._instructions(style)
        try:
            async with asyncio.timeout(_PATIENCE_S):
                answer = await litellm.aspeech(
                    input=text,
                    voice=choice.cloud or _REGISTERS[choice.register_],
                    instructions=instructions,
                    speed=round(min(max(choice.rate * style.rate, 0.25), 4.0), 3),
                    response_format="wav",
                    timeout=_PATIENCE_S,
                    **given,
                )
        except Exception as fault:
            raise EngineFailed(*faults.in_words(fault, self._hosted.name)) from None
        yield await asyncio.to_thread(self._finish, answer.content, style)

    def _instructions(self, style: VoiceStyle) -> str:
        try:
            return prompts.render("voice_instructions.md", self._roots, **asdict(style))
        except BadInput as error:
            raise EngineFailed(error.message, error.hint) from None

    def _finish(self, answer: bytes, style: VoiceStyle) -> Samples:
        sound = _decode(answer)
        if sound is None or not sound.any():
            raise EngineFailed(f"{self._hosted.name} answered without sound.")
        return finish(sound, style)

    async def close(self) -> None:
        """Nothing is held."""


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
