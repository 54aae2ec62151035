"""The process of a voice that cannot even start fails a clause, as one that dies does."""

import sys
from pathlib import Path

import pytest

from trainer.domain.errors import EngineFailed
from trainer.domain.persona import VoiceChoice
from trainer.domain.plan import VoiceStyle
from trainer.tts import pyttsx3


async def test_a_voice_whose_process_cannot_be_started_fails_in_plain_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    voice = pyttsx3.create()
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python of an hour ago"))
    with pytest.raises(EngineFailed, match="cannot be started: No such file"):
        await voice.warm()
    with pytest.raises(EngineFailed):
        await anext(voice.speak("Hello.", VoiceChoice(), VoiceStyle()))
    await voice.close()
