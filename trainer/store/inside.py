"""Opening and writing files that are nobody else's, in folders that somebody else may have made,
without being led out of them.
"""

import os
import stat
import tempfile
from io import FileIO
from pathlib import Path
from typing import BinaryIO

from trainer.domain.errors import BadInput

LARGEST = 1 << 31
"""Bytes. A call of nine hours; anything larger is not a call."""


def open_inside(folder: Path, name: str, largest: int = LARGEST) -> BinaryIO | None:
    """Open `folder/name` for reading; None when it is missing.

    Raises:
        BadInput: a link, a pipe, too large, or not permitted.
    """
    path = folder / name
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    flags |= getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(path, flags)
    except FileNotFoundError:
        return None
    except OSError as cause:
        why = "it is a link to somewhere else" if path.is_symlink() else str(cause.strerror)
        raise BadInput(f"{path} cannot be opened: {why}.") from cause
    state = os.fstat(handle)
    if not stat.S_ISREG(state.st_mode) or state.st_size > largest:
        os.close(handle)
        raise BadInput(f"{path} is not a file of a call, or far too large for one.")
    return os.fdopen(handle, "rb")


def create_private(path: Path) -> FileIO:
    """Create a file that only its owner can read, unbuffered; a link is not followed."""
    flags = os.O_RDWR | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
    flags |= getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags, 0o600), "r+b", buffering=0)


def write_private(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all, readable by its owner only; a link there is replaced.

    Raises:
        BadInput: the folder cannot be written.
    """
    draft: Path | None = None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        draft = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        draft.replace(path)
    except OSError as error:
        raise BadInput(
            f"{path} cannot be written: {error.strerror}.", "Is the disk full, or the folder yours?"
        ) from None
    finally:
        if draft is not None:
            draft.unlink(missing_ok=True)


def private_folder(data_dir: Path, *names: str) -> None:
    """Make the data folder, for its owner only, and these folders in it.

    A data folder that is there already stays as its owner has it.

    Raises:
        BadInput: it cannot be made.
    """
    folder = data_dir
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in names:
            folder = data_dir / name
            folder.mkdir(mode=0o700, exist_ok=True)
            folder.chmod(0o700)
    except OSError as cause:
        raise BadInput(
            f"{folder} cannot be made: {cause.strerror}.", "Is the disk full, or the folder yours?"
        ) from cause
