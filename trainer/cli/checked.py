"""What a check of written files found, for people or as JSON."""

import json
from collections.abc import Sequence

import click

from trainer.content.problems import Problem


def told(files: int, found: Sequence[Problem], as_json: bool) -> int:
    """Print it; returns the exit code: 1 when something is to be mended."""
    if as_json:
        rows = [
            {
                "file": str(problem.file),
                "line": problem.line,
                "column": problem.column,
                "field": problem.field,
                "message": problem.message,
                "nearest": problem.nearest or None,
            }
            for problem in found
        ]
        click.echo(json.dumps({"files": files, "problems": rows}, ensure_ascii=False, indent=1))
    else:
        for problem in found:
            click.echo(str(problem))
        count = "1 file" if files == 1 else f"{files} files"
        click.echo(
            f"{count} checked, {len(found)} to mend." if found else f"{count} checked: all good."
        )
    return 1 if found else 0
