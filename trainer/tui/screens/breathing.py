"""A minute to breathe: six slow breaths, left with any key."""

from time import monotonic
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content
from textual.events import Click, Key
from textual.screen import Screen
from textual.widgets import Static

from trainer.tui.widgets.key_bar import Key as Shown
from trainer.tui.widgets.key_bar import KeyBar

if TYPE_CHECKING:
    from trainer.review.self_rating import Breathing

IN_S, OUT_S = 4.0, 6.0
"""Out is longer than in; six such breaths are a minute."""

LENGTH_S = 60.0
_WIDEST = 21
_STEP_S = 0.1


def breath(at_s: float) -> tuple[bool, float]:
    """Whether it goes in at this second, and how full it is, 0..1."""
    within = at_s % (IN_S + OUT_S)
    if within < IN_S:
        return True, within / IN_S
    return False, 1 - (within - IN_S) / OUT_S


class BreathingScreen(Screen[None]):
    """A bar that widens and narrows, and two words. It never asks for anything."""

    def __init__(self, words: "Breathing") -> None:
        super().__init__()
        self._words = words
        self._began = 0.0

    def compose(self) -> ComposeResult:
        """The breath in the middle, how to leave at the foot."""
        yield Static(id="breath")
        yield KeyBar((Shown("any key", "Leave", "screen.leave"),))

    def on_mount(self) -> None:
        """It begins at once."""
        self._began = monotonic()
        self.set_interval(_STEP_S, self._draw)
        self._draw()

    def _draw(self) -> None:
        self.show(monotonic() - self._began)

    def show(self, at_s: float) -> None:
        """The picture at a second of it."""
        breaths = int(LENGTH_S / (IN_S + OUT_S))
        if at_s >= LENGTH_S:
            text = Content.from_markup("$done", done=self._words.done)
        else:
            inwards, full = breath(at_s)
            odd = 1 + 2 * round(full * (_WIDEST // 2))
            number = int(at_s // (IN_S + OUT_S))
            text = Content.from_markup(
                "[$quiet]$before[/]\n\n\n[$primary]$bar[/]\n\n[bold]$word[/]\n\n\n[$quiet]$count[/]",
                before=self._words.before,
                bar=("━" * odd).center(_WIDEST),
                word=self._words.in_ if inwards else self._words.out,
                count="●" * number + "○" * (breaths - number),
            )
        self.query_one("#breath", Static).update(text)

    def on_key(self, event: Key) -> None:
        """Any key leaves."""
        event.stop()
        self.dismiss()

    def on_click(self, event: Click) -> None:
        """So does the mouse."""
        self.dismiss()

    def action_leave(self) -> None:
        """As any key."""
        self.dismiss()
