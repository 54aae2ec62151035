"""Whisper in its own process: what it hears, what it refuses, and how it dies and comes back."""

import asyncio
import io
import itertools
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import jiwer
import numpy as np
import pytest
import pytest_asyncio
import soundfile
import soxr
from numpy.typing import NDArray
from whisper.normalizers import EnglishTextNormalizer

from trainer.domain.audio import RATE, Samples
from trainer.domain.errors import BadInput, EngineFailed, EngineMissing
from trainer.stt import whisper
from trainer.stt.whisper import Whisper
from trainer.stt.worker import Request

pytestmark = [pytest.mark.engine, pytest.mark.asyncio(loop_scope="module")]

_SENTENCES = (
    "I am so sorry about that, let me look at your account.",
    "Can you tell me what happened when you called last time?",
    "I can send an engineer tomorrow morning between eight and ten.",
    "Unfortunately that is our policy and there is nothing I can do.",
)


def say(text: str, *, slow: bool = False) -> Samples:
    """Words by espeak-ng, 16 kHz."""
    command = ["espeak-ng", "-v", "en-us", "-s", "120" if slow else "155", "--stdout", text]
    out = subprocess.run(command, capture_output=True, check=True).stdout
    sound, rate = soundfile.read(io.BytesIO(out), dtype="float32")
    spoken: Samples = np.asarray(soxr.resample(sound, rate, RATE), np.float32)
    return spoken


def errors(said: str, heard: str) -> float:
    """Word error rate."""
    alike = EnglishTextNormalizer()
    return float(jiwer.wer(alike(said), alike(heard)))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def engine() -> AsyncIterator[Whisper]:
    made = whisper.create("base")
    await made.warm()
    yield made
    await made.close()


async def test_service_sentences_are_heard(engine: Whisper) -> None:
    heard = [await engine.transcribe(say(text)) for text in _SENTENCES]
    assert [each.rejected for each in heard] == [""] * len(_SENTENCES)
    assert errors(" ".join(_SENTENCES), " ".join(each.text for each in heard)) <= 0.1
    assert all(0.5 < each.confidence <= 1 for each in heard)


