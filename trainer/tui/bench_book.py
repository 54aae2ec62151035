"""What benches have shown since the app was opened: the last verdict on each customer's file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trainer.tui.workshop import Entry, Stamp

if TYPE_CHECKING:
    from trainer.simulate.verdict import Verdict


@dataclass
class BenchBook:
    """Verdicts by customer, and the bench that is running.

    Attributes:
        running: the customer it is about; empty when none runs.
        done: (parts done, parts in all) of it.
        last: the last verdict, and the stamp of the file it is about.
        before: the verdict before that one, to see what moved.
    """

    running: str = ""
    done: tuple[int, int] = (0, 1)
    last: dict[str, tuple[Stamp, Verdict]] = field(default_factory=dict)
    before: dict[str, Verdict] = field(default_factory=dict)

    def begin(self, name: str) -> None:
        """A bench has started."""
        self.running, self.done = name, (0, 1)

    def keep(self, entry: Entry, verdict: Verdict) -> None:
        """A bench has ended with a verdict on the file as it was when it started."""
        if entry.name in self.last:
            self.before[entry.name] = self.last[entry.name][1]
        self.last[entry.name] = (entry.stamp, verdict)

    def fresh(self, entry: Entry) -> Verdict | None:
        """The verdict on the file as it is now."""
        stamp, verdict = self.last.get(entry.name, ((), None))
        return verdict if stamp == entry.stamp else None

    def sign(self, entry: Entry) -> str:
        """Passed or failed, in one character; empty when the file as it is was not benched."""
        verdict = self.fresh(entry)
        return "" if verdict is None else "✓" if verdict.passed else "✗"
