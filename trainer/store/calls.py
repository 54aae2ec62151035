"""Recorded calls: list them all, find one, load one, delete one with every byte of it."""

import os
import shutil
from pathlib import Path

from trainer.domain.errors import BadInput
from trainer.store import index
from trainer.store.index import Listed
from trainer.store.reading import check, is_call, load

__all__ = ["Listed", "delete", "find", "folders", "list_calls", "load"]


def list_calls(data_dir: Path) -> list[Listed]:
    """Every call in the data folder, newest first; the index is brought up to date on the way."""
    return index.refresh(data_dir, folders(data_dir))


def folders(data_dir: Path) -> list[Path]:
    """The call folders of the data folder, newest first. Links are not followed."""
    calls = data_dir / "calls"
    try:
        entries = [entry for entry in os.scandir(calls) if entry.is_dir(follow_symlinks=False)]
    except FileNotFoundError:
        return []
    except OSError as cause:
        raise BadInput(f"{calls} cannot be read: {cause.strerror}.") from cause
    found = [calls / entry.name for entry in entries]
    return sorted(filter(is_call, found), key=lambda folder: folder.name, reverse=True)


def find(data_dir: Path, name: str) -> Path:
    """The folder of a call, by id, by the beginning or end of one, by `last`, or by path.

    Raises:
        BadInput: nothing or more than one call answers to that name.
    """
    known = folders(data_dir)
    if name == "last":
        if known:
            return known[0]
        raise BadInput("There are no recorded calls yet.", "Take one: trainer practice")
    for folder in known:
        if folder.name == name:
            return folder
    if os.sep in name or name in (".", ".."):
        path = Path(name)
        check(path)
        return path
    fits = [
        folder for folder in known if folder.name.startswith(name) or folder.name.endswith(name)
    ]
    if len(fits) == 1 and name:
        return fits[0]
    if fits and name:
        some = ", ".join(folder.name for folder in fits[:4])
        raise BadInput(f"“{name}” could be {len(fits)} calls: {some}.", "Type more of it.")
    if is_call(Path(name)):
        return Path(name)
    raise BadInput(f"There is no recorded call “{name}”.", "See them all: trainer calls list")


def delete(path: Path) -> None:
    """Delete the folder of a call and everything in it; links in it are removed, not followed.

    Raises:
        BadInput: it is not a call folder, or not ours to delete.
    """
    check(path)
    if path.is_symlink():
        raise BadInput(
            f"{path} is a link; nothing was deleted.", f"The call is in {path.resolve()}."
        )
    try:
        try:
            shutil.rmtree(path)
        except OSError:  # a call that still runs has written once more meanwhile
            shutil.rmtree(path)
    except OSError as cause:
        raise BadInput(f"{path} could not be deleted completely: {cause.strerror}.") from cause
    index.forget(path)
