"""Small bars and curves made of characters. Pure: numbers 0..1 in, text out."""

from collections.abc import Sequence

_PARTS = " ▏▎▍▌▋▊▉█"
_STEPS = "▁▂▃▄▅▆▇█"


def bar(value: float, width: int, marks: Sequence[float] = ()) -> str:
    """A bar of `width` cells; `marks` are limits, shown as ticks where it does not cover them."""
    full = min(1.0, max(0.0, value)) * width
    whole = int(full)
    cells = list("█" * whole)
    if whole < width:
        cells.append(_PARTS[int((full - whole) * 8)])
    cells += [" "] * (width - len(cells))
    for mark in marks:
        at = min(width - 1, int(min(1.0, max(0.0, mark)) * width))
        if cells[at] == " ":
            cells[at] = "┊"
    return "".join(cells)


def steps(values: Sequence[float]) -> str:
    """A curve, one character for each value."""
    top = len(_STEPS) - 1
    return "".join(_STEPS[round(min(1.0, max(0.0, value)) * top)] for value in values)


def percent(value: float) -> str:
    """A number 0..1 as people read it, three characters."""
    return f"{value * 100:3.0f}"


def change(before: float, now: float) -> str:
    """How far a number moved, with a sign that needs no colour; empty when it did not."""
    moved = round(now * 100) - round(before * 100)
    if not moved:
        return ""
    return f"▲{moved}" if moved > 0 else f"▼{-moved}"
