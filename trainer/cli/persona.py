"""`trainer persona`: everything about writing customers; what is heavy has a file of its own."""

import importlib
import json
from pathlib import Path
from typing import Any

import click

from trainer.cli import checked
from trainer.content import personas, problems, roots
from trainer.content import schema as editors
from trainer.domain.errors import BadInput
from trainer.domain.persona import Persona, Temperament

_MORE = {
    "ask": ("trainer.cli.persona_ask", "Ask a customer, and see where the answer comes from."),
    "bench": ("trainer.cli.persona_bench", "Play scripted agents against a customer."),
    "draft": ("trainer.cli.persona_draft", "A draft of a customer from a comment or transcript."),
    "hear": ("trainer.cli.persona_hear", "Hear a customer in every mood."),
    "new": ("trainer.cli.persona_new", "Write a new customer: a few questions, answered by Enter."),
}


class _Lazy(click.Group):
    """What plays, speaks or asks a model is imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *_MORE])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _MORE:
            return super().get_command(ctx, cmd_name)
        found: click.Command = importlib.import_module(_MORE[cmd_name][0]).command
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing what it names."""
        told = {name: text for name, (_, text) in _MORE.items()}
        told |= {name: one.get_short_help_str(80) for name, one in self.commands.items()}
        with formatter.section("Commands"):
            formatter.write_dl(sorted(told.items()))


@click.group("persona", cls=_Lazy)
def command() -> None:
    """Customers: list, new, draft, check, ask, hear, bench, schema. NAME is a name or a file."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(as_json: bool) -> None:
    """List the customers you can call."""
    extra = _extra()
    rows: list[dict[str, Any]] = []
    for name in personas.names(extra):
        try:
            persona, source = personas.read(name, extra)
        except BadInput as error:
            click.echo(f"trainer: left out {name}: {error.message}", err=True)
            continue
        rows.append(
            {
                "name": name,
                "title": persona.title,
                "lead": persona.lead.value,
                "exits": [leave.value for leave in persona.exits],
                "difficulty": persona.difficulty,
                "trains": persona.trains,
                "language": persona.language,
                "need": persona.need.value,
                "content_notes": persona.content_notes,
                "variants": len(persona.scenario.variants),
                "draft": persona.draft,
                "file": str(source.path),
            }
        )
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    width = max((len(row["name"]) for row in rows), default=0)
    for row in rows:
        dots = "●" * row["difficulty"] + "○" * (5 - row["difficulty"])
        mark = "draft: " if row["draft"] else ""
        click.echo(f"{row['name']:<{width}}  {dots}  {mark}{row['title']}")


@command.command("check")
@click.argument("name", required=False)
@click.option("--all", "everything", is_flag=True, help="Check every customer and temperament.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check(name: str | None, everything: bool, as_json: bool) -> int:
    """Check the file of one customer (a name or a path), or all of them.

    What a customer will not be able to say is a note: nothing to mend.
    """
    if (name is None) != everything:
        raise click.UsageError("Give the name or the file of one customer, or --all.")
    extra = _extra()
    files = _all_files(extra) if name is None else [_file(name, extra)]
    found = [problem for file in files for problem in personas.check(file, extra)]
    for note in [note for file in files for note in personas.notes(file)]:
        click.echo(f"note: {note}", err=True)
    return checked.told(len(files), found, as_json)


@command.command("schema")
@click.option("--temperament", is_flag=True, help="The schema of temperament files instead.")
def schema(temperament: bool) -> None:
    """Print the JSON Schema of a customer file, for completion in editors."""
    click.echo(editors.text(Temperament if temperament else Persona), nl=False)


def _extra() -> list[Path]:
    from trainer.settings import load

    return load().content_roots()


def _file(name: str, extra: list[Path]) -> Path:
    try:
        return personas.locate(name, extra)
    except BadInput:
        manner = (
            roots.find("personas/temperaments", f"{name}.yaml", extra)
            if roots.is_name(name)
            else None
        )
        if manner is None:
            near = problems.closest(name, personas.temperaments(extra))
            if near and not problems.closest(name, personas.names(extra)):
                raise BadInput(
                    f"There is no temperament called “{name}”. Did you mean “{near}”?"
                ) from None
            raise
        return manner


def _all_files(extra: list[Path]) -> list[Path]:
    manners = [
        roots.find("personas/temperaments", f"{name}.yaml", extra)
        for name in personas.temperaments(extra)
    ]
    return [personas.locate(name, extra) for name in personas.names(extra)] + [
        path for path in manners if path
    ]
