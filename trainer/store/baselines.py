"""Warm-ups by person and microphone: `baselines/` in the data folder, readable by its owner only.

All are kept, newest last, so that a call of last month is still held against last month's.
"""

import json
from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from trainer.domain.baseline import WarmUp
from trainer.domain.errors import BadInput
from trainer.store.inside import open_inside, private_folder, write_private

VERSION = 1

_FOLDER = "baselines"

VALID = timedelta(days=30)
"""A voice changes; so does the place of a microphone."""

_AFTER = timedelta(days=1)
"""A warm-up made so soon after a call serves it as well: it is offered after the first debrief."""

_LARGEST = 4 << 20
_MOST = 200
_FILE = TypeAdapter(list[WarmUp])


def save(data_dir: Path, profile: str, warm_up: WarmUp) -> Path:
    """Keep a warm-up beside the earlier ones of this person and microphone; returns the file.

    Raises:
        BadInput: it cannot be written, or has no time zone.
    """
    if warm_up.made.tzinfo is None:
        raise BadInput("A warm-up needs the time zone in which it was made.")
    path = _path(data_dir, profile, warm_up.microphone)
    known = sorted([*_all(path), warm_up], key=lambda one: one.made)[-_MOST:]
    content = {
        "version": VERSION,
        "profile": profile,
        "microphone": warm_up.microphone,
        "warm_ups": _FILE.dump_python(known, mode="json"),
    }
    private_folder(data_dir, _FOLDER)
    write_private(path, json.dumps(content, ensure_ascii=False, indent=1))
    return path


def valid(
    data_dir: Path,
    profile: str,
    microphone: str,
    *,
    tracker: str,
    at: datetime,
    noise_db: float | None = None,
) -> WarmUp | None:
    """The newest warm-up that holds for a call at that time; None when there is none.

    Args:
        data_dir: the data folder.
        profile: whose.
        microphone: its name; a warm-up of another one never serves.
        tracker: what finds the pitch now.
        at: when the call was, with a time zone.
        noise_db: level of the room in the call, dBFS; None: not compared.
    """
    if not microphone:
        return None
    fits = [
        one
        for one in _all(_path(data_dir, profile, microphone))
        if one.microphone == microphone
        and one.tracker == tracker
        and -_AFTER <= at - one.made <= VALID
        and one.same_room(noise_db)
    ]
    return max(fits, key=lambda one: one.made, default=None)


def history(data_dir: Path, profile: str, microphone: str) -> list[WarmUp]:
    """Every warm-up of this person on this microphone, oldest first."""
    return sorted(_all(_path(data_dir, profile, microphone)), key=lambda one: one.made)


def latest(data_dir: Path, profile: str) -> WarmUp | None:
    """The newest warm-up of this person on any microphone; None when there is none."""
    found = [one for path in _of(data_dir, profile) for one in _all(path)]
    return max(found, key=lambda one: one.made, default=None)


def delete(data_dir: Path, profile: str) -> int:
    """Delete every warm-up of this person; how many there were.

    Raises:
        BadInput: a file could not be deleted.
    """
    gone = 0
    for path in _of(data_dir, profile):
        count = len(_all(path))
        try:
            path.unlink(missing_ok=True)
        except OSError as cause:
            raise BadInput(f"{path} could not be deleted: {cause.strerror}.") from cause
        gone += count
    return gone


def _of(data_dir: Path, profile: str) -> list[Path]:
    """The files of one person. One that cannot be read serves nobody and counts as theirs."""
    found = []
    for path in sorted((data_dir / _FOLDER).glob("*.json")):
        try:
            whose = json.loads(path.read_bytes()).get("profile")
        except (OSError, ValueError, AttributeError):
            whose = profile
        if whose == profile:
            found.append(path)
    return found


def _path(data_dir: Path, profile: str, microphone: str) -> Path:
    """Names of people and devices are no file names: their digest is."""
    name = sha256(f"{profile}\0{microphone}".encode()).hexdigest()[:16]
    return data_dir / _FOLDER / f"{name}.json"


def _all(path: Path) -> list[WarmUp]:
    """What the file holds; nothing when it is missing, damaged or of a newer program."""
    with suppress(ValueError, BadInput):
        file = open_inside(path.parent, path.name, _LARGEST)
        if file is None:
            return []
        with file:
            found = json.load(file)
        if isinstance(found, dict) and found.get("version") == VERSION:
            with suppress(ValidationError):
                return [one for one in _FILE.validate_python(found["warm_ups"]) if one.made.tzinfo]
    return []
