"""A short question with a few answers, and errors as friendly panels: what happened, what to do."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import Key
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from trainer.domain.errors import TrainerError

Answer = tuple[str, str, str]
"""Key, label, what is answered."""


class ChoiceScreen(ModalScreen[str]):
    """Asks; answers one of the given words, or "" for Esc."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "leave", "Back"),
        ("left", "app.focus_previous", "Previous"),
        ("right", "app.focus_next", "Next"),
    ]

    def __init__(self, title: str, text: str, hint: str, answers: Sequence[Answer]) -> None:
        super().__init__()
        self._title = title
        self._text = text
        self._hint = hint
        self._answers = tuple(answers)

    def compose(self) -> ComposeResult:
        """Title, text, what to do, and a button for each answer."""
        with Vertical(classes="dialog low") as box:
            box.border_title = self._title
            yield Static(Content(self._text), classes="say")
            if self._hint:
                yield Static(
                    Content.from_markup("\n[$accent]→[/] $hint", hint=self._hint), classes="say"
                )
            with Horizontal(classes="answers"):
                for key, label, answer in self._answers:
                    yield Button(f"{label}  ({key})", id=f"answer-{answer}", compact=True)

    def on_key(self, event: Key) -> None:
        """Each answer has its key."""
        for key, _, answer in self._answers:
            if event.key == key.lower():
                event.stop()
                self.dismiss(answer)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Each answer has its button."""
        self.dismiss((event.button.id or "").removeprefix("answer-"))

    def action_leave(self) -> None:
        """No answer."""
        self.dismiss("")


def problem(error: TrainerError, answers: Sequence[Answer] = ()) -> ChoiceScreen:
    """An error as a panel; without answers it can only be closed."""
    return ChoiceScreen(
        "That did not work", error.message, error.hint, (*answers, ("Esc", "Back", "back"))
    )
