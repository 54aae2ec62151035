"""The inside of a customer in words and bars: the mood, what moved it, what they keep back."""

from collections.abc import Iterator
from dataclasses import fields

from textual.content import Content

from trainer.customer.facts import ready, volunteered
from trainer.domain.events import OfferFound
from trainer.domain.mood import Mood
from trainer.domain.persona import Cast, Fact
from trainer.domain.plan import Intent
from trainer.tui.bars import bar, change, percent, steps
from trainer.tui.inside_view import Inside, Step
from trainer.tui.words import MARKS, OFFERS

_NAMES = tuple(one.name for one in fields(Mood))
_UPSET = ("anger", "anxiety", "sadness")
_BETTER_LOW = {"anger", "anxiety", "sadness"}


def mood(view: Inside, cast: Cast, width: int) -> Content:
    """Eight bars, each with its number and how far the last turn moved it."""
    lead = cast.persona.lead.value
    limits = [cast.temper.exit_at, cast.temper.supervisor_at]
    room = max(6, width - 21)
    rows = []
    for name in _NAMES:
        before, now = getattr(view.before, name), getattr(view.mood, name)
        moved = change(before, now)
        good = (now < before) == (name in _BETTER_LOW)
        marks = [limit for limit in limits if limit is not None] if name == lead else []
        rows.append(
            Content.assemble(
                Content.styled(f"{name:<11}", "bold" if name == lead else ""),
                Content.styled(
                    bar(now, room, marks),
                    f"{'$secondary' if name in _UPSET else '$primary'} on $panel",
                ),
                Content.styled(f" {percent(now)}", "bold"),
                Content.styled(f" {moved:<4}", "$success" if good else "$error"),
            )
        )
    return Content("\n").join(rows)


def story(view: Inside, cast: Cast) -> Content:
    """The last turn: what moved them, what was found in the words, what they answer."""
    parts: list[Content] = []
    if view.steps:
        parts += _turn(view.steps[-1], cast)
    else:
        parts.append(
            Content.styled(
                "Type what an agent would say. Here you see which words moved them, and what"
                " was found in each.",
                "$quiet",
            )
        )
    if len(view.steps) > 1:
        lead = cast.persona.lead
        curve = [view.start.of(lead), *(step.mood.of(lead) for step in view.steps)]
        parts.append(_heading(f"{lead.value.capitalize()} so far"))
        parts.append(Content.styled(steps(curve), "$secondary"))
    parts.append(_heading("What they know"))
    facts = cast.persona.scenario.facts
    wide = max((len(one.id) for one in facts), default=0)
    parts += [fact(one, view, wide) for one in facts]
    return Content("\n").join(parts)


def _turn(step: Step, cast: Cast) -> Iterator[Content]:
    yield _heading("What moved them", first=True)
    wide = max((len(cause.appraisal) for cause in step.causes), default=0)
    for cause in step.causes:
        sign, colour = ("+", "$success") if cause.good else ("−", "$error")
        yield Content.from_markup(
            f"[{colour}]$sign[/] $what [{colour} on $panel]$bar[/]$weight[$quiet]$quote[/]",
            sign=sign,
            what=f"{_plain(cause.appraisal):<{wide}}",
            bar=bar(cause.weight, 5),
            weight=percent(cause.weight),
            quote=f" “{_short(cause.quote, step.said)}”" if cause.quote else "",
        )
    if not step.causes:
        yield Content.styled("Nothing: the mood stays.", "$quiet")
    yield _heading("Found in your words")
    for act in step.acts:
        yield Content.from_markup(
            "[$primary]›[/] [bold]$act[/] “$quote” [$quiet]$sure[/]",
            act=_plain(act.act),
            quote=_short(act.quote, step.said),
            sure=percent(act.confidence).strip(),
        )
    for offer in step.offers:
        yield _offer(offer, cast)
    if step.asks:
        yield Content.from_markup(
            "[$primary]›[/] [bold]asks for[/] $what", what=", ".join(step.asks)
        )
    if not (step.acts or step.offers or step.asks):
        yield Content.styled("Nothing that counts.", "$quiet")
    yield _heading("What they answer")
    yield Content.from_markup(
        "a [bold]$intent[/] line[$quiet], $band[/]",
        intent=step.intent,
        band=step.band,
    )
    yield from _origin(step, cast)
    if step.happened:
        yield Content.from_markup(
            "[$accent]!$what[/]",
            what=" " + ", ".join(MARKS.get(name, _plain(name)) for name in step.happened),
        )


