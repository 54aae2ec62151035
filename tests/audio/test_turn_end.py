"""Whether a turn sounds finished: the real model on real voices."""

import subprocess
from pathlib import Path

import numpy as np
import pytest

from trainer.audio.files import load_turn
from trainer.audio.turn_end import SmartTurn, _log_mel
from trainer.domain.audio import RATE, Samples

pytestmark = pytest.mark.engine

QUIET = np.zeros(RATE // 5, np.float32)


@pytest.fixture(scope="module")
def ending() -> SmartTurn:
    return SmartTurn()


def say(text: str, folder: Path) -> Samples:
    file = folder / "said.wav"
    subprocess.run(["espeak-ng", "-v", "en-us", "-s", "150", "-w", str(file), text], check=True)
    return np.concatenate([load_turn(file), QUIET])


def test_a_sound_of_hesitation_is_no_end(ending: SmartTurn, tmp_path: Path) -> None:
    over = ending.finished(say("Yes, of course.", tmp_path))
    for half in ("So, um,", "That would be, uh,", "Let me see, um,"):
        assert ending.finished(say(half, tmp_path)) < 0.1 < over, half


def test_people_who_have_read_to_the_end_sound_finished(ending: SmartTurn, eval_data: Path) -> None:
    names = ("libri_2412-153948-0000", "libri_2412-153948-0001", "LJ002-0020", "LJ002-0035")
    for name in names:
        whole = load_turn(eval_data / "speech" / f"{name}.flac")
        assert ending.finished(np.concatenate([whole, QUIET])) > 0.5, name


def test_only_the_last_eight_seconds_count(ending: SmartTurn) -> None:
    sound = np.random.default_rng(0).normal(0, 0.05, 12 * RATE).astype(np.float32)
    assert ending.finished(sound) == ending.finished(sound[-8 * RATE :])


def test_the_features_are_those_of_whisper() -> None:
    import torch
    from whisper.audio import log_mel_spectrogram

    sound = np.random.default_rng(0).normal(0, 1.0, 2 * RATE)
    theirs = log_mel_spectrogram(torch.from_numpy(sound.astype(np.float32))).numpy()
    np.testing.assert_allclose(_log_mel(sound), theirs, atol=1e-3)
