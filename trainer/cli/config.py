"""`trainer config`: the settings in force and where each comes from; set, unset, path.

Writes only `config.toml`, and keeps the comments in it. A value is checked before it is written.
"""

import difflib
import json
import os
from pathlib import Path
from typing import Annotated, Any

import click
import tomlkit
from pydantic import TypeAdapter, ValidationError

from trainer import backends
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
    written = _document()
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
    checked = _checked(_known(key), value)
    document = _document()
    document[key] = _plain(checked)
    _write(document)
    _told(key, as_json)


@command.command()
@click.argument("key")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def unset(key: str, as_json: bool) -> None:
    """Remove one setting from the file, so that the built-in value holds again."""
    document = _document()
    if key not in document:
        _known(key)
    else:  # an unknown key in the file can be removed too
        del document[key]
        _write(document)
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
    near = difflib.get_close_matches(key, Settings.model_fields, n=1, cutoff=0.4)
    return f" Did you mean “{near[0]}”?" if near else ""


def _choices(key: str) -> tuple[list[str], str] | None:
    """The words a setting may hold, and what else it may be; None for any other kind."""
    if key == "voice":
        return ["auto", "none", *backends.names("tts")], ""
    if key == "stt":
        return ["base", "tiny.en"], "a litellm model such as openai/whisper-1"
    if key == "wording":
        return ["auto", "authored", "local"], "a litellm model such as openai/gpt-4o-mini"
    return (["dark", "light"], "") if key == "theme" else None


def _checked(key: str, value: str) -> Any:
    field = Settings.model_fields[key]
    given: object = value
    if field.annotation == list[str]:
        given = [word for word in (part.strip() for part in value.split(",")) if word]
    elif field.annotation == Path | None and not value:
        raise BadInput(f"“{key}” needs a folder.", f"To remove it: trainer config unset {key}")
    try:
        kind: Any = Annotated[field.annotation, field]
        fits: TypeAdapter[Any] = TypeAdapter(kind)
        checked = fits.validate_python(given)
    except ValidationError as error:
        why = error.errors()[0]["msg"].removeprefix("Input should be ")
        raise BadInput(f"“{value}” does not fit {key}: {why}.", str(field.description)) from None
    if choices := _choices(key):
        words, else_ = choices
        if value not in words and not (else_ and "/" in value):
            known = ", ".join(words) + (f", or {else_}" if else_ else "")
            raise BadInput(f"“{value}” does not fit {key}.", f"It can be: {known}.")
    return checked.expanduser().absolute() if isinstance(checked, Path) else checked


def _document() -> tomlkit.TOMLDocument:
    file = config_file()
    try:
        return tomlkit.parse(file.read_text("utf-8"))
    except FileNotFoundError:
        return tomlkit.document()
    except (tomlkit.exceptions.TOMLKitError, UnicodeDecodeError) as error:
        raise BadInput(
            f"The settings file {file} cannot be read: {error}.", "Mend that line."
        ) from None
    except OSError as error:
        raise BadInput(f"The settings file {file} cannot be read: {error.strerror}.") from None


def _write(document: tomlkit.TOMLDocument) -> None:
    file = config_file()
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(
            os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
        ) as out:
            out.write(tomlkit.dumps(document))
        draft.replace(file)
    except OSError as error:
        raise BadInput(f"The settings cannot be written to {file}: {error.strerror}.") from None


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
