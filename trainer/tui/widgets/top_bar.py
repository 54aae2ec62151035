"""The first row of every screen: where you are, and whether words leave this machine."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from trainer.tui.services import EngineState


def privacy(states: dict[str, EngineState]) -> Content:
    """What leaves the machine, said plainly."""
    gone = [state for state in states.values() if state.leaves_machine]
    if not gone:
        return Content.from_markup("[$quiet]⌂ nothing leaves this machine[/]")
    what = " and ".join(
        sorted(
            {
                "words" if state.part == "wording" else "sound" if state.part == "stt" else "words"
                for state in gone
            }
        )
    )
    names = ", ".join(sorted({state.name for state in gone}))
    return Content.from_markup(
        "[bold $warning]▲ $what leave this machine: $names[/]", what=what, names=names
    )


class TopBar(Horizontal):
    """A title on the left, the privacy note on the right."""

    DEFAULT_CSS = """
    TopBar { dock: top; height: 1; background: $surface; padding: 0 1; }
    TopBar Static { height: 1; text-overflow: ellipsis; text-wrap: nowrap; }
    TopBar #where { width: 1fr; text-style: bold; }
    TopBar #privacy { width: auto; max-width: 60%; padding: 0 0 0 1; }
    """

    def __init__(self, title: Content | str) -> None:
        super().__init__()
        self._title = title

    def compose(self) -> ComposeResult:
        """Two texts in one row."""
        yield Static(self._title, id="where")
        yield Static(id="privacy")

    def on_mount(self) -> None:
        """Follow the engines as they load."""
        self.watch(self.app, "engines", self._follow)

    def _follow(self, states: dict[str, EngineState]) -> None:
        self.query_one("#privacy", Static).update(privacy(states))
