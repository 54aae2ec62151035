"""How a customer is to sound on the line: their file asks, the settings decide."""

from collections.abc import Callable
from typing import Any

from trainer.audio.line_sound import LineSound
from trainer.domain.persona import Cast, Place
from trainer.settings import Settings
from trainer.tts.level import SPEECH_DBFS


def place(settings: Settings, who: Cast) -> Place:
    """What is to be heard behind them."""
    return (
        who.persona.voice.background if settings.background == "customer" else settings.background
    )


def through(settings: Settings, who: Cast, hushed: Callable[[], bool]) -> LineSound | None:
    """What their blocks go through; None where they stay as they are.

    `hushed`: whether the background is silent now.
    """
    telephone, behind = settings.line == "telephone", place(settings, who)
    if not telephone and behind == "none":
        return None
    return LineSound(
        telephone=telephone,
        place=behind,
        snr_db=settings.background_snr_db,
        voice_dbfs=SPEECH_DBFS,
        hushed=hushed,
    )


def told(settings: Settings, who: Cast) -> dict[str, Any]:
    """The same for the record of a call."""
    behind = place(settings, who)
    found: dict[str, Any] = {"line": settings.line, "background": behind}
    return found if behind == "none" else found | {"snr_db": settings.background_snr_db}
