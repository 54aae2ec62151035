"""Where content lives: shipped < team < user, and how one file of it is read safely."""

import re
from collections.abc import Sequence
from pathlib import Path

from trainer.domain.errors import BadInput

MAX_BYTES = 512 * 1024
"""Content files are written by hand; anything larger is not one."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


def shipped() -> Path:
    """The folder that holds the shipped personas/, prompts/ and rubrics/."""
    package = Path(__file__).resolve().parent.parent
    inside_wheel = package / "_shipped"
    return inside_wheel if inside_wheel.is_dir() else package.parent


def folders(kind: str, roots: Sequence[Path]) -> list[Path]:
    """Existing folders of one kind ("personas", "personas/temperaments"), first in line first.

    Args:
        kind: folder path inside a root.
        roots: extra content roots, later ones first in line (see `Settings.content_roots`).
    """
    candidates = [root / kind for root in (*reversed(roots), shipped())]
    return [folder for folder in candidates if folder.is_dir()]


def is_name(text: str) -> bool:
    """Whether `text` can name a piece of content: no separators, no dots, nothing hidden."""
    return _NAME.fullmatch(text) is not None


def find(kind: str, file: str, roots: Sequence[Path]) -> Path | None:
    """The file called `file` that is first in line, or None.

    Links that lead out of the folder do not count.
    """
    for folder in folders(kind, roots):
        path = folder / file
        if path.is_file() and path.resolve().is_relative_to(folder.resolve()):
            return path
    return None


def stems(kind: str, roots: Sequence[Path], suffix: str = ".yaml") -> list[str]:
    """Names of all files of one kind, sorted, each once."""
    return sorted(
        {
            path.stem
            for folder in folders(kind, roots)
            for path in folder.glob(f"*{suffix}")
            if path.is_file() and is_name(path.stem)
        }
    )


def read_text(path: Path) -> str:
    """The file's text.

    Raises:
        BadInput: missing, unreadable, too large, or not UTF-8.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise BadInput(f"There is no file {path}.") from None
    except IsADirectoryError:
        raise BadInput(f"{path} is a folder, not a file.") from None
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.") from None
    if len(raw) > MAX_BYTES:
        raise BadInput(
            f"{path}:1:1: this file is larger than {MAX_BYTES // 1024} KB.",
            "A customer or prompt file is a few pages of text.",
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise BadInput(
            f"{path}:{line}: this is not UTF-8 text.", "Save the file as UTF-8 and try again."
        ) from None
