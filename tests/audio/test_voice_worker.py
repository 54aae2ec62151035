"""The child behind a voice may die, hang or be taken back: at most one clause is lost."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.audio.voice_measures import LINE, NEUTRAL, choice, pieces
from trainer.domain.audio import RATE
from trainer.domain.errors import EngineFailed, EngineMissing
from trainer.tts import piper, pyttsx3, worker

LONG = f"{LINE} " * 6

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def natural() -> Iterator[worker.WorkerVoice]:
    """One Piper voice for several tests: loading it takes seconds."""
    made = piper.create()
    asyncio.run(made.warm())
    yield made
    asyncio.run(made.close())


async def seconds_of(voice: worker.WorkerVoice, text: str) -> float:
    return float(sum(piece.size for piece in await pieces(voice, text, choice(), NEUTRAL)) / RATE)


async def test_a_child_killed_in_the_middle_of_a_clause_fails_it_and_speaks_the_next(
    natural: worker.WorkerVoice,
) -> None:
    first_pid = natural.pid
    assert first_pid is not None
    speech = natural.speak(LONG, choice(), NEUTRAL)
    await anext(speech)
    os.kill(first_pid, signal.SIGKILL)
    with pytest.raises(EngineFailed):
        async for _ in speech:
            pass
    assert await seconds_of(natural, "Are you still there?") > 0.5
    assert natural.pid != first_pid


async def test_a_child_killed_between_clauses_is_not_even_noticed() -> None:
    voice = pyttsx3.create()
    try:
        await voice.warm()
        assert voice.pid is not None
        os.kill(voice.pid, signal.SIGKILL)
        while voice.pid is not None:  # noqa: ASYNC110 - the death of a process sets no event
            await asyncio.sleep(0.01)
        assert await seconds_of(voice, "Are you still there?") > 0.5
    finally:
        await voice.close()


async def test_a_child_that_hangs_is_given_up_and_replaced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    voice = pyttsx3.create()
    try:
        await voice.warm()
        hung = voice.pid
        assert hung is not None
        os.kill(hung, signal.SIGSTOP)
        monkeypatch.setattr(worker, "STALL_S", 0.3)
        with pytest.raises(EngineFailed):
            await seconds_of(voice, "Hello?")
        monkeypatch.undo()
        assert await seconds_of(voice, "Hello?") > 0.2
        assert voice.pid != hung
    finally:
        await voice.close()


async def test_a_clause_taken_back_leaves_nothing_in_the_next_one(
    natural: worker.WorkerVoice,
) -> None:
    alone = await seconds_of(natural, "Three days.")
    speech = natural.speak(LONG, choice(), NEUTRAL)
    await anext(speech)
    await speech.aclose()
    assert await seconds_of(natural, "Three days.") == pytest.approx(alone, rel=0.3)


async def test_a_clause_taken_back_is_not_worked_on_any_further(
    natural: worker.WorkerVoice,
) -> None:
    assert natural.pid is not None
    before = _worked_s(natural.pid)
    await seconds_of(natural, LONG)
    all_of_it = _worked_s(natural.pid) - before
    speech = natural.speak(LONG, choice(), NEUTRAL)
    await anext(speech)
    await speech.aclose()
    await seconds_of(natural, "Yes.")
    assert _worked_s(natural.pid) - before - all_of_it < all_of_it / 2


async def test_clauses_asked_for_together_come_back_unmixed() -> None:
    voice = pyttsx3.create()
    try:
        await voice.warm()
        texts = ["Yes.", LINE, "I want to speak to a supervisor."]
        apart = [await seconds_of(voice, text) for text in texts]
        together = await asyncio.gather(*[seconds_of(voice, text) for text in texts])
        assert together == pytest.approx(apart, abs=0.06)
    finally:
        await voice.close()


async def test_the_event_loop_runs_on_while_a_voice_works(
    natural: worker.WorkerVoice,
) -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0)
            ticks += 1

    ticking = asyncio.create_task(tick())
    await seconds_of(natural, LINE)
    ticking.cancel()
    assert ticks > 100


def test_one_voice_serves_one_event_loop_after_another() -> None:
    voice = pyttsx3.create()
    assert asyncio.run(seconds_of(voice, "Yes.")) > 0.1
    assert asyncio.run(seconds_of(voice, "Yes.")) > 0.1
    asyncio.run(voice.close())


def test_a_closed_voice_leaves_no_process() -> None:
    async def open_and_close() -> int:
        voice = pyttsx3.create()
        await voice.warm()
        pid = voice.pid
        await voice.close()
        assert pid is not None
        return pid

    with pytest.raises(ProcessLookupError):
        os.kill(asyncio.run(open_and_close()), 0)


_SPEAKS_THEN = """
import asyncio, os, signal
from trainer.domain.persona import VoiceChoice
from trainer.domain.plan import VoiceStyle
from trainer.tts.{engine} import create

async def main():
    voice = create()
    await voice.warm()
    who = VoiceChoice.model_validate({{}})
    async for _ in voice.speak("Hello, is anyone there?", who, VoiceStyle()):
        pass
    {then}

asyncio.run(main())
"""


def _run(engine: str, then: str) -> subprocess.CompletedProcess[bytes]:
    code = _SPEAKS_THEN.format(engine=engine, then=then)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)


def test_a_parent_that_is_killed_takes_the_child_with_it() -> None:
    then = "os.write(1, str(voice.pid).encode()); os.kill(os.getpid(), signal.SIGKILL)"
    ended = _run("pyttsx3", then)
    assert ended.returncode == -signal.SIGKILL
    child = int(ended.stdout)
    while Path(f"/proc/{child}").exists() and "Z" not in _state(child):
        time.sleep(0.02)


def _worked_s(pid: int) -> float:
    """Processor time a process has used, all threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"


@pytest.mark.parametrize("engine", ["pyttsx3", "piper"])
def test_nothing_native_writes_to_the_terminal(engine: str) -> None:
    ended = _run(engine, "await voice.close()")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")


async def test_without_the_espeak_library_the_mend_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("libespeak-ng.so.1", "libespeak.so.1"):
        (tmp_path / name).write_bytes(b"")  # found first by the loader, and not a library
    monkeypatch.setenv("LD_LIBRARY_PATH", str(tmp_path))
    voice = pyttsx3.create()
    with pytest.raises(EngineMissing, match="eSpeak") as missing:
        await voice.warm()
    assert "apt-get install" in missing.value.hint
    with pytest.raises(EngineMissing):
        await seconds_of(voice, "Hello?")
    await voice.close()


async def test_a_module_in_the_current_folder_is_not_taken_for_a_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "numpy.py").write_text("raise SystemExit('taken in')")
    monkeypatch.chdir(tmp_path)
    voice = pyttsx3.create()
    try:
        assert np.isfinite(await seconds_of(voice, "Yes."))
    finally:
        await voice.close()
