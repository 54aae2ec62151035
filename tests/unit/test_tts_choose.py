"""Which voice speaks."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from trainer.domain.errors import BadInput, EngineMissing
from trainer.tts.choose import choose


def named(setting: str, model: str = "", api_base: str = "") -> str:
    voice = choose(setting, model, api_base)
    assert voice is not None
    return voice.name


def test_none_is_no_voice() -> None:
    assert choose("none") is None


@pytest.mark.engine
def test_auto_takes_the_natural_voice_when_its_weights_are_here() -> None:
    assert named("auto").startswith("piper ")


def test_auto_takes_the_small_voice_when_the_weights_are_not_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAINER_CACHE", str(tmp_path))
    assert named("auto").startswith("pyttsx3 ")


def test_auto_never_sends_words_away_because_a_key_lies_around(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-somebody")
    voice = choose("auto", "openai/gpt-4o-mini-tts")
    assert voice is not None
    assert not voice.leaves_machine


def test_a_voice_without_weights_names_the_command_that_brings_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAINER_CACHE", str(tmp_path))
    with pytest.raises(EngineMissing) as missing:
        choose("piper")
    assert "trainer models pull piper-joe" in missing.value.hint


def test_an_unknown_voice_is_answered_with_the_known_ones() -> None:
    with pytest.raises(BadInput, match="karaoke") as wrong:
        choose("karaoke")
    for known in ("auto", "none", "piper", "pyttsx3", "cloud"):
        assert known in wrong.value.hint


def test_a_cloud_voice_must_be_named() -> None:
    with pytest.raises(BadInput, match="which speech model"):
        choose("cloud")


def test_words_stay_here_when_the_speech_server_is_here() -> None:
    here = choose("cloud", "openai/tts", "http://localhost:8000/v1")
    away = choose("cloud", "openai/gpt-4o-mini-tts")
    assert here is not None
    assert away is not None
    assert (here.leaves_machine, away.leaves_machine) == (False, True)


def test_choosing_a_voice_loads_no_engine() -> None:
    code = (
        "import json, sys; from trainer.tts.choose import choose; choose('auto'); "
        "choose('cloud', 'openai/x'); print(json.dumps(list(sys.modules)))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    loaded = set(json.loads(ended.stdout))
    heavy = {"piper", "pyttsx3", "parselmouth", "onnxruntime", "litellm", "torch", "soundfile"}
    assert not heavy & loaded
