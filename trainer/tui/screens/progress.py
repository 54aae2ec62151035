"""Progress: what the calls of one person show together, on three pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.screen import Screen
from textual.widgets import Static

from trainer.domain.errors import TrainerError
from trainer.tui.later import tell
from trainer.tui.own import Own
from trainer.tui.screens.choice import problem
from trainer.tui.widgets.key_bar import Key, KeyBar
from trainer.tui.widgets.tab_strip import Page, TabStrip
from trainer.tui.widgets.top_bar import TopBar

if TYPE_CHECKING:
    from trainer.review.progress_text import Section

    Draw = Callable[[int], Sequence[Section]]

PAGES = (Page("0", "What you did"), Page("1", "How you saw it"), Page("2", "Hard moments"))
KEYS = (
    Key("1 2 3", "Page", "screen.turn(1)"),
    Key("← →", "or this way", "screen.turn(1)"),
    Key("↑↓", "Read on", "screen.scroll(3)"),
    Key("Esc", "Home", "app.pop_screen"),
    Key("?", "Help", "app.help"),
)


class ProgressScreen(Screen[None]):
    """Reads in a thread, saying how far it is; draws as wide as the terminal is."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("1", "page(0)", "What you did"),
        ("2", "page(1)", "How you saw it"),
        ("3", "page(2)", "Hard moments"),
        ("left", "turn(-1)", "Page before"),
        ("right", "turn(1)", "Next page"),
        ("up,k", "scroll(-3)", "Up"),
        ("down,j", "scroll(3)", "Down"),
        ("pageup", "scroll(-15)", "Up"),
        ("pagedown", "scroll(15)", "Down"),
        ("escape,q,g", "app.pop_screen", "Home"),
    ]

    def __init__(self, own: Own) -> None:
        super().__init__()
        self._own = own
        self._draw: Draw | None = None
        self._page = 0

    def compose(self) -> ComposeResult:
        """Pages, and room for one."""
        yield TopBar(Content.from_markup("[$primary]◖◗[/] Progress [$quiet]· yours alone[/]"))
        yield TabStrip(PAGES, id="progress-pages")
        with VerticalScroll(id="progress", can_focus=False):
            yield Static("Reading your calls…", id="progress-text")
        yield KeyBar(KEYS)

    def on_mount(self) -> None:
        """Read in a thread."""
        self._read()

    @work(thread=True)
    def _read(self) -> None:
        def told(done: int, of: int) -> None:
            if done % 10 == 0 or done == of:
                tell(self, self._tell, f"Reading your calls… {done} of {of}")

        try:
            draw = self._own.progress(told)
        except TrainerError as error:
            tell(self, self._give_up, error)
            return
        tell(self, self._take, draw)

    def _give_up(self, error: TrainerError) -> None:
        self.app.switch_screen(problem(error))

    def _tell(self, words: str) -> None:
        if self.is_mounted and self._draw is None:
            self.query_one("#progress-text", Static).update(words)

    def _take(self, draw: Draw) -> None:
        self._draw = draw
        self._show()

    def _show(self) -> None:
        page = self.query_one("#progress", VerticalScroll)
        if self._draw is None or not page.content_size.width:
            return
        found = self._draw(max(72, page.content_size.width - 1))
        section = found[min(self._page, len(found) - 1)]
        self.query_one("#progress-text", Static).update(
            Content("\n").join(
                [
                    Content.styled(section.about, "$quiet"),
                    Content(""),
                    *(_line(line) for line in section.lines),
                ]
            )
        )
        self.query_one(TabStrip).show(PAGES, str(self._page))

    def on_resize(self, event: Resize) -> None:
        """More room shows more calls."""
        self.call_after_refresh(self._show)

    def on_tab_strip_clicked(self, event: TabStrip.Clicked) -> None:
        """The mouse chooses a page."""
        self.action_page(int(event.page))

    def action_page(self, page: int) -> None:
        """One of the pages, from its top."""
        self._page = page
        self.query_one("#progress").scroll_home(animate=False, immediate=True)
        self._show()

    def action_turn(self, step: int) -> None:
        """The page beside this one."""
        self.action_page((self._page + step) % len(PAGES))

    def action_scroll(self, rows: int) -> None:
        """Read on."""
        self.query_one("#progress").scroll_relative(y=rows, animate=False, immediate=True)


def _line(line: str) -> Content:
    """A dimension's own row stands out; so does what is said under a row; headings stand back."""
    if line[:2].isalpha() and line[:2].isupper():
        return Content.styled(line, "bold")
    indent = len(line) - len(line.lstrip())
    style = "$quiet" if indent > 4 else "$secondary" if indent == 4 else ""
    return Content.styled(line, style) if style else Content(line)
