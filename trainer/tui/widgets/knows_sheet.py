"""The sheet of what a customer knows, as trainers read it: who they are, then items by kind."""

from collections.abc import Iterator

from textual.content import Content

from trainer.domain.persona import Cast, Gate, Item, ItemKind, Slot
from trainer.tui.widgets.persona_sheet import gates, heading, named
from trainer.tui.workshop import Sheet

KINDS = {
    ItemKind.OBJECT: "What they see, hold and read",
    ItemKind.TIMELINE: "When it was, and how often",
    ItemKind.PEOPLE: "People",
    ItemKind.HOME: "The home and the day",
    ItemKind.WANTS: "What they would like",
    ItemKind.TRIED: "What they have tried",
    ItemKind.OUTSIDE: "What they cannot know",
}
_SLOTS = {
    "name": "name",
    "spelling": "spelled",
    "birth_date": "born",
    "address": "address",
    "postcode": "postcode",
    "phone": "phone",
    "email": "e-mail",
}


def card(sheet: Sheet, cast: Cast, width: int) -> Content:
    """Everything on the sheet, in the telling that was chosen, for `width` columns."""
    return Content("\n").join([*_identity(sheet, cast, width), *_items(cast, width)])


def _identity(sheet: Sheet, cast: Cast, width: int) -> Iterator[Content]:
    identity = cast.persona.scenario.knows.identity
    yield Content.from_markup("[bold $primary]Who they are[/]")
    for field, name in _SLOTS.items():
        yield from _slot(name, getattr(identity, field), width)
    for reference in identity.references:
        yield from _slot(reference.called, reference, width)
    yield from _slot("whose", identity.account_holder, width)
    if sheet.missing:
        yield Content.from_markup(
            "[$warning]! They will not be able to say:[/] $missing",
            missing=", ".join(sheet.missing),
        )


def _slot(name: str, slot: Slot | None, width: int) -> Iterator[Content]:
    if slot is None:
        return
    said = f"“{slot.says}”" if slot.says else ""
    yield named(name, slot.is_ or said, width)
    if slot.is_ and said:
        yield named("", said, width)
    if slot.gate != Gate():
        yield Content.assemble("          ", gates(slot.gate))


def _items(cast: Cast, width: int) -> Iterator[Content]:
    items = cast.persona.scenario.knows.items
    if not items:
        yield Content.from_markup(
            "\n[$warning]! No items:[/] questions about details are answered with not knowing."
        )
    for kind, title in KINDS.items():
        if found := [item for item in items if item.kind is kind]:
            yield heading(f"{title} ({len(found)})")
            yield from (_item(item, width) for item in found)


def _item(item: Item, width: int) -> Content:
    more = f" and {len(item.asks) - 1} more" if len(item.asks) > 1 else ""
    parts = [
        Content.from_markup(
            "[$accent]·[/] [bold]$id[/]  [$quiet]$topic[/]", id=item.id, topic=item.topic
        ),
        named("", f"“{item.says}”", width, 2),
        named("", f"asked by “{item.asks[0]}”{more}", width, 2, quiet=True),
    ]
    if item.gate != Gate():
        parts.append(Content.assemble("  ", gates(item.gate)))
    return Content("\n").join(parts)
