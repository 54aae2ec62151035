"""The customers one can be called by: who, why, how hard."""

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from trainer.tui.services import CustomerItem
from trainer.tui.words import dots


def entry(item: CustomerItem, here: bool = False) -> Content:
    """Two lines: who and how hard; why. A sign in front says which one is highlighted."""
    return Content.from_markup(
        "[$primary]$sign[/] [bold]$who[/] [$accent]$dots[/]\n[$quiet]$title[/]",
        sign="▸" if here else " ",
        who=item.who,
        dots=dots(item.difficulty),
        title=item.title,
    )


class CustomerList(OptionList):
    """Customers, one highlighted. Selecting one takes the call."""

    _items: tuple[CustomerItem, ...] = ()
    _here: int | None = None

    def fill(self, items: Sequence[CustomerItem], highlight: str = "") -> None:
        """Show these customers; `highlight` names the one to stand on."""
        self._items = tuple(items)
        self._here = None
        self.clear_options()
        self.add_options([Option(entry(item), id=item.name) for item in items])
        names = [item.name for item in items]
        if items:
            self.highlighted = names.index(highlight) if highlight in names else 0

    def watch_highlighted(self, highlighted: int | None) -> None:
        """The sign moves with the highlight."""
        super().watch_highlighted(highlighted)
        if highlighted is None or highlighted >= len(self._items):
            return
        for place in {self._here, highlighted} - {None}:
            if place is not None and place < len(self._items):
                prompt = entry(self._items[place], place == highlighted)
                self.replace_option_prompt_at_index(place, prompt)
        self._here = highlighted
