"""One customer in words: who is calling, what the call trains, what may be hard to hear."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from trainer.tui.services import CustomerItem
from trainer.tui.words import HOW_HARD, dots


def describe(item: CustomerItem) -> Content:
    """The whole card as text."""
    parts = [
        Content.from_markup("[bold $secondary]$title[/]", title=item.title),
        Content.from_markup(
            "[$accent]$dots[/] $hard  [$quiet]$lead[/]",
            dots=dots(item.difficulty),
            hard=HOW_HARD[item.difficulty],
            lead=item.lead and f"leads with {item.lead}",
        ),
    ]
    if item.about:
        parts.append(Content("\n" + item.about))
    parts.append(Content.from_markup("\n[bold]You practise[/]"))
    parts += [Content.from_markup("[$primary]›[/] $what", what=what) for what in item.trains]
    if item.notes:
        parts.append(
            Content.from_markup(
                "\n[$warning]! May be hard to hear:[/] $notes", notes=", ".join(item.notes)
            )
        )
    return Content("\n").join(parts)


class CustomerCard(VerticalScroll, can_focus=False):
    """The card of the highlighted customer."""

    def compose(self) -> ComposeResult:
        """One text."""
        yield Static(id="customer-text")

    def show(self, item: CustomerItem | None, empty: str) -> None:
        """Show a customer, or say why there is none."""
        self.border_title = item.who if item else "Nobody"
        self.query_one("#customer-text", Static).update(describe(item) if item else empty)
        self.scroll_home(animate=False)
