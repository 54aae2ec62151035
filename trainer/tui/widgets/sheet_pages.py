"""Four pages on one customer's file: the card, the bench, the mistakes, what they know."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.widgets import ContentSwitcher, Static

from trainer.tui.bench_book import BenchBook
from trainer.tui.widgets import bench_sheet, knows_sheet, persona_sheet
from trainer.tui.widgets.problem_list import ProblemList
from trainer.tui.widgets.tab_strip import Page, TabStrip
from trainer.tui.workshop import Sheet

PAGES = ("card", "bench", "check", "knows")
_COLOURS = {"✓": "$success", "✗": "$error", "": "$quiet"}


class SheetPages(Vertical):
    """Shows what it is given; one page at a time."""

    page = "card"
    _sheet: Sheet | None = None
    _book = BenchBook()

    def compose(self) -> ComposeResult:
        """A row of tabs, and the page below it."""
        yield TabStrip([Page(page, page.capitalize()) for page in PAGES], id="pages")
        with ContentSwitcher(initial="card", id="sheet", classes="panel"):
            with VerticalScroll(id="card"):
                yield Static(id="card-text")
            with VerticalScroll(id="bench"):
                yield Static(id="bench-text")
            yield ProblemList(id="check")
            with VerticalScroll(id="knows"):
                yield Static(id="knows-text")

    def say(self, words: str) -> None:
        """Words in place of a card: nothing to show yet, or nobody found."""
        self._sheet = None
        for page in ("#card-text", "#knows-text"):
            self.query_one(page, Static).update(words)
        self._show_tabs()

    def show(self, sheet: Sheet, book: BenchBook) -> None:
        """This customer's file."""
        other = self._sheet is None or self._sheet.entry.name != sheet.entry.name
        new = sheet is not self._sheet
        self._sheet, self._book = sheet, book
        if new:
            self._show_card()
            self.query_one(ProblemList).fill(sheet.problems)
        self._show_bench()
        self._show_tabs()
        if other:
            for page in self.query(VerticalScroll):
                page.scroll_home(animate=False)

    def turn(self, page: str) -> None:
        """One of the pages."""
        self.page = page
        self._show_tabs()

    def step(self, by: int) -> None:
        """The page beside this one."""
        self.turn(PAGES[(PAGES.index(self.page) + by) % len(PAGES)])

    def read_on(self, rows: int) -> None:
        """Move within the page."""
        self.query_one(f"#{self.page}").scroll_relative(y=rows, animate=False, immediate=True)

    @property
    def line(self) -> int:
        """The line to open the file at: that of a mistake, else 0."""
        return self.query_one(ProblemList).line

    def on_tab_strip_clicked(self, event: TabStrip.Clicked) -> None:
        """The mouse chose a page."""
        self.turn(event.page)

    def on_resize(self) -> None:
        """Bars stand beside each other where there is room."""
        if self._sheet is not None:
            self.call_after_refresh(self._show_card)
            self.call_after_refresh(self._show_bench)

    @property
    def _width(self) -> int:
        return max(20, self.query_one("#sheet").content_size.width - 1)

    def _show_card(self) -> None:
        sheet = self._sheet
        if sheet is None:
            return
        for page, part in (("#card-text", persona_sheet), ("#knows-text", knows_sheet)):
            self.query_one(page, Static).update(
                part.card(sheet, sheet.cast, self._width)
                if sheet.cast
                else persona_sheet.unreadable(sheet)
            )

    def _show_bench(self) -> None:
        if self._sheet is None:
            return
        entry, book = self._sheet.entry, self._book
        text = self.query_one("#bench-text", Static)
        if book.running == entry.name:
            text.update(bench_sheet.running(*book.done, self._width))
        elif entry.name not in book.last or entry.persona is None:
            text.update(bench_sheet.invitation())
        else:
            text.update(
                bench_sheet.card(
                    book.last[entry.name][1],
                    entry.persona.lead,
                    self._width,
                    stale=book.fresh(entry) is None,
                    before=book.before.get(entry.name),
                )
            )

    def _show_tabs(self) -> None:
        self.query_one(ContentSwitcher).current = self.page
        pages = [Page("card", "Card"), self._bench_tab(), self._check_tab()]
        pages.append(Page("knows", "Knows"))
        self.query_one(TabStrip).show(pages, self.page)

    def _bench_tab(self) -> Page:
        book = self._book
        if self._sheet is None or self._sheet.entry.name not in {book.running, *book.last}:
            return Page("bench", "Bench")
        entry = self._sheet.entry
        if book.running == entry.name:
            return Page("bench", "Bench", f"{book.done[0]}/{book.done[1]}", "$accent")
        sign = book.sign(entry)
        return Page("bench", "Bench", sign or "older", _COLOURS[sign])

    def _check_tab(self) -> Page:
        if self._sheet is None:
            return Page("check", "Check")
        count = len(self._sheet.problems)
        mark, colour = (f"△{count}", "$error") if count else ("✓", "$success")
        return Page("check", "Check", mark, colour)
