"""Reading a call folder back, whatever state the call left it in."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from trainer.domain.audio import Samples
from trainer.domain.errors import BadInput
from trainer.domain.events import VERSION, CallEnded, Event, from_line
from trainer.domain.mood import Status
from trainer.domain.record import CallRecord
from trainer.store import disputes, wav
from trainer.store.inside import open_inside

_EVENTS_LARGEST = 256 << 20
_META_LARGEST = 16 << 20


def load(path: Path) -> CallRecord:
    """Read a call back, also one that was broken off.

    A torn last line and a missing or half-written recording are no errors.

    Raises:
        BadInput: not a call folder, or damaged in the middle; the message names file and line.
    """
    check(path)
    agent, customer = _sound(path)
    return CallRecord(path, meta(path), _as_told(path), agent, customer)


def words(path: Path) -> CallRecord:
    """The same without the sound, which is large.

    Raises:
        BadInput: as `load`.
    """
    check(path)
    return CallRecord(path, meta(path), _as_told(path), *wav.NOTHING)


def _as_told(path: Path) -> tuple[Event, ...]:
    """The log, and what the agent put right afterwards."""
    return (*events(path), *disputes.told(path))


def meta(path: Path) -> dict[str, Any]:
    """What `meta.json` says; empty when it is missing.

    Raises:
        BadInput: it is not a JSON object.
    """
    file = open_inside(path, "meta.json", _META_LARGEST)
    if file is None:
        return {}
    with file:
        try:
            facts = json.load(file)
        except (ValueError, RecursionError) as cause:
            raise BadInput(f"{path / 'meta.json'} is damaged: {cause}.") from cause
    if not isinstance(facts, dict):
        raise BadInput(f"{path / 'meta.json'} is damaged: it is not an object.")
    return facts


def events(path: Path) -> list[Event]:
    """Every event of the call, in order; a torn last line is left out.

    Raises:
        BadInput: a line in the middle is damaged, or from a newer version of this program.
    """
    file = open_inside(path, "events.jsonl", _EVENTS_LARGEST)
    if file is None:
        return []
    with file:
        *lines, torn = file.read().split(b"\n")
    found: list[Event] = []
    for number, line in enumerate(lines, start=1):
        try:
            found.append(from_line(line))
        except ValidationError as cause:
            raise BadInput(f"{path / 'events.jsonl'}:{number}: {_wrong(line)}") from cause
    with suppress(ValidationError):
        found.append(from_line(torn))
    return found


def status(events: tuple[Event, ...] | list[Event]) -> Status:
    """How the call ended. One without an end was broken off: `aborted`."""
    ends = [event.status for event in events if isinstance(event, CallEnded)]
    return ends[-1] if ends else Status.ABORTED


def is_call(folder: Path) -> bool:
    """Whether this folder holds a call."""
    return (folder / "events.jsonl").is_file() and not (folder / "events.jsonl").is_symlink()


def check(path: Path) -> None:
    """Raises BadInput when `path` is not a call folder."""
    if not path.is_dir():
        raise BadInput(f"There is no call folder {path}.", "See them all: trainer calls list")
    if not is_call(path):
        raise BadInput(f"{path} is not a call folder: it has no events.jsonl.")


def _sound(path: Path) -> tuple[Samples, Samples]:
    file = open_inside(path, "call.wav")
    if file is None:
        return wav.NOTHING
    with file:
        return wav.channels(file)


def _wrong(line: bytes) -> str:
    try:
        version = json.loads(line)["v"]
        if isinstance(version, int) and version > VERSION:
            return f"written by a newer version of this program (events {version})."
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    return "not an event of a call; the file is damaged."
