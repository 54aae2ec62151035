"""A customer's card as trainers read it: nothing hidden, every number drawn."""

from collections.abc import Iterator, Sequence
from textwrap import wrap

from textual.content import Content

from trainer.domain.persona import Cast, Exit, Fact, Gate, Lines, Need, Remedy
from trainer.domain.plan import Intent
from trainer.tui.bars import bar, percent
from trainer.tui.words import HOW_HARD, dots
from trainer.tui.workshop import Sheet

NEEDS = {
    Need.TO_BE_HEARD: "to be heard",
    Need.CERTAINTY: "certainty",
    Need.SPEED: "speed",
    Need.FAIRNESS: "fairness",
    Need.CONTROL: "control",
    Need.DIGNITY: "dignity",
}
EXITS = {
    Exit.HANGS_UP: "hanging up",
    Exit.WITHDRAWS: "giving up",
    Exit.CRIES: "crying",
    Exit.LEAVES_POLITELY: "leaving politely",
    Exit.SUPERVISOR: "asking for a supervisor",
}
_START = ("anger", "anxiety", "sadness", "warmth", "trust", "patience")
_WEIGHT = {1: "•", 2: "••", 3: "•••"}
_COLUMN = 10
"""Columns of a name that a text stands beside."""
_WIDE = 62
"""From this many columns on, two bars stand beside each other."""


def card(sheet: Sheet, cast: Cast, width: int) -> Content:
    """Everything a trainer wrote, in the telling that was chosen, for `width` columns."""
    parts = [
        *_head(sheet, cast),
        *_person(cast, sheet.trains, width),
        *_numbers(cast, width),
        *_facts(cast),
        *_sheet(sheet, cast),
        *_remedies(cast),
        *_policy(cast),
        *_words(cast),
    ]
    return Content("\n").join(parts)


def _head(sheet: Sheet, cast: Cast) -> Iterator[Content]:
    persona = cast.persona
    yield Content.from_markup(
        "[bold $secondary]$who[/], $age  [$accent]$dots[/] $hard",
        who=persona.identity.name,
        age=str(persona.identity.age),
        dots=dots(persona.difficulty),
        hard=HOW_HARD[persona.difficulty],
    )
    yield Content.from_markup("[bold]$title[/]", title=persona.title)
    yield Content.from_markup(
        "[$quiet]telling “$variant”, $number of $all (v: the next) · temperament $manner[/]",
        variant=cast.variant,
        number=str(sheet.seed % sheet.tellings + 1),
        all=str(sheet.tellings),
        manner=cast.temperament,
    )
    if persona.draft:
        yield Content.from_markup("[$warning]! A draft: agents are not offered it.[/]")


def _person(cast: Cast, trains: Sequence[str], width: int) -> Iterator[Content]:
    persona = cast.persona
    yield heading("They")
    for name, value in (
        ("are", persona.identity.about),
        ("talk", persona.identity.speech),
        ("lead with", persona.lead.value),
        ("need", NEEDS[persona.need]),
        ("leave by", ", ".join(EXITS[way] for way in persona.exits)),
        ("ask for", f"“{persona.scenario.demand}”"),
        ("because", persona.scenario.background),
        ("train", "; ".join(trains)),
    ):
        if value:
            yield named(name, value, width)
    if persona.content_notes:
        yield Content.from_markup(
            "[$warning]! May be hard to hear:[/] $notes", notes=", ".join(persona.content_notes)
        )


def _numbers(cast: Cast, width: int) -> Iterator[Content]:
    yield heading("Where the call begins")
    lead = cast.persona.lead.value
    cells = [
        Content.from_markup(
            f"[{'bold' if name == lead else '$foreground'}]$name[/]"
            f"[{'$secondary' if name in _START[:3] else '$primary'} on $panel]$bar[/]$value  ",
            name=f"{name:<9}",
            bar=bar(getattr(cast.mood, name), 10),
            value=percent(getattr(cast.mood, name)),
        )
        for name in _START
    ]
    across = 2 if width >= _WIDE else 1
    for at in range(0, len(cells), across):
        yield Content.assemble(*cells[at : at + across])
    temper = cast.temper
    told = [f"reacts × {temper.reactivity:.2g}", f"forgives × {temper.forgiveness:.2g}"]
    if Exit.SUPERVISOR in cast.persona.exits and temper.supervisor_at is not None:
        told.append(f"wants a supervisor from {temper.supervisor_at * 100:.0f}")
    if temper.exit_at is not None:
        told.append(f"leaves from {temper.exit_at * 100:.0f}, two turns running")
    if temper.presence_s is not None:
        told.append(f"asks if you are there after {temper.presence_s:.0f} s")
    told += [word for word, on in (("sarcastic", temper.sarcastic), ("sighs", temper.sighs)) if on]
    yield Content.styled(" · ".join(told), "$quiet")


def _facts(cast: Cast) -> Iterator[Content]:
    facts = cast.persona.scenario.facts
    yield heading(f"What they know ({len(facts)})")
    for fact in facts:
        yield _fact(fact)


def _sheet(sheet: Sheet, cast: Cast) -> Iterator[Content]:
    knows = cast.persona.scenario.knows
    count = len(knows.items)
    yield Content.from_markup(
        "[$accent]→[/] the sheet beside it: $items [$quiet](4 shows it)[/]",
        items="1 item" if count == 1 else f"{count or 'no'} items",
    )
    if sheet.missing:
        yield Content.from_markup(
            "[$warning]! They will not be able to say:[/] $missing",
            missing=", ".join(sheet.missing),
        )


