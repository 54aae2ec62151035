"""A curve in characters: braille for the line. Pure: numbers in, rows of text out."""

from collections.abc import Sequence
from itertools import pairwise

from trainer.review.braille import Canvas


def columns(times: Sequence[float], width: int, end: float | None = None) -> list[int]:
    """The text column of each time when `end`, else the last one, stands at the right edge."""
    span = (max(times, default=0.0) if end is None else end) or 1.0
    return [round(time / span * (width - 1)) for time in times]


def braille(
    times: Sequence[float],
    values: Sequence[float],
    width: int,
    height: int,
    *,
    end: float | None = None,
    dotted: Sequence[tuple[float, float]] = (),
) -> list[str]:
    """A line through (time, value 0..1), as `height` rows of `width` characters, top row first.

    Args:
        times: seconds, ascending.
        values: one for each time.
        width: in characters.
        height: in rows.
        end: what time stands at the right edge; else the last one.
        dotted: (time, value) of a second line.
    """
    canvas = Canvas(width, height)
    span = (max(times, default=0.0) if end is None else end) or 1.0
    for every, series in ((1, list(zip(times, values, strict=True))), (3, list(dotted))):
        dots = [(canvas.across(time, span), canvas.down(value)) for time, value in series]
        for (x0, y0), (x1, y1) in pairwise(dots if len(dots) > 1 else dots * 2):
            canvas.line(x0, y0, x1, y1, every)
    return canvas.rows()


def row_of(value: float, height: int) -> int:
    """The text row of a value 0..1."""
    return Canvas(1, height).down(value) // 4
