"""The name of a new customer."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static


class NamingScreen(ModalScreen[str]):
    """One line to type; answers the name, or "" for Esc."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "leave", "Back")]

    def __init__(self, name: str) -> None:
        """`name` is what Enter takes if nothing is typed."""
        super().__init__()
        self._offered = name

    def compose(self) -> ComposeResult:
        """What is asked, and what comes of it."""
        with Vertical(classes="dialog low") as box:
            box.border_title = "A new customer"
            box.border_subtitle = "Enter write it · Esc back"
            yield Static("What shall the file be called? Letters, digits and hyphens:")
            yield Input(self._offered, id="new-name", select_on_focus=True)
            yield Static(
                "A whole customer to begin with, every field explained, opens in your editor."
                " “trainer persona new” asks a few questions first.",
                classes="quiet",
            )

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter writes the file."""
        self.dismiss(event.value.strip())

    def action_leave(self) -> None:
        """No new customer."""
        self.dismiss("")
