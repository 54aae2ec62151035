"""A screen that was left takes nothing any more, and breaks nothing."""

from functools import partial

import pytest
from textual.app import App
from textual.css.query import NoMatches
from textual.screen import Screen
from textual.widgets import Static

from trainer.tui.later import fill, tell


class Late(Screen[None]):
    """Puts a word on itself when told."""

    def compose(self) -> list[Static]:
        return [Static(id="word")]

    async def put(self, what: str = "#word") -> None:
        self.query_one(what, Static).update("here")


async def test_what_a_thread_finds_is_shown_while_the_screen_is_there_and_dropped_after() -> None:
    app, took = App[None](), list[str]()
    async with app.run_test() as pilot:
        screen = Late()
        await app.push_screen(screen)
        for left in (False, True):
            if left:
                app.pop_screen()
                await pilot.pause()
            worker = app.run_worker(partial(tell, screen, took.append, f"left {left}"), thread=True)
            await worker.wait()
    assert took == ["left False"]


async def test_a_screen_that_was_left_is_filled_no_further() -> None:
    app = App[None]()
    async with app.run_test() as pilot:
        screen = Late()
        await app.push_screen(screen)
        await fill(screen, screen.put())
        with pytest.raises(NoMatches):
            await fill(screen, screen.put("#nothing"))
        app.pop_screen()
        await pilot.pause()
        await fill(screen, screen.put("#nothing"))
