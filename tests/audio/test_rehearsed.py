"""A scripted agent's turns as sound."""

from trainer import backends
from trainer.cli import rehearsed
from trainer.content import personas
from trainer.domain.audio import RATE


async def test_an_agent_who_says_nothing_is_heard_saying_nothing() -> None:
    voice = backends.make("tts", "pyttsx3")
    try:
        spoken, silent = await rehearsed._rehearse(
            ["Hello.", ""], personas.load("olsen-outage", [], 1), voice
        )
    finally:
        await voice.close()
    assert spoken.any()
    assert not silent.any()
    assert len(silent) > 4 * RATE
