"""Which voice speaks: what the settings say, or the best one that is here."""

from importlib.metadata import entry_points

from trainer.domain.errors import BadInput, EngineMissing
from trainer.ports.voice import Voice
from trainer.settings import load

_WORDS = ("auto", "none")


def choose(setting: str, model: str = "", api_base: str = "") -> Voice | None:
    """The voice of a setting, not yet loaded.

    Args:
        setting: "auto" (Piper when it and its weights are here, else pyttsx3; never a cloud),
            "none", or an engine's name.
        model: litellm speech model of "cloud".
        api_base: address of that model's server, if it is not the usual one.

    Returns:
        The voice; None for "none".

    Raises:
        BadInput: no such engine, or "cloud" without a model.
        EngineMissing: the engine is known, but it or its weights are not here.
    """
    if setting == "none":
        return None
    if setting == "auto":
        try:
            return _make("piper")
        except EngineMissing:
            return _make("pyttsx3")
    if setting == "cloud":
        return _make("cloud", model=model, api_base=api_base, roots=load().content_roots())
    return _make(setting)


def _make(name: str, **options: object) -> Voice:
    for point in entry_points(group="trainer.tts", name=name):
        voice: Voice = point.load()(**options)
        return voice
    known = ", ".join([*_WORDS, *sorted(point.name for point in entry_points(group="trainer.tts"))])
    raise BadInput(f"There is no voice called “{name}”.", f"Known: {known}.")
