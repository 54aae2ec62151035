"""Keeps single settings in `config.toml`; what people wrote there, comments too, stays as it is."""

import os
from pathlib import Path
from typing import Annotated, Any

import tomlkit
from pydantic import TypeAdapter, ValidationError

from trainer import backends
from trainer.domain.errors import BadInput
from trainer.settings import Settings, config_file, why

_MODEL = "a litellm model such as openai/gpt-4o-mini"


def save(key: str, value: Any) -> None:
    """Write one setting, checked first.

    Raises:
        BadInput: no such setting, a value that does not fit, or a file that cannot be written.
    """
    if key not in Settings.model_fields:
        raise BadInput(f"There is no setting called “{key}”.")
    fits = fitting(key, value)
    document = read()
    document[key] = str(fits) if isinstance(fits, Path) else fits
    write(document)


def fitting(key: str, value: Any) -> Any:
    """What `value`, given as it is or as text, means for a setting.

    Raises:
        BadInput: it does not fit, and what would.
    """
    field = Settings.model_fields[key]
    try:
        kind: Any = Annotated[field.annotation, field]
        adapter: TypeAdapter[Any] = TypeAdapter(kind)
        fits = adapter.validate_python(value)
    except ValidationError as error:
        raise BadInput(
            f"“{value}” does not fit {key}: {why(error)}.", str(field.description)
        ) from None
    if choices := _choices(key):
        words, else_ = choices
        if fits not in words and not (else_ and "/" in fits.strip("/")):
            known = ", ".join(words) + (f", or {else_}" if else_ else "")
            raise BadInput(f"“{value}” does not fit {key}.", f"It can be: {known}.")
    return fits.absolute() if isinstance(fits, Path) else fits


def _choices(key: str) -> tuple[list[str], str] | None:
    """The words a setting may hold, and what else it may be; None for any other kind."""
    if key == "voice":
        return ["auto", "none", *backends.names("tts")], ""
    if key == "stt":
        return ["base", "tiny.en"], "a litellm model such as openai/whisper-1"
    if key == "wording":
        return ["auto", "authored", "local"], _MODEL
    return (["off"], _MODEL) if key == "judge" else None


def read() -> tomlkit.TOMLDocument:
    """The file as it is; empty where there is none.

    Raises:
        BadInput: it cannot be read.
    """
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


def write(document: tomlkit.TOMLDocument) -> None:
    """Put `document` in place of the file, in one step.

    Raises:
        BadInput: it cannot be written; the file is as it was.
    """
    file = config_file()
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(
            os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
        ) as out:
            out.write(tomlkit.dumps(document))
        draft.replace(file)
    except OSError as error:
        _drop(draft)
        raise BadInput(f"The settings cannot be written to {file}: {error.strerror}.") from None


def _drop(draft: Path) -> None:
    try:
        draft.unlink(missing_ok=True)
    except OSError:  # its folder is none
        return
