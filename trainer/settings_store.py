"""Keeps one setting in `config.toml`; what people wrote there, comments too, stays as it is."""

import os
from typing import Any

import tomlkit
from pydantic import ValidationError

from trainer.domain.errors import BadInput
from trainer.settings import Settings, config_file


def save(key: str, value: Any) -> None:
    """Write one setting, checked first.

    Raises:
        BadInput: no such setting, a value that does not fit, or a file that cannot be written.
    """
    if key not in Settings.model_fields:
        raise BadInput(f"There is no setting called “{key}”.")
    path = config_file()
    try:
        text = path.read_text("utf-8") if path.exists() else ""
        document = tomlkit.parse(text)
    except (OSError, UnicodeDecodeError, tomlkit.exceptions.TOMLKitError) as error:
        raise BadInput(
            f"{path} cannot be read: {error}.", "Mend the file, or move it away and start anew."
        ) from None
    try:
        Settings(**{key: value})
    except ValidationError as error:
        raise BadInput(f"{key} cannot be {value!r}: {error.errors()[0]['msg']}.") from None
    document[key] = value
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(
            os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
        ) as file:
            file.write(tomlkit.dumps(document))
        os.replace(draft, path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise BadInput(f"{path} cannot be written: {error.strerror}.") from None
