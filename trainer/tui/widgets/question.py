"""One question with a few answers: a digit, the arrows or the mouse choose one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.events import Click, Key
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget


@dataclass(frozen=True)
class Option:
    """One answer. `key` is the digit that chooses it; empty: arrows and mouse only."""

    key: str
    label: str
    value: str | int


class Question(Widget, can_focus=True):
    """Text above, answers below, one to a line; `across` puts short ones beside the text."""

    DEFAULT_CSS = """
    Question { height: auto; width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        ("enter", "choose", "Choose"),
        ("up", "move(-1)", "Up"),
        ("down", "move(1)", "Down"),
        ("left", "move_across(-1)", "Left"),
        ("right", "move_across(1)", "Right"),
    ]

    at: reactive[int | None] = reactive(None)
    chosen: reactive[str | int | None] = reactive(None)

    @dataclass
    class Answered(Message):
        """An answer was chosen."""

        question: Question

        @property
        def control(self) -> Question:
            """Where it was chosen."""
            return self.question

    @dataclass
    class Leave(Message):
        """The arrows lead out of it, up (-1) or down (1)."""

        question: Question
        step: int

    def __init__(
        self, name: str, text: str, options: Sequence[Option], *, heading: str = "", across: bool
    ) -> None:
        """`name` says what it asks for; `heading` is a word before the text."""
        super().__init__()
        self.asks = name
        self._heading = heading
        self._text = text
        self._options = tuple(options)
        self._across = across

    @property
    def _box(self) -> int:
        """Columns of the answers that stand beside the text."""
        return sum(len(option.label) + 3 for option in self._options)

    def _said(self, width: int) -> list[Content]:
        text = Content.from_markup(
            "[bold]$heading[/]$gap$text",
            heading=self._heading,
            gap=" " if self._heading else "",
            text=self._text,
        )
        return text.wrap(max(20, width - self._box - 4 if self._across else width))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as text and answers need."""
        return len(self._said(width)) + (0 if self._across else len(self._options))

    def render(self) -> Content:
        """`▸` is where the arrows are, `●` what was chosen: neither needs colour."""
        width = self.size.width
        said = self._said(width)
        if self._across:
            room = width - self._box - 4
            sign = "▸ " if self.has_focus else "  "
            first = Content.assemble(
                Content.styled(sign, "bold $primary"),
                said[0].pad_right(max(0, room - said[0].cell_length)),
                "  ",
                *(self._answer(number, option) for number, option in enumerate(self._options)),
            )
            return Content("\n").join([first, *(line.pad_left(2) for line in said[1:])])
        lines = [
            self._answer(number, option).truncate(width, ellipsis=True)
            for number, option in enumerate(self._options)
        ]
        return Content("\n").join([*said, *lines])

    def _answer(self, number: int, option: Option) -> Content:
        taken = option.value == self.chosen
        here = self.has_focus and number == self.at
        if self._across:
            sides = "()" if taken else "‹›" if here else "  "
            style = "bold $background on $primary" if taken else "bold" if here else ""
            return Content.assemble(
                Content.styled(f"{sides[0]}{option.label}{sides[1]}", style or "$foreground"), " "
            )
        sign = "●" if taken else "○"
        style = "bold $primary" if here else "$primary" if taken else "$foreground"
        return Content.from_markup(
            f"[{style}]$here $sign[/] [$quiet]$key[/] [{style}]$label[/]",
            here="▸" if here else " ",
            sign=sign,
            key=option.key or " ",
            label=option.label,
        )

    def watch_has_focus(self, _value: bool) -> None:
        """The arrows stand on the first line of a list.

        In a row they stand nowhere: an Enter that was meant for what came before is no answer.
        """
        super().watch_has_focus(_value)
        if self.has_focus and self.at is None and not self._across:
            self.at = 0
        self.refresh()

    def watch_at(self, at: int | None) -> None:
        """A list longer than the page moves along."""
        if at is None or self._across or not self.is_attached:
            return
        row = self.virtual_region.y + len(self._said(self.size.width)) + at
        page = next((one for one in self.ancestors if isinstance(one, VerticalScroll)), None)
        if page is not None:
            lowest, now = row + 1 - page.content_region.height, page.scroll_offset.y
            page.scroll_to(y=min(max(now, lowest), row - 1), animate=False, immediate=True)

    def on_key(self, event: Key) -> None:
        """A digit answers at once."""
        for option in self._options:
            if option.key and event.key == option.key:
                event.stop()
                self._take(option)

    def on_click(self, event: Click) -> None:
        """So does the mouse."""
        if not self._across:
            number = event.y - len(self._said(self.size.width))
            if 0 <= number < len(self._options):
                self._take(self._options[number])
            return
        left = self.size.width - self._box
        for option in self._options:
            if left <= event.x < left + len(option.label) + 3:
                self._take(option)
            left += len(option.label) + 3

    def _take(self, option: Option) -> None:
        self.at = self._options.index(option)
        self.chosen = option.value
        self.post_message(self.Answered(self))

    def action_choose(self) -> None:
        """The answer at the arrow."""
        if self.at is not None:
            self._take(self._options[self.at])

    def action_move(self, step: int) -> None:
        """Along the answers, and out of them at either end."""
        place = (self.at or 0) + step
        if self._across or not 0 <= place < len(self._options):
            self.post_message(self.Leave(self, step))
        else:
            self.at = place

    def action_move_across(self, step: int) -> None:
        """Along answers that stand in a row."""
        if self._across:
            middle = len(self._options) // 2 - step
            start = middle if self.at is None else self.at
            self.at = max(0, min(len(self._options) - 1, start + step))
