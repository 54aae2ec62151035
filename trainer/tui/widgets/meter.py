"""A level meter: a bar, its peak, and the level in words."""

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

FLOOR_DB = -60.0
_PARTS = " ▏▎▍▌▋▊▉█"


def verdict(db: float) -> tuple[str, str]:
    """The level in a word, and the colour that goes with it."""
    if db < -55:
        return "silent", "$quiet"
    if db < -38:
        return "quiet", "$accent"
    if db < -6:
        return "good", "$success"
    return "too loud", "$error"


def bar(db: float, peak: float, width: int) -> str:
    """The bar, `width` cells, with a tick at the peak."""

    def cells(level: float) -> float:
        return max(0.0, min(1.0, (level - FLOOR_DB) / -FLOOR_DB)) * width

    full = cells(db)
    whole = int(full)
    text = "█" * whole
    if whole < width:
        text += _PARTS[int((full - whole) * 8)]
    text = text.ljust(width)
    at = min(width - 1, int(cells(peak)))
    return text if at <= whole or peak <= FLOOR_DB else f"{text[:at]}│{text[at + 1 :]}"


class Meter(Widget):
    """One row: label, bar, word."""

    DEFAULT_CSS = """
    Meter { height: 1; width: 1fr; }
    """

    db: reactive[float] = reactive(-90.0)
    muted: reactive[bool] = reactive(False)

    def __init__(self, label: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._label = label
        self._peak = -90.0

    def watch_db(self, db: float) -> None:
        """The peak falls slowly."""
        self._peak = max(db, self._peak - 1.5)

    def render(self) -> Content:
        """The row."""
        word, colour = ("muted", "$error") if self.muted else verdict(self.db)
        width = max(4, self.size.width - len(self._label) - 12)
        return Content.from_markup(
            f"[bold]$label[/] [{colour} on $panel]$bar[/] [{colour}]$word[/]",
            label=self._label,
            bar=bar(-90.0 if self.muted else self.db, self._peak, width),
            word=f"{word:<9}",
        )
