"""`trainer persona bench`: scripted agents against a customer, before any agent practises on it."""

import json
from pathlib import Path
from typing import Any

import click

from trainer.content import personas
from trainer.domain.errors import EngineMissing
from trainer.domain.persona import Persona
from trainer.ports.embedding import Embedding
from trainer.simulate.bench import bench
from trainer.simulate.listening_verdict import LEAST, Listening, told
from trainer.simulate.verdict import Outcome, Verdict

SEEDS = 20
_BARS = "▁▂▃▄▅▆▇█"


@click.command("bench")
@click.argument("name", required=False)
@click.option("--all", "everything", is_flag=True, help="Every customer.")
@click.option(
    "--seeds",
    default=SEEDS,
    show_default=True,
    type=click.IntRange(1, 1000),
    help="Calls of each scripted agent.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(name: str | None, everything: bool, seeds: int, as_json: bool) -> int:
    """Play scripted agents against one customer (a name or a path), or against all of them."""
    if (name is None) != everything:
        raise click.UsageError("Give the name or the file of one customer, or --all.")
    from trainer.settings import load

    extra = load().content_roots()
    names = [name] if name is not None else personas.names(extra)
    rows, passed = [], True
    embedding()  # said once, before the work
    for verdict in bench(names, seeds, quiet_embedding, extra):
        passed = passed and verdict.passed
        if as_json:
            rows.append(as_row(verdict))
        elif everything:
            click.echo(one_line(verdict))
        else:
            click.echo(card(verdict, personas.load(names[0], extra, 0).persona, extra))
    if as_json:
        click.echo(json.dumps(rows if everything else rows[0], ensure_ascii=False, indent=1))
    return 0 if passed else 1


def embedding() -> Embedding | None:
    """The embedding of the acts reader; None, said on standard error, where it is not here."""
    from trainer.backends import make

    try:
        found: Embedding = make("embed", "minilm")
        return found
    except EngineMissing as error:
        click.echo(f"trainer: rules only. {error}", err=True)
        return None


def quiet_embedding() -> Embedding | None:
    """The same, for processes that have nothing to say."""
    from trainer.backends import make

    try:
        found: Embedding = make("embed", "minilm")
        return found
    except EngineMissing:
        return None


def as_row(verdict: Verdict) -> dict[str, Any]:
    """The verdict as scripts read it."""
    return {
        "persona": verdict.persona,
        "passed": verdict.passed,
        "agents": {
            name: {
                "final_anger": _spread(one.anger),
                "final_lead": _spread(one.lead),
                "status": one.status,
                "csat": one.csat,
                "curve": list(one.curve),
            }
            for name, one in verdict.outcomes.items()
        },
        "gap_empathic_dismissive": verdict.gap,
        "exit_rate_hostile": verdict.exit_rate,
        "leaks": verdict.leaks,
        "role_flips": verdict.role_flips,
        "events": verdict.events,
        "unreachable": list(verdict.unreachable),
        "without_effect": list(verdict.idle),
        "listening": listening_row(verdict.listening) if verdict.listening is not None else None,
        "failures": list(verdict.failures),
    }


def listening_row(found: Listening) -> dict[str, Any]:
    """How one customer listens, as scripts read it."""
    return {
        "judged": found.judged,
        **{
            what: {
                "turns": one.turns,
                "right": one.right,
                "share": round(one.share, 3),
                "least": LEAST.get(what),
                "wrong": [{"form": form, "text": text} for form, text in one.wrong],
            }
            for what, one in found.tried.items()
        },
    }


def _spread(values: tuple[float, float, float]) -> dict[str, float]:
    return dict(zip(("mean", "min", "max"), values, strict=True))


def one_line(verdict: Verdict) -> str:
    """One customer in a list."""
    head = (
        f"{'passed' if verdict.passed else 'FAILED':<7} {verdict.persona:<22} "
        f"apart {verdict.gap:.2f}   exits {verdict.exit_rate:4.0%}   leaks {verdict.leaks}   "
        f"role flips {verdict.role_flips}"
    )
    return "\n".join([head, *(f"        - {failure}" for failure in verdict.failures)])


def card(verdict: Verdict, persona: Persona, extra: list[Path]) -> str:
    """One customer in full: who they are, how each agent fared, what happened, what is wrong."""
    identity = persona.identity
    wide = max(len(name) for name in verdict.outcomes)
    lines = [
        f"{identity.name}, {identity.age} · {persona.title}",
        f"leads with {persona.lead.value} · needs {persona.need.value.replace('_', ' ')} · "
        f"leaves by: {', '.join(way.value.replace('_', ' ') for way in persona.exits)} · "
        f"difficulty {persona.difficulty} of 5",
        "",
        f"{'agent':<{wide}}  {persona.lead.value + ' at the end':<19}  rating  how it ended",
    ]
    lines += [_outcome(name, one, wide) for name, one in verdict.outcomes.items()]
    lines += ["", f"{persona.lead.value} turn by turn, after the greeting (mean of all calls)"]
    lines += [f"{name:<{wide}}  {curve(one)}" for name, one in verdict.outcomes.items()]
    lines += [
        "",
        f"empathic and dismissive end {verdict.gap:.2f} apart · "
        f"exit in {verdict.exit_rate:.0%} of hostile calls · leaks {verdict.leaks} · "
        f"role flips {verdict.role_flips}",
        "happened in calls: "
        + (", ".join(f"{name} {count}" for name, count in verdict.events.items()) or "nothing"),
    ]
    if verdict.unreachable:
        lines.append("no call came to: " + ", ".join(verdict.unreachable))
    if verdict.idle:
        lines.append("without effect: " + ", ".join(verdict.idle))
    if verdict.listening is not None:
        lines += ["", "listens to turns made from their own file", *told(verdict.listening)]
    lines += ["", "passed" if verdict.passed else "FAILED"]
    lines += [f"- {failure}" for failure in verdict.failures]
    return "\n".join(lines)


def _outcome(name: str, one: Outcome, wide: int) -> str:
    mean, low, high = one.lead
    ends = ", ".join(f"{status} {count}" for status, count in one.status.items())
    return f"{name:<{wide}}  {mean:.2f}  ({low:.2f}–{high:.2f})   {one.csat:.1f}     {ends}"


def curve(one: Outcome) -> str:
    """A mean curve as bars, 0 to 1."""
    top = len(_BARS) - 1
    bars = "".join(_BARS[round(value * top)] for value in one.curve)
    return f"{bars}  {one.curve[0]:.2f} → {one.curve[-1]:.2f}"
