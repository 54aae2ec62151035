"""A warm-up hears through the devices and the chain of a call, on a virtual sound card."""

from pathlib import Path

import pytest

from tests.audio.speech import human_speech
from tests.pulse import Pulse
from trainer.cli import compose
from trainer.domain.errors import BadInput
from trainer.settings import Settings

pytestmark = pytest.mark.device


async def test_the_voice_in_the_microphone_reaches_the_warm_up(
    pulse: Pulse, tmp_path: Path
) -> None:
    taking = compose.warm_up(Settings(data_dir=tmp_path))
    levels = taking.levels()
    await anext(levels)
    speech = human_speech(tmp_path)
    saying = pulse.play(speech * (0.5 / abs(speech).max()))
    try:
        while await anext(levels) < -40:
            pass
        taking.part("talk")
        for _ in range(25):
            await anext(levels)
        # a voice, and too little of it for a warm-up
        with pytest.raises(BadInput, match=r"Only [1-3] s of voice"):
            await taking.made()
    finally:
        await taking.close()
        saying.terminate()
        saying.wait()