def _offer(offer: OfferFound, cast: Cast) -> Content:
    """A remedy that the turn touches, how, and what that hangs on."""
    allowed = {one.id: one.allowed for one in cast.persona.scenario.remedies}
    forbidden = " (policy forbids it)" if not allowed.get(offer.remedy, True) else ""
    details = " · ".join(part for part in (offer.condition, offer.when) if part)
    return Content.from_markup(
        "[$primary]›[/] [bold]$state[/] $what[$quiet]$details[/]",
        state=OFFERS[offer.state],
        what=f"{offer.remedy}{forbidden}",
        details=f"  {details}" if details else "",
    )


def _origin(step: Step, cast: Cast) -> Iterator[Content]:
    """Where on their sheet the answer comes from, or that nothing there answers."""
    from trainer.simulate.ask import nothing, source

    scenario = cast.persona.scenario
    kept = step.asks if step.intent == Intent.DEFLECT else ()
    found = [source(name, scenario, step.mood, step.said) for name in step.about or kept]
    for one in found:
        if one is None:
            continue
        gate = f", gate {'open' if one.open else 'closed'}: {one.gate}" if one.gate else ""
        yield Content.from_markup(
            "[$primary]←[/] $kind [bold]$name[/] [$quiet]$topic$gate[/]",
            kind=one.kind,
            name=one.id.partition(":")[2] or one.id,
            topic=one.topic,
            gate=gate,
        )
    if not any(found) and step.intent in _SHEETLESS:
        yield Content.styled(f"← {nothing(Intent(step.intent))}", "$quiet")


_SHEETLESS = (Intent.UNKNOWN, Intent.AGREE, Intent.DISAGREE, Intent.PICK)
"""Answers to questions of which the file says nothing."""


def fact(one: Fact, view: Inside, wide: int) -> Content:
    """One fact: told, open, or what it still wants. `wide`: columns of the name."""
    now = view.mood
    if one.id in view.told:
        sign, colour, how = "✓", "$success", "told"
    elif volunteered([one], now, view.told):
        sign, colour, how = "○", "$primary", "about to tell it"
    elif ready(one, now):
        sign, colour, how = "○", "$primary", "would tell it when asked"
    else:
        sign, colour, how = "✗", "$error", _wants(one, now)
    return Content.from_markup(
        f"[{colour}]$sign[/] $id [$quiet]$how[/]", sign=sign, id=f"{one.id:<{wide}}", how=how
    )


def _wants(one: Fact, now: Mood) -> str:
    """What its gate still asks for."""
    wants = [
        f"{name} {getattr(now, name) * 100:.0f} < {limit * 100:.0f}"
        for name, limit in (("trust", one.gate.min_trust), ("heard", one.gate.min_heard))
        if getattr(now, name) < limit
    ]
    if now.anger > one.gate.max_anger:
        wants.append(f"anger {now.anger * 100:.0f} > {one.gate.max_anger * 100:.0f}")
    return ", ".join(wants)


def _short(quote: str, said: str) -> str:
    """A quote, shortened in the middle of the line; the whole turn is not said again."""
    words = quote.split()
    if quote.strip() == said.strip() and len(words) > 8:
        return " ".join(words[:6]) + " …"
    return quote if len(words) <= 14 else " ".join(words[:12]) + " …"


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _heading(text: str, first: bool = False) -> Content:
    gap = "" if first else "\n"
    return Content.from_markup("$gap[bold $primary]$text[/]", gap=gap, text=text)
