"""Engines by name. Listing names imports nothing heavy; an engine's module is imported when it is
made.

Names come from the entry points `trainer.stt`, `trainer.tts`, `trainer.llm` and `trainer.embed`, so
that an engine
is added by adding one file (or one installed package).
"""

from contextlib import suppress
from importlib.metadata import entry_points
from typing import Any, Literal

from trainer.domain.errors import BadInput, EngineMissing
from trainer.ports.judge import Judge
from trainer.ports.speech_to_text import SpeechToText
from trainer.ports.voice import Voice
from trainer.ports.wording import Wording
from trainer.settings import Settings

Port = Literal["stt", "tts", "llm", "embed"]


def names(port: Port) -> list[str]:
    """The names of the engines that can be made for `port`."""
    return sorted(point.name for point in entry_points(group=f"trainer.{port}"))


def make(port: Port, name: str, **options: Any) -> Any:
    """Make one engine; `options` go to the adapter's `create`.

    Raises:
        BadInput: no engine of that name is installed.
        EngineMissing: the engine is known but something it needs is not here.
    """
    for point in entry_points(group=f"trainer.{port}", name=name):
        return point.load()(**options)
    known = ", ".join(names(port))
    raise BadInput(f"There is no {port} engine called “{name}”.", f"Known: {known}.")


def speech_to_text(settings: Settings) -> SpeechToText:
    """The speech-to-text engine that the settings name: a Whisper size, else a litellm model."""
    engine: SpeechToText
    if "/" in settings.stt:
        engine = make("stt", "litellm", model=settings.stt, api_base=settings.stt_api_base)
    else:
        engine = make("stt", "whisper", model=settings.stt)
    return engine


def voices(settings: Settings) -> list[Voice]:
    """The voice that the settings name, and the plain one that stands behind it.

    Raises:
        BadInput: no voice of that name.
        EngineMissing: it is known but not here.
    """
    from trainer.tts.choose import choose

    first = choose(settings.voice, settings.voice_model, settings.voice_api_base)
    if first is None:
        return []
    chosen = [first]
    if not first.name.startswith("pyttsx3"):
        with suppress(EngineMissing):  # then captions stand behind the only voice
            chosen.append(make("tts", "pyttsx3"))
    return chosen


def judge(settings: Settings) -> Judge | None:
    """The language model that marks what was said, beside the rules; None: nobody.

    Raises:
        BadInput: the setting does not say whose model it is.
    """
    from trainer.llm.judge import create

    return None if settings.judge == "off" else create(settings.judge, settings.judge_api_base)


def wording(settings: Settings) -> Wording | None:
    """Who words the customer beyond the authored lines; None: nobody."""
    from trainer.llm.choose import choose

    return choose(settings.wording, settings.wording_api_base)
