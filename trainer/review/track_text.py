"""The agent's track in characters, on the columns of a curve above it. Pure.

Voice: three rows of one unit each; what reaches the second is raised, the third clearly so.
Pace: filled from the line of the usual pace, up when faster, down when slower.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import Literal

from trainer.review.braille import Canvas
from trainer.review.track import FURTHEST, HIGHEST, MARKS, Bar, Track

_EIGHTHS = " ▁▂▃▄▅▆▇█"
_GAP = "·"
"""The agent spoke, and it was not measured."""

_LIMIT = "⡀"
"""Dots along the lower edge of a row: there the row's name begins to hold."""


@dataclass(frozen=True)
class Row:
    """One row of the track: what it is of, its name at the left, and its characters."""

    kind: Literal["raised", "voice", "pace", "marks"]
    label: str
    text: str


def rows(track: Track, columns: int) -> list[Row]:
    """The track, `columns` wide; what was not measured at all has no row."""
    return [
        *([] if track.no_voice else _voice(track, columns)),
        *([] if track.no_pace else _pace(track, columns)),
        *(_marks(track, columns) if track.marks else ()),
    ]


def captions(track: Track) -> list[str]:
    """How to read the rows, in sentences for under them."""
    said = list(track.missing)
    parts = [
        name
        for name, why in (("Voice", track.no_voice), ("pace", track.no_pace))
        if not why  # what is there
    ]
    if parts:
        gap = f" {_GAP} not measured." if track.gaps else ""
        said.append(f"{' and '.join(parts).capitalize()} against {track.against}.{gap}")
    kinds = {mark.kind for mark in track.marks}
    signs = [f"{sign} {words}" for kind, (sign, words) in MARKS.items() if kind in kinds]
    return said + (["   ".join(signs)] if signs else [])


def _span(bar: Bar, track: Track, columns: int) -> range:
    """The columns of a turn, at least one."""
    first = min(columns - 1, int(bar.start_s / (track.end_s or 1.0) * columns))
    return range(first, max(first + 1, min(columns, ceil(bar.end_s / track.end_s * columns))))


def _voice(track: Track, columns: int) -> Iterator[Row]:
    high = int(HIGHEST)
    cells = [[_dotted(c) for c in range(columns)] for _ in range(high - 1)] + [[" "] * columns]
    for bar in track.bars:
        for column in _span(bar, track, columns):
            if bar.z is None:
                cells[-1][column] = _GAP
                continue
            eighths = max(1, round(min(HIGHEST, bar.z) * 8))
            for up in range(high):
                if filled := min(8, max(0, eighths - up * 8)):
                    cells[high - 1 - up][column] = _EIGHTHS[filled]
    for label, line in zip(("clearly", "raised", "voice"), cells, strict=True):
        yield Row("voice" if label == "voice" else "raised", label, "".join(line))


def _pace(track: Track, columns: int) -> Iterator[Row]:
    drawn = Canvas(columns, 2)
    gaps: set[int] = set()
    for bar in track.bars:
        span = _span(bar, track, columns)
        if bar.pace is None:
            gaps |= set(span)
            continue
        dots = round(min(FURTHEST, abs(bar.pace - 1)) / FURTHEST * 4)
        filled = range(max(0, 3 - dots), 3) if bar.pace >= 1 else range(4, 4 + dots)
        for x in range(span.start * 2, span.stop * 2):
            for y in {3, *filled}:  # the usual pace is always drawn
                drawn.dot(x, y)
    lines = [list(line) for line in drawn.rows()]
    for column, cell in enumerate(lines[0]):
        if cell == " ":
            lines[0][column] = _GAP if column in gaps else _dotted(column)
    for label, line in zip(("faster", "slower"), lines, strict=True):
        yield Row("pace", label, "".join(line))


def _dotted(column: int) -> str:
    return " " if column % 3 else _LIMIT


def _marks(track: Track, columns: int) -> Iterator[Row]:
    cells = [" "] * columns
    long_first = sorted(track.marks, key=lambda mark: mark.start_s - mark.end_s)
    for mark in long_first:  # a short one stays to be seen on a long one
        sign = MARKS[mark.kind][0]
        where = Bar(mark.turn, mark.start_s, mark.end_s, None, None)
        for column in _span(where, track, columns):
            cells[column] = sign
    yield Row("marks", "marks", "".join(cells))
