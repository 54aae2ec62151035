"""“Not what I said”: put the last transcription right."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from trainer.tui.words import OVER_A_CALL

_MOOD = "The customer's mood is worked out again from there."
_OVER = (
    "The debrief goes by it from now on. What the customer felt stays: they had understood"
    " something else."
)


class CorrectScreen(ModalScreen[str | None]):
    """One line to edit; answers the new text, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "leave", "Back")]

    def __init__(self, heard: str, *, over: bool = False) -> None:
        """`over`: the call is, and the customer has felt what they felt."""
        super().__init__()
        self._heard = heard
        self._over = over

    def compose(self) -> ComposeResult:
        """What was understood, and a line to say what was meant."""
        with Vertical(classes="dialog low") as box:
            box.border_title = "Not what I said"
            box.border_subtitle = f"Enter keep · {'Esc back' if self._over else OVER_A_CALL}"
            yield Static("This is what was understood. Change it to what you really said:")
            yield Input(self._heard, id="correction", select_on_focus=False)
            yield Static(_OVER if self._over else _MOOD, classes="quiet")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter keeps the correction."""
        text = event.value.strip()
        self.dismiss(text if text and text != self._heard else None)

    def action_leave(self) -> None:
        """As it was."""
        self.dismiss(None)
