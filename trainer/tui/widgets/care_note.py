"""A kind word at home: a break after hard calls, or the offer of a warm-up. Never in the way."""

from textual.content import Content
from textual.widgets import Static

from trainer.tui.care import Note

_KEYS = {"break": "b: breathe · n: not now", "warm_up": "u: warm up · n: not again"}


class CareNote(Static):
    """Takes no room while there is nothing to say."""

    DEFAULT_CSS = """
    CareNote { height: auto; max-height: 4; padding: 0 2; display: none; }
    """

    def show(self, note: Note | None) -> None:
        """Say this from now on."""
        self.display = note is not None
        if note is not None:
            sign, colour = ("‖", "$warning") if note.kind == "break" else ("◖◗", "$primary")
            self.update(
                Content.from_markup(
                    f"[{colour}]$sign[/] $text [bold $accent]$keys[/]",
                    sign=sign,
                    text=note.text.strip(),
                    keys=_KEYS[note.kind],
                )
            )
