"""The keys that work here, at the foot of a screen: never cut off, it takes another row instead."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.events import Click
from textual.geometry import Size
from textual.widget import Widget


@dataclass(frozen=True)
class Key:
    """One key as shown. `action` runs when it is clicked; empty: only the keyboard can do it."""

    key: str
    label: str
    action: str = ""

    @property
    def width(self) -> int:
        """Cells it takes, with the space around it."""
        return len(self.key) + len(self.label) + 5


class KeyBar(Widget):
    """Keys and what they do, in rows as wide as the screen."""

    DEFAULT_CSS = """
    KeyBar { dock: bottom; height: auto; width: 100%; background: $surface; color: $foreground; }
    """

    def __init__(self, keys: Sequence[Key], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._keys = tuple(keys)

    def show(self, keys: Sequence[Key]) -> None:
        """Other keys from now on."""
        self._keys = tuple(keys)
        self.refresh(layout=True)

    def rows(self, width: int) -> list[list[Key]]:
        """The keys, as many to a row as fit."""
        rows: list[list[Key]] = [[]]
        used = 0
        for key in self._keys:
            if rows[-1] and used + key.width > width:
                rows.append([])
                used = 0
            rows[-1].append(key)
            used += key.width
        return rows

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as the keys need."""
        return len(self.rows(width))

    def render(self) -> Content:
        """The rows."""
        lines = [
            Content.assemble(
                *(
                    Content.from_markup(
                        "[bold $primary on $panel] $key [/] $label  ", key=key.key, label=key.label
                    )
                    for key in row
                )
            )
            for row in self.rows(self.size.width)
        ]
        return Content("\n").join(lines)

    async def on_click(self, event: Click) -> None:
        """The mouse presses the key it points at."""
        rows = self.rows(self.size.width)
        if not 0 <= event.y < len(rows):
            return
        left = 0
        for key in rows[event.y]:
            if left <= event.x < left + key.width - 2:
                if key.action:
                    await self.screen.run_action(key.action)
                return
            left += key.width
