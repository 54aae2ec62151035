"""My card: what my system says, what I may and may not grant."""

from textual.content import Content
from textual.widgets import Static

from trainer.domain.persona import Card


def card_text(card: Card) -> Content:
    """The card as text."""
    parts = [
        Content.from_markup(
            "[bold]$role[/] [$quiet]at $company[/]", role=card.agent_role, company=card.company
        ),
        Content(card.situation),
    ]
    sections = (
        ("My system says", "·", "$foreground", card.system),
        ("I may", "✓", "$success", card.may_grant),
        ("I may not", "✗", "$error", card.may_not),
    )
    for heading, sign, colour, lines in sections:
        if lines:
            parts.append(Content.from_markup("\n[bold]$heading[/]", heading=heading))
            parts += [
                Content.from_markup(f"[{colour}]$sign[/] $line", sign=sign, line=line)
                for line in lines
            ]
    return Content("\n").join(parts)


class AgentCard(Static):
    """The card, as high as it needs to be."""

    DEFAULT_CSS = """
    AgentCard { height: auto; width: 1fr; }
    """

    def __init__(self, card: Card) -> None:
        super().__init__(card_text(card))
