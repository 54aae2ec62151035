"""What scripted agents made of a customer: the verdict, and each agent's calls as a small curve."""

from collections.abc import Iterator
from itertools import starmap

from textual.content import Content

from trainer.domain.mood import Feeling
from trainer.simulate.verdict import HOSTILE, Outcome, Verdict
from trainer.tui.bars import bar, steps
from trainer.tui.words import ENDED, MARKS

_CURVE = 13
"""Columns of a curve; no script is longer."""
_ONE_ROW = 62
"""From this many columns on, how the calls ended stands beside the curve."""


def running(done: int, total: int, width: int) -> Content:
    """How far the bench is."""
    return Content.from_markup(
        "[bold]Scripted agents are calling…[/]\n[$primary on $panel]$bar[/] $done of $total\n"
        "[$quiet]b stops it. You can look at other customers meanwhile.[/]",
        bar=bar(done / max(1, total), max(10, min(40, width - 14))),
        done=str(done),
        total=str(total),
    )


def invitation() -> Content:
    """Before the first bench."""
    return Content.from_markup(
        "[bold]Not benched yet.[/]\n\nScripted agents call this customer, each of them twenty times"
        ": kind, useless, hostile, reciting, silent, and so on. You see how their calls go,"
        " what no call reaches, and what must be mended before anybody practises.\n\n"
        "[$accent]→[/] b starts it. It takes about half a minute."
    )


def card(
    verdict: Verdict, lead: Feeling, width: int, *, stale: bool, before: Verdict | None = None
) -> Content:
    """The whole verdict.

    Args:
        stale: the file was saved since.
        before: an earlier verdict on the same customer, to see what moved.
    """
    return Content("\n").join([*_head(verdict, stale), *_agents(verdict, lead, width, before),
                               *_rest(verdict)])  # fmt: skip


def _head(verdict: Verdict, stale: bool) -> Iterator[Content]:
    if stale:
        yield Content.from_markup(
            "[$warning]! The file was saved since. b calls again; this is from before.[/]\n"
        )
    if verdict.passed:
        yield Content.from_markup("[bold $success]✓ Passed.[/] Fit to practise on.")
    else:
        count = len(verdict.failures)
        what = "1 thing" if count == 1 else f"{count} things"
        yield Content.from_markup("[bold $error]✗ Failed.[/] $what to mend:", what=what)
    for failure in verdict.failures:
        yield Content.from_markup("[$error]△[/] $failure", failure=failure)
    yield Content.from_markup(
        "[$quiet]kind and hostile agents end[/] $gap [$quiet]apart · exit in[/] $exits"
        " [$quiet]of hostile calls · leaks[/] $leaks [$quiet]· out of role[/] $flips",
        gap=f"{verdict.gap * 100:.0f}",
        exits=f"{verdict.exit_rate:.0%}",
        leaks=str(verdict.leaks),
        flips=str(verdict.role_flips),
    )


def _agents(
    verdict: Verdict, lead: Feeling, width: int, before: Verdict | None
) -> Iterator[Content]:
    yield Content.from_markup(
        "\n[bold $primary]$lead, turn by turn[/] [$quiet]start → end · rating · endings[/]",
        lead=lead.value.capitalize(),
    )
    for name, one in verdict.outcomes.items():
        was = before.outcomes.get(name) if before else None
        yield _agent(name, one, width, was)


def _agent(name: str, one: Outcome, width: int, was: Outcome | None) -> Content:
    colour = "$error" if name in HOSTILE else "$success" if name == "empathic" else "$secondary"
    moved = ""
    if was is not None and round(was.curve[-1] * 100) != round(one.curve[-1] * 100):
        moved = f" (was {was.curve[-1] * 100:.0f})"
    return Content.assemble(
        Content.from_markup(
            f"$name [{colour}]$curve[/] $start→$end $csat",
            name=f"{name.replace('_', ' '):<14}",
            curve=f"{steps(one.curve[-_CURVE:]):<{_CURVE}}",
            start=f"{one.curve[0] * 100:2.0f}",
            end=f"{one.curve[-1] * 100:2.0f}",
            csat=f"★{one.csat:.1f}",
        ),
        Content.styled(moved, "$accent"),
        " " if width >= _ONE_ROW else "\n  ",
        Content.styled(", ".join(starmap(_ending, one.status.items())), "$quiet"),
    )


def _ending(status: str, count: int) -> str:
    return f"{ENDED.get(status, status)} {count}"


def _rest(verdict: Verdict) -> Iterator[Content]:
    happened = [f"{MARKS.get(name, name)} {count}" for name, count in verdict.events.items()]
    for heading, items in (
        ("Happened in calls", happened),
        ("No call came to", verdict.unreachable),
        ("Changed nothing", verdict.idle),
    ):
        if items:
            yield Content.from_markup("\n[bold $primary]$heading[/]", heading=heading)
            yield Content(" · ".join(items))
