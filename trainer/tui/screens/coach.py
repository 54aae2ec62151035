"""Freeze and think: the call stands still behind it; any key goes on, b breathes along first."""

from collections.abc import Sequence
from time import monotonic

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.events import Click, Key
from textual.screen import ModalScreen
from textual.widgets import Static

from trainer.tui.screens.breathing import IN_S, OUT_S, breath
from trainer.tui.widgets.coach_line import words

REPEATS_S = 0.7
"""The key that froze the call may still be down: its repeats do not let it go on."""

_WIDEST = 21
_DRAWN_S = 0.1


class StillScreen(ModalScreen[None]):
    """It asks for nothing and waits as long as one likes."""

    def __init__(self, customer: str, cue: str, hint: str, think: Sequence[str] = ()) -> None:
        """`customer`: first name; `think`: questions to think about."""
        super().__init__()
        self._customer = customer
        self._coach = words(customer, cue, hint)
        self._think = tuple(think)
        self._opened = 0.0
        self._breathing: float | None = None

    def compose(self) -> ComposeResult:
        """What it means, what to think about, and room for the breath."""
        with Vertical(classes="dialog low") as box:
            box.border_title = "‖ The call stands still"
            box.border_subtitle = "any key: go on · b: breathe · F10: stop the call"
            yield Static(
                Content.from_markup(
                    "Nothing is heard and nothing recorded. For $who no time passes.",
                    who=self._customer,
                )
            )
            if self._coach.plain:
                yield Static(self._coach, classes="said")
            for question in self._think:
                yield Static(Content.from_markup("[$primary]›[/] $text", text=question))
            yield Static(id="breath-along")

    def on_mount(self) -> None:
        """The breath is drawn only when asked for."""
        self._opened = monotonic()
        self.query_one("#breath-along").display = False
        self.set_interval(_DRAWN_S, self._draw)

    def _draw(self) -> None:
        if self._breathing is None:
            return
        at_s = monotonic() - self._breathing
        inwards, full = breath(at_s)
        self.query_one("#breath-along", Static).update(
            Content.from_markup(
                "\n[$primary]$bar[/]  $word",
                bar=("━" * (1 + 2 * round(full * (_WIDEST // 2)))).center(_WIDEST),
                word=f"in for {IN_S:.0f} s" if inwards else f"out for {OUT_S:.0f} s",
            )
        )

    def on_key(self, event: Key) -> None:
        """Any key goes on, b breathes."""
        event.stop()
        if event.key == "b":
            self._breathing = monotonic() if self._breathing is None else None
            self.query_one("#breath-along").display = self._breathing is not None
        elif event.key not in ("f", "f6") or monotonic() - self._opened > REPEATS_S:
            self.dismiss()

    def on_click(self, event: Click) -> None:
        """So does the mouse."""
        self.dismiss()
