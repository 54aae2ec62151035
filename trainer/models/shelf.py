"""The folder of weights: where each file lies, and whether it is what the manifest says.

A file is hashed in full before its first use. The result is written beside it together with the
file's size, time and inode; as long as those stay the same the answer stands, so looking up a
gigabyte costs nothing.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

from trainer.domain.errors import EngineMissing
from trainer.models.manifest import Weight, get
from trainer.settings import cache_dir

_PIECE = 4 << 20


def folder() -> Path:
    """Where weights lie."""
    return cache_dir() / "weights"


def path(weight: Weight) -> Path:
    """Where this weight lies or will lie."""
    return folder() / weight.file


def digest(file: Path, seen: Callable[[int], None] = lambda count: None) -> str:
    """The sha256 of a file; `seen` is told the bytes of each piece read."""
    total = hashlib.sha256()
    with file.open("rb") as stream:
        while piece := stream.read(_PIECE):
            total.update(piece)
            seen(len(piece))
    return total.hexdigest()


def _identity(file: Path) -> dict[str, int]:
    stat = file.stat()
    return {"size": stat.st_size, "mtime_ns": stat.st_mtime_ns, "inode": stat.st_ino}


def _note(file: Path) -> Path:
    return file.with_name(file.name + ".checked.json")


def remember(file: Path, sha256: str, **more: str) -> None:
    """Write beside `file` what its content was found to be. What an earlier note says else stays.

    Args:
        file: a weight.
        sha256: of its content now.
        more: `source`, who served it; `made`, the sha256 it had when it was converted here.
    """
    note = _note(file)
    draft = note.with_name(f"{note.name}.{os.getpid()}")
    content = {**_recall(file), **more, "sha256": sha256, **_identity(file)}
    draft.write_text(json.dumps(content), "utf-8")
    draft.replace(note)


def _recall(file: Path) -> dict[str, object]:
    try:
        note = json.loads(_note(file).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return note if isinstance(note, dict) else {}


def served_by(weight: Weight) -> str:
    """Which source the file on disk came from; empty when that is not known."""
    return str(_recall(path(weight)).get("source", ""))


def is_here(weight: Weight) -> bool:
    """Whether the file is there and right; reads it only when it was not checked before."""
    file = path(weight)
    if not file.is_file():
        return False
    note = _recall(file)
    if {key: note.get(key) for key in ("size", "mtime_ns", "inode")} != _identity(file):
        return check(weight)
    return _right(weight, note)


def _right(weight: Weight, note: dict[str, object]) -> bool:
    """Another torch packs the same tensors in other bytes: a file made here has its own sum."""
    return note.get("sha256") in (*weight.sums, note.get("made"))


def check(weight: Weight, seen: Callable[[int], None] = lambda count: None) -> bool:
    """Hash the file in full, whatever was noted before, and note the result."""
    file = path(weight)
    if not file.is_file():
        return False
    found = digest(file, seen)
    with contextlib.suppress(OSError):  # a read-only cache is checked again each time, and works
        remember(file, found)
    return _right(weight, {**_recall(file), "sha256": found})


def find(name: str) -> Path:
    """The verified file of a weight. Never downloads.

    Raises:
        EngineMissing: it is not here, or not what it should be; the hint names the command that
            brings it.
    """
    weight = get(name)
    if is_here(weight):
        return path(weight)
    what = "damaged" if path(weight).is_file() else "not here"
    raise EngineMissing(
        f"The weights “{name}” ({weight.purpose}) are {what}.", f"Type: trainer models pull {name}"
    )
