"""A call that is killed at any moment leaves a recording and a log that can be read."""

import json
import os
import random
import signal
import subprocess
import sys
import time
import wave
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.e2e.cli import trainer

pytestmark = [pytest.mark.engine, pytest.mark.slow]

FIRST_SOUND_S = 90


def test_a_call_killed_in_the_middle_can_be_read_and_reviewed(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "silence.wav", np.zeros(16_000 * 60), 16_000)
    command = [sys.executable, "-m", "trainer", "call", "mercer-billing", "--pace", "real"]
    command += ["--agent-audio", "silence.wav", "--voice", "pyttsx3", "--out", "c"]
    call = subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        log = tmp_path / "c" / "events.jsonl"
        until = time.monotonic() + FIRST_SOUND_S
        while (
            not (log.exists() and '"type":"turn"' in log.read_text()) and time.monotonic() < until
        ):
            time.sleep(0.01)
        time.sleep(random.random())  # any moment will do
        os.kill(call.pid, signal.SIGKILL)
    finally:
        call.kill()
        call.wait()
    with wave.open(str(tmp_path / "c" / "call.wav")) as sound:
        assert sound.getnchannels() == 2
        assert sound.getnframes() > 0
        assert len(sound.readframes(sound.getnframes())) == sound.getnframes() * 4
    lines = log.read_text().splitlines()
    assert [json.loads(line)["type"] for line in lines[:-1]].count("call_started") == 1
    shown = trainer("calls", "show", "c", "--json", cwd=tmp_path)
    assert shown.code == 0, shown.err
    assert shown.json["status"] == "aborted"
    assert shown.json["transcript"]
    reviewed = trainer("review", "c", "--json", cwd=tmp_path)
    assert reviewed.code == 0, reviewed.err
