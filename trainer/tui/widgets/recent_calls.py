"""The last calls: with whom, when, how it ended."""

from collections.abc import Sequence
from datetime import datetime

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from trainer.tui.services import CallItem
from trainer.tui.words import ENDINGS, clock, when


def entry(item: CallItem, now: datetime) -> Content:
    """One line: sign, customer, how it ended, when, how long."""
    sign, ending = ENDINGS.get(item.status, ("·", item.status))
    return Content.from_markup(
        "$sign $title [$quiet]$ending · $when · $long[/]",
        sign=sign,
        title=item.title,
        when=when(item.started, now),
        long=clock(item.seconds),
        ending=ending,
    )


class RecentCalls(OptionList):
    """Last calls, newest first. Selecting one opens its debrief."""

    DEFAULT_CSS = """
    RecentCalls { text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def fill(self, items: Sequence[CallItem]) -> None:
        """Show these calls."""
        now = datetime.now().astimezone()
        self.clear_options()
        self.add_options(
            [Option(entry(item, now), id=str(number)) for number, item in enumerate(items)]
        )
        if items:
            self.highlighted = 0
            return
        empty = Content.styled("No calls yet. The first one is yours.", "$quiet")
        self.add_option(Option(empty, disabled=True))
