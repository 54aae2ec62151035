"""Taking a warm-up: from a line to numbers, held against earlier ones, told, and deleted."""

import asyncio
import json
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.audio.speech import human_speech
from tests.unit.test_delivery_baselines import MADE, NOON, VOICE
from trainer import settings as preferences
from trainer.audio import devices
from trainer.cli import main, warming
from trainer.domain.audio import BLOCK, RATE, Samples
from trainer.domain.baseline import WarmUp
from trainer.domain.errors import BadInput, TrainerError
from trainer.ports.line import Frame
from trainer.review.delivery import warm_up_words
from trainer.review.delivery.warm_up import louder
from trainer.settings import Settings
from trainer.store import baselines

TEXTS = warm_up_words.load(())


class Talker:
    """A line on which somebody goes on talking; the room is heard before `begin`."""

    name = "talker"
    paced = True

    def __init__(self, speech: Samples, ends: int = 10**9) -> None:
        self._speech = speech
        self._ends = ends
        self._at = 0
        self._noise = np.random.default_rng(0)
        self.talking = False
        self.closed = False

    def open(self) -> None:
        pass

    def read(self) -> Frame | None:
        if self._at >= self._ends:
            return None
        mic = self._noise.normal(scale=1e-4, size=BLOCK).astype(np.float32)
        if self.talking:
            at = self._at % (len(self._speech) - BLOCK)
            mic += self._speech[at : at + BLOCK]
        self._at += BLOCK
        return Frame(mic, np.zeros(BLOCK, np.float32))

    def write(self, block: Samples) -> None:
        pass

    def drop(self) -> int:
        return 0

    def queued(self) -> int:
        return 3 * BLOCK

    def status(self) -> str:
        return ""

    def close(self) -> None:
        self.closed = True


class SlowTalker(Talker):
    """One whose microphone takes its time."""

    def __init__(self, speech: Samples) -> None:
        super().__init__(speech)
        self.opening, self.ready = threading.Event(), threading.Event()

    def open(self) -> None:
        self.opening.set()
        self.ready.wait(10)


async def take(line: Talker, settings: Settings, seconds: Sequence[float]) -> warming.Found:
    """A warm-up on that line; the four parts last so long."""
    taking = warming.Taking(settings, line, "Headset")
    lengths = dict(zip(("room", "first", "second", "talk"), seconds, strict=True))
    levels = taking.levels()
    try:
        for part, length in lengths.items():
            line.talking = part != "room"
            taking.part(part)
            for _ in range(int(length * RATE / BLOCK / 3)):
                await anext(levels)
        return await taking.made()
    finally:
        await taking.close()


