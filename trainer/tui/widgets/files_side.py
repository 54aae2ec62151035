"""The customers' files with a line to find one by."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from trainer.tui.widgets.file_list import FileList, matches
from trainer.tui.workshop import Entry


class FilesSide(Vertical):
    """All files, or those that fit what is typed."""

    @dataclass
    class Nobody(Message):
        """No file fits, or there is none: nobody is highlighted."""

        words: str

    _entries: Mapping[str, Entry] = {}
    _mistakes: Mapping[str, int] = {}
    _signs: Mapping[str, str] = {}
    _next = ""

    def compose(self) -> ComposeResult:
        """The line stays away until it is wanted."""
        yield Input(placeholder="Find: name, feeling, need, yours…", id="find")
        yield FileList(id="files", classes="panel")

    def on_mount(self) -> None:
        """The list is where keys go."""
        self._find.display = False
        self._list.border_title = "Customers"
        self._list.focus()

    @property
    def _find(self) -> Input:
        return self.query_one(Input)

    @property
    def _list(self) -> FileList:
        return self.query_one(FileList)

    @property
    def chosen(self) -> Entry | None:
        """The highlighted file."""
        option = self._list.highlighted_option
        return self._entries.get(option.id or "") if option else None

    def show(
        self, entries: Collection[Entry], mistakes: Mapping[str, int], signs: Mapping[str, str]
    ) -> None:
        """These files, with how many mistakes each has and how its bench ended."""
        self._entries = {entry.name: entry for entry in entries}
        self._mistakes, self._signs = mistakes, signs
        self._fill()

    def go_to(self, name: str) -> None:
        """Stand on this one as soon as it is there."""
        self.forget()
        self._next = name

    def find(self) -> None:
        """A line to type in what is looked for."""
        self._find.display = True
        self._find.focus()

    def forget(self) -> bool:
        """All files again; False when they were there already."""
        finding = self._find.display
        self._find.clear()
        self._find.display = False
        self._list.focus()
        return finding

    def on_input_changed(self) -> None:
        """The list shrinks as one types."""
        self._fill()

    def on_input_submitted(self) -> None:
        """Back to the list, which stays as short as it is."""
        self._list.focus()

    def _fill(self) -> None:
        listed = sorted(self._entries.values(), key=lambda entry: entry.who.lower())
        shown: Sequence[Entry] = [one for one in listed if matches(one, self._find.value)]
        here = self.chosen.name if self.chosen else ""
        if self._next in self._entries:
            here, self._next = self._next, ""
        self._list.fill(shown, self._mistakes, self._signs, here)
        count = f"{len(shown)} of {len(listed)}" if len(shown) < len(listed) else str(len(listed))
        self._list.border_title = f"Customers ({count})"
        if not shown:
            words = "Nobody fits these words. Esc shows all."
            self.post_message(self.Nobody(words if listed else "There are no customers."))
