"""A picture of braille dots: two by four to a character. Pure: dots in, rows of text out."""

_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""Bits of a braille character by row and column."""


class Canvas:
    """`columns` characters wide, `rows` high; dots are counted from the top left."""

    def __init__(self, columns: int, rows: int) -> None:
        self._columns, self._rows = columns, rows
        self._cells = [[0] * columns for _ in range(rows)]

    def across(self, at: float, end: float) -> int:
        """The dot column of a time, where `end` is the right edge."""
        return round(at / (end or 1.0) * (self._columns * 2 - 1))

    def down(self, value: float) -> int:
        """The dot row of a value in 0..1, 0 on top."""
        return round((1 - min(1.0, max(0.0, value))) * (self._rows * 4 - 1))

    def dot(self, x: int, y: int) -> None:
        """One dot."""
        self._cells[y // 4][x // 2] |= _DOTS[y % 4][x % 2]

    def line(self, x0: int, y0: int, x1: int, y1: int, every: int = 1) -> None:
        """A straight line between two dots; `every` above 1 leaves dots out: a dotted line."""
        steps = max(abs(x1 - x0), abs(y1 - y0), 1)
        for step in range(0, steps + 1, every):
            self.dot(round(x0 + (x1 - x0) * step / steps), round(y0 + (y1 - y0) * step / steps))

    def rows(self) -> list[str]:
        """Top row first; empty cells are spaces."""
        return ["".join(chr(0x2800 + c) if c else " " for c in row) for row in self._cells]
