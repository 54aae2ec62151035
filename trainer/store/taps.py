"""How loaded a person says they are, before and after calls: `taps/` in the data folder, for them.

It is beside the calls, not in them: nothing of it is in a call's folder, a review or a report.
"""

from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from trainer.domain.errors import BadInput
from trainer.store.inside import open_inside, private_folder, write_private

When = Literal["before", "after"]

_FOLDER = "taps"
_LARGEST = 4 << 20
_MOST = 2000


class Tap(BaseModel):
    """One tap: 1 (hardly loaded) to 5 (a lot), before or after a call."""

    model_config = ConfigDict(frozen=True)

    at: datetime
    when: When
    value: Annotated[int, Field(ge=1, le=5)]


class _File(BaseModel):
    version: Literal[1] = 1
    taps: list[Tap] = Field(default_factory=list)


def add(data_dir: Path, profile: str, tap: Tap) -> None:
    """Keep one more.

    Raises:
        BadInput: it cannot be written.
    """
    private_folder(data_dir, _FOLDER)
    kept = [*taps(data_dir, profile), tap][-_MOST:]
    write_private(_path(data_dir, profile), _File(taps=kept).model_dump_json(indent=1) + "\n")


def taps(data_dir: Path, profile: str) -> list[Tap]:
    """All of one person, oldest first; none when the file is missing or damaged."""
    path = _path(data_dir, profile)
    with suppress(BadInput, ValidationError, OSError):
        file = open_inside(path.parent, path.name, _LARGEST)
        if file is not None:
            with file:
                return _File.model_validate_json(file.read()).taps
    return []


def delete(data_dir: Path, profile: str) -> int:
    """Delete all of one person; how many there were.

    Raises:
        BadInput: they could not be deleted.
    """
    count = len(taps(data_dir, profile))
    path = _path(data_dir, profile)
    try:
        path.unlink(missing_ok=True)
    except OSError as cause:
        raise BadInput(f"{path} could not be deleted: {cause.strerror}.") from cause
    return count


def _path(data_dir: Path, profile: str) -> Path:
    """Names of people are no file names: their digest is."""
    return data_dir / _FOLDER / f"{sha256(profile.encode()).hexdigest()[:16]}.json"
