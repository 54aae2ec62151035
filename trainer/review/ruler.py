"""The rubric's scale from 1 to 5 as a row of characters: a mark and how sure it is, two marks."""

from collections.abc import Mapping

_STEPS = 4
"""From 1 to 5."""


def ruler(
    marks: Mapping[float | None, str], span: tuple[float, float] | None = None, width: int = 17
) -> str:
    """The scale with marks on it; of two on one place the later stands.

    Args:
        marks: character by place, 1 to 5; None is left out.
        span: from where to where a line is drawn under the marks.
        width: characters; 4 n + 1, so that each whole number has one of its own.
    """
    cells = ["·"] * width
    for step in range(_STEPS + 1):
        cells[_place(1 + step, width)] = "┊"
    if span is not None:
        first, last = _place(span[0], width), _place(span[1], width)
        cells[first : last + 1] = "━" * (last + 1 - first)
    for place, mark in marks.items():
        if place is not None:
            cells[_place(place, width)] = mark
    return "".join(cells)


def _place(value: float, width: int) -> int:
    return round((min(5.0, max(1.0, value)) - 1) / _STEPS * (width - 1))
