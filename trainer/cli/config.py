"""`trainer config`: the settings in force and where each comes from; set, unset, path.

Writes only `config.toml`, and keeps the comments in it. A value is checked before it is written.
"""

import difflib
import json
import os
from pathlib import Path
from typing import Any

import click
import tomlkit

from trainer import settings_store
from trainer.domain.errors import BadInput
from trainer.settings import Settings, config_file, load


@click.group(name="config")
def command() -> None:
    """Settings: show, set, unset, path."""


@command.command()
@click.argument("key", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(key: str | None, as_json: bool) -> None:
    """All settings in force, or one."""
    settings = load()
    written = settings_store.read()
    keys = [_known(key)] if key else list(Settings.model_fields)
    rows = {name: _plain(getattr(settings, name)) for name in keys}
    if as_json:
        click.echo(json.dumps(rows[keys[0]] if key else rows, indent=1, ensure_ascii=False))
        return
    for name, value in rows.items():
        if key:
            click.echo(_text(value))
            continue
        click.secho(f"{name} = {_text(value)}", bold=True, nl=False)
        click.secho(f"   ({_origin(name, written)})", dim=True)
        click.echo(f"    {Settings.model_fields[name].description}")
    for name in written:
        if name not in Settings.model_fields:
            click.echo(
                f"{config_file()} holds “{name}”, which is no setting.{_near(name)}", err=True
            )


@command.command(name="set")
@click.argument("key")
@click.argument("value")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def set_(key: str, value: str, as_json: bool) -> None:
    """Write one setting. A list is written with commas: crying, bereavement."""
    settings_store.save(_known(key), value)
    _told(key, as_json)


@command.command()
@click.argument("key")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def unset(key: str, as_json: bool) -> None:
    """Remove one setting from the file, so that the built-in value holds again."""
    document = settings_store.read()
    if key not in document:
        _known(key)
    else:  # an unknown key in the file can be removed too
        del document[key]
        settings_store.write(document)
    if key in Settings.model_fields:
        _told(key, as_json)


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def path(as_json: bool) -> None:
    """Where the settings are written."""
    file = str(config_file())
    click.echo(json.dumps({"path": file}) if as_json else file)


def _known(key: str) -> str:
    if key in Settings.model_fields:
        return key
    hint = f"{_near(key)} All of them: trainer config show".lstrip()
    raise BadInput(f"There is no setting called “{key}”.", hint)


def _near(key: str) -> str:
    near = difflib.get_close_matches(key, Settings.model_fields, n=1)
    return f" Did you mean “{near[0]}”?" if near else ""


def _told(key: str, as_json: bool) -> None:
    """Say the value that is in force now, which an environment variable may still override."""
    value = _plain(getattr(load(), key))
    if as_json:
        click.echo(json.dumps({key: value}, ensure_ascii=False))
        return
    click.echo(f"{key} = {_text(value)}")
    if name := _environment(key):
        click.echo(f"The environment variable {name} is set and comes first.", err=True)


def _environment(key: str) -> str:
    name = f"TRAINER_{key.upper()}"
    return name if name in os.environ else ""


def _origin(key: str, written: tomlkit.TOMLDocument) -> str:
    if name := _environment(key):
        return name
    return "config.toml" if key in written else "built in"


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Path) else value


def _text(value: Any) -> str:
    if value is None or value in ("", []):
        return "—"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, list) else str(value)
