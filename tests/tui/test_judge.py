"""The judge in the app: it works while the person goes on, names itself, and can be stopped."""

import asyncio
import json
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.tui.reading import LARGE, SMALL, settle, text, until
from tests.tui.standin import Program as Scripted
from tests.unit.test_judge import SAID
from tests.unit.test_judging import MODEL, honest
from tests.unit.test_review import ended, exchange, on_disk, started
from trainer.cli import practice
from trainer.domain.errors import BadInput
from trainer.domain.events import Event
from trainer.settings import Settings, load
from trainer.simulate.model_server import ModelServer
from trainer.tui import wishes
from trainer.tui.app import TrainerApp
from trainer.tui.program import Program
from trainer.tui.services import JudgeStep


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    turns: list[Event] = []
    for index, said in enumerate(SAID):
        turns += exchange(2 * index + 1, index * 8.0, said, 0.8)
    return on_disk(tmp_path / "data" / "calls" / "20260101-a-1", [started(), *turns, ended()])


def program(**settings: Any) -> Program:
    return Program(
        load(**settings), lambda: None, practice._review,
        seed=1, typed=True, settle=practice._settle, judge=practice._judge,
    )  # fmt: skip


def kept(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "review.json").read_text())
    return found


def test_the_program_marks_a_call_and_its_debrief_then_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAINER_JUDGE", MODEL)
    steps: list[JudgeStep] = []
    with ModelServer(replies=honest) as server:
        monkeypatch.setenv("TRAINER_JUDGE_API_BASE", server.base_url)
        services = program().services()
        assert services.own is not None
        services.own.prepare(folder)
        by_rules = kept(folder)
        assert services.judge is not None
        services.judge(folder, steps.append, lambda: False)
        marked = kept(folder)
        told = services.debrief(folder)  # made ready before the judge was asked
    assert by_rules["judge"] is None
    assert marked["judge"]["status"] == "done"
    assert kept(folder)["judge"] == marked["judge"]
    assert [step.done for step in steps] == list(range(steps[0].of + 1))
    assert steps[-1].cost.startswith("$0.")
    assert told.folder == folder


def test_without_the_setting_the_program_asks_nobody(folder: Path) -> None:
    services = program().services()
    assert services.judge is not None
    services.judge(folder, lambda step: None, lambda: False)
    assert not (folder / "judge.json").exists()


def test_a_stopped_judge_leaves_what_rules_found(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAINER_JUDGE", MODEL)
    with ModelServer(fault="hang") as server:
        monkeypatch.setenv("TRAINER_JUDGE_API_BASE", server.base_url)
        services = program().services()
        assert services.judge is not None
        services.judge(folder, lambda step: None, server.asked.is_set)
    assert kept(folder)["judge"] is None
    assert "was stopped" in kept(folder)["note"]


class Judge:
    """Works until it is let go or stopped."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.go = threading.Event()
        self.began = threading.Event()
        self.over = threading.Event()
        self.stopped = False
        self._fault = fault

    def __call__(
        self, folder: Path, progress: Callable[[JudgeStep], None], cancelled: Callable[[], bool]
    ) -> None:
        progress(JudgeStep("Says it back and checks", 2, 7, "$0.0042"))
        self.began.set()
        while not self.go.wait(0.02):
            if cancelled():
                self.stopped = True
                self.over.set()
                return
        if self._fault:
            raise self._fault
        progress(JudgeStep("", 7, 7, "$0.01"))


def app(tmp_path: Path, judge: Judge, **settings: Any) -> TrainerApp:
    given = Settings(data_dir=tmp_path, judge=MODEL, **settings)
    return TrainerApp(given, replace(Scripted(tmp_path).services(), judge=judge))


async def over(pilot: Pilot[None], folder: Path) -> None:
    await until(pilot, "Rita Olsen")
    pilot.app.post_message(wishes.CallOver(folder, "Rita Olsen", "agent_ended"))


async def test_the_judge_works_behind_the_screens_and_shows_how_far_it_is(tmp_path: Path) -> None:
    judge = Judge()
    running = app(tmp_path, judge)
    async with running.run_test(size=LARGE, notifications=True) as pilot:
        await over(pilot, tmp_path)
        await until(pilot, "judge ━━┄┄┄┄┄ $0.0042")
        await until(pilot, f"words leave this machine: {MODEL}")
        await until(pilot, "Their side of it")
        judge.go.set()
        await until(pilot, "The judge has marked the call")
        await settle(pilot)
        assert running.judging is None


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (BadInput("“foo” does not say whose model it is."), "does not say whose model"),
        (ValueError("what was said"), "a mistake in the program (ValueError"),
    ],
)
async def test_a_judge_that_fails_says_so_and_the_debrief_is_there(
    fault: Exception, told: str, tmp_path: Path
) -> None:
    judge = Judge(fault)
    running = app(tmp_path, judge)
    async with running.run_test(size=LARGE, notifications=True) as pilot:
        await over(pilot, tmp_path)
        judge.go.set()
        seen = await until(pilot, told)
        assert "what was said" not in seen
        await until(pilot, "Their side of it")


async def test_the_judge_can_be_stopped(tmp_path: Path) -> None:
    judge = Judge()
    running = app(tmp_path, judge)
    async with running.run_test(size=SMALL, notifications=True) as pilot:
        await over(pilot, tmp_path)
        await until(pilot, "judge ━━")
        assert "Stop the judge" in {
            command.title for command in running.get_system_commands(running.screen)
        }
        running.action_stop_judge()
        await asyncio.to_thread(judge.over.wait, 10)
        assert judge.stopped
        await until(pilot, "Their side of it")
        assert "judge ━" not in text(running)


async def test_a_call_that_was_stopped_is_not_marked(tmp_path: Path) -> None:
    judge = Judge()
    running = app(tmp_path, judge)
    async with running.run_test(size=SMALL, notifications=True) as pilot:
        await until(pilot, "Rita Olsen")
        running.post_message(wishes.CallOver(tmp_path, "Rita Olsen", "aborted"))
        await until(pilot, "It is not scored")
        assert not judge.began.is_set()


async def test_a_judge_elsewhere_is_named_as_soon_as_it_is_set(tmp_path: Path) -> None:
    program = Scripted(tmp_path)
    running = program.app()
    async with running.run_test(size=LARGE, notifications=True) as pilot:
        await until(pilot, "nothing leaves this machine")
        running.post_message(wishes.Keep("judge", "openai/gpt-4o"))
        await until(pilot, "words leave this machine: openai/gpt-4o")
        running.post_message(wishes.Keep("judge", "off"))
        await until(pilot, "nothing leaves this machine")
