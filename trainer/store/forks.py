"""Retries of a call: call folders of their own inside it, `forks/01`, `forks/02` …"""

from pathlib import Path

from trainer.store.reading import is_call

_FOLDER = "forks"


def fresh(folder: Path) -> Path:
    """Where the next retry of the call in `folder` goes."""
    taken = [int(one.name) for one in _numbered(folder)]
    return folder / _FOLDER / f"{max(taken, default=0) + 1:02d}"


def of(folder: Path) -> list[Path]:
    """The retries of a call, oldest first."""
    return sorted((one for one in _numbered(folder) if is_call(one)), key=lambda one: int(one.name))


def parent(folder: Path) -> Path | None:
    """The call that this is a retry of; None when it is none."""
    return folder.parent.parent if folder.absolute().parent.name == _FOLDER else None


def _numbered(folder: Path) -> list[Path]:
    forks = folder / _FOLDER
    if forks.is_symlink() or not forks.is_dir():
        return []
    return [one for one in forks.iterdir() if one.name.isdigit() and not one.is_symlink()]
