"""The customer's mood over the call: a curve whose points can be walked, read and played."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol

from textual.binding import BindingType
from textual.content import Content
from textual.events import Click
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from trainer.review import track_text
from trainer.tui.plot import braille, columns, row_of
from trainer.tui.services import Point
from trainer.tui.words import clock

if TYPE_CHECKING:
    from trainer.review.track import Track
    from trainer.review.track_text import Row

HEIGHT = 7
"""Rows of the curve on most terminals."""

LOW, LOW_HEIGHT = 30, 5
"""A terminal of fewer rows has a lower curve, so that the track is seen with it."""

TALL, TALL_HEIGHT = 48, 11
"""One of so many rows has a higher one."""
NOW = "◇"
"""A step of the series that is compared."""

_LEFT = 5
"""Cells for the numbers at the left."""

_KINDS = {"raised": "$accent", "voice": "$primary", "pace": "$primary", "marks": "bold $accent"}
"""Colours of the rows of the track."""


class Placed(Protocol):
    """A step of a curve: when, and how strong the feeling was, 0..1."""

    @property
    def t_s(self) -> float:
        """Seconds of the call."""

    @property
    def value(self) -> float:
        """0..1."""


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

    def __init__(
        self,
        points: Sequence[Point],
        seconds: float,
        track: Track | None = None,
        compare: Sequence[Placed] = (),
    ) -> None:
        """A curve that may have more under and over it.

        Args:
            points: what can be walked; none in a real call, which has a track only.
            seconds: length of the call.
            track: the agent's voice and pace, drawn under it on the same time axis.
            compare: the same call taken up again from one moment on; a dotted line with signs.
        """
        super().__init__()
        self._points = tuple(points)
        self._compare = tuple(compare)
        self._track = track
        times = [point.t_s for point in (*self._points, *self._compare)]
        self._end = max(times + ([track.end_s] if track else []), default=0.0)
        self._left = _LEFT if track is None else _LEFT + 4

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The plot, the arrow below it, the track, and the time axis."""
        curve = self._height + 1 if self._points else 0
        return curve + len(self._under(self._wide(width))) + 1

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

    @property
    def _height(self) -> int:
        rows = self.app.size.height
        if self._track is not None and rows < LOW:
            return LOW_HEIGHT
        return TALL_HEIGHT if rows >= TALL else HEIGHT

    def _wide(self, width: int) -> int:
        return max(8, width - self._left)

    def _under(self, width: int) -> list[Row]:
        return track_text.rows(self._track, width) if self._track is not None else []

    def _columns(self, points: Sequence[Placed]) -> list[int]:
        width = self._wide(self.size.width)
        return columns([point.t_s for point in points], width, self._end)

    def on_click(self, event: Click) -> None:
        """The nearest point."""
        if self._points:
            places = self._columns(self._points)
            at = event.x - self._left
            self.chosen = min(range(len(places)), key=lambda place: abs(places[place] - at))

    def render(self) -> Content:
        """Numbers, curve, signs; the chosen one is reversed, and has an arrow below it."""
        width = self._wide(self.size.width)
        lines: list[Content] = []
        if self._points:
            lines += [*self._plot(width), self._line("", self._arrow(), "bold")]
        lines += [self._beside(row) for row in self._under(width)]
        end = clock(self._end)
        lines.append(self._line("", "0:00".ljust(width - len(end)) + end, "$quiet"))
        return Content("\n").join(lines)

    def _line(self, label: str, text: str, style: str) -> Content:
        return Content.assemble(
            Content.styled(label.rjust(self._left), "$quiet"), Content.styled(text, style)
        )

    def _beside(self, row: Row) -> Content:
        """A row of the track; what is no measurement is quiet."""
        parts = re.findall(r"[ ⡀·]+|[^ ⡀·]+", row.text)
        return Content.assemble(
            Content.styled(f"{row.label} │".rjust(self._left), "$quiet"),
            *(Content.styled(p, "$quiet" if p[0] in " ⡀·" else _KINDS[row.kind]) for p in parts),
        )

    def _arrow(self) -> str:
        return " " * self._columns(self._points)[self.chosen] + "↑"

    def _plot(self, width: int) -> Iterator[Content]:
        height = self._height
        rows = [
            list(row)
            for row in braille(
                [point.t_s for point in self._points],
                [point.value for point in self._points],
                width,
                height,
                end=self._end,
                dotted=[(point.t_s, point.value) for point in self._compare],
            )
        ]
        styles: dict[tuple[int, int], str] = {}
        for other, column in zip(self._compare, self._columns(self._compare), strict=True):
            row = row_of(other.value, height)
            rows[row][column], styles[row, column] = NOW, "bold $accent"
        signed = zip(self._points, self._columns(self._points), strict=True)
        for place, (point, column) in enumerate(signed):
            row = row_of(point.value, height)
            rows[row][column], colour = sign(point)
            styles[row, column] = (
                f"bold reverse {colour}" if place == self.chosen else f"bold {colour}"
            )
        labels = {0: "100", height // 2: " 50", height - 1: "  0"}
        for number, line in enumerate(rows):
            cells = [Content.styled(f"{labels.get(number, '')} │".rjust(self._left), "$quiet")]
            cells += [
                Content.styled(char, styles.get((number, column), "$secondary"))
                for column, char in enumerate(line)
            ]
            yield Content.assemble(*cells)
