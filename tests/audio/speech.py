"""Speech for tests: a human reader where evaluation data is at hand, else espeak-ng."""

import os
import subprocess
from pathlib import Path

from trainer.audio.files import load_turn
from trainer.domain.audio import Samples


def human_speech(scratch: Path) -> Samples:
    """Some seconds of read speech, 16 kHz mono; `scratch` is a folder to work in."""
    data = os.environ.get("TRAINER_EVAL_DATA")
    if data:
        return load_turn(Path(data) / "speech" / "libri_2412-153948-0001.flac")
    spoken = scratch / "espeak.wav"
    text = "And so, my fellow citizens, ask not what your country can do for you."
    subprocess.run(["espeak-ng", "-w", str(spoken), text], check=True)
    return load_turn(spoken)
