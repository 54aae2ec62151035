"""Coaching in the call: the cue and the hint, the standstill, and the way out of everything."""

from pathlib import Path

import pytest
from textual.widgets import Input

from tests.tui.reading import SMALL, text, until
from tests.tui.standin import Program
from tests.tui.test_call_screen import pick_up
from trainer.domain.events import Coached

CUE = "voice up, short sentences  ▲ up"
SAY = "Name what it has been like for them before you solve it."


async def test_what_shows_and_one_hint_stand_under_the_captions(tmp_path: Path) -> None:
    program = Program(tmp_path)
    app = program.app()
    async with app.run_test(size=SMALL) as pilot:
        await pick_up(pilot)
        await until(pilot, "Your turn")
        assert "→" not in text(app)
        program.calls[0].tell(Coached(t=1, turn=3, cue=CUE, hint="name_it", say=SAY))
        seen = await until(pilot, SAY)
        assert f"Rita: {CUE}" in seen
        program.calls[0].tell(Coached(t=2, turn=5))
        await pilot.pause()
        assert "→" not in text(app)


@pytest.mark.parametrize("typed", [False, True])
async def test_the_call_stands_still_until_a_key_is_pressed(tmp_path: Path, typed: bool) -> None:
    program = Program(tmp_path)
    app = program.app()
    async with app.run_test(size=SMALL) as pilot:
        await pick_up(pilot, typed)
        program.calls[0].tell(Coached(t=1, turn=3, cue=CUE, hint="name_it", say=SAY))
        await until(pilot, SAY)
        await pilot.press("f6" if typed else "f")
        seen = await until(pilot, "For Rita no time passes")
        assert SAY in seen
        assert program.calls[0].wishes == [("freeze", True)]
        await pilot.press("space")
        await until(pilot, "Your turn")
        assert "no time passes" not in text(app)
        assert program.calls[0].wishes == [("freeze", True), ("freeze", False)]


async def test_breathing_along_does_not_let_the_call_go_on(tmp_path: Path) -> None:
    program = Program(tmp_path)
    app = program.app()
    async with app.run_test(size=SMALL) as pilot:
        await pick_up(pilot)
        await pilot.press("f")
        await until(pilot, "stands still")
        await pilot.press("b")
        await until(pilot, "in for 4 s")
        assert program.calls[0].wishes == [("freeze", True)]


async def test_without_coaching_the_call_cannot_be_frozen(tmp_path: Path) -> None:
    program = Program(tmp_path)
    app = program.app(coaching="off")
    async with app.run_test(size=SMALL) as pilot:
        await pick_up(pilot)
        assert "Freeze" not in text(app)
        await pilot.press("f")
        await pilot.pause()
        assert program.calls[0].wishes == []


WAYS = {
    "help": ("f1", "During a call"),
    "card": ("f2", "My card"),
    "correct": ("f4", "what was understood"),
    "still": ("f6", "stands still"),
    "commands": ("ctrl+p", "Stop at once"),
    "quit": ("ctrl+q", "Quitting stops it"),
}
OFFERED = {"commands": "Stop at once", "quit": "Stop and quit"}


@pytest.mark.parametrize(
    ("screen", "typed"), [*((screen, False) for screen in WAYS), ("correct", True), ("still", True)]
)
async def test_a_call_can_be_stopped_at_once_from_every_screen_over_it(
    tmp_path: Path, screen: str, typed: bool
) -> None:
    program = Program(tmp_path)
    app = program.app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pick_up(pilot, typed)
        program.calls[0].agent("I can send a medic.")
        await until(pilot, "medic")
        key, seen = WAYS[screen]
        await pilot.press(key)
        shown = await until(pilot, seen)
        assert OFFERED.get(screen, "F10") in shown
        await pilot.press("f10")
        await until(pilot, "The call was stopped")
        assert ("stop", None) in program.calls[0].wishes
        assert "Who is calling?" in text(app)


async def test_without_a_call_there_is_nothing_to_stop(tmp_path: Path) -> None:
    app = Program(tmp_path).app()
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, "Rita Olsen")
        await pilot.press("f10")
        await until(pilot, "Who is calling?")


async def test_a_half_typed_line_outlives_a_standstill(tmp_path: Path) -> None:
    app = Program(tmp_path).app()
    async with app.run_test(size=SMALL) as pilot:
        await pick_up(pilot, typed=True)
        await pilot.press(*"so", "f6")
        await until(pilot, "stands still")
        await pilot.press("x")
        await until(pilot, "Your turn")
        assert app.screen.query_one("#say", Input).value == "so"
