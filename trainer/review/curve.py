"""The customer's mood over the call, each step with the words that caused it; as text.

Under it, on the same time axis, the agent's track. Nothing needs colour.
"""

from collections.abc import Sequence
from itertools import pairwise
from textwrap import wrap

from trainer.domain.audio import seconds
from trainer.review import moment, track_text
from trainer.review.braille import Canvas
from trainer.review.curve_svg import svg
from trainer.review.log import Exchange, Log
from trainer.review.model import CurvePoint
from trainer.review.phrases import Phrases
from trainer.review.scale import BANDS, clock
from trainer.review.track import Track

__all__ = ["FLAT", "points", "svg", "text"]

FLAT = 0.015
"""A change smaller than this is none."""

_AXIS = 13
"""Columns left of the plot."""

_NOW = "◇"
"""A step of the series that is compared."""


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
        happened=list(exchange.marks),
        start_s=start,
        end_s=end,
    )


def text(
    curve: Sequence[CurvePoint],
    feeling: str,
    width: int = 80,
    height: int = 10,
    *,
    track: Track | None = None,
    compare: Sequence[CurvePoint] = (),
) -> str:
    """The curve for a terminal: a braille line, numbered steps, the track, and a legend below.

    Args:
        curve: from `points`, in order; may be empty where there is a track.
        feeling: name of the lead feeling.
        width: columns of the whole, at least 40.
        height: rows of the plot.
        track: the agent's voice and pace, drawn on the same time axis.
        compare: the same call taken up again from one moment on; a dotted line, signs at its steps.
    """
    columns = max(40, width) - _AXIS
    last = max([p.t_s for p in (*curve, *compare)] + ([track.end_s] if track else []), default=0.0)
    lines: list[str] = []
    if curve:
        lines += _plot(curve, compare, feeling, columns, height, last)
    below = track_text.rows(track, columns) if track is not None else []
    lines += [f"{row.label:>{_AXIS - 2}} │{row.text}" for row in below]
    lines += [" " * (_AXIS - 2) + " └" + "─" * columns] if below or not curve else []
    lines.append(" " * _AXIS + f"{'0:00':<{columns - 5}}{clock(last):>5}")
    if compare:
        since = clock(compare[0].t_s)
        lines += ["", f"Solid line, numbers: then. Dotted, {_NOW}: now, from {since}."]
    if track is not None:
        lines += ["", *(part for said in track_text.captions(track) for part in wrap(said, width))]
    legend = [line for n, p in enumerate(curve[1:], start=1) for line in _step(f"{n:>3}", p, width)]
    if compare:
        legend = [
            *_titled("Then", legend),
            *_titled("Now", [line for p in compare[1:] for line in _step(f"{_NOW:>3}", p, width)]),
        ]
    return "\n".join(line.rstrip() for line in [*lines, *(["", *legend] if legend else [])])


def _plot(
    curve: Sequence[CurvePoint],
    compare: Sequence[CurvePoint],
    feeling: str,
    columns: int,
    height: int,
    last: float,
) -> list[str]:
    """The rows of the plot, its lower edge, and the numbers under it."""
    dots = Canvas(columns, height)

    def places(series: Sequence[CurvePoint]) -> list[tuple[int, int]]:
        return [(dots.across(p.t_s, last), dots.down(p.value)) for p in series]

    then, now = places(curve), places(compare)
    for x, y in then:
        dots.dot(x, y)
    for (x0, y0), (x1, y1) in pairwise(then):
        dots.line(x0, y0, x1, y1)
    for (x0, y0), (x1, y1) in pairwise(now):
        dots.line(x0, y0, x1, y1, every=3)
    cells = [list(row) for row in dots.rows()]
    for x, y in now:
        cells[y // 4][x // 2] = _NOW
    return [
        *(
            f"{_label(row, height, feeling):>{_AXIS - 2}} ┤{''.join(line)}"
            for row, line in enumerate(cells)
        ),
        " " * (_AXIS - 2) + " └" + "─" * columns,
        " " * _AXIS + _numbers([x for x, _ in then], columns),
    ]


def _titled(title: str, lines: list[str]) -> list[str]:
    return [title, *lines] if lines else []


def _step(number: str, point: CurvePoint, width: int) -> list[str]:
    way = (
        "▲"
        if point.value > point.before + FLAT
        else "▼"
        if point.value < point.before - FLAT
        else "="
    )
    change = f"{point.before * 100:3.0f} {way} {point.value * 100:3.0f}"
    head = f"{number}  {clock(point.t_s):>5}  {change}  {point.why or 'no change'}"
    quote = f": “{point.quote}”" if point.quote else ""
    line = head + quote
    shown = line if len(line) <= width else line[: width - 2].rstrip() + "…”"
    return [shown, *(f"{'':21}{mark}" for mark in point.marks)]


def _numbers(places: Sequence[int], columns: int) -> str:
    """The steps' numbers under the axis; where two would touch, the later one is left out."""
    row = [" "] * columns
    free = 0
    for number, x in enumerate(places[1:], start=1):
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
    return next((name for low, name in BANDS if bottom - 1e-9 <= low < top - 1e-9), "")
