"""The private tap after a call, for those who tapped before it: one key, or Esc."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Key
from textual.screen import ModalScreen
from textual.widgets import Static

from trainer.review.load import Texts


def scale(texts: Texts) -> Content:
    """One row: 1 hardly … 5 a lot."""
    low, high = texts.ends
    return Content.from_markup(
        "[bold $primary]1[/] $low  [bold $primary]2 3 4[/]  [bold $primary]5[/] $high",
        low=low,
        high=high,
    )


class TapScreen(ModalScreen[int | None]):
    """Answers 1..5, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "dismiss", "Not now")]

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts

    def compose(self) -> ComposeResult:
        """The question and who sees the answer."""
        with Vertical(classes="dialog low") as box:
            box.border_title = "Before you go on"
            box.border_subtitle = "1–5 · Esc not now"
            yield Static(Content(self._texts.tap))
            yield Static(scale(self._texts))
            yield Static(Content(self._texts.private), classes="quiet")

    def on_key(self, event: Key) -> None:
        """One key is the answer."""
        if event.key in "12345":
            event.stop()
            self.dismiss(int(event.key))
