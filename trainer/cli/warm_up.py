"""`trainer warmup`: how it stands with one's usual voice; made of recordings; deleted.

The app takes it from the microphone (u at home); this is for scripts and for looking after it.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trainer import settings as preferences
from trainer.settings import Settings

if TYPE_CHECKING:
    from trainer.cli.warming import Found

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_PROFILE = click.option("--profile", help="Whose warm-ups these are.")


@click.group("warmup", invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Your usual voice, which calls are compared with. To take it: the app, then u."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(show)


@command.command()
@_PROFILE
@_JSON
def show(profile: str | None = None, as_json: bool = False) -> None:
    """The newest warm-up, and whether it holds for the microphone in use."""
    from trainer.cli import warming
    from trainer.store import baselines

    given = preferences.load(profile=profile)
    last = baselines.latest(given.data_dir, given.profile)
    if as_json:
        click.echo(json.dumps(None if last is None else _plain(given, warming.found(given, last))))
        return
    if last is None:
        click.echo("There is no warm-up yet. To take one: start the app and press u.")
        return
    _tell(warming.found(given, last))
    click.echo(warming.standing(given))


@command.command()
@click.argument("room", type=_FILE)
@click.argument("speech", type=_FILE, nargs=-1, required=True)
@click.option("--microphone", required=True, help="Its name, as `trainer doctor` lists it.")
@_PROFILE
@_JSON
def files(
    room: Path, speech: tuple[Path, ...], microphone: str, profile: str | None, as_json: bool
) -> None:
    """A warm-up of recordings: ROOM in which nobody speaks, then SPEECH, free talk last."""
    from trainer.audio.files import load_turn
    from trainer.cli import warming

    given = preferences.load(profile=profile)
    *read, talk = (load_turn(path) for path in speech)
    found = warming.found(given, warming.made_of(load_turn(room), read, talk, microphone))
    warming.keep(given, found.made)
    if as_json:
        click.echo(json.dumps(_plain(given, found)))
        return
    _tell(found)
    click.echo(f"{found.louder}\n{found.holds}".strip())


@command.command()
@_PROFILE
@click.option("--yes", is_flag=True, help="Do not ask.")
@_JSON
def delete(profile: str | None, yes: bool, as_json: bool) -> None:
    """Delete every warm-up of yours and every private tap, for good."""
    from trainer.store import baselines, taps

    given = preferences.load(profile=profile)
    question = f"Delete all warm-ups and private taps of “{given.profile}” for good?"
    if not yes and not click.confirm(question, err=True):
        click.echo("Nothing was deleted.", err=True)
        raise click.exceptions.Exit(1)
    gone = {
        "warm_ups": baselines.delete(given.data_dir, given.profile),
        "taps": taps.delete(given.data_dir, given.profile),
    }
    if as_json:
        click.echo(json.dumps(gone))
    else:
        click.echo(f"Deleted: {gone['warm_ups']} warm-ups, {gone['taps']} taps.")


def _tell(found: "Found") -> None:
    for what, value in found.rows:
        click.echo(f"{what:<10} {value}")


def _plain(given: Settings, found: "Found") -> dict[str, object]:
    from pydantic import TypeAdapter

    from trainer.domain.baseline import WarmUp

    made: dict[str, object] = TypeAdapter(WarmUp).dump_python(found.made, mode="json")
    return made | {"profile": given.profile, "louder_db": found.louder_db}
