"""Live captions: what was said, as it is said."""

from collections.abc import Sequence

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from trainer.tui.call_view import Caption


def words(line: Caption, customer: str) -> Content:
    """One caption: a name and the words, or an aside in brackets."""
    if line.who == "aside":
        return Content.from_markup("[$quiet italic]($who $text)[/]", who=customer, text=line.text)
    name, colour = ("You", "$primary") if line.who == "agent" else (customer, "$secondary")
    tail = Content.from_markup("[$quiet] — cut off[/]") if line.cut else Content("")
    if line.corrected:
        tail = Content.from_markup("[$quiet] (corrected)[/]")
    return Content.assemble(
        Content.from_markup(f"[bold {colour}]$name[/]\n", name=name), Content(line.text), tail
    )


class Captions(VerticalScroll, can_focus=False):
    """The conversation, newest at the bottom."""

    DEFAULT_CSS = """
    Captions { height: 1fr; }
    Captions > Static { width: 1fr; padding: 0 1; }
    Captions > .agent { border-left: outer $primary; margin: 0 0 0 6; }
    Captions > .customer { border-left: outer $secondary; margin: 0 6 0 0; }
    .-tall Captions > .agent { margin: 0 0 1 6; }
    .-tall Captions > .customer { margin: 0 6 1 0; }
    """

    def __init__(self, customer: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._customer = customer
        self._shown: list[Caption] = []

    def on_mount(self) -> None:
        """Keep the newest line in sight."""
        self.anchor()

    def show(self, captions: Sequence[Caption]) -> None:
        """Show these; only lines that changed are drawn again."""
        children = list(self.query_children(Static))
        for place, line in enumerate(captions):
            if place < len(self._shown):
                if self._shown[place] != line:
                    children[place].update(words(line, self._customer))
            else:
                self.mount(Static(words(line, self._customer), classes=line.who))
        self._shown = list(captions)
