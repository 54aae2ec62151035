"""Two lines for oneself, beside a call."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from trainer.domain.self_rating import LONGEST

Lines = tuple[str, str]


class JournalScreen(ModalScreen[Lines | None]):
    """Answers the two lines; None for Esc."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "leave", "Back")]

    def __init__(self, asks: Sequence[str], lines: Lines) -> None:
        """`lines` as they were written before."""
        super().__init__()
        self._asks = tuple(asks)
        self._lines = lines

    def compose(self) -> ComposeResult:
        """A line under each question."""
        with Vertical(classes="dialog low") as box:
            box.border_title = "Two lines for yourself"
            box.border_subtitle = "Enter next, keep · Esc back"
            for number, (ask, line) in enumerate(zip(self._asks, self._lines, strict=True)):
                yield Static(Content.styled(ask, "bold"))
                yield Input(line, max_length=LONGEST, id=f"line-{number}")
            yield Static(Content.styled("Kept beside the call, on this machine only.", "$quiet"))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """From the first to the second, from the second home."""
        first, second = (self.query_one(f"#line-{number}", Input) for number in range(2))
        if event.input is first:
            self.set_focus(second)
        else:
            self.dismiss((first.value.strip(), second.value.strip()))

    def action_leave(self) -> None:
        """Nothing is kept."""
        self.dismiss(None)