async def test_silence_and_noises_give_no_words(engine: Whisper) -> None:
    noise = np.random.default_rng(7)
    clicks = np.zeros(2 * RATE)
    clicks[:: RATE // 5] = 0.5
    hum = 0.05 * np.sin(2 * np.pi * 50 * np.arange(2 * RATE) / RATE)
    sounds: dict[str, NDArray[np.float64]] = {
        "silence": np.zeros(2 * RATE),
        "nothing at all": np.zeros(0),
        "quiet room": noise.normal(0, 0.003, 2 * RATE),
        "loud hiss": noise.normal(0, 0.06, 3 * RATE),
        "hum": hum,
        "clicks": clicks,
    }
    for name, sound in sounds.items():
        heard = await engine.transcribe(sound.astype(np.float32))
        assert (heard.text, bool(heard.rejected)) == ("", True), name


async def test_a_turn_of_more_than_thirty_seconds_is_heard_to_its_end(engine: Whisper) -> None:
    text = " ".join(_SENTENCES * 3)
    turn = np.concatenate([say(each, slow=True) for each in _SENTENCES * 3])
    assert len(turn) > 40 * RATE
    heard = await engine.transcribe(turn)
    assert errors(text, heard.text) <= 0.12
    words = await engine.align(turn, heard.text)
    assert [word.text for word in words] == heard.text.split()
    assert words[-1].end_s > len(turn) / RATE - 2
    assert all(a.start_s <= a.end_s <= b.start_s for a, b in itertools.pairwise(words))


async def test_word_times_are_in_order_inside_the_sound_and_miss_the_pause(engine: Whisper) -> None:
    first, second = say("I hear you."), say("Please tell me more.")
    turn = np.concatenate([first, np.zeros(2 * RATE, np.float32), second])
    heard = await engine.transcribe(turn)
    words = await engine.align(turn, heard.text)
    assert [word.text for word in words] == heard.text.split()
    times = [time for word in words for time in (word.start_s, word.end_s)]
    assert times == sorted(times)
    assert times[0] >= 0
    assert times[-1] <= len(turn) / RATE
    please = next(word for word in words if word.text.lower().startswith("please"))
    assert abs(please.start_s - (len(first) / RATE + 2)) < 0.4
    assert all(0 <= word.confidence <= 1 for word in words)


async def test_words_of_a_correction_can_be_aligned_too(engine: Whisper) -> None:
    turn = say(_SENTENCES[1])
    words = await engine.align(turn, "Can you tell us what happened when you rang last time?")
    assert [word.text for word in words][3:6] == ["us", "what", "happened"]


async def test_two_requests_in_flight_get_their_own_answers(engine: Whisper) -> None:
    one, two = await asyncio.gather(*(engine.transcribe(say(text)) for text in _SENTENCES[:2]))
    assert errors(_SENTENCES[0], one.text) <= 0.2
    assert errors(_SENTENCES[1], two.text) <= 0.2


async def test_the_loop_stays_free_while_whisper_works(engine: Whisper) -> None:
    task = asyncio.create_task(engine.transcribe(say(_SENTENCES[3])))
    turns = 0
    while not task.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 100
    assert task.result().text


async def test_cancelled_requests_are_dropped_and_the_next_is_answered(
    engine: Whisper, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[str] = []
    exchange = engine._exchange

    def noted(request: Request) -> tuple[str, Any]:
        status, value = exchange(request)
        answers.append(status)
        return status, value

    monkeypatch.setattr(engine, "_exchange", noted)
    long_turn = np.concatenate([say(text) for text in _SENTENCES * 2])
    stale = [asyncio.create_task(engine.transcribe(long_turn)) for _ in range(6)]
    await asyncio.sleep(0.3)  # the first is being decoded, five wait
    for task in stale:
        task.cancel()
    heard = await engine.transcribe(say(_SENTENCES[2]))
    assert answers == ["dropped", "done"]  # the first was given up, the others never started
    assert errors(_SENTENCES[2], heard.text) <= 0.2
    assert all(task.cancelled() for task in stale)


async def test_a_killed_worker_fails_its_turn_and_is_back_for_the_next(engine: Whisper) -> None:
    task = asyncio.create_task(engine.transcribe(say(_SENTENCES[0])))
    await asyncio.sleep(0.1)
    before = engine.pid
    assert before is not None
    os.kill(before, signal.SIGKILL)
    with pytest.raises(EngineFailed, match="restarted"):
        await task
    heard = await engine.transcribe(say(_SENTENCES[0]))
    assert errors(_SENTENCES[0], heard.text) <= 0.2
    assert engine.pid != before


async def test_a_worker_that_died_in_a_pause_costs_no_turn(engine: Whisper) -> None:
    (process,) = [p for p in multiprocessing.active_children() if p.pid == engine.pid]
    process.kill()
    process.join()
    heard = await engine.transcribe(say(_SENTENCES[1]))
    assert errors(_SENTENCES[1], heard.text) <= 0.2


async def test_ctrl_c_is_the_parents_to_handle() -> None:
    other = whisper.create("tiny.en")
    loading = asyncio.create_task(other.warm())
    while other.pid is None:  # noqa: ASYNC110 - nothing announces it
        await asyncio.sleep(0.001)
    for _ in range(20):
        os.kill(other.pid, signal.SIGINT)
        await asyncio.sleep(0.05)
    await loading
    await other.close()


async def test_closing_fails_what_is_still_asked(engine: Whisper) -> None:
    other = whisper.create("tiny.en")
    asked = asyncio.create_task(other.transcribe(say(_SENTENCES[0])))
    await asyncio.sleep(0.5)
    await other.close()
    with pytest.raises(EngineFailed):
        await asked
    with pytest.raises(EngineFailed, match="closed"):
        await other.transcribe(say(_SENTENCES[0]))
    await other.close()


async def test_a_damaged_checkpoint_is_a_fault_not_a_hang(
    engine: Whisper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "whisper.pt"
    broken.write_bytes(b"not a checkpoint")
    monkeypatch.setattr("trainer.models.find", lambda _: broken)
    monkeypatch.setattr(whisper, "cache_dir", lambda: tmp_path)
    other = whisper.create("base")
    with pytest.raises(EngineFailed, match="failed"):
        await other.warm()
    await other.close()
    log = tmp_path / "logs" / "whisper-base.log"
    assert log.stat().st_mode & 0o077 == 0
    assert "Traceback" in log.read_text()


async def test_a_dead_parent_takes_the_worker_with_it(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        "import asyncio, numpy as np\n"
        "from trainer.stt import whisper\n"
        "async def main():\n"
        "    engine = whisper.create('tiny.en')\n"
        "    await engine.warm()\n"
        "    print(engine.pid, flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "if __name__ == '__main__':\n"
        "    asyncio.run(main())\n"
    )
    parent = await asyncio.create_subprocess_exec(
        sys.executable, str(script), stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout is not None
    worker = int(await parent.stdout.readline())
    parent.kill()
    await parent.wait()
    for _ in range(100):
        if not _alive(worker):
            break
        await asyncio.sleep(0.1)
    assert not _alive(worker)


def _alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"


async def test_nothing_reaches_the_terminal() -> None:
    script = (
        "import asyncio, numpy as np\n"
        "from trainer.stt import whisper\n"
        "async def main():\n"
        "    engine = whisper.create('tiny.en')\n"
        "    await engine.warm()\n"
        "    await engine.close()\n"
        "if __name__ == '__main__':\n"
        "    asyncio.run(main())\n"
    )
    ran = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", script], capture_output=True, check=True
    )
    assert (ran.stdout, ran.stderr) == (b"", b"")


async def test_an_unknown_model_is_bad_input() -> None:
    with pytest.raises(BadInput, match="huge"):
        whisper.create("huge")


async def test_absent_weights_are_named_with_the_command_that_brings_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAINER_CACHE", str(tmp_path))
    with pytest.raises(EngineMissing) as told:
        whisper.create("base")
    assert "trainer models pull whisper-base" in told.value.hint