async def test_a_line_becomes_a_warm_up_in_words_and_numbers(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    line = Talker(human_speech(tmp_path))
    found = await take(line, settings, (3, 5, 5, 15))
    assert line.closed
    said = dict(found.rows)
    assert "Hz" in said["Pitch"]
    assert "dB above the room" in said["Level"]
    assert "syllables a second" in said["Pace"]
    assert "a quiet room" in said["Room"]
    assert "Headset" in found.holds
    assert baselines.history(tmp_path, "default", "Headset") == []
    warming.keep(settings, found.made)
    assert baselines.history(tmp_path, "default", "Headset") == [found.made]


async def test_a_microphone_that_goes_away_is_told(tmp_path: Path) -> None:
    line = Talker(human_speech(tmp_path), ends=30 * BLOCK)
    taking = warming.Taking(Settings(data_dir=tmp_path), line, "Headset")

    async def listen() -> None:
        async for _ in taking.levels():
            await asyncio.sleep(0)

    with pytest.raises(TrainerError, match="gone"):
        await listen()
    await taking.close()


async def test_a_microphone_that_opens_after_one_has_left_is_released(tmp_path: Path) -> None:
    line = SlowTalker(human_speech(tmp_path))
    taking = warming.Taking(Settings(data_dir=tmp_path), line, "Headset")
    listening = asyncio.ensure_future(anext(taking.levels()))
    await asyncio.to_thread(line.opening.wait, 10)
    listening.cancel()
    await taking.close()
    line.ready.set()
    for _ in range(200):
        if line.closed:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("the microphone stayed open")


async def test_a_room_without_a_voice_asks_for_another_try(tmp_path: Path) -> None:
    line = Talker(np.zeros(RATE, np.float32))
    with pytest.raises(BadInput):
        await take(line, Settings(data_dir=tmp_path), (1, 1, 1, 3))


# --- louder than usual ---


def at_level(db: float, noise_db: float = -70.0, days: int = 0) -> WarmUp:
    made = NOON + timedelta(days=days)
    return replace(MADE, made=made, voice=replace(VOICE, level_db=db), noise_db=noise_db)


def test_a_warm_up_much_louder_than_earlier_ones_asks_to_be_repeated() -> None:
    before = [at_level(-30), at_level(-28), at_level(-31)]
    assert louder(at_level(-20), before) == 10.0
    assert louder(at_level(-26), before) == 0.0
    assert louder(at_level(-45), before) == 0.0


def test_speaking_up_in_a_louder_room_is_as_it_should_be() -> None:
    before = [at_level(-30, noise_db=-70)]
    assert louder(at_level(-22, noise_db=-70), before) == 8.0
    assert louder(at_level(-22, noise_db=-60), before) == 0.0


def test_nobody_is_too_loud_the_first_time() -> None:
    assert louder(at_level(-3), []) == 0.0


def test_only_the_latest_warm_ups_say_what_is_usual() -> None:
    assert louder(at_level(-20), [at_level(-40)] * 20 + [at_level(-20)] * 5) == 0.0


def test_too_loud_is_said_with_the_number(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    baselines.save(tmp_path, "default", at_level(-35))
    found = warming.found(settings, at_level(-20, days=1))
    assert found.louder.startswith("That was 15 dB louder")
    assert not warming.found(settings, at_level(-35, days=1)).louder


# --- told, and deleted ---


def test_what_is_switched_off_is_said_and_not_shown() -> None:
    without = dict(warm_up_words.heard(MADE, TEXTS, tone=False, pacing=False))
    assert "Pitch" not in without
    assert "Level" not in without
    assert "switched off" in without["Pace"]
    assert "Pitch" in dict(warm_up_words.heard(MADE, TEXTS))


def test_deleting_takes_every_warm_up_of_one_person_and_nobody_elses(tmp_path: Path) -> None:
    baselines.save(tmp_path, "ann", MADE)
    baselines.save(tmp_path, "ann", replace(MADE, microphone="Laptop"))
    baselines.save(tmp_path, "bob", MADE)
    (tmp_path / "baselines" / "torn.json").write_text("{")
    assert baselines.delete(tmp_path, "ann") == 2
    assert baselines.latest(tmp_path, "ann") is None
    assert baselines.latest(tmp_path, "bob") == MADE
    assert len(list((tmp_path / "baselines").iterdir())) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "holds until"),
        ({"made": datetime.now(UTC) - timedelta(days=31)}, "older than 30 days"),
        ({"tracker": "another 1.0"}, "in an earlier way"),
    ],
    ids=["now", "old", "tracker"],
)
def test_how_it_stands_is_said_in_a_sentence(
    tmp_path: Path, change: dict[str, object], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(data_dir=tmp_path)
    assert warming.standing(settings) == ""
    here = type("Here", (), {"name": "Headset"})()
    monkeypatch.setattr(devices, "check", lambda *_: (here, here))
    made = replace(MADE, made=datetime.now(UTC))
    baselines.save(tmp_path, "default", replace(made, **change))  # type: ignore[arg-type]
    assert said in warming.standing(settings)
    other = type("Other", (), {"name": "Laptop"})()
    monkeypatch.setattr(devices, "check", lambda *_: (other, other))
    assert "Laptop needs its own" in warming.standing(settings)


# --- the command ---


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    code = main(["warmup", *words])
    return code, capsys.readouterr().out


def test_recordings_become_a_warm_up_that_is_shown_and_deleted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    speech = human_speech(tmp_path)
    talk = np.concatenate([speech] * (1 + 12 * RATE // len(speech)))
    room = np.random.default_rng(0).normal(scale=1e-4, size=3 * RATE)
    names = []
    for name, sound in (("room", room), ("one", speech), ("talk", talk)):
        names.append(str(tmp_path / f"{name}.wav"))
        soundfile.write(names[-1], sound, RATE)
    code, out = run(capsys, "files", *names, "--microphone", "Headset", "--json")
    made = json.loads(out)
    assert (code, made["microphone"], made["louder_db"]) == (0, "Headset", 0.0)
    assert json.loads(run(capsys, "show", "--json")[1])["made"] == made["made"]
    assert "Hz" in run(capsys)[1]
    assert run(capsys, "delete", "--yes", "--json") == (0, '{"warm_ups": 1, "taps": 0}\n')
    assert "no warm-up yet" in run(capsys)[1]


def test_nobody_elses_warm_ups_are_deleted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data_dir = preferences.load().data_dir
    baselines.save(data_dir, "bob", MADE)
    assert run(capsys, "delete", "--yes")[0] == 0
    assert baselines.latest(data_dir, "bob") == MADE
