"""In the debrief: retry the chosen moment, say a better line; the program behind it is real."""

import io
import json
import threading
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.reading import SMALL, until
from trainer.cli import compose, main, practice
from trainer.domain.audio import RATE, Samples
from trainer.domain.mood import Feeling, Mood
from trainer.domain.transcript import Heard
from trainer.review import said
from trainer.settings import load
from trainer.store import calls, forks
from trainer.store.said import KeptLine, kept
from trainer.tui.app import TrainerApp
from trainer.tui.program import Program
from trainer.tui.screens.debrief import DebriefScreen
from trainer.tui.screens.say_it import Better, SayScreen, better
from trainer.tui.services import Debrief, Line, Remark, Services

pytestmark = pytest.mark.engine

COLD = "What is your customer number?\nYou need to calm down.\nThat is our policy.\nSorry.\n"
KIND = "I am so sorry. Three days, and nobody came. That is our fault."


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A typed call that went badly."""
    monkeypatch.setattr("sys.stdin", io.StringIO(COLD))
    given = ("--agent-text", "-", "--wording", "authored", "--seed", "3", "--json")
    assert main(["call", "olsen-outage", *given]) == 0
    return Path(json.loads(capsys.readouterr().out)["call"])


@pytest.fixture
def services() -> Services:
    """The real program, silent."""
    given = load(wording="authored", voice="none")
    return Program(given, lambda: compose, practice._review, seed=1, typed=True).services()


@asynccontextmanager
async def debrief(call: Path, services: Services) -> Any:
    """The debrief of the call, at its second moment."""
    app = TrainerApp(load(wording="authored", voice="none"), services, typed=True)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        app.push_screen(DebriefScreen(call, services))
        await until(pilot, "Their side of it")
        await pilot.press("right", "right")
        await until(pilot, "You need to calm down")
        yield pilot
        assert services.close is not None
        await services.close()


async def type_in(pilot: Pilot[None], line: str) -> None:
    pilot.app.screen.query_one(Input).value = line
    await pilot.press("enter")


def files(call: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in call.iterdir() if path.is_file()}


async def test_a_moment_is_retried_and_stands_beside_what_was_said_then(
    call: Path, services: Services
) -> None:
    async with debrief(call, services) as pilot:
        before = files(call)
        await pilot.press("r")
        seen = await until(pilot, "Your turn")
        assert "L K, four four" in " ".join(seen.split()), "their last line, once more"
        for line in (KIND, "What has it cost you", "I will send an engineer"):
            await until(pilot, "Your turn")
            await type_in(pilot, line)
        seen = await until(pilot, "Then and now")
        seen = await until(pilot, "What you said")
        assert "◇" in seen
        await pilot.press("pagedown")
        seen = await until(pilot, "Now   74 ▼")
        assert "Then  74 ▲" in seen
        assert (forks.of(call)[0] / "review.json").is_file()
        assert files(call) == before
        await pilot.press("r")  # once more, and stopped from a box over it
        await until(pilot, "Your turn")
        await pilot.press("f1")
        await until(pilot, "During a call")
        await pilot.press("f10")
        await until(pilot, "Anger over the call")
        await pilot.press("left", "left", "r")
        await until(pilot, "Choose a moment")


class Canned:
    """A microphone that heard half a second of hum."""

    def stop(self) -> Samples:
        return np.full(RATE // 2, 0.1, np.float32)


async def test_a_typed_line_is_held_against_the_call_and_one_not_heard_well_is_not(
    call: Path, services: Services
) -> None:
    again = services.again
    assert again is not None

    async def say(folder: Path, turn: int, words: str | Samples) -> tuple[said.Said, KeptLine]:
        if isinstance(words, str):
            return await again.say(folder, turn, words)
        assert (turn, len(words)) == (4, RATE // 2)
        told = said.unheard(Heard("mm", 0.1), Feeling.ANGER, Mood(anger=0.7), None, [])
        return told, KeptLine(turn, {}, None)

    services = replace(services, again=replace(again, record=Canned, say=say))
    async with debrief(call, services) as pilot:
        await pilot.press("s")
        seen = await until(pilot, "One way to say it")
        assert "“You need to calm down.”" in seen
        assert "L K, four four" in seen, "what it answers"
        await type_in(pilot, KIND)
        seen = await until(pilot, "To these words")
        assert "You apologised for what was done" in seen
        (line,) = kept(call, 4)
        assert line.facts["text"] == KIND
        assert "would have come down, from 74 to 68 of 100" in line.facts["told"]
        assert "In the call it went up, to 85." in line.facts["told"]
        await pilot.press("escape", "s")
        await until(pilot, "To these words")  # it is still there the next time
        await pilot.press("f2")
        await until(pilot, "recording")
        await pilot.press("f2")
        seen = await until(pilot, "could not hear that well")
        assert "would have said" not in seen


class Held(Canned):
    """A microphone that can be seen to be given back."""

    def __init__(self) -> None:
        self.stopped = False

    def stop(self) -> Samples:
        self.stopped = True
        return super().stop()


async def test_a_microphone_that_opens_after_the_box_was_left_is_given_back(
    tmp_path: Path, services: Services
) -> None:
    again, opening, ready, held = services.again, threading.Event(), threading.Event(), Held()
    assert again is not None

    def record() -> Held:
        opening.set()
        ready.wait(10)
        return held

    box = SayScreen(
        tmp_path, False, [Better(line(4, "agent"), "Say it so.")], services,
        replace(again, record=record),
    )  # fmt: skip
    app = TrainerApp(load(wording="authored", voice="none"), services, typed=True)
    async with app.run_test(size=SMALL) as pilot:
        app.push_screen(box)
        await until(pilot, "One way to say it")
        await pilot.press("f2")
        while not opening.is_set():
            await pilot.pause(0.01)
        await pilot.press("escape")
        ready.set()
        while not held.stopped:
            await pilot.pause(0.01)
        assert services.close is not None
        await services.close()


def line(turn: int, who: Any) -> Line:
    return Line(turn, who, "…", 0, 1)


def test_lines_come_from_the_feedback_the_chosen_moment_first() -> None:
    told = Debrief(
        Path(), "", "", "", 0, False,
        improve=(Remark("a", say_instead="A", turn=4), Remark("b", say_instead="B", turn=5)),
        action=Remark("c", say_instead="C", turn=4),
        went_well=(Remark("d", quote="D", turn=2),),
        transcript=tuple(line(n, "agent" if n % 2 == 0 else "customer") for n in range(1, 8)),
    )  # fmt: skip
    assert [(one.then.turn, one.instead) for one in better(told, 6)] == [(6, "B"), (4, "A")]
    assert [one.then.turn for one in better(told, 1)] == [4, 6]


async def test_what_was_misheard_is_put_right_after_the_call_and_no_longer_blamed(
    call: Path, services: Services
) -> None:
    log = call / "events.jsonl"
    log.write_text(log.read_text().replace('"source":"typed"', '"source":"stt"'))
    before = files(call)
    async with debrief(call, services) as pilot:
        await pilot.press("f4")
        await until(pilot, "what you really said")
        await type_in(pilot, KIND)
        await until(pilot, "Put right")
        assert "calm down" not in "".join(review_of(call))
    kept_beside = call / "disputes.jsonl"
    assert kept_beside.stat().st_mode & 0o777 == 0o600
    changed = {"review.json", "report.html"}
    assert {name for name, held in files(call).items() if before.get(name) != held} <= {
        *changed,
        kept_beside.name,
    }
    kept_beside.write_text("{\n" + kept_beside.read_text())  # a damaged line is passed over
    assert "calm down" not in "".join(review_of(call))
    kept_beside.unlink()
    assert "calm down" in "".join(review_of(call))


def review_of(call: Path) -> list[str]:
    """What the debrief blames, made anew."""
    made = practice._review(calls.load(call), [])
    items = [*made.feedback.improve, made.feedback.action]
    quotes = [item.quote or "" for item in items if item is not None]
    return [*quotes, *(turn.text for turn in made.transcript)]


async def test_a_typed_turn_is_not_put_right(call: Path, services: Services) -> None:
    async with debrief(call, services) as pilot:
        await pilot.press("f4")
        await until(pilot, "what you really said")
        await type_in(pilot, KIND)
        await until(pilot, "stands as you wrote it")
    assert not (call / "disputes.jsonl").exists()
