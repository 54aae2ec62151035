"""`trainer bench wording`: how many of a model's lines can be spoken, and how soon they come."""

import asyncio
import json
import statistics
from collections import Counter
from typing import Any

import click

from trainer import backends
from trainer.domain.errors import BadInput
from trainer.ports.wording import Wording
from trainer.settings import load
from trainer.simulate.wording_trial import SCENES, Take, scenes, take


@click.command(name="wording")
@click.option("--wording", default="local", show_default=True, help="local, or a litellm model.")
@click.option("--lines", default=SCENES, show_default=True, help="Lines to have worded.")
@click.option("--patient", is_flag=True, help="Wait for every line, to judge the words alone.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(wording: str, lines: int, patient: bool, as_json: bool) -> None:
    """Lines of scripted calls, worded against the clock; what was said and why, line by line."""
    model = backends.wording(load(wording=wording))
    if model is None:
        raise BadInput(f"“{wording}” is no language model.", "Try: trainer bench wording")
    found = asyncio.run(_measure(model, lines, patience=60.0 if patient else 1.0))
    click.echo(json.dumps(found, indent=2) if as_json else _told(found))


async def _measure(model: Wording, lines: int, patience: float) -> dict[str, Any]:
    embedding = backends.make("embed", "minilm")
    await model.warm()
    try:
        takes = [
            await take(scene, model, embedding, patience) for scene in scenes(lines, embedding)
        ]
    finally:
        await model.close()
    first = [one.first_s for one in takes if one.first_s is not None]
    return {
        "model": model.name,
        "lines": len(takes),
        "used": sum(one.used for one in takes),
        "first_clause_median_s": round(statistics.median(first), 2) if first else None,
        "refused": dict(Counter(why for one in takes for why, _ in one.refused).most_common()),
        "takes": [_shown(one) for one in takes],
    }


def _shown(one: Take) -> dict[str, Any]:
    return {
        "used": one.used,
        "draft": " ".join(one.draft),
        "said": " ".join(clause.text for clause in one.clauses),
        "sources": [clause.source for clause in one.clauses],
        "refused": [list(entry) for entry in one.refused],
        "first_s": one.first_s,
    }


def _told(found: dict[str, Any]) -> str:
    lines = [f"{found['model']}: own words spoken in {found['used']} of {found['lines']} lines"]
    if found["first_clause_median_s"] is not None:
        lines.append(f"  first clause after {found['first_clause_median_s']} s (median)")
    lines += [f"  not spoken: {why} ({count})" for why, count in found["refused"].items()]
    for one in found["takes"]:
        lines.append(f"\n  author: {one['draft']}")
        lines.append(f"  spoken: {one['said']}" + ("" if one["used"] else "   (as written)"))
    return "\n".join(lines)
