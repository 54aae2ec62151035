"""`trainer models`: what weights there are, bring them, check them."""

import json

import click

from trainer.models import shelf
from trainer.models.arriving import arriving
from trainer.models.manifest import Weight
from trainer.models.progress import bar, size
from trainer.models.pull import pull, wanted


@click.group(name="models")
def command() -> None:
    """Weights: list, pull, verify."""


def _state(weight: Weight) -> str:
    if shelf.is_here(weight):
        return "here"
    if arriving(weight.name) is not None:
        return "arriving"
    return "damaged" if shelf.path(weight).is_file() else "missing"


def _row(weight: Weight) -> dict[str, object]:
    return {
        "name": weight.name,
        "state": _state(weight),
        "size": weight.size,
        "purpose": weight.purpose,
        "licence": weight.licence,
        "author": weight.author,
        "optional": weight.optional,
        "file": str(shelf.path(weight)),
        "source": shelf.served_by(weight),
    }


@command.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(as_json: bool) -> None:
    """Every weight, whether it is here, and its licence."""
    rows = [_row(weight) for weight in wanted(())]
    if as_json:
        click.echo(json.dumps(rows, indent=1))
        return
    for weight, row in zip(wanted(()), rows, strict=True):
        left = f"{row['name']:<18}{row['state']:<10}{size(weight.size):>7}"
        click.echo(f"{left}  {row['licence']:<11} {row['purpose']}")


@command.command(name="pull")
@click.argument("names", nargs=-1, metavar="[NAME…]")
@click.option("--lite", is_flag=True, help="Leave out the local language model (1.1 GB).")
@click.option("--quiet", is_flag=True, help="Say nothing when everything is here.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def pull_(names: tuple[str, ...], lite: bool, quiet: bool, as_json: bool) -> None:
    """Bring weights that are not here yet; all of them when none is named."""
    brought = pull(wanted(names, lite), lambda line: click.echo(line, err=True))
    if as_json:
        click.echo(json.dumps([{**vars(one), "file": str(one.file)} for one in brought], indent=1))
        return
    for one in brought:
        if not quiet:
            click.echo(f"{one.name:<18}{one.source}")


@command.command()
@click.argument("names", nargs=-1, metavar="[NAME…]")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verify(names: tuple[str, ...], as_json: bool) -> int:
    """Read every weight that is here in full and compare its checksum. Exit 1 when one is damaged.

    Naming a weight that is not here is a failure too; without names what is not here is only told.
    """
    states = {}
    for weight in wanted(names):
        file = shelf.path(weight)
        if not file.is_file():
            states[weight.name] = "missing"
            continue
        with bar(weight.name, file.stat().st_size) as tell:
            done = 0

            def seen(count: int) -> None:
                nonlocal done
                done += count
                tell(done)  # called inside this turn of the loop only

            states[weight.name] = "ok" if shelf.check(weight, seen) else "damaged"
    if as_json:
        click.echo(json.dumps(states, indent=1))
    else:
        for name, state in states.items():
            mend = "" if state == "ok" else f"   Type: trainer models pull {name}"
            click.echo(f"{name:<18}{state}{mend}")
    failed = "damaged" in states.values() or (bool(names) and "missing" in states.values())
    return 1 if failed else 0
