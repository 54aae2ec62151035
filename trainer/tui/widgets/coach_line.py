"""The coach beside a call: what shows of the customer, and one line to try. Quiet, two rows."""

from textual.content import Content
from textual.widgets import Static


def words(customer: str, cue: str, hint: str) -> Content:
    """The rows; empty where there is nothing to say."""
    rows = []
    if cue:
        rows.append(Content.from_markup("[$quiet]$who: $cue[/]", who=customer, cue=cue))
    if hint:
        rows.append(Content.from_markup("[$accent]→[/] $hint", hint=hint))
    return Content("\n").join(rows)


class CoachLine(Static):
    """Takes no room while it has nothing to say."""

    DEFAULT_CSS = """
    CoachLine { height: auto; max-height: 4; padding: 0 2; display: none; }
    """

    def __init__(self, customer: str) -> None:
        """`customer`: first name."""
        super().__init__()
        self._customer = customer

    def show(self, cue: str, hint: str) -> None:
        """Say this from now on."""
        self.display = bool(cue or hint)
        self.update(words(self._customer, cue, hint))
