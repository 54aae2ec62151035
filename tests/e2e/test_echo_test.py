"""`trainer doctor --echo-test`, where the microphone hears the speaker and where it does not."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.pulse import Pulse, running

pytestmark = [pytest.mark.device, pytest.mark.engine]


@contextmanager
def loudspeaker(card: Pulse) -> Iterator[None]:
    """The microphone hears the speaker, a tenth of a second later and 12 dB quieter."""
    env = os.environ | card.env

    def pactl(*words: str) -> str:
        return subprocess.run(
            ["pactl", *words], env=env, check=True, capture_output=True, text=True
        ).stdout.strip()

    number = pactl(
        "load-module", "module-loopback", "source=speaker.monitor", "sink=agent_mic",
        "latency_msec=100",
    )  # fmt: skip
    pactl("set-sink-volume", "agent_mic", "-12dB")
    try:
        yield
    finally:
        pactl("unload-module", number)


def echo_test(card: Pulse, data: Path) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-m", "trainer", "doctor", "--echo-test", "--json"],
        env=os.environ | card.env | {"TRAINER_DATA_DIR": str(data), "TRAINER_VOICE": "pyttsx3"},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    report: dict[str, dict[str, object]] = json.loads(done.stdout)
    return report["echo"]


def test_a_speaker_that_is_heard_is_cancelled_and_one_that_is_not_is_left_alone(
    tmp_path: Path,
) -> None:
    with running() as card:
        apart = echo_test(card, tmp_path)
        with loudspeaker(card):
            together = echo_test(card, tmp_path)
            if "error" in together:  # a device that stalls on a busy machine says so, in words
                together = echo_test(card, tmp_path)
    assert apart["way"] == "headset", apart
    assert together.get("way") == "cancel", together
    assert float(str(together["echo_db"])) > float(str(together["left_db"])) + 6
    kept = json.loads((tmp_path / "echo.json").read_text("utf-8"))
    assert list(kept.values()) == ["cancel"]
