"""A few words from the microphone, on a virtual sound card."""

import time

import numpy as np
import pytest

from tests.pulse import Pulse
from trainer.audio.recording import Recording
from trainer.domain.audio import RATE
from trainer.domain.errors import BadInput

pytestmark = pytest.mark.device


def test_what_is_said_into_the_microphone_is_recorded_until_it_is_stopped(pulse: Pulse) -> None:
    tone = 0.4 * np.sin(2 * np.pi * 900 * np.arange(RATE) / RATE)
    recording = Recording()
    saying = pulse.play(tone.astype(np.float32))
    saying.wait()
    time.sleep(0.3)
    sound = recording.stop()
    loud = np.count_nonzero(np.abs(sound) > 0.05) / RATE
    assert loud == pytest.approx(0.92, abs=0.1)
    assert recording.stop().size == 0


@pytest.mark.usefixtures("pulse")
def test_a_microphone_that_is_not_there_is_named() -> None:
    with pytest.raises(BadInput, match="no microphone called"):
        Recording("the blue one")
