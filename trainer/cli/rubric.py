"""`trainer rubric`: what calls are read by; a team's own rubric replaces ours."""

import json
from pathlib import Path
from typing import Any

import click

from trainer.cli import checked
from trainer.content import schema as editors
from trainer.content.problems import Problem
from trainer.domain.errors import BadInput
from trainer.review import rubric
from trainer.review.judge import texts
from trainer.settings import Settings, load


@click.group("rubric")
def command() -> None:
    """Rubrics: list, check, schema. NAME is a name or a file."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(as_json: bool) -> None:
    """List the rubrics; ● marks the one that `trainer review` reads by."""
    settings = load()
    extra = settings.content_roots()
    rows: list[dict[str, Any]] = []
    for name in rubric.names(extra):
        try:
            read = rubric.load(extra, name)
        except BadInput as error:
            click.echo(f"trainer: left out {name}: {error.message}", err=True)
            continue
        rows.append(
            {
                "name": name,
                "title": read.title,
                "version": read.version,
                "dimensions": [one.name for one in read.dimensions],
                "behaviours": [one.id for one in read.behaviours],
                "in_use": name == settings.rubric,
                "file": str(rubric.locate(name, extra)),
            }
        )
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    width = max((len(row["name"]) for row in rows), default=0)
    for row in rows:
        mark = "●" if row["in_use"] else "○"
        count = f"{len(row['behaviours'])} behaviours"
        click.echo(
            f"{mark} {row['name']:<{width}}  {row['title']} (version {row['version']}, {count})"
        )


@command.command("check")
@click.argument("name", required=False)
@click.option("--all", "everything", is_flag=True, help="Check every rubric.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check(name: str | None, everything: bool, as_json: bool) -> int:
    """Check one rubric (a name or a path), or all of them, and what a judge is told of it."""
    if (name is None) != everything:
        raise click.UsageError("Give the name or the file of one rubric, or --all.")
    settings = load()
    files = _files(settings, name)
    found = [problem for file in files for problem in _mistakes(file, settings.content_roots())]
    return checked.told(len(files), found, as_json)


@command.command("schema")
def schema() -> None:
    """Print the JSON Schema of a rubric file, for completion in editors."""
    click.echo(editors.text(rubric.Rubric), nl=False)


def _mistakes(file: Path, extra: list[Path]) -> list[Problem]:
    found = rubric.check(file)
    if found:
        return found
    judged = [one.id for one in rubric.load(extra, str(file)).behaviours if "judge" in one.source]
    return [problem for name in judged for problem in texts.mistakes(name, extra)]


def _files(settings: Settings, name: str | None) -> list[Path]:
    extra = settings.content_roots()
    return [rubric.locate(one, extra) for one in ([name] if name else rubric.names(extra))]
