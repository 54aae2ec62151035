"""The record of a call says whether anything of it went to another machine."""

import pytest

from trainer.cli.compose import Engines
from trainer.llm.litellm import LiteLLM
from trainer.stt import cloud
from trainer.tts import cloud as cloud_voice

AWAY, HERE = "", "http://127.0.0.1:8080/v1"


def call(stt: str = HERE, wording: str = HERE, voice: str = HERE) -> Engines:
    """Engines by the address of their server, none of them loaded."""
    return Engines(
        stt=cloud.create("openai/whisper-1", stt),
        wording=LiteLLM("openai/any", wording),
        voices=[cloud_voice.create("openai/tts", voice)],
    )


@pytest.mark.parametrize("part", ["stt", "wording", "voice"])
def test_one_part_elsewhere_is_enough(part: str) -> None:
    assert not call().leaves_machine()
    assert call(**{part: AWAY}).leaves_machine()


def test_a_call_without_voice_or_model_stays_here() -> None:
    assert not Engines(stt=cloud.create("openai/whisper-1", HERE)).leaves_machine()
    assert not Engines().leaves_machine()
