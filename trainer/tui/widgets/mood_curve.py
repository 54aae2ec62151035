"""The customer's mood over the call: a curve whose points can be walked, read and played."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.events import Click
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from trainer.tui.plot import braille, columns, row_of
from trainer.tui.services import Point
from trainer.tui.words import clock

HEIGHT = 7
_LEFT = 5
"""Cells for the numbers at the left."""


STILL = 0.015
"""A change smaller than this is none."""


def sign(point: Point) -> tuple[str, str]:
    """A point's shape and colour: up when the feeling rose, down when it fell."""
    if point.value > point.before + STILL:
        return "▲", "$error"
    return ("▼", "$success") if point.value < point.before - STILL else ("●", "$secondary")


class MoodCurve(Widget, can_focus=True):
    """The lead feeling, 0 to 100, with a sign wherever the agent's words moved it."""

    DEFAULT_CSS = """
    MoodCurve { height: auto; width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        ("left", "move(-1)", "Moment before"),
        ("right", "move(1)", "Next moment"),
        # before the page's own keys, which move by a single row
        ("up", "screen.scroll(-1)", "Up"),
        ("down", "screen.scroll(1)", "Down"),
    ]

    chosen: reactive[int] = reactive(0)

    @dataclass
    class Chosen(Message):
        """Another point was chosen."""

        point: Point

    def __init__(self, points: Sequence[Point], seconds: float) -> None:
        super().__init__()
        self._points = tuple(points)
        self._seconds = seconds

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The plot, the arrow below it, and the time axis."""
        return HEIGHT + 2

    @property
    def point(self) -> Point:
        """The chosen point."""
        return self._points[self.chosen]

    def watch_chosen(self) -> None:
        """Tell the screen."""
        if self._points:
            self.post_message(self.Chosen(self.point))

    def action_move(self, step: int) -> None:
        """Walk along the curve."""
        self.chosen = max(0, min(len(self._points) - 1, self.chosen + step))

    def _columns(self) -> list[int]:
        return columns([point.t_s for point in self._points], max(8, self.size.width - _LEFT))

    def on_click(self, event: Click) -> None:
        """The nearest point."""
        if self._points:
            places = self._columns()
            near = min(range(len(places)), key=lambda place: abs(places[place] + _LEFT - event.x))
            self.chosen = near

    def render(self) -> Content:
        """Numbers, curve, signs; the chosen one is reversed, and has an arrow below it."""
        width = max(8, self.size.width - _LEFT)
        times = [point.t_s for point in self._points]
        rows = [
            list(row)
            for row in braille(times, [point.value for point in self._points], width, HEIGHT)
        ]
        styles: dict[tuple[int, int], str] = {}
        for place, (point, column) in enumerate(zip(self._points, self._columns(), strict=True)):
            row = row_of(point.value, HEIGHT)
            rows[row][column], colour = sign(point)
            styles[row, column] = (
                f"bold reverse {colour}" if place == self.chosen else f"bold {colour}"
            )
        lines = []
        labels = {0: "100", HEIGHT // 2: " 50", HEIGHT - 1: "  0"}
        for number, line in enumerate(rows):
            cells = [Content.styled(f"{labels.get(number, '   ')} │", "$quiet")]
            cells += [
                Content.styled(char, styles.get((number, column), "$secondary"))
                for column, char in enumerate(line)
            ]
            lines.append(Content.assemble(*cells))
        end = clock(max(times, default=0.0))
        arrow = " " * self._columns()[self.chosen] + "↑" if self._points else ""
        lines.append(Content.styled(" " * _LEFT + arrow, "bold"))
        axis = "0:00".ljust(width - len(end)) + end
        lines.append(Content.styled(" " * _LEFT + axis, "$quiet"))
        return Content("\n").join(lines)
