"""The customer's mood over the call, each step with the words that caused it; as text and as SVG.

The text plot draws in braille dots (two by four to a character) and says everything without colour.
"""

from html import escape
from itertools import pairwise

from trainer.domain.audio import seconds
from trainer.review import moment
from trainer.review.log import Exchange, Log
from trainer.review.model import CurvePoint
from trainer.review.phrases import Phrases

_BANDS = ((0.8, "overwhelmed"), (0.6, "hot"), (0.4, "tense"), (0.22, "wary"), (0.0, "calm"))
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""Bits of a braille character by row and column."""

FLAT = 0.015
"""A change smaller than this is none."""

_AXIS = 13
"""Columns left of the plot."""


def points(log: Log, texts: Phrases) -> list[CurvePoint]:
    """The beginning, then one point per agent turn whose effect was logged."""
    first = log.turns[0] if log.turns else None
    start, end = moment.turn(first) if first is not None else (0.0, 0.0)
    begin = log.start.get(log.lead, 0.0)
    found = [
        CurvePoint(
            turn=0,
            t_s=start,
            value=begin,
            before=begin,
            why="",
            quote="",
            good=None,
            start_s=start,
            end_s=end,
        )
    ]
    return found + [_point(log, e, texts) for e in log.exchanges if e.moved is not None]


def _point(log: Log, exchange: Exchange, texts: Phrases) -> CurvePoint:
    rose = exchange.after > exchange.before
    fitting = [c for c in exchange.causes if c.good != rose]  # those that pulled the way it went
    cause = max(
        fitting or exchange.causes,
        key=lambda c: c.weight * texts.pull.get(c.appraisal, 1.0),
        default=None,
    )
    if abs(exchange.after - exchange.before) <= FLAT:
        cause = None
    quote = cause.quote if cause is not None else ""
    start, end = moment.turn(exchange.turn)
    if quote:
        start, end = moment.quote(log, exchange.turn, quote)
    return CurvePoint(
        turn=exchange.turn.turn,
        t_s=seconds(exchange.turn.end),
        value=round(exchange.after, 4),
        before=round(exchange.before, 4),
        why=texts.cause(cause.appraisal) if cause is not None else "",
        quote=quote if quote in exchange.turn.text else "",
        good=cause.good if cause is not None else None,
        marks=[texts.marks.get(mark, mark.value) for mark in exchange.marks],
        start_s=start,
        end_s=end,
    )


def text(curve: list[CurvePoint], feeling: str, width: int = 80, height: int = 10) -> str:
    """The curve for a terminal: a braille line, numbered steps, and a legend below.

    Args:
        curve: from `points`, in order.
        feeling: name of the lead feeling.
        width: columns of the whole, at least 40.
        height: rows of the plot.
    """
    columns = max(40, width) - _AXIS
    last = max((point.t_s for point in curve), default=0.0) or 1.0
    dots = _Canvas(columns, height)
    places = [(round(p.t_s / last * (columns * 2 - 1)), p.value) for p in curve]
    for (x0, y0), (x1, y1) in pairwise(places):
        dots.line(x0, dots.row(y0), x1, dots.row(y1))
    for x, y in places:
        dots.line(x, dots.row(y), x, dots.row(y))
    numbers = _numbers(places, columns)
    plot = [
        f"{_label(row, height, feeling):>{_AXIS - 2}} ┤{line}"
        for row, line in enumerate(dots.rows())
    ]
    clock = f"{'0:00':<{columns - 5}}{_clock(last):>5}"
    axis = [" " * (_AXIS - 2) + " └" + "─" * columns, " " * _AXIS + numbers, " " * _AXIS + clock]
    legend = [line for n, p in enumerate(curve[1:], start=1) for line in _step(n, p, width)]
    return "\n".join(line.rstrip() for line in [*plot, *axis, "", *legend])


def _step(number: int, point: CurvePoint, width: int) -> list[str]:
    way = (
        "▲"
        if point.value > point.before + FLAT
        else "▼"
        if point.value < point.before - FLAT
        else "="
    )
    change = f"{point.before * 100:3.0f} {way} {point.value * 100:3.0f}"
    head = f"{number:>3}  {_clock(point.t_s):>5}  {change}  {point.why or 'no change'}"
    quote = f": “{point.quote}”" if point.quote else ""
    line = head + quote
    shown = line if len(line) <= width else line[: width - 2].rstrip() + "…”"
    return [shown, *(f"{'':21}{mark}" for mark in point.marks)]


def _numbers(places: list[tuple[int, float]], columns: int) -> str:
    """The steps' numbers under the axis; where two would touch, the later one is left out."""
    row = [" "] * columns
    free = 0
    for number, (x, _) in enumerate(places[1:], start=1):
        label = str(number)
        at = min(x // 2, columns - len(label))
        if at >= free:
            row[at : at + len(label)] = label
            free = at + len(label) + 1
    return "".join(row)


def _label(row: int, height: int, feeling: str) -> str:
    """The feeling on top; then each band's name on the row its lower border lies in."""
    if row == 0:
        return feeling
    top, bottom = 1 - row / height, 1 - (row + 1) / height
    return next((name for low, name in _BANDS if bottom - 1e-9 <= low < top - 1e-9), "")


def _clock(at: float) -> str:
    return f"{int(at // 60)}:{int(at % 60):02d}"


class _Canvas:
    """Braille dots: `columns` characters wide, `height` high, two by four dots in each."""

    def __init__(self, columns: int, height: int) -> None:
        self._columns, self._height = columns, height
        self._cells = [[0] * columns for _ in range(height)]

    def row(self, value: float) -> int:
        """The dot row of a value in 0..1, 0 on top."""
        return round((1 - min(1.0, max(0.0, value))) * (self._height * 4 - 1))

    def line(self, x0: int, y0: int, x1: int, y1: int) -> None:
        """A straight line between two dots."""
        steps = max(abs(x1 - x0), abs(y1 - y0), 1)
        for step in range(steps + 1):
            x, y = round(x0 + (x1 - x0) * step / steps), round(y0 + (y1 - y0) * step / steps)
            self._cells[y // 4][x // 2] |= _DOTS[y % 4][x % 2]

    def rows(self) -> list[str]:
        """Top row first; empty cells are spaces."""
        return ["".join(chr(0x2800 + c) if c else " " for c in row) for row in self._cells]


def svg(curve: list[CurvePoint], feeling: str, width: int = 760, height: int = 260) -> str:
    """The curve as one inline SVG element; colours come from the page's CSS variables."""
    left, right, top, bottom = 92, 14, 14, 34
    wide, high = width - left - right, height - top - bottom
    last = max((point.t_s for point in curve), default=0.0) or 1.0

    def x(t: float) -> float:
        return round(left + t / last * wide, 1)

    def y(value: float) -> float:
        return round(top + (1 - value) * high, 1)

    what = escape(f"{feeling} of the simulated customer over the call, 0 to 100")
    parts = [
        f'<svg class="curve" viewBox="0 0 {width} {height}" role="img" aria-label="{what}">',
        f"<title>{what}</title>",
    ]
    for low, name in _BANDS:
        parts.append(
            f'<line class="grid" x1="{left}" x2="{width - right}" y1="{y(low)}" y2="{y(low)}"/>'
        )
        parts.append(
            f'<text class="axis" x="{left - 8}" y="{y(low) - 3}" text-anchor="end">{name}</text>'
        )
    path = " ".join(f"{x(p.t_s)},{y(p.value)}" for p in curve)
    parts.append(f'<polyline class="line" points="{path}"/>')
    for number, point in enumerate(curve):
        kind = (
            "start"
            if number == 0
            else "flat"
            if point.good is None
            else "good"
            if point.good
            else "bad"
        )
        tip = escape(f"{_clock(point.t_s)} {point.why} {point.quote}".strip())
        parts.append(
            f'<g class="{kind}"><circle cx="{x(point.t_s)}" cy="{y(point.value)}" r="5">'
            f"<title>{tip}</title></circle>"
        )
        if number:
            above = point.value < 0.85
            at = y(point.value) + (-10 if above else 18)
            where = f'x="{x(point.t_s)}" y="{at}" text-anchor="middle"'
            parts.append(f'<text class="number" {where}>{number}</text>')
        parts.append("</g>")
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts.append(
            f'<text class="axis" x="{x(share * last)}" y="{height - 10}" '
            f'text-anchor="{"end" if share == 1 else "middle"}">{_clock(share * last)}</text>'
        )
    return "".join([*parts, "</svg>"])
