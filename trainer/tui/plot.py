"""A curve in characters: braille for the line. Pure: numbers in, rows of text out."""

from collections.abc import Sequence

_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""Bits of a braille cell by row and column of its 4 × 2 dots."""


def columns(times: Sequence[float], width: int) -> list[int]:
    """The text column of each time when the last one stands at the right edge."""
    span = max(times, default=0.0) or 1.0
    return [round(time / span * (width - 1)) for time in times]


def braille(times: Sequence[float], values: Sequence[float], width: int, height: int) -> list[str]:
    """A line through (time, value 0..1), as `height` rows of `width` characters, top row first."""
    cells = [[0] * width for _ in range(height)]
    span = max(times, default=0.0) or 1.0
    across, down = 2 * width - 1, 4 * height - 1
    dots = [
        (round(time / span * across), round((1 - min(1.0, max(0.0, value))) * down))
        for time, value in zip(times, values, strict=True)
    ]
    for (x0, y0), (x1, y1) in zip(dots, dots[1:] or dots, strict=False):
        steps = max(abs(x1 - x0), abs(y1 - y0), 1)
        for step in range(steps + 1):
            x = round(x0 + (x1 - x0) * step / steps)
            y = round(y0 + (y1 - y0) * step / steps)
            cells[y // 4][x // 2] |= _DOTS[y % 4][x % 2]
    return ["".join(chr(0x2800 + cell) if cell else " " for cell in row) for row in cells]


def row_of(value: float, height: int) -> int:
    """The text row of a value 0..1."""
    return round((1 - min(1.0, max(0.0, value))) * (4 * height - 1)) // 4
