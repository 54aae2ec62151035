"""The pitch that tunes an engine."""

import numpy as np
import pytest

from trainer.tts.pitch import median_hz

RATE = 22_050


@pytest.mark.parametrize("hz", [75, 98, 132, 203, 310])
@pytest.mark.parametrize("formant", [500, 900])
def test_the_pitch_of_pulses_is_their_rate(hz: int, formant: int) -> None:
    time = np.arange(RATE) / RATE
    pulses = np.exp(-((time * hz) % 1) * 5) * np.sin(2 * np.pi * formant * ((time * hz) % 1) / hz)
    assert median_hz(pulses.astype(np.float32), RATE) == pytest.approx(hz, rel=0.03)


def test_noise_has_no_pitch() -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, RATE).astype(np.float32)
    assert median_hz(noise, RATE) is None


@pytest.mark.parametrize("samples", [0, 10, RATE])
def test_silence_has_no_pitch(samples: int) -> None:
    assert median_hz(np.zeros(samples, np.float32), RATE) is None
