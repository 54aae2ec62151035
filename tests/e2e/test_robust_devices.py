"""What happens to devices happens to no call: pulled out, stuck, or the whole machine asleep."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import jiwer
import numpy as np
import pytest
import soundfile

from tests.e2e.headless import Headless, calling
from tests.pulse import Pulse, running
from trainer.audio.files import load_turn
from trainer.domain.audio import RATE, Samples, seconds
from trainer.domain.events import CallEnded
from trainer.domain.record import CallRecord
from trainer.store.calls import load

pytestmark = [pytest.mark.engine, pytest.mark.device, pytest.mark.slow]

SAID = "I am so sorry about this bill. What happened when you called us last week?"
NORMAL = jiwer.Compose([jiwer.ToLowerCase(), jiwer.RemovePunctuation(), jiwer.Strip()])


@pytest.fixture
def agent(tmp_path: Path) -> Samples:
    file = tmp_path / "agent.wav"
    subprocess.run(["espeak-ng", "-v", "en-us", "-s", "150", "-w", str(file), SAID], check=True)
    return load_turn(file)


@pytest.fixture
def card() -> Iterator[Pulse]:
    with running() as card:
        yield card


def a_turn_is_taken(call: Headless, card: Pulse, agent: Samples, since: int) -> None:
    """The agent speaks, is understood, and the customer answers."""
    assert card.heard(agent)
    heard = call.turn("agent", since)
    assert jiwer.wer(NORMAL(SAID), NORMAL(call.said[heard]["text"])) < 0.5
    call.turn("customer", heard)


def recorded(folder: Path) -> CallRecord:
    """The whole call: everything in it lies inside the recording, to the last block."""
    record = load(folder)
    over = record.events[-1]
    assert isinstance(over, CallEnded)
    assert len(record.agent) == pytest.approx(over.t, abs=RATE // 10)
    with soundfile.SoundFile(folder / "call.wav") as sound:
        assert sound.frames == len(record.agent)
    return record


def test_a_device_pulled_out_in_mid_sentence_is_found_again_and_the_call_goes_on(
    card: Pulse, agent: Samples, tmp_path: Path
) -> None:
    with calling(tmp_path / "c", card.env) as call:
        speaking = call.state("customer_speaking")
        began = time.monotonic()
        time.sleep(0.5)
        card.stop()
        lost = call.notice("lost", speaking)
        time.sleep(1)
        card.start()
        back = call.recovered(lost)
        listening = call.state("listening", speaking)
        a_turn_is_taken(call, card, agent, max(back, listening))
        assert call.end()["status"] == "agent_ended"
        wall = time.monotonic() - began
    record = recorded(tmp_path / "c")
    # time without a device has passed in the recording too
    assert len(record.agent) / RATE == pytest.approx(wall, abs=2)
    greeting = next(said for said in call.said if said.get("type") == "turn")
    assert greeting["unheard"] == ""


def test_a_sound_server_that_hangs_for_a_while_costs_that_while(
    card: Pulse, agent: Samples, tmp_path: Path
) -> None:
    with calling(tmp_path / "c", card.env) as call:
        listening = call.state("listening", call.state("customer_speaking"))
        with card.frozen():
            lost = call.notice("lost", listening)
            time.sleep(3)
        a_turn_is_taken(call, card, agent, call.recovered(lost))
        assert call.end()["status"] == "agent_ended"
    recorded(tmp_path / "c")


def test_a_machine_that_was_asleep_goes_on_with_the_call(
    card: Pulse, agent: Samples, tmp_path: Path
) -> None:
    with calling(tmp_path / "c", card.env) as call:
        speaking = call.state("customer_speaking")
        with card.frozen():
            os.kill(call.process.pid, signal.SIGSTOP)
            time.sleep(6)
            os.kill(call.process.pid, signal.SIGCONT)
        listening = call.state("listening", speaking)
        time.sleep(2)
        a_turn_is_taken(call, card, agent, listening)
        assert call.end()["status"] == "agent_ended"
    record = recorded(tmp_path / "c")
    turns = [said for said in call.said if said.get("type") == "turn"]
    for turn, channel in zip(turns, (record.customer, record.agent), strict=False):
        assert np.abs(channel[turn["start"] : turn["end"]]).max() > 0.05
        assert seconds(turn["end"] - turn["start"]) < 30
