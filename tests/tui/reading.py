"""Reads what a person would see."""

import asyncio

from textual.pilot import Pilot

from trainer.tui.app import TrainerApp

SMALL = (80, 24)
LARGE = (200, 60)


def rows(app: TrainerApp) -> list[str]:
    """The screen as text, a row each."""
    strips = app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip) for strip in strips]


def text(app: TrainerApp) -> str:
    """The screen as one text."""
    return "\n".join(rows(app))


async def settle(pilot: Pilot[None], times: int = 3) -> None:
    """Until threads and messages have come to rest."""
    for _ in range(times):
        await pilot.app.workers.wait_for_complete(
            [
                worker
                for worker in pilot.app.workers
                if worker.group not in {"call", "listen", "correct", "delete", "quit"}
            ]
        )
        await pilot.pause()


async def until(pilot: Pilot[None], words: str) -> str:
    """Wait for words to appear; the screen's text."""
    app = pilot.app
    assert isinstance(app, TrainerApp)
    for _ in range(400):
        await asyncio.sleep(0.03)
        if words in (seen := text(app)):
            return seen
    raise AssertionError(f"“{words}” did not appear:\n{text(app)}")
