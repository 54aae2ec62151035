"""`trainer persona ask`: what a customer answers, and from which place in their file."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from trainer.simulate.ask import Asked, Source


@click.command("ask")
@click.argument("name")
@click.argument("questions", nargs=-1, required=True, metavar="QUESTION...")
@click.option(
    "--mood",
    type=click.Choice(["calm", "tense", "hot"]),
    help="In this mood; else in the one that their call begins with.",
)
@click.option("--seed", default=0, show_default=True, help="Chooses the variant of the story.")
@click.option("--rules", is_flag=True, help="Read by rules only, without the sentence model.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    name: str, questions: tuple[str, ...], mood: str | None, seed: int, rules: bool, as_json: bool
) -> None:
    """Ask a customer (a name or a file) one or more questions, in one call.

    Shows each answer and where it comes from: a fact, an item of the sheet, an identity slot, a
    remedy, or nothing.
    """
    from trainer.acts.reader import Reader
    from trainer.cli.persona_bench import embedding
    from trainer.content.personas import load
    from trainer.settings import load as settings
    from trainer.simulate.ask import ask, in_mood

    extra = settings().content_roots()
    cast = load(name, extra, seed)
    if mood is not None:
        cast = in_mood(cast, mood)
    reader = Reader(None if rules else embedding(), extra)
    answers = list(ask(cast, questions, reader, seed))
    left = questions[len(answers) :]
    if as_json:
        row = {
            "persona": cast.name,
            "variant": cast.variant,
            "mood": mood or "start",
            "answers": [as_row(one) for one in answers],
            "not_asked": list(left),
        }
        click.echo(json.dumps(row, ensure_ascii=False, indent=1))
        return
    click.echo("\n\n".join(told(one) for one in answers))
    if left:
        click.echo(f"\nThe call is over; not asked any more: {len(left)}.")


def as_row(one: Asked) -> dict[str, Any]:
    """One question and its answer, as scripts read it."""
    return {
        "question": one.question,
        "answer": one.answer,
        "intent": one.intent.value,
        "from": [asdict(source) for source in one.sources],
        "note": one.note,
        "mood": {name: round(value, 3) for name, value in asdict(one.mood).items()},
    }


def told(one: Asked) -> str:
    """One question and its answer, for reading."""
    origin = [_source(source) for source in one.sources] or [one.note]
    return "\n".join([f"? {one.question}", f"  “{one.answer}”", *(f"  ← {at}" for at in origin)])


def _source(one: Source) -> str:
    gate = ""
    if one.gate:
        gate = f" · gate {'open' if one.open else 'closed'} ({one.gate})"
    return f"{one.kind} {one.id.partition(':')[2] or one.id} ({one.topic}){gate}"
