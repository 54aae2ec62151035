"""The JSON Schema of content files, lying beside them so that editors complete and explain.

Editors that speak to yaml-language-server (VS Code, vim, Helix …) follow the first line of a file.
"""

import json
from pathlib import Path

from pydantic import BaseModel

from trainer.domain.errors import BadInput
from trainer.domain.persona import Persona, Temperament

FILES: dict[str, type[BaseModel]] = {
    "persona.schema.json": Persona,
    "temperament.schema.json": Temperament,
}
"""The schema files and what they describe. Temperaments keep theirs in their own folder."""

FIRST_LINE = "# yaml-language-server: $schema={file}"
"""What a content file begins with; the schema lies beside it."""


def text(model: type[BaseModel]) -> str:
    """The JSON Schema of one kind of file, as text."""
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **model.model_json_schema(),
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def put(folder: Path, name: str = "persona.schema.json") -> Path:
    """Write the schema file called `name` into `folder`; one of an older version is renewed.

    Raises:
        BadInput: the folder cannot be written to.
    """
    file = folder / name
    wanted = text(FILES[name])
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not file.is_file() or file.read_text("utf-8") != wanted:
            file.touch(mode=0o600)
            file.write_text(wanted, "utf-8")
    except OSError as error:
        raise BadInput(f"{file} cannot be written: {error.strerror}.") from None
    return file
