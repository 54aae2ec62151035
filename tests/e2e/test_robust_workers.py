"""A worker process killed in the middle of its work costs no turn and no recording."""

import asyncio
import os
import re
import signal
import subprocess
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path
from typing import Any

import jiwer
import numpy as np
import pytest

from trainer import settings
from trainer.audio.file_line import FileLine
from trainer.audio.files import load_turn
from trainer.cli import compose
from trainer.conversation.call import Level, Notice
from trainer.domain.audio import Samples
from trainer.domain.events import CallEnded, ClauseRefused, Event, Happened, TurnTaken
from trainer.domain.mood import Happening, Status
from trainer.domain.persona import VoiceChoice
from trainer.domain.plan import VoiceStyle
from trainer.domain.record import CallRecord
from trainer.domain.transcript import Heard, Word
from trainer.ports.wording import Prompt
from trainer.store.calls import load

pytestmark = [pytest.mark.engine, pytest.mark.slow, pytest.mark.alone]

SAID = (
    "I am so sorry about this bill. What happened when you called us last week?",
    "I can see both payments here, and one of them should not be there.",
)
PLAINLY = {
    "stt": r"whisper .* stopped in the middle of a turn",
    "voice": r"^piper",
    "wording": r"local model had stopped; it is being started again|cannot be reached",
}
"""What the record says of each, in words for people."""

NORMAL = jiwer.Compose([jiwer.ToLowerCase(), jiwer.RemovePunctuation(), jiwer.Strip()])


class Doomed:
    """An engine whose process is killed once, in the middle of a piece of work."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self.killed = False
        self.name: str = engine.name
        self.leaves_machine: bool = engine.leaves_machine
        self.small: bool = getattr(engine, "small", False)

    async def warm(self) -> None:
        await self._engine.warm()

    async def close(self) -> None:
        await self._engine.close()

    def kill(self) -> None:
        if not self.killed:
            self.killed = True
            os.kill(self._engine.pid, signal.SIGKILL)


class DoomedEars(Doomed):
    async def transcribe(self, audio: Samples) -> Heard:
        work = asyncio.create_task(self._engine.transcribe(audio))
        await asyncio.sleep(0.1)
        self.kill()
        heard: Heard = await work
        return heard

    async def ahead(self, audio: Samples) -> None:
        await self._engine.ahead(audio)

    async def align(self, audio: Samples, text: str) -> tuple[Word, ...]:
        words: tuple[Word, ...] = await self._engine.align(audio, text)
        return words


class DoomedVoice(Doomed):
    async def speak(
        self, text: str, choice: VoiceChoice, style: VoiceStyle
    ) -> AsyncGenerator[Samples, None]:
        sounds = self._engine.speak(text, choice, style)
        first = asyncio.create_task(anext(sounds))
        await asyncio.sleep(0.03)
        self.kill()
        yield await first
        async for sound in sounds:
            yield sound


class DoomedModel(Doomed):
    async def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        pieces = self._engine.stream(prompt)
        if prompt.max_tokens > 1:  # a line to word, not only the person to read about
            first = asyncio.create_task(anext(pieces))
            await asyncio.sleep(0.05)
            self.kill()
            yield await first
        async for piece in pieces:
            yield piece


def spoken(tmp_path: Path) -> list[Samples]:
    turns = []
    for number, text in enumerate(SAID):
        file = tmp_path / f"{number}.wav"
        subprocess.run(["espeak-ng", "-v", "en-us", "-s", "150", "-w", file, text], check=True)
        turns.append(load_turn(file))
    return turns


async def call_without(part: str, tmp_path: Path) -> tuple[CallRecord, list[str], bool]:
    """A call whose engine for `part` is killed at work; its record, what was told, and whether it
    was killed."""
    told = []

    def show(what: Event | Level | Notice) -> None:
        if isinstance(what, Notice):
            told.append(what.text)

    given = settings.load(
        wording="local" if part == "wording" else "authored",
        voice="auto" if part == "voice" else "pyttsx3",
    )
    who = compose.cast(given, "mercer-billing", 1)
    engines = await compose.load(given, listen=True)
    try:
        engines.require("stt", "voice", "wording", "words")
        doomed: Doomed
        match part:
            case "stt":
                engines.stt = doomed = DoomedEars(engines.stt)
            case "voice":
                assert len(engines.voices) > 1, "nobody stands behind this voice"
                doomed = DoomedVoice(engines.voices[0])
                engines.voices[0] = doomed
            case _:
                engines.wording = doomed = DoomedModel(engines.wording)
        sink = compose.open_record(given, who, 1, "spoken", tmp_path / "c")
        line = FileLine(spoken(tmp_path), paced=False)
        await compose.spoken(given, who, engines, line, sink, 1, show).run()
        sink.close()
    finally:
        await engines.close()
    return load(tmp_path / "c"), told, doomed.killed


@pytest.mark.parametrize("part", ["stt", "voice", "wording"])
async def test_a_worker_killed_at_work_is_replaced_within_the_call(
    part: str, tmp_path: Path
) -> None:
    record, told, killed = await call_without(part, tmp_path)
    assert killed
    over = record.events[-1]
    assert isinstance(over, CallEnded)
    assert over.status is not Status.ABORTED
    assert len(record.agent) == over.t
    turns = [event for event in record.events if isinstance(event, TurnTaken)]
    assert [turn.who for turn in turns] == ["customer", "agent", "customer", "agent", "customer"]
    heard = [NORMAL(turn.text) for turn in turns if turn.who == "agent"]
    assert jiwer.wer([NORMAL(text) for text in SAID], heard) < 0.25
    for turn in turns:
        channel = record.customer if turn.who == "customer" else record.agent
        assert np.abs(channel[turn.start : turn.end]).max() > 0.05
    failures = [
        event.detail
        for event in record.events
        if isinstance(event, Happened) and event.kind is Happening.FALLBACK
    ]
    failures += [event.why for event in record.events if isinstance(event, ClauseRefused)]
    assert any(re.search(PLAINLY[part], why) for why in failures), failures
    if part != "wording":  # an author's line instead of a model's is nothing to tell the agent
        assert any(re.search(PLAINLY[part], why) for why in told), told
