"""A row of pages to choose from, by number, arrow or mouse."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.widget import Widget


@dataclass(frozen=True)
class Page:
    """One page. `mark` follows its label, e.g. how many mistakes it lists."""

    id: str
    label: str
    mark: str = ""
    colour: str = "$quiet"


class TabStrip(Widget):
    """The pages' names; the chosen one stands out without colour too."""

    DEFAULT_CSS = """
    TabStrip { height: 1; width: 1fr; }
    """

    @dataclass
    class Clicked(Message):
        """A page was clicked."""

        page: str

    def __init__(self, pages: Sequence[Page], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.pages = tuple(pages)
        self.chosen = self.pages[0].id

    def show(self, pages: Sequence[Page], chosen: str) -> None:
        """These pages, one of them chosen."""
        if (tuple(pages), chosen) != (self.pages, self.chosen):
            self.pages, self.chosen = tuple(pages), chosen
            self.refresh()

    def _cells(self) -> list[Content]:
        cells = []
        for number, page in enumerate(self.pages, start=1):
            here = page.id == self.chosen
            style = "bold $background on $primary" if here else "$foreground on $panel"
            sign = "▸" if here else " "
            cells.append(
                Content.assemble(
                    Content.from_markup(
                        f"[{style}]$sign$number $label [/]",
                        sign=sign,
                        number=str(number),
                        label=page.label,
                    ),
                    Content.styled(f"{page.mark} " if page.mark else "", page.colour),
                    " ",
                )
            )
        return cells

    def render(self) -> Content:
        """The row."""
        return Content.assemble(*self._cells())

    def on_click(self, event: Click) -> None:
        """The page under the mouse."""
        left = 0
        for page, cell in zip(self.pages, self._cells(), strict=True):
            if left <= event.x < left + cell.cell_length:
                self.post_message(self.Clicked(page.id))
                return
            left += cell.cell_length
