"""The customers one can be called by: who, why, how hard."""

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from trainer.tui.services import CustomerItem
from trainer.tui.words import dots


def entry(item: CustomerItem) -> Content:
    """Two lines: who and how hard; why."""
    return Content.from_markup(
        "[bold]$who[/] [$accent]$dots[/]\n[$quiet]$title[/]",
        who=item.who,
        dots=dots(item.difficulty),
        title=item.title,
    )


class CustomerList(OptionList):
    """Customers, one highlighted. Selecting one takes the call."""

    def fill(self, items: Sequence[CustomerItem], highlight: str = "") -> None:
        """Show these customers; `highlight` names the one to stand on."""
        self.clear_options()
        self.add_options([Option(entry(item), id=item.name) for item in items])
        names = [item.name for item in items]
        if items:
            self.highlighted = names.index(highlight) if highlight in names else 0
