"""A typed call in the app: the agent types, the customer answers from the speaker, if any."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.pulse import running
from tests.tmux import terminal

pytestmark = [pytest.mark.engine, pytest.mark.device, pytest.mark.slow]


def test_the_customer_of_a_typed_call_is_heard_from_the_speaker(tmp_path: Path) -> None:
    env = {
        "TRAINER_DATA_DIR": str(tmp_path / "data"),
        "TRAINER_CONFIG": str(tmp_path / "config.toml"),
        "TRAINER_WORDING": "authored",
        "TRAINER_VOICE": "pyttsx3",
    }
    command = [sys.executable, "-m", "trainer", "practice", "mercer-billing", "--typed"]
    with running() as card, card.recording() as speaker:
        with terminal(command, tmp_path, env | card.env) as app:
            app.wait("Pick up")
            app.press("Enter")
            app.wait("Your turn", seconds=90)
            app.type("I am so sorry, a bill like that must have been a shock.")
            app.wait("is speaking", seconds=60)
            app.wait("Your turn", seconds=60)
            app.press("F8", "F8")
            app.wait("How was it?")
            app.press("Escape")
            app.wait("Their side of it")
        (folder,) = (tmp_path / "data" / "calls").glob("2*")
    meta = json.loads((folder / "meta.json").read_text())
    assert meta["engines"]["stt"] == "typed"
    events = [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]
    assert [event["who"] for event in events if event["type"] == "turn"][:2] == [
        "customer",
        "agent",
    ]
    loud = np.abs(speaker.sound) > 0.02
    assert loud.mean() > 0.1
