"""The whole thing as a person has it: the real app in a real terminal, real sound devices, real
speech into the microphone, and the customer's voice out of the speaker."""

import json
import sys
from pathlib import Path

import jiwer
import numpy as np
import pytest
import soundfile

from tests.pulse import running
from tests.tmux import terminal
from trainer.domain.audio import RATE, Samples
from trainer.domain.persona import VoiceChoice
from trainer.domain.plan import VoiceStyle
from trainer.stt import whisper
from trainer.tts.piper import create

pytestmark = [pytest.mark.engine, pytest.mark.device, pytest.mark.slow]

SAID = "I am so sorry about the internet. That is our fault. What happened to the bakery?"
NORMAL = jiwer.Compose(
    [jiwer.ToLowerCase(), jiwer.RemovePunctuation(), jiwer.RemoveMultipleSpaces(), jiwer.Strip()]
)


async def spoken(text: str) -> Samples:
    """Speech of an agent whose voice is not the customer's."""
    voice = create()
    try:
        choice = VoiceChoice.model_validate({"register": "high"})
        pieces = [piece async for piece in voice.speak(text, choice, VoiceStyle())]
    finally:
        await voice.close()
    return np.concatenate(pieces)


def wer(said: str, heard: str) -> float:
    rate: float = jiwer.wer(NORMAL(said), NORMAL(heard))
    return rate


async def test_a_call_by_voice_from_the_home_screen_to_the_debrief(tmp_path: Path) -> None:
    env = {
        "TRAINER_DATA_DIR": str(tmp_path / "data"),
        "TRAINER_CONFIG": str(tmp_path / "config.toml"),
        "TRAINER_WORDING": "authored",
    }
    agent = await spoken(SAID)
    command = [sys.executable, "-m", "trainer", "practice", "olsen-outage", "--seed", "1"]
    with running() as card, card.recording() as speaker:
        with terminal(command, tmp_path, env | card.env) as app:
            app.wait("Pick up")
            app.press("Enter")
            app.wait("● REC", seconds=90)
            app.wait("Your turn", seconds=60)
            card.play(agent).wait()
            app.wait("is speaking", seconds=30)
            seen = app.wait("Your turn", seconds=60)
            assert "Traceback" not in seen
            app.press("e")
            app.wait("again to end")
            app.press("e")
            app.wait("How was it?")
            app.press("Escape")
            app.wait("Their side of it")
        (folder,) = (tmp_path / "data" / "calls").glob("2*")
    events = [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]
    turns = [event for event in events if event["type"] == "turn"]
    assert [turn["who"] for turn in turns[:3]] == ["customer", "agent", "customer"]
    assert wer(SAID, turns[1]["text"]) < 0.35
    assert events[-1]["type"] == "call_ended"

    # What the room heard is what the recording says was played, and what the captions say was said.
    heard = await _understood(speaker.sound)
    assert wer(" ".join(turn["text"] for turn in turns if turn["who"] == "customer"), heard) < 0.35
    both, rate = soundfile.read(folder / "call.wav", always_2d=True)
    assert rate == RATE
    assert np.abs(both[turns[1]["start"] : turns[1]["end"], 0]).max() > 0.05
    assert np.abs(both[turns[2]["start"] : turns[2]["end"], 1]).max() > 0.05
    assert (folder.stat().st_mode & 0o777, (folder / "call.wav").stat().st_mode & 0o777) == (
        0o700,
        0o600,
    )


async def _understood(sound: Samples) -> str:
    ears = whisper.create("base")
    try:
        return (await ears.transcribe(sound)).text
    finally:
        await ears.close()
