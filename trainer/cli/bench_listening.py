"""`trainer bench listening`: labelled agents' turns, and what the customer makes of them."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from trainer.ports.embedding import Embedding
    from trainer.settings import Settings
    from trainer.simulate.listening import Offers, Questions
    from trainer.simulate.listening_play import Call, Found, Say

_SOON_S = 1.0
"""A bar is shown when it takes longer."""

_ENOUGH_S = 60.0
"""What a model may take for one line: its words are looked at here, not its speed."""


@click.command(name="listening")
@click.option(
    "--wording",
    default="authored",
    show_default=True,
    help="Who words the calls: authored, local, or a litellm model.",
)
@click.option("--held", is_flag=True, help="Only the calls that nobody tuned on.")
@click.option("--calls", "calls_only", is_flag=True, help="Only the calls, no single turns.")
@click.option("--persona", "names", multiple=True, help="Only this customer; may be repeated.")
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A folder of labelled turns; else tests/data/listening.",
)
@click.option(
    "--details",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write every turn of the calls to this file, as JSON lines.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(
    wording: str,
    held: bool,
    calls_only: bool,
    names: tuple[str, ...],
    data: Path | None,
    details: Path | None,
    as_json: bool,
) -> None:
    """Turns answered, dodged or missed; offers missed and wrongly taken; false accusations.

    Plays each labelled call (typed, the same seed), reads single labelled turns, and compares with
    what people say is there. The figures are those of whatever reader this machine has.
    """
    from trainer.cli.persona_bench import embedding
    from trainer.content import personas
    from trainer.settings import load as settings
    from trainer.simulate import listening_data
    from trainer.simulate.listening_play import Checked, run
    from trainer.simulate.remembered import remembered

    chosen = settings(wording=wording) if wording != "authored" else settings()
    roots = chosen.content_roots()
    for name in names:
        personas.locate(name, roots)
    given = listening_data.load(data or listening_data.OWN, held, frozenset(names))
    if calls_only:
        given = replace(given, offers=(), sentences=(), questions=(), accusing=())
    vectors = embedding()
    with ExitStack() as after:
        say = after.enter_context(_words(wording, chosen, vectors))
        step = after.enter_context(_bar(given.turns))
        found = run(given, Checked(remembered(vectors), roots), say, step)
    row = as_row(found)
    if details is not None:
        lines = [json.dumps(one, ensure_ascii=False) for one in _details(found)]
        details.write_text("\n".join([*lines, ""]), encoding="utf-8")
    click.echo(json.dumps(row, ensure_ascii=False, indent=1) if as_json else told(row))


@contextmanager
def _words(wording: str, chosen: Settings, vectors: Embedding | None) -> Iterator[Say]:
    """Who words a reply."""
    from trainer.simulate.listening_play import authored

    if wording == "authored":
        yield authored
        return
    import asyncio

    from trainer import backends
    from trainer.customer.wording import leaves_room
    from trainer.domain.errors import BadInput
    from trainer.simulate.wording_trial import take

    model = backends.wording(chosen)
    if model is None:
        raise BadInput(f"“{wording}” is no language model.", "Try: trainer bench listening")
    with asyncio.Runner() as runner:
        runner.run(model.warm())

        def say(scene: Any) -> str:
            if not leaves_room(scene.reply):
                return authored(scene)
            taken = runner.run(take(scene, model, vectors, patience=_ENOUGH_S))
            return " ".join(clause.text for clause in taken.clauses)

        try:
            yield say
        finally:
            runner.run(model.close())


@contextmanager
def _bar(total: int) -> Iterator[Callable[[], None]]:
    """A progress bar on standard error, once it takes longer than a moment."""
    from rich.console import Console
    from rich.progress import Progress

    began, done = time.monotonic(), 0
    shown: list[Progress] = []
    with ExitStack() as after:

        def step() -> None:
            nonlocal done
            done += 1
            if not shown and time.monotonic() - began > _SOON_S:
                shown.append(Progress(console=Console(stderr=True), transient=True))
                after.enter_context(shown[0])
                shown[0].add_task("Listening", total=total)
            for bar in shown:
                bar.update(bar.task_ids[0], completed=done)

        yield step


# -- the result ----------------------------------------------------------------------------------


def as_row(found: Found) -> dict[str, Any]:
    """The result as scripts read it: counts, and shares of 0..1 (null where there is nothing)."""
    return {
        "calls": _calls(found),
        "kinds": {
            kind.value: _answers(counted) for kind, counted in found.kinds().items() if counted
        },
        "offers": {source: _offers(one) for source, one in found.offers.items() if one.turns},
        "questions": _questions(found.questions) if found.questions.turns else None,
        "accusations": {
            "harmless": {
                source: {"turns": turns, "accused": wrong, "share": _share(wrong, turns)}
                for source, (turns, wrong) in found.harmless.items()
                if turns
            },
            "real": found.accusing[0],
            "found": found.accusing[1],
            "found_share": _share(found.accusing[1], found.accusing[0]),
        },
    }


def _calls(found: Found) -> dict[str, Any]:
    from trainer.domain.plan import Intent
    from trainer.simulate.listening import MOVED, STRONG

    turns = found.turns
    unknown = sum(turn.reply.plan.intent is Intent.UNKNOWN for turn in turns)
    moved = sum(abs(turn.moved) >= MOVED for turn in turns)
    strong = sum(turn.moved >= STRONG for turn in turns)
    best = Counter(turn.best for turn in turns if turn.best is not None)
    return {
        "calls": len(found.calls),
        "turns": len(turns),
        "unheard": sum(call.unheard for call in found.calls),
        "obliging": _answers(best),
        "not_knowing": _counted(unknown, len(turns)),
        "mood_wrongly_moved": _counted(moved, len(turns)),
        "mood_wrongly_raised": _counted(strong, len(turns)),
        "said_twice": sum(turn.twice for turn in turns),
        "endings": dict(Counter(call.status.value for call in found.calls).most_common()),
    }


def _counted(count: int, of: int) -> dict[str, Any]:
    return {"count": count, "share": _share(count, of)}


def _answers(counted: Counter[Any]) -> dict[str, Any]:
    from trainer.simulate.listening import Answered

    total = sum(counted.values())
    row: dict[str, Any] = {"turns": total}
    row |= {one.value: counted[one] for one in Answered}
    return row | {"answered_share": _share(counted[Answered.ANSWERED], total)}


def _offers(one: Offers) -> dict[str, Any]:
    return {
        "turns": one.turns,
        "missed": _rounded(one.missed()),
        "states": {
            state: {
                "there": one.there[state],
                "taken": one.taken[state],
                "taken_share": _rounded(one.wrongly(state)),
                "right": one.right[state],
            }
            for state in one.there
            if one.there[state]
        },
        "untouched_taken": _counted(one.untouched, one.turns),
    }


def _questions(one: Questions) -> dict[str, Any]:
    return {
        "turns": one.turns,
        "kinds_right": _counted(one.kinds_right, one.turns),
        "facts": {"asked": one.facts_asked, **_counted(one.facts_read, one.facts_asked)},
        "facts_not_asked": {
            "turns": one.facts_not_asked,
            **_counted(one.facts_read_all_the_same, one.facts_not_asked),
        },
        "identity": {
            "asked": one.identity_asked,
            **_counted(one.identity_read, one.identity_asked),
        },
        "sheet": {"asked": one.sheet_asked, **_counted(one.sheet_read, one.sheet_asked)},
    }


def _share(count: int, of: int) -> float | None:
    return round(count / of, 3) if of else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _details(found: Found) -> Iterator[dict[str, Any]]:
    """Every turn of the calls."""
    call: Call
    for call in found.calls:
        for turn in call.turns:
            plan, reading = turn.reply.plan, turn.reply.reading
            yield {
                "call": call.name,
                "text": turn.said.text,
                "kind": [kind.value for kind in turn.said.kinds],
                "offers": dict(turn.said.offers or {}),
                "asks": turn.said.asks,
                "answers": {kind.value: one.value for kind, one in turn.answers.items()},
                "intent": plan.intent.value,
                "about": [*plan.about, *plan.fact_ids],
                "reply": turn.text,
                "read": {
                    "moves": [[move.kind.value, move.about] for move in reading.moves],
                    "offers": {one.remedy: one.state.value for one in reading.offers},
                },
                "accused": [kind.value for kind in turn.accused],
                "moved": turn.moved,
                "twice": turn.twice,
            }


# -- for reading ---------------------------------------------------------------------------------


def told(row: dict[str, Any]) -> str:
    """The result as one table, no colour needed."""
    lines = [f"{'kind of turn':<20} turns  answered  plain  dodged   not"]
    calls = row["calls"]
    for name, one in (*row["kinds"].items(), ("any of these", calls["obliging"])):
        lines.append(
            f"{name:<20} {one['turns']:>5}  {_percent(one['answered_share']):>8}  "
            f"{one['plain']:>5}  {one['dodged']:>6}  {one['not']:>4}"
        )
    ends = ", ".join(f"{status} {count}" for status, count in calls["endings"].items())
    lines += [
        "",
        f"{calls['calls']} calls, {calls['turns']} turns ({calls['unheard']} after the end): "
        f"planned as not knowing {_percent(calls['not_knowing']['share'])}; "
        f"said twice {calls['said_twice']}",
        f"mood moved by what is not there {_percent(calls['mood_wrongly_moved']['share'])}, "
        f"strongly for the worse {_percent(calls['mood_wrongly_raised']['share'])}",
        f"ended: {ends}",
    ]
    if row["offers"]:
        lines += ["", *_told_offers(row["offers"])]
    if questions := row["questions"]:
        facts, others = questions["facts"], questions["facts_not_asked"]
        right = questions["kinds_right"]["share"]
        lines += [
            "",
            f"{questions['turns']} questions: kind right {_percent(right)}; "
            f"facts read when asked {_percent(facts['share'])} of {facts['asked']}, "
            f"when not {_percent(others['share'])} of {others['turns']}",
            f"slots read {_percent(questions['identity']['share'])} of "
            f"{questions['identity']['asked']}; something of theirs read where the sheet was asked "
            f"for {_percent(questions['sheet']['share'])} of {questions['sheet']['asked']}",
        ]
    accusations = row["accusations"]
    harmless = ", ".join(
        f"{source} {one['accused']} of {one['turns']}"
        for source, one in accusations["harmless"].items()
    )
    lines += ["", f"wrongly accused: {harmless}"]
    if accusations["real"]:
        lines.append(f"accusations found: {accusations['found']} of {accusations['real']}")
    return "\n".join(lines)


def _told_offers(offers: dict[str, Any]) -> list[str]:
    states = ("conditional", "refused", "withdrawn", "asked", "mentioned")
    lines = [
        f"{'remedies in':<12} turns  missed | wrongly taken: "
        + "  ".join(f"{state:>11}" for state in states)
        + "  untouched"
    ]
    for source, one in offers.items():
        wrong = "  ".join(
            f"{_percent(one['states'].get(state, {}).get('taken_share')):>11}" for state in states
        )
        lines.append(
            f"{source:<12} {one['turns']:>5}  {_percent(one['missed']):>6} |{'':>16}{wrong}  "
            f"{_percent(one['untouched_taken']['share']):>9}"
        )
    return lines


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"
