"""Where trainers work on customers: the files, their cards, the bench, their mistakes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.worker import Worker, get_current_worker

from trainer.domain.errors import EngineFailed, TrainerError
from trainer.tui import editor, mistakes
from trainer.tui.bench_book import BenchBook
from trainer.tui.later import tell
from trainer.tui.screens.choice import problem
from trainer.tui.screens.naming import NamingScreen
from trainer.tui.screens.whose import whose
from trainer.tui.widgets.file_list import FileList
from trainer.tui.widgets.files_side import FilesSide
from trainer.tui.widgets.key_bar import Key, KeyBar
from trainer.tui.widgets.problem_list import ProblemList
from trainer.tui.widgets.sheet_pages import SheetPages
from trainer.tui.widgets.top_bar import TopBar
from trainer.tui.wishes import FilesChanged, TryOut
from trainer.tui.workshop import Entry, Sheet, Stamp, Workshop

if TYPE_CHECKING:
    from trainer.simulate.verdict import Verdict

LOOK_S = 1.0
"""Between two looks at whether a file was saved."""
SETTLE_S = 0.1
"""How long the highlight rests on a customer before their file is read."""

_WHOSE = {
    "ours": "comes with the program; e makes a copy of your own",
    "team": "your team's",
    "yours": "yours",
}


class _Stopped(Exception):
    """The bench is no longer wanted."""


class WorkshopScreen(Screen[None]):
    """Lists every customer's file; shows the highlighted one; follows what is saved."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("e", "edit", "Edit"),
        ("t", "try", "Try"),
        ("b", "bench", "Bench"),
        ("v", "telling", "Next telling"),
        ("n", "new", "New"),
        ("slash", "find", "Find"),
        ("1", "page('card')", "Card"),
        ("2", "page('bench')", "Bench"),
        ("3", "page('check')", "Check"),
        ("4", "page('knows')", "Knows"),
        ("left", "turn(-1)", "Page before"),
        ("right", "turn(1)", "Next page"),
        Binding("pageup", "scroll(-8)", "Up", priority=True),
        Binding("pagedown", "scroll(8)", "Down", priority=True),
        ("j", "move(1)", "Down"),
        ("k", "move(-1)", "Up"),
        ("escape,q", "leave", "Home"),
    ]

    def __init__(self, workshop: Workshop) -> None:
        super().__init__(id="at-work")
        self._workshop = workshop
        self._entries: dict[str, Entry] = {}
        self._stamps: Mapping[str, Stamp] | None = None
        self._mistakes: dict[str, int] = {}
        self._book = BenchBook()
        self._bench_worker: Worker[None] | None = None
        self._sheet: Sheet | None = None
        self._seed = 0

    def compose(self) -> ComposeResult:
        """The files on the left, four pages on the highlighted one on the right."""
        yield TopBar(Content.from_markup("[$primary]◖◗[/] Customers [$quiet]· for trainers[/]"))
        with Horizontal(id="workshop"):
            yield FilesSide(id="files-side")
            yield SheetPages(id="sheet-side")
        yield Static(id="where-it-is")
        yield KeyBar(())

    def on_mount(self) -> None:
        """Paint first, read files after."""
        self.query_one(SheetPages).say("Reading the customers' files…")
        self._show_keys()
        self._watch()
        self.set_interval(LOOK_S, self._watch)

    # --- files ---

    @work(thread=True, exclusive=True, group="watch")
    def _watch(self) -> None:
        """Whoever saved a file, here or in another window: read it again."""
        stamps = self._workshop.files.stamps()
        if stamps == self._stamps:
            return
        entries = self._workshop.files.entries()
        if not get_current_worker().is_cancelled:
            tell(self, self._take, stamps, entries)

    def _take(self, stamps: Mapping[str, Stamp], entries: list[Entry]) -> None:
        before, self._stamps = self._stamps, stamps
        self._entries = {entry.name: entry for entry in entries}
        changed = {name for name, stamp in stamps.items() if (before or {}).get(name) != stamp}
        for name in changed | ((before or {}).keys() - stamps.keys()):
            self._mistakes.pop(name, None)
        self._show_files()
        self._check(entries)
        if self.chosen is not None and self.chosen.name in changed:
            self._look(self.chosen.name, saved=before is not None)
        if before is not None:
            self.post_message(FilesChanged())

    @work(thread=True, exclusive=True, group="check")
    def _check(self, entries: list[Entry]) -> None:
        worker = get_current_worker()
        for entry in entries:
            if entry.name not in self._mistakes:
                found = len(self._workshop.files.problems(entry))
                if worker.is_cancelled:
                    return
                tell(self, self._checked, entry, found)

    def _checked(self, entry: Entry, count: int) -> None:
        self._mistakes[entry.name] = count
        if count:
            self._show_files()

    def _show_files(self) -> None:
        entries = self._entries.values()
        signs = {entry.name: self._book.sign(entry) for entry in entries}
        self.query_one(FilesSide).show(entries, self._mistakes, signs)

    def on_files_side_nobody(self, event: FilesSide.Nobody) -> None:
        """Nothing to show beside the list."""
        self._sheet = None
        self.query_one(SheetPages).say(event.words)
        self.query_one("#where-it-is", Static).update("")

    @property
    def chosen(self) -> Entry | None:
        """The highlighted file."""
        return self.query_one(FilesSide).chosen

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """The pages follow the list, once it rests."""
        if not isinstance(event.option_list, FileList) or self.chosen is None:
            return
        if self._sheet is None or self._sheet.entry.name != self.chosen.name:
            self._seed = 0
            self.set_timer(SETTLE_S, partial(self._settled, self.chosen.name))

    def _settled(self, name: str) -> None:
        if self.chosen is not None and self.chosen.name == name:
            self._look(name)

    @work(thread=True, exclusive=True, group="look")
    def _look(self, name: str, saved: bool = False) -> None:
        try:
            sheet = self._workshop.files.look(name, self._seed)
        except TrainerError:
            return  # gone this moment; the watch will notice
        if not get_current_worker().is_cancelled:
            tell(self, self._show, sheet, saved)

    def _show(self, sheet: Sheet, saved: bool) -> None:
        if self.chosen is None or self.chosen.name != sheet.entry.name:
            return
        self._sheet = sheet
        self._mistakes[sheet.entry.name] = len(sheet.problems)
        if saved:
            self._announce(sheet)
        self._show_files()
        self._show_sheet()
        path, whose_file = sheet.entry.path, sheet.entry.origin
        # the name first: a long folder is cut at its end; ours is not edited where it lies
        where = f"{path.name} ({_WHOSE[whose_file]})"
        where += "" if whose_file == "ours" else f" in {path.parent}"
        self.query_one("#where-it-is", Static).update(Content.styled(where, "$quiet"))

    def _announce(self, sheet: Sheet) -> None:
        count = len(sheet.problems)
        if count:
            what = "1 thing" if count == 1 else f"{count} things"
            self.notify(f"Read again: {what} to mend.", title=sheet.entry.who, severity="warning")
            self.query_one(SheetPages).turn("check")
        else:
            self.notify("Read again: all good.", title=sheet.entry.who)

    def _show_sheet(self) -> None:
        if self._sheet is not None:
            self.query_one(SheetPages).show(self._sheet, self._book)

    # --- pages ---

    def _show_keys(self) -> None:
        self.query_one(KeyBar).show(
            (
                Key("e", "Edit", "screen.edit"),
                Key("t", "Try", "screen.try"),
                Key("b", "Stop the bench" if self._book.running else "Bench", "screen.bench"),
                Key("v", "Next telling", "screen.telling"),
                Key("n", "New", "screen.new"),
                Key("←→", "Pages", "screen.turn(1)"),
                Key("PgDn", "Read on", "screen.scroll(8)"),
                Key("/", "Find", "screen.find"),
                Key("Esc", "Home", "screen.leave"),
                Key("?", "Help", "app.help"),
            )
        )

    def action_page(self, page: str) -> None:
        """Card, bench, check or what they know."""
        self.query_one(SheetPages).turn(page)

    def action_turn(self, step: int) -> None:
        """The page beside this one."""
        self.query_one(SheetPages).step(step)

    def action_scroll(self, rows: int) -> None:
        """Read on, wherever the focus is."""
        self.query_one(SheetPages).read_on(rows)

    def action_move(self, step: int) -> None:
        """Vi keys: along the list, or down the page."""
        if isinstance(self.focused, OptionList):
            move = self.focused.action_cursor_down if step > 0 else self.focused.action_cursor_up
            move()
        else:
            self.action_scroll(step)

    def action_telling(self) -> None:
        """The next variant of the scenario."""
        if self._sheet is not None:
            self._seed += 1
            if self.query_one(SheetPages).page != "knows":
                self.action_page("card")
            self._look(self._sheet.entry.name)

    def action_find(self) -> None:
        """A line to type in what is looked for."""
        self.query_one(FilesSide).find()

    def action_leave(self) -> None:
        """All files again; then home."""
        if not self.query_one(FilesSide).forget():
            self._stop_bench()
            self.app.pop_screen()

    # --- edit and try ---

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter on a customer tries them; on a mistake, opens the file there."""
        if isinstance(event.option_list, FileList):
            self.action_try()
        elif isinstance(event.option_list, ProblemList):
            self.action_edit()

    @work(group="edit", exclusive=True)
    async def action_edit(self) -> None:
        """In the person's editor; at a mistake, if there is one."""
        if self._sheet is None:
            return
        entry, line = self._sheet.entry, self.query_one(SheetPages).line
        path = entry.path
        try:
            if entry.origin != "yours":
                answer = await self.app.push_screen_wait(whose(entry))
                if answer not in ("copy", "theirs"):
                    return
                if answer == "copy":
                    path = await asyncio.to_thread(self._workshop.files.copy, entry)
        except TrainerError as error:
            self.app.push_screen(problem(error))
        else:
            self._open(path, line)

    @work(group="edit", exclusive=True)
    async def action_new(self) -> None:
        """A whole customer under a name of one's own, opened at once."""
        free = await asyncio.to_thread(self._workshop.files.free_name)
        name = await self.app.push_screen_wait(NamingScreen(free))
        if not name:
            return
        try:
            path = await asyncio.to_thread(self._workshop.files.new, name)
        except TrainerError as error:
            self.app.push_screen(problem(error))
            return
        self.query_one(FilesSide).go_to(name)
        self._open(path, 0)

    def _open(self, path: Path, line: int) -> None:
        try:
            editor.edit(self.app, path, line)
        except TrainerError as error:
            self.app.push_screen(problem(error))
        finally:
            self._watch()

    def action_try(self) -> None:
        """A typed call with the mood visible."""
        if self._sheet is not None and self._callable(self._sheet):
            self.post_message(TryOut(self._sheet.entry.name, self._seed))

    def _callable(self, sheet: Sheet) -> bool:
        if sheet.cast is None:
            self.notify("The file has mistakes: mend them first (3 shows them).")
        return sheet.cast is not None

    # --- bench ---

    def action_bench(self) -> None:
        """Run it, stop it, or show what is known of the file as it is."""
        sheet, pages = self._sheet, self.query_one(SheetPages)
        if self._book.running:
            self._stop_bench()
        elif sheet is not None and self._callable(sheet):
            again = pages.page == "bench"
            pages.turn("bench")
            if again or self._book.fresh(sheet.entry) is None:
                self._book.begin(sheet.entry.name)
                self._bench_worker = self._run_bench(sheet.entry)
        self._show_sheet()
        self._show_keys()

    def _stop_bench(self) -> None:
        if self._bench_worker is not None:
            self._bench_worker.cancel()
        self._bench_over()

    def _bench_over(self) -> None:
        self._book.running = ""
        if not self.is_attached:
            return
        self._show_files()
        self._show_sheet()
        self._show_keys()

    @work(thread=True, group="bench")
    def _run_bench(self, entry: Entry) -> None:
        worker = get_current_worker()

        def told(done: int, total: int) -> None:
            if worker.is_cancelled:
                raise _Stopped
            tell(self, self._bench_moved, done, total)

        try:
            verdict = self._workshop.bench(entry.name, told)
        except _Stopped:
            return
        except TrainerError as error:
            tell(self, self._bench_failed, error)
        except Exception as error:  # a broken process of the bench must not take the app with it
            if worker.is_cancelled:
                return
            broken = EngineFailed(f"The bench broke off: {mistakes.told(error)}")
            tell(self, self._bench_failed, broken)
        else:
            if not worker.is_cancelled:
                tell(self, self._benched, entry, verdict)

    def _bench_moved(self, done: int, total: int) -> None:
        self._book.done = (done, total)
        if self.is_attached:
            self._show_sheet()

    def _bench_failed(self, error: TrainerError) -> None:
        self._bench_over()
        self.app.push_screen(problem(error))

    def _benched(self, entry: Entry, verdict: Verdict) -> None:
        self._book.keep(entry, verdict)
        self._bench_over()
        if self.chosen is None or self.chosen.name != entry.name:
            how = "passed" if verdict.passed else "failed"
            self.notify(f"The bench is over: {how}.", title=entry.who)
