"""A call written to disk while it happens: sound, events, facts; readable at any moment."""

import atexit
import errno
import json
import os
import queue
import re
import secrets
import shutil
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from trainer.domain.audio import RATE, Samples
from trainer.domain.errors import BadInput
from trainer.domain.events import VERSION, Event, to_line
from trainer.store import wav
from trainer.store.growing import Growing
from trainer.store.inside import create_private

ROOM = 2 << 20
"""Bytes that must be free to begin a call, and to go on with the sound after the disk was full."""

_RESERVE = 256 << 10
"""Bytes kept back, so that words and moods still fit when the sound has filled the disk."""

_RETRY_S = 1.0
_PATIENCE_S = 30.0
_FULL = (errno.ENOSPC, errno.EDQUOT)


def create(
    data_dir: Path,
    persona: str,
    out: Path | None = None,
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> "CallFolder":
    """A new call folder: `<data_dir>/calls/<utc time>-<persona>-<short id>`, or exactly `out`.

    Raises:
        BadInput: `out` is in use, the folder cannot be written, or there is no room for a call.
    """
    started = now()
    folder = out if out is not None else _fresh(data_dir / "calls", persona, started)
    try:
        if out is None:
            data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = _made(folder)
        try:
            if shutil.disk_usage(folder).free < ROOM:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            call = CallFolder(folder)
        except OSError:
            shutil.rmtree(folder) if made else _emptied(folder)
            raise
    except OSError as cause:
        if cause.errno in _FULL:
            raise BadInput(
                f"There is no room for a recording in {folder}: the disk is full.",
                "Free some space, or name another place with --out.",
            ) from cause
        raise BadInput(
            f"A call cannot be written to {folder}: {cause.strerror}.",
            "Name a folder that you may write to with --out.",
        ) from cause
    call.meta(
        v=VERSION, call=folder.name, persona=persona, started=started.isoformat(timespec="seconds")
    )
    return call


class CallFolder:
    """`trainer.ports.sink.CallSink` over one folder. Make it with `create`.

    Everything is turned into bytes by the caller and written by one thread. Nothing is thrown away
    while the call runs: when the disk is full or slow it waits in memory (64 kB a second) and is
    written as soon as there is room. Sound stops first; the words and moods go on into a reserve
    that was kept back for them.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._reserve = folder / ".reserve"
        self._keep_reserve()
        self._sound = Growing(folder / "call.wav", wav.header)
        self._lines = Growing(folder / "events.jsonl")
        self._facts: dict[str, Any] = {}
        self._facts_waiting = False
        self._fault = ""
        self._full = False
        self._given = 0
        self._queue: queue.SimpleQueue[bytes | str | dict[str, Any] | None] = queue.SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="call on disk", daemon=True)
        self._thread.start()
        atexit.register(self.close)

    def frame(self, mic: Samples, played: Samples) -> None:
        """One block of the recording: left = agent, right = what left the speaker; equal lengths.

        Raises:
            ValueError: the lengths differ.
        """
        if not self._closed:
            self._given += len(mic)
            self._queue.put(wav.interleaved(mic, played))

    def event(self, event: Event) -> None:
        """One event, as one line."""
        if not self._closed:
            self._queue.put(to_line(event))

    def meta(self, **fields: Any) -> None:
        """Add or change fields of `meta.json`.

        Raises:
            TypeError: a value is not JSON (a path counts as its text).
        """
        if not self._closed:
            self._queue.put(json.loads(json.dumps(fields, default=_plain)))

    def fault(self) -> str:
        """Why not everything is on disk, in plain words; empty while all is well."""
        return self._fault

    def waiting_s(self) -> float:
        """Seconds of sound that are not on disk yet."""
        return max(0.0, self._given / RATE - self._recorded_s())

    def close(self) -> None:
        """Write what is left, then let go. Safe to call twice."""
        if self._closed:
            return
        self._closed = True
        atexit.unregister(self.close)
        self._queue.put(None)
        self._thread.join(_PATIENCE_S)
        if self._thread.is_alive():
            self._fault = (
                f"The disk under {self.folder} does not answer; the call may be cut short."
            )

    def _recorded_s(self) -> float:
        return max(0, self._sound.size - wav.HEADER) / wav.FRAME / RATE

    def _run(self) -> None:
        while self._take():
            self._flush()
        self._reserve.unlink(missing_ok=True)
        self._flush()
        if self._fault and (lost := self.waiting_s()) > 0:
            self._fault += f" The last {lost:.0f} s of sound are missing."
        for file in (self._sound, self._lines):
            try:
                file.close()
            except OSError as cause:
                self._fault = self._fault or self._said(cause)

    def _take(self) -> bool:
        """Take over what has been handed in; False when that was the end."""
        try:
            given = self._queue.get(timeout=_RETRY_S if self._fault else None)
            while True:
                if given is None:
                    return False
                if isinstance(given, bytes):
                    self._sound.add(given)
                elif isinstance(given, str):
                    self._lines.add(given.encode() + b"\n")
                else:
                    self._facts |= given
                    self._facts_waiting = True
                given = self._queue.get_nowait()
        except queue.Empty:
            return True

    def _flush(self) -> None:
        try:
            self._write()
        except OSError as cause:
            if cause.errno in _FULL and not self._full:
                self._full = True
                self._fault = self._said(cause)
                self._reserve.unlink(missing_ok=True)
                self._flush()
                return
            self._fault = self._fault or self._said(cause)

    def _write(self) -> None:
        """Words and facts first, they are small and worth most."""
        self._lines.flush()
        if self._facts_waiting:
            self._write_facts()
        if self._full and shutil.disk_usage(self.folder).free < ROOM:
            return
        self._sound.flush()
        if self._sound.gone() or self._lines.gone():
            self._fault = f"The folder {self.folder} was removed while the call was running."
            return
        if self._full:
            self._keep_reserve()
        self._full, self._fault = False, ""

    def _keep_reserve(self) -> None:
        with create_private(self._reserve) as reserve:
            reserve.write(bytes(_RESERVE))

    def _write_facts(self) -> None:
        part = self.folder / "meta.json.part"
        with create_private(part) as file:
            facts = json.dumps(self._facts, indent=1, ensure_ascii=False)
            # what is no text in the name of a file becomes an escape of JSON
            text = facts.encode(errors="backslashreplace")
            if file.write(text) != len(text):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(file.fileno())
        os.replace(part, self.folder / "meta.json")
        self._facts_waiting = False

    def _said(self, cause: OSError) -> str:
        minutes, seconds = divmod(int(self._recorded_s()), 60)
        if cause.errno in _FULL:
            return f"The disk is full: the recording stops at {minutes}:{seconds:02d}."
        return f"The call cannot be written to {self.folder} any more: {cause.strerror}."


def _plain(value: object) -> str:
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


def _fresh(calls: Path, persona: str, started: datetime) -> Path:
    name = re.sub(r"[^a-z0-9]+", "-", persona.lower()).strip("-")[:40] or "customer"
    return calls / f"{started.astimezone(UTC):%Y%m%dT%H%M%SZ}-{name}-{secrets.token_hex(3)}"


def _made(folder: Path) -> bool:
    """Make the folder private to its owner; False when it was there already, and empty."""
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    hint = "Name a new folder with --out."
    try:
        folder.mkdir(mode=0o700)
        return True
    except FileExistsError:
        if not folder.is_dir():
            raise BadInput(f"{folder} is a file, not a folder.", hint) from None
        if any(folder.iterdir()):
            raise BadInput(
                f"{folder} is not empty; a call is never written over something else.", hint
            ) from None
        folder.chmod(0o700)
        return False


def _emptied(folder: Path) -> None:
    for name in (".reserve", "call.wav", "events.jsonl"):
        (folder / name).unlink(missing_ok=True)
