"""Feedback as people read it: a heading, the words, what they did, what to say instead."""

from textual.content import Content

from trainer.tui.services import Debrief, Line, Point, Remark
from trainer.tui.words import clock


def remark(item: Remark, sign: str, colour: str) -> Content:
    """One remark, several lines."""
    at = f"{clock(item.start_s)}  " if item.start_s is not None else ""
    parts = [
        Content.from_markup(
            f"[bold {colour}]$sign $heading[/] [$quiet]$behaviour[/]",
            sign=sign,
            heading=item.heading,
            behaviour=item.behaviour and f"· {item.behaviour}",
        )
    ]
    if item.theirs:
        parts.append(Content.from_markup("  [$secondary]they:[/] “$quote”", quote=item.theirs))
    if item.quote:
        parts.append(Content.from_markup("  [$quiet]$at[/]you: “$quote”", at=at, quote=item.quote))
    if item.number:
        parts.append(Content.from_markup("  [$quiet]$at[/]$number", at=at, number=item.number))
    if item.effect:
        parts.append(Content.from_markup("  [$quiet]→ $effect[/]", effect=item.effect))
    if item.say_instead:
        parts.append(Content.from_markup("  [$primary]say:[/] “$line”", line=item.say_instead))
    return Content("\n").join(parts)


def feedback(told: Debrief) -> Content:
    """What went well, what to improve, one action: in this order."""
    blocks: list[Content] = []
    groups = (
        ("What went well", "✓", "$success", told.went_well),
        ("To improve", "△", "$accent", told.improve),
        ("One thing to do next time", "→", "$primary", (told.action,) if told.action else ()),
    )
    for heading, sign, colour, items in groups:
        if items:
            blocks.append(Content.styled(heading, "bold"))
            blocks += [remark(item, sign, colour) for item in items]
            blocks.append(Content(""))
    if told.note:
        blocks += [Content.styled(told.note, "$quiet"), Content("")]
    if not blocks:
        return Content.styled("This call was too short to say anything about it.", "$quiet")
    return Content("\n").join(blocks[:-1])


def scores(told: Debrief) -> Content:
    """The four dimensions, each with its band or the reason why there is none."""
    lines = [
        Content.from_markup(
            "[bold]$name[/]  $score [$quiet]$why[/]", name=name, score=score, why=why
        )
        for name, score, why in told.scores
    ]
    lines += [
        Content.from_markup("[$error]![/] $name: “$quote”", name=name, quote=quote)
        for name, quote in told.critical
    ]
    return Content("\n").join(lines)


def moment(point: Point, feeling: str) -> Content:
    """The chosen point in words."""
    parts = [
        Content.from_markup(
            "[bold]$at[/]  $feeling [bold]$value[/] of 100",
            at=clock(point.t_s),
            feeling=feeling,
            value=f"{point.value * 100:.0f}",
        )
    ]
    if point.cause:
        fell = point.value < point.before
        colour = "$success" if fell else "$error"
        parts.append(Content.from_markup(f"  [{colour}]$why[/]", why=point.cause))
    if point.marks:
        parts.append(Content.from_markup("  [$accent]$marks[/]", marks=" ".join(point.marks)))
    if point.quote:
        parts.append(Content.from_markup("\n▶ you: “$quote”", quote=point.quote))
    heard = [("voice", point.voice), ("pace", f"{point.pace} of usual" if point.pace else "")]
    told = " · ".join(f"{name} {how}" for name, how in heard if how)
    if told:
        parts.append(Content.from_markup("\n  [$quiet]$told[/]", told=told))
    return Content.assemble(*parts)


def spoken(line: Line, customer: str) -> Content:
    """One turn of the transcript."""
    known = {"agent": ("You", "$primary"), "customer": (customer, "$secondary")}
    name, colour = known.get(line.who, ("?", "$quiet"))
    return Content.from_markup(
        f"[$quiet]$at[/] [bold {colour}]$name[/] $text",
        at=clock(line.start_s),
        name=name,
        text=line.text,
    )


def behind(rows: tuple[tuple[str, str], ...]) -> Content:
    """What lay behind the call: each part under its name."""
    return Content("\n").join(
        [
            Content.from_markup("[$secondary]$name:[/] $text", name=name, text=text)
            if name
            else Content.styled(text, "$quiet")
            for name, text in rows
        ]
    )


def agreed(rows: tuple[tuple[str, str, str], ...]) -> Content:
    """Each offer: what it was, how it stood at the end, and the agent's words."""
    return Content("\n").join(
        [
            Content.from_markup(
                "[bold]$what[/]  $how\n  [$quiet]you: “$quote”[/]", what=what, how=how, quote=quote
            )
            for what, how, quote in rows
        ]
    )


def pairs(rows: tuple[tuple[str, str], ...], sign: str) -> Content:
    """Names and values, a line each."""
    return Content("\n").join(
        [
            Content.from_markup("[$quiet]$sign $name[/]  $value", sign=sign, name=name, value=value)
            for name, value in rows
        ]
    )
