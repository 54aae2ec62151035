"""A screen that was left takes nothing any more, and breaks nothing."""

import threading

import pytest
from textual import work
from textual.app import App
from textual.css.query import NoMatches
from textual.screen import Screen
from textual.widgets import Static

from trainer.tui.later import fill, tell


class Late(Screen[None]):
    """Finds something out in a thread, and puts words on itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found, self.told = threading.Event(), threading.Event()
        self.took: list[str] = []

    def compose(self) -> list[Static]:
        return [Static(id="word")]

    def on_mount(self) -> None:
        self._look()

    @work(thread=True)
    def _look(self) -> None:
        self.found.wait(10)
        try:
            tell(self, self.took.append, "found")
        finally:
            self.told.set()

    async def put(self, what: str = "#word") -> None:
        self.query_one(what, Static).update("here")


@pytest.mark.parametrize("left", [False, True])
async def test_what_a_thread_finds_is_dropped_once_the_screen_was_left(left: bool) -> None:
    app, screen = App[None](), Late()
    async with app.run_test() as pilot:
        await app.push_screen(screen)
        if left:
            app.pop_screen()
            await pilot.pause()
        screen.found.set()
        while not screen.told.is_set():  # the thread outlives its screen
            await pilot.pause(0.01)
        assert screen.took == ([] if left else ["found"])


async def test_a_screen_that_was_left_is_filled_no_further() -> None:
    app, screen = App[None](), Late()
    screen.found.set()
    async with app.run_test() as pilot:
        await app.push_screen(screen)
        await fill(screen, screen.put())
        with pytest.raises(NoMatches):
            await fill(screen, screen.put("#nothing"))
        app.pop_screen()
        await pilot.pause()
        await fill(screen, screen.put("#nothing"))
