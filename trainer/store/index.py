"""What the list of calls shows, kept in SQLite so that a thousand calls list at once.

The folders are the truth. A row carries the stamp of the files it was made of, so the index may be
lost, old or half-written at any time: what does not fit is read again.
"""

import sqlite3
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from trainer.domain.audio import seconds
from trainer.domain.errors import BadInput
from trainer.domain.events import CallEnded, CallStarted
from trainer.store import reading

FILE = "calls.sqlite"


@dataclass(frozen=True)
class Listed:
    """One line of the list.

    Attributes:
        id: name of the call folder.
        persona: the customer's name; empty when the call never began.
        title: what the customer is called on screen.
        started: ISO time, UTC.
        seconds: length on the call clock.
        status: how it ended; `aborted` when it was broken off, `damaged` when it cannot be read.
        csat: the simulated customer's rating, or None.
    """

    id: str
    persona: str
    title: str
    started: str
    seconds: float
    status: str
    csat: float | None


_COLUMNS = [field.name for field in fields(Listed)]


def refresh(data_dir: Path, folders: Iterable[Path]) -> list[Listed]:
    """The rows of these folders, in their order.

    Rows that are missing or old are made anew; rows of folders that are gone are deleted.
    """
    try:
        return _refresh(data_dir / FILE, list(folders))
    except (sqlite3.DatabaseError, OSError):
        with suppress(OSError):
            (data_dir / FILE).unlink(missing_ok=True)
        with suppress(sqlite3.DatabaseError, OSError):
            return _refresh(data_dir / FILE, list(folders))
        return [_listed(folder) for folder in folders]


def forget(folder: Path) -> None:
    """Delete the row of a call whose folder is gone."""
    file = folder.parent.parent / FILE
    if file.is_file():
        with suppress(sqlite3.DatabaseError), closing(_open(file)) as rows, rows:
            rows.execute("delete from calls where id = ?", (folder.name,))


def _refresh(file: Path, folders: list[Path]) -> list[Listed]:
    if not folders and not file.exists():
        return []
    with closing(_open(file)) as rows, rows:
        known = {
            row[0]: row for row in rows.execute(f"select {', '.join(_COLUMNS)}, stamp from calls")
        }
        listed: list[Listed] = []
        for folder in folders:
            row, stamp = known.pop(folder.name, None), _stamp(folder)
            if row is not None and row[-1] == stamp:
                listed.append(Listed(*row[:-1]))
                continue
            listed.append(_listed(folder))
            marks = ", ".join("?" * (len(_COLUMNS) + 1))
            rows.execute(
                f"insert or replace into calls values ({marks})", (*astuple(listed[-1]), stamp)
            )
        rows.executemany("delete from calls where id = ?", [(gone,) for gone in known])
    return listed


def _open(file: Path) -> sqlite3.Connection:
    if not file.exists():
        file.touch(mode=0o600)
    rows = sqlite3.connect(file, timeout=5)
    rows.execute("pragma secure_delete = on")  # a deleted call leaves no bytes in the file
    rows.execute(
        "create table if not exists calls (id text primary key, persona text, title text, "
        "started text, seconds real, status text, csat real, stamp text)"
    )
    return rows


def _stamp(folder: Path) -> str:
    marks = []
    for name in ("events.jsonl", "meta.json"):
        with suppress(OSError):
            state = (folder / name).lstat()
            marks.append(f"{state.st_mtime_ns}:{state.st_size}")
    return " ".join(marks)


def _listed(folder: Path) -> Listed:
    try:
        events, meta = reading.events(folder), reading.meta(folder)
    except BadInput:
        return Listed(folder.name, "", folder.name, "", 0.0, "damaged", None)
    began = next((event for event in events if isinstance(event, CallStarted)), None)
    ends = [event for event in events if isinstance(event, CallEnded)]
    persona = began.persona if began else str(meta.get("persona", ""))
    return Listed(
        id=folder.name,
        persona=persona,
        title=str(meta.get("title", "")) or persona,
        started=str(meta.get("started", "")),
        seconds=seconds(max((event.t for event in events), default=0)),
        status=str(reading.status(events)),
        csat=ends[-1].csat if ends else None,
    )
