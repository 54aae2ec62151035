import subprocess
from pathlib import Path

import numpy as np
import pytest

from tests.audio.speech import human_speech
from trainer.audio.files import load_turn
from trainer.audio.vad import Silero
from trainer.domain.audio import BLOCK, Samples


def levels(meter: Silero, sound: Samples) -> list[float]:
    whole = len(sound) // BLOCK * BLOCK
    return [meter.speech(block) for block in sound[:whole].reshape(-1, BLOCK)]


def test_human_speech_is_speech_and_silence_is_not(tmp_path: Path) -> None:
    meter = Silero()
    assert np.mean([p > 0.6 for p in levels(meter, human_speech(tmp_path))]) > 0.5
    meter.reset()
    assert max(levels(meter, np.zeros(50 * BLOCK, np.float32))) < 0.1


def test_room_noise_is_not_speech() -> None:
    noise = np.random.default_rng(1).normal(0, 0.01, 300 * BLOCK).astype(np.float32)
    assert max(levels(Silero(), noise)) < 0.5


def test_synthetic_speech_is_speech_too(tmp_path: Path) -> None:
    subprocess.run(
        ["espeak-ng", "-w", tmp_path / "a.wav", "I am so sorry about that, let me look."],
        check=True,
    )
    assert np.mean([p > 0.6 for p in levels(Silero(), load_turn(tmp_path / "a.wav"))]) > 0.4


def test_after_a_reset_the_same_sound_reads_the_same(tmp_path: Path) -> None:
    meter, sound = Silero(), human_speech(tmp_path)[: 60 * BLOCK]
    first = levels(meter, sound)
    meter.reset()
    assert levels(meter, sound) == pytest.approx(first, abs=1e-6)


def test_a_block_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="512"):
        Silero().speech(np.zeros(100, np.float32))