def _fact(fact: Fact) -> Content:
    parts = [
        Content.from_markup(
            "[$accent]$weight[/] [bold]$id[/][$quiet]$unasked[/]",
            weight=f"{_WEIGHT[fact.importance]:<3}",
            id=fact.id,
            unasked="  tells it unasked" if fact.volunteer else "",
        ),
        Content.assemble("    ", gates(fact.gate)),
        Content.from_markup("    “$line”", line=fact.line),
        Content.from_markup(
            "    [$quiet]asked by “$first”$more[/]",
            first=fact.asks[0],
            more=f" and {len(fact.asks) - 1} more" if len(fact.asks) > 1 else "",
        ),
    ]
    return Content("\n").join(parts)


def gates(gate: Gate) -> Content:
    """When a fact may be told, each condition as a small bar."""
    limits = [("trust", "from", gate.min_trust)] if gate.min_trust > 0 else []
    limits += [("heard", "from", gate.min_heard)] if gate.min_heard > 0 else []
    limits += [("anger", "up to", gate.max_anger)] if gate.max_anger < 1 else []
    if not limits:
        return Content.styled("told to anybody who asks", "$quiet")
    return Content("  ").join(
        [
            Content.from_markup(
                "$name [$quiet]$side[/] [$primary on $panel]$bar[/]$value",
                name=name,
                side=side,
                bar=bar(value, 5),
                value=percent(value),
            )
            for name, side, value in limits
        ]
    )


def _remedies(cast: Cast) -> Iterator[Content]:
    yield heading("What an agent may offer")
    remedies = cast.persona.scenario.remedies
    for remedy in sorted(remedies, key=lambda one: (not one.allowed, -one.solves)):
        yield _remedy(remedy)


def _remedy(remedy: Remedy) -> Content:
    sign, colour = ("✓", "$success") if remedy.allowed else ("✗", "$error")
    tail = "" if remedy.allowed else "  policy forbids it"
    if remedy.needs:
        tail += f"  once they told: {', '.join(remedy.needs)}"
    return Content("\n").join(
        [
            Content.from_markup(
                f"[{colour}]$sign[/] [bold]$id[/]  [$quiet]solves[/] "
                f"[{colour} on $panel]$bar[/]$value[$quiet]$tail[/]",
                sign=sign,
                id=remedy.id,
                bar=bar(remedy.solves, 8),
                value=percent(remedy.solves),
                tail=tail,
            ),
            Content.from_markup("  [$quiet]“$first”[/]", first=remedy.examples[0]),
        ]
    )


def _policy(cast: Cast) -> Iterator[Content]:
    scenario = cast.persona.scenario
    yield heading("The agent's card")
    yield Content.from_markup(
        "$role [$quiet]at $company[/]", role=scenario.card.agent_role, company=scenario.card.company
    )
    yield Content(scenario.card.situation)
    for sign, colour, lines in (
        ("·", "$foreground", scenario.card.system),
        ("✓", "$success", scenario.card.may_grant),
        ("✗", "$error", scenario.card.may_not),
    ):
        for line in lines:
            yield Content.from_markup(f"[{colour}]$sign[/] $line", sign=sign, line=line)


def _words(cast: Cast) -> Iterator[Content]:
    own, stock = _count(cast.lines), _count(cast.stock)
    yield heading("Their words")
    yield Content.from_markup(
        "$own lines of their own for $some of $all occasions; $stock more from “$manner”",
        own=str(own),
        some=str(len(cast.lines)),
        all=str(len(Intent)),
        stock=str(stock),
        manner=cast.temperament,
    )
    if cast.persona.sayings:
        yield Content.from_markup("[$quiet]nobody else would say[/]")
        for saying in cast.persona.sayings:
            yield Content.from_markup("[$secondary]›[/] $saying", saying=saying)


def _count(lines: Lines) -> int:
    return sum(len(texts) for bands in lines.values() for texts in bands.values())


def heading(text: str) -> Content:
    """What stands above a part of a sheet."""
    return Content.from_markup("\n[bold $primary]$text[/]", text=text)


def named(
    name: str, value: str, width: int, column: int = _COLUMN, *, quiet: bool = False
) -> Content:
    """A name and a text that keeps to the right of it; a longer name has a row of its own."""
    lines = wrap(value, max(20, width - column)) or [""]
    first = f"{name:<{column}}" if len(name) < column else f"{name}\n{' ' * column}"
    style = "$quiet" if quiet else "$foreground"
    return Content.from_markup(
        f"[$quiet]$name[/][{style}]$text[/]", name=first, text=f"\n{' ' * column}".join(lines)
    )


def unreadable(sheet: Sheet) -> Content:
    """What stands in place of the card when the file does not hold a customer."""
    count = len(sheet.problems)
    return Content.from_markup(
        "[$error]✗ There is no card to show: the file has $count.[/]\n\n$first\n\n"
        "[$accent]→[/] 3 shows what to mend, e opens the file there.",
        count="1 mistake" if count == 1 else f"{count} mistakes",
        first=sheet.entry.mistake or str(next(iter(sheet.problems), "")),
    )
