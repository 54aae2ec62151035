"""The first row of every screen: where you are, and whether words leave this machine."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from trainer.tui.services import EngineState, JudgeStep


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


def judging(step: JudgeStep) -> Content:
    """How far the judge is: a bar of as many marks as there are behaviours, and the cost."""
    bar = "━" * step.done + "┄" * (step.of - step.done)
    return Content.from_markup("[$quiet]judge[/] $bar [$quiet]$cost[/]", bar=bar, cost=step.cost)


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
        self.watch(self.app, "judging", self._follow)

    def _follow(self) -> None:
        states, step = getattr(self.app, "engines", {}), getattr(self.app, "judging", None)
        note = privacy(states)
        if step is not None:
            note = Content.assemble(judging(step), "  ", note)
        self.query_one("#privacy", Static).update(note)
