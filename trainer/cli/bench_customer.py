"""`trainer bench customer`: every customer against scripted agents, and with a language model."""

import asyncio
import json
import math
from typing import Any

import click

from trainer import backends
from trainer.acts.reader import Reader
from trainer.cli.persona_bench import as_row, embedding, one_line, quiet_embedding
from trainer.content import personas
from trainer.domain.errors import BadInput
from trainer.ports.embedding import Embedding
from trainer.ports.wording import Wording
from trainer.settings import load
from trainer.simulate.bench import bench
from trainer.simulate.order import orders
from trainer.simulate.runs import agent
from trainer.simulate.verdict import AGENTS, Verdict
from trainer.simulate.worded import Worded, play_worded, refusals

_WORDED = ("empathic", "absurd", "dismissive", "fixer", "reciter")
"""Who talks to a customer in a model's words: a good agent, an attack, and some of the others."""


@click.command(name="customer")
@click.option("--calls", default=200, show_default=True, help="At least so many authored calls.")
@click.option("--worded", default=20, show_default=True, help="Calls in a model's words; 0: none.")
@click.option("--wording", default="local", show_default=True, help="local, or a litellm model.")
@click.option("--patient", is_flag=True, help="Wait for every line, to judge the words alone.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(calls: int, worded: int, wording: str, patient: bool, as_json: bool) -> int:
    """Leaks, role flips, repetition, how far agents part, exits, order; a model's lines in time."""
    given = load()
    extra = given.content_roots()
    names = personas.names(extra)
    vectors = embedding()
    seeds = max(1, math.ceil(calls / (len(names) * len(AGENTS))))
    verdicts = list(bench(names, seeds, quiet_embedding, extra))
    reader = Reader(vectors, extra)
    ordered = orders(names, reader)
    talked: list[Worded] = []
    if worded:
        model = backends.wording(load(wording=wording))
        if model is None:
            raise BadInput(f"“{wording}” is no language model.", "Try: trainer bench customer")
        talked = asyncio.run(
            _talk(model, names, worded, reader, vectors, patience=60.0 if patient else 1.0)
        )
    found: dict[str, Any] = {
        "calls": len(names) * seeds * len(AGENTS),
        "customers": [as_row(verdict) for verdict in verdicts],
        "passed": all(verdict.passed for verdict in verdicts)
        and all(one.counts for one in ordered)
        and not any(call.run.faults for call in talked),
        "leaks": sum(verdict.leaks for verdict in verdicts),
        "role_flips": sum(verdict.role_flips for verdict in verdicts),
        "order": {
            one.listens.persona: {
                "listens_first": [round(one.listens.final, 3), one.listens.csat],
                "fixes_first": [round(one.fixes.final, 3), one.fixes.csat],
                "counts": one.counts,
            }
            for one in ordered
        },
        "worded": _counted(talked) if talked else None,
    }
    click.echo(
        json.dumps(found, ensure_ascii=False, indent=1) if as_json else _told(found, verdicts)
    )
    return 0 if found["passed"] else 1


async def _talk(
    model: Wording,
    names: list[str],
    count: int,
    reader: Reader,
    vectors: Embedding | None,
    patience: float,
) -> list[Worded]:
    await model.warm()
    talked = []
    try:
        for number in sorted(range(count), key=lambda n: n % len(names)):
            cast = personas.load(names[number % len(names)], reader.roots, number)
            who = agent(_WORDED[number % len(_WORDED)], cast, number, reader.roots)
            talked.append(await play_worded(cast, who, reader, number, model, vectors, patience))
    finally:
        await model.close()
    return talked


def _counted(talked: list[Worded]) -> dict[str, Any]:
    takes = [one for call in talked for one in call.takes]
    faults = [kind for call in talked for kind, _ in call.run.faults]
    refused = refusals(talked)
    return {
        "calls": len(talked),
        "lines": len(takes),
        "in_time": sum(one.used for one in takes),
        "late": refused.get("late", 0),
        "rejected": {why: count for why, count in refused.items() if why != "late"},
        "leaks": faults.count("leak") + faults.count("prompt"),
        "role_flips": faults.count("role"),
        "faults": [list(fault) for call in talked for fault in call.run.faults],
    }


def _told(found: dict[str, Any], verdicts: list[Verdict]) -> str:
    lines = [one_line(verdict) for verdict in verdicts]
    lines.append(
        f"{found['calls']} authored calls: leaks {found['leaks']}, role flips {found['role_flips']}"
    )
    against = [name for name, row in found["order"].items() if not row["counts"]]
    lines.append(
        "listening first beats offering first with "
        f"{len(found['order']) - len(against)} of {len(found['order'])} customers"
        + (f"; not with {', '.join(against)}" if against else "")
    )
    if worded := found["worded"]:
        lines.append(
            f"{worded['calls']} calls in a model's words: {worded['in_time']} of "
            f"{worded['lines']} lines spoken in its own words, {worded['late']} late, "
            f"{sum(worded['rejected'].values())} rejected; leaks {worded['leaks']}, "
            f"role flips {worded['role_flips']}"
        )
        lines += [f"  rejected: {why} ({count})" for why, count in worded["rejected"].items()]
        lines += [f"  {kind}: {what}" for kind, what in worded["faults"]]
    return "\n".join(lines)
