"""Piper alone: rate and level still follow the mood, pitch does not, and the name says so."""

from importlib.util import find_spec

import numpy as np
import pytest

from tests.audio.voice_measures import LINE, choice, heard, semitones
from trainer.domain.audio import Samples
from trainer.domain.errors import EngineMissing
from trainer.domain.plan import VoiceStyle
from trainer.tts import piper
from trainer.tts.choose import choose
from trainer.tts.level import finish


def leave_out(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make one package look as if it were not installed."""

    def without(name: str) -> object:
        return None if name == package else find_spec(name)

    monkeypatch.setattr(piper, "find_spec", without)


@pytest.mark.engine
def test_without_praat_the_mood_is_heard_in_rate_and_level_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    leave_out("parselmouth", monkeypatch)
    engine = piper.Engine()

    def spoken(style: VoiceStyle) -> Samples:
        parts = engine.sentences(LINE, choice(), style)
        return np.concatenate([finish(part, style) for part in parts])

    calm = heard(spoken(VoiceStyle(pause_s=0)))
    furious = heard(
        spoken(VoiceStyle(rate=1.2, pitch_st=6, pitch_range=1.5, level_db=5, pause_s=0))
    )
    assert furious.duration_s < calm.duration_s * 0.93
    assert furious.level_dbfs > calm.level_dbfs + 3
    assert abs(semitones(calm.hz, furious.hz)) < 1.5
    assert "Praat is not installed" in piper.create().name


def test_without_piper_the_extra_to_install_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    leave_out("piper", monkeypatch)
    with pytest.raises(EngineMissing) as missing:
        choose("piper")
    assert "pip install" in missing.value.hint
    voice = choose("auto")
    assert voice is not None
    assert voice.name.startswith("pyttsx3")
