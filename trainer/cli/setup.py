"""`trainer setup`: bring the weights, then say what works."""

import json

import click

from trainer.cli.checks import all_of
from trainer.cli.doctor import show, stops
from trainer.models.pull import pull, wanted
from trainer.settings import load


@click.command(name="setup")
@click.option("--lite", is_flag=True, help="Leave out the local language model (1.1 GB).")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(lite: bool, as_json: bool) -> int:
    """Bring everything a first call needs, then check it. Exit 1 when something is missing."""

    def say(line: str) -> None:
        click.echo(line, err=True)

    brought = pull(wanted((), lite), say)
    findings = all_of(load())
    ready = not any(map(stops, findings))
    if as_json:
        weights = [{**vars(one), "file": str(one.file)} for one in brought]
        checks = [vars(finding) for finding in findings]
        click.echo(json.dumps({"ok": ready, "weights": weights, "checks": checks}, indent=1))
    else:
        show(findings)
    return 0 if ready else 1
