"""The finished calls of one person with the results kept beside them, for their progress."""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from trainer.domain.errors import BadInput
from trainer.domain.mood import Status
from trainer.domain.record import Finished
from trainer.store import calls, reading
from trainer.store.inside import open_inside

_LARGEST = 32 << 20
_UNFINISHED = {Status.ABORTED: "stopped", Status.OPEN: "stopped", "damaged": "damaged"}


@dataclass(frozen=True)
class Results:
    """Calls that count, oldest first, and how many do not, by reason: stopped, damaged, rehearsed.

    Retries lie inside the call they belong to and are none of these.
    """

    finished: Sequence[Finished]
    left_out: dict[str, int]


def of(data_dir: Path, profile: str) -> Results:
    """The calls of one person.

    A call that somebody stopped does not count, nor one that a scripted agent took. Who took a
    damaged call is not known: it is counted with everybody.
    """
    finished: list[Finished] = []
    left_out: Counter[str] = Counter()
    for row in reversed(calls.list_calls(data_dir)):
        folder = data_dir / "calls" / row.id
        try:
            facts = reading.meta(folder)
        except BadInput:
            left_out["damaged"] += 1
            continue
        if str(facts.get("profile", profile)) != profile:
            continue
        why = _UNFINISHED.get(row.status, "rehearsed" if facts.get("rehearsed") else "")
        if why:
            left_out[why] += 1
        else:
            finished.append(Finished(folder, row.started, _kept(folder)))
    return Results(finished, dict(left_out))


def _kept(folder: Path) -> bytes | None:
    """The review; None when what it was made of has changed since."""
    with suppress(BadInput, OSError):
        file = open_inside(folder, "review.json", _LARGEST)
        if file is not None:
            with file:
                made = _changed(folder / "review.json")
                if all(_changed(folder / name) <= made for name in ("events.jsonl", "self.json")):
                    return file.read()
    return None


def _changed(path: Path) -> int:
    try:
        return path.lstat().st_mtime_ns
    except FileNotFoundError:
        return 0
