"""My card over the call, on screens too narrow to keep it beside the captions."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from trainer.domain.persona import Card
from trainer.tui.widgets.agent_card import AgentCard
from trainer.tui.words import OVER_A_CALL


class CardScreen(ModalScreen[None]):
    """The call goes on behind it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "dismiss", "Back"),
        ("c", "dismiss", "Back"),
        ("f2", "dismiss", "Back"),
    ]

    def __init__(self, card: Card, foot: str = OVER_A_CALL) -> None:
        """`foot`: what the keys do, at the foot of the box."""
        super().__init__()
        self._card = card
        self._foot = foot

    def compose(self) -> ComposeResult:
        """The card in a box that scrolls."""
        with VerticalScroll(classes="dialog") as box:
            box.border_title = "My card"
            box.border_subtitle = self._foot
            yield AgentCard(self._card)
            yield Static("")

    def on_mount(self) -> None:
        """Arrow keys scroll at once."""
        self.query_one(VerticalScroll).focus()
