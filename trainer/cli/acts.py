"""`trainer acts`: what an agent's words do, line by line, as JSON lines."""

import asyncio
import json
import sys
from dataclasses import asdict
from typing import Any

import click

from trainer.domain.errors import BadInput, EngineMissing
from trainer.domain.moves import Move

_ITEM = "item:"
"""What the id of an item of the customer's sheet begins with."""


@click.command("acts")
@click.option("--persona", help="Also match offers and questions against this customer's story.")
@click.option("--seed", default=0, show_default=True, help="Chooses the variant of the story.")
@click.option("--rules", is_flag=True, help="Rules only, without nearness to example phrases.")
@click.option(
    "--llm/--no-llm", default=None, help="Let the wording model read it too; else as `acts` is set."
)
def command(persona: str | None, seed: int, rules: bool, llm: bool | None) -> None:
    """Read lines (or JSONL with `text` and `context`) on standard input, print JSONL.

    `context` lists the turns before, oldest first, the last one the customer's; a turn may
    also be {"who", "text"}.
    """
    from trainer.acts import second
    from trainer.acts.reader import Reader
    from trainer.content.personas import load
    from trainer.customer.ground import as_offers
    from trainer.settings import load as settings

    chosen = settings()
    extra = chosen.content_roots()
    reader = Reader(None if rules else _embedding(), extra)
    wanted = not rules and (llm if llm is not None else chosen.acts == "llm")
    model = _model(chosen) if wanted else None
    cast = load(persona, extra, seed) if persona else None
    for number, given in enumerate(sys.stdin, start=1):
        line = given.removeprefix("\ufeff")  # what some editors begin a file with
        if not line.strip():
            continue
        text, before = _parse(line, number)
        context = _context(before, number)
        reading = reader.read(text, context, cast)
        if model is not None:
            reading = asyncio.run(second.read_again(reading, text, context, model, extra))
        row: dict[str, Any] = {
            "text": text,
            "acts": [
                {
                    "act": act.kind.value,
                    "quote": act.quote,
                    "start": act.start,
                    "end": act.end,
                    "confidence": act.confidence,
                    "method": act.method,
                }
                for act in reading.acts
            ],
            "moves": [_move(move) for move in reading.moves],
        }
        if cast is not None:
            row |= {
                "remedy": reading.remedy,
                "asks": list(reading.asks),
                "offers": as_offers(reading.offers),
            }
        click.echo(json.dumps(row, ensure_ascii=False))


def _move(move: Move) -> dict[str, Any]:
    """A move as JSON: an item of the sheet is `sheet`, and its id stands beside it."""
    row: dict[str, Any] = asdict(move)
    if move.about.startswith(_ITEM):
        row |= {"about": "sheet", "item": move.about.removeprefix(_ITEM)}
    return row


def _embedding() -> Any:
    from trainer.backends import make

    try:
        return make("embed", "minilm")
    except EngineMissing as error:
        click.echo(f"trainer: rules only. {error}", err=True)
        return None


def _model(chosen: Any) -> Any:
    from trainer.backends import wording

    model = wording(chosen)
    if model is None:
        click.echo("trainer: no wording model is set, so nobody reads it again.", err=True)
    elif model.leaves_machine:
        click.echo(f"trainer: the words go to {model.name}.", err=True)
    return model


def _parse(line: str, number: int) -> tuple[str, list[Any]]:
    if not line.lstrip().startswith("{"):
        return line.strip(), []
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise BadInput(f"Line {number} of the input is not valid JSON: {error.msg}.") from None
    except RecursionError:
        raise BadInput(f"Line {number} of the input is nested too deeply.") from None
    text, before = row.get("text"), row.get("context") or []
    if not isinstance(text, str) or not isinstance(before, list):
        raise BadInput(
            f"Line {number} of the input needs “text” (a text) and may have “context” (a list)."
        )
    return text, before


def _context(before: list[Any], number: int) -> Any:
    """The turns before: named ones as they say, plain ones in turn, the last one the customer's."""
    from trainer.acts.history import Context

    said: dict[str, list[str]] = {"agent": [], "customer": []}
    for back, turn in enumerate(reversed(before)):
        if isinstance(turn, dict):
            who, text = turn.get("who", "customer"), turn.get("text", "")
        else:
            who, text = ("customer", "agent")[back % 2], turn
        if who not in said or not isinstance(text, str):
            raise BadInput(
                f"Line {number}: a turn of “context” is a text, or has “who” and “text”.",
                "“who” is agent or customer.",
            )
        said[who].insert(0, text)
    return Context(customer=tuple(said["customer"]), agent=tuple(said["agent"]))
