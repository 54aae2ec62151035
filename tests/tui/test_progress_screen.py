"""Progress in the app: key g, three pages, as wide as the terminal."""

from functools import partial
from pathlib import Path

import pytest

from tests.tui.reading import SMALL, rows, text, until
from tests.tui.standin import Program
from tests.tui.test_self_rating import reviewed, settle_on_disk
from tests.unit.many_calls import curve, keep, made
from trainer.cli.progress import gather
from trainer.domain.errors import BadInput
from trainer.settings import load
from trainer.tui.own import Own
from trainer.tui.widgets.key_bar import KeyBar


def own(data: Path) -> Own:
    given = load(data_dir=data)
    return Own(list, reviewed, settle_on_disk, partial(gather, given))


def history(data: Path) -> None:
    for number, level in enumerate((1, 1, 2, 1, 4, 5, 5, 5)):
        result = made({"E1": level}, {"empathy": float(level)}, curve=curve(0.8, 0.9, 0.3))
        keep(data, number, result)


async def test_g_shows_levels_then_own_marks_then_hard_moments(tmp_path: Path) -> None:
    history(tmp_path)
    app = Program(tmp_path, own=own(tmp_path)).app()
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, "Who is calling?")
        await pilot.press("g")
        seen = await until(pilot, "Calls counted: 8")
        assert "EMPATHY" in seen
        for bar in app.screen.query(KeyBar):
            assert all(key.label in seen for key in bar._keys)
        await pilot.press("3")
        await until(pilot, "A hard moment")
        await pilot.press("left")
        await until(pilot, "Your own mark minus the result")
        await pilot.press("escape")
        await until(pilot, "Who is calling?")


async def test_no_row_is_wrapped_and_a_wide_terminal_shows_whole_names(tmp_path: Path) -> None:
    history(tmp_path)
    app = Program(tmp_path, own=own(tmp_path)).app()
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, "Who is calling?")
        await pilot.press("g")
        await until(pilot, "Calls counted: 8")
        await pilot.press("pagedown")
        row = next(line for line in rows(app) if "Names the feeling" in line)
        assert "n 8" in row
        assert "…" in row
        await pilot.resize_terminal(160, 40)
        await until(pilot, "Names the feeling and says it makes sense")
        assert "▸1 What you did" in text(app)


async def test_a_mistake_in_a_file_is_told_at_home(tmp_path: Path) -> None:
    def broken(*_: object) -> None:
        raise BadInput("core.yaml:3:1: there is a mistake.")

    app = Program(tmp_path, own=Own(list, reviewed, settle_on_disk, broken)).app()  # type: ignore[arg-type]
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, "Who is calling?")
        await pilot.press("g")
        await until(pilot, "core.yaml:3:1")
        await pilot.press("escape")
        await until(pilot, "Who is calling?")


@pytest.mark.usefixtures("three_customers")
async def test_without_calls_it_says_when_there_will_be_something(tmp_path: Path) -> None:
    app = Program(tmp_path, own=own(tmp_path)).app()
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, "Who is calling?")
        await pilot.press("g", "2")
        await until(pilot, "nothing to show yet")
