"""What is to be played, what has left the speaker, and which words that were.

The ledger counts samples handed to the line. Sample `k` has left the speaker once `handed -
line.queued() > k`, so
what the agent really heard is known to the block, whatever the device buffers.
"""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from trainer.domain.audio import BLOCK, Samples

_AUDIBLE = 10 ** (-50 / 20)
"""-50 dBFS: below it a sample is silence for the ledger."""

_KEPT = 32
"""Pieces lately handed over, far more than a line holds: it may forget them and ask again."""


@dataclass
class Clause:
    """One clause in the ledger. Positions count samples handed to the line."""

    text: str
    source: str
    why: str = ""
    fed: int = 0
    complete: bool = False
    spans: list[tuple[int, int]] = field(default_factory=list)
    audible: list[int] = field(default_factory=list)
    """First and last audible position so far; empty while nothing audible was handed over."""

    announced: bool = False

    @property
    def begins(self) -> int | None:
        """Position of the first audible sample (of the first at all in a silent clause)."""
        if self.audible:
            return self.audible[0]
        handed = sum(end - start for start, end in self.spans)
        whole = self.complete and handed == self.fed  # until then it may still become audible
        return self.spans[0][0] if whole and self.spans else None

    def take_back(self, position: int) -> None:
        """What lies from `position` on was not played, and is not the clause's any more."""
        self.spans = [(start, min(end, position)) for start, end in self.spans if start < position]
        if self.audible and self.audible[0] >= position:
            self.audible = []
        elif self.audible:
            self.audible[1] = min(self.audible[1], position - 1)

    def heard(self, left: int) -> float:
        """Share of the clause that has left the speaker, 0..1."""
        if not self.fed:
            return 0.0
        gone = sum(min(end, left) - start for start, end in self.spans if start < left)
        return gone / self.fed

    def heard_text(self, left: int) -> str:
        """The words that have left the speaker, to the nearest whole word."""
        words = self.text.split()
        return " ".join(words[: round(self.heard(left) * len(words))])


class Playout:
    """The customer's side of the line.

    `pull` runs on the pump thread, everything else on the call's.
    """

    def __init__(self) -> None:
        self.fed: Callable[[], None] = lambda: None
        """Called whenever there is more to play."""
        self.through: Callable[[Samples], Samples] = lambda block: block
        """What the line makes of each block; as many samples come out."""
        self.taken_back: Callable[[int], None] = lambda count: None
        """Told how many samples the line forgot."""
        self._lock = threading.Lock()
        self._queue: deque[tuple[Clause | None, Samples]] = deque()
        self._paused = False
        self._lately: deque[tuple[int, Clause | None, Samples]] = deque(maxlen=_KEPT)
        self.handed = 0
        self.clauses: list[Clause] = []

    def begin(self) -> None:
        """A new reply: forget the old one."""
        with self._lock:
            self._queue.clear()
            self._lately.clear()
            self._paused = False
            self.clauses = []

    def silence(self, count: int) -> None:
        """Queue `count` samples of silence that belong to no clause."""
        with self._lock:
            self._queue.append((None, np.zeros(count, np.float32)))
        self.fed()

    def clause(self, text: str, source: str, why: str = "") -> Clause:
        """Open a clause; sound for it follows through `feed`."""
        clause = Clause(text, source, why)
        self.clauses.append(clause)
        return clause

    def feed(self, clause: Clause, sound: Samples) -> None:
        """Queue sound of a clause, shape (n,)."""
        with self._lock:
            clause.fed += len(sound)
            self._queue.append((clause, sound))
        self.fed()

    def pull(self) -> Samples:
        """The next block for the line, shape (BLOCK,); silence where there is nothing to say."""
        block = np.zeros(BLOCK, np.float32)
        with self._lock:
            at = 0
            while at < BLOCK and self._queue and not self._paused:
                clause, sound = self._queue.popleft()
                part, rest = sound[: BLOCK - at], sound[BLOCK - at :]
                block[at : at + len(part)] = part
                if len(part):
                    self._lately.append((self.handed + at, clause, part))
                if clause is not None and len(part):
                    self._book(clause, part, self.handed + at)
                if len(rest):
                    self._queue.appendleft((clause, rest))
                at += len(part)
            self.handed += BLOCK
        return self.through(block)

    @staticmethod
    def _book(clause: Clause, part: Samples, start: int) -> None:
        clause.spans.append((start, start + len(part)))
        loud = np.flatnonzero(np.abs(part) > _AUDIBLE)
        if len(loud):
            first = clause.audible[0] if clause.audible else start + int(loud[0])
            clause.audible = [first, start + int(loud[-1])]

    def pending(self) -> int:
        """Samples queued and not yet handed to the line."""
        with self._lock:
            return sum(len(sound) for _, sound in self._queue)

    @property
    def paused(self) -> bool:
        """Whether nothing but silence is handed over."""
        return self._paused

    def pause(self, on: bool) -> None:
        """Stop handing sound over, or go on with it."""
        with self._lock:
            self._paused = on

    def take_back(self, dropped: int) -> None:
        """The line forgot the last `dropped` samples: they are handed over again."""
        with self._lock:
            self.handed -= dropped
            while self._lately and self._lately[-1][0] + len(self._lately[-1][2]) > self.handed:
                start, clause, part = self._lately.pop()
                played = max(0, self.handed - start)
                self._queue.appendleft((clause, part[played:]))
                if clause is not None:
                    clause.take_back(self.handed)
                if played:
                    self._lately.append((start, clause, part[:played]))
        self.taken_back(dropped)

    def cut(self, dropped: int) -> int:
        """Forget everything not yet played.

        `dropped`: what the line forgot. Returns the last position played.
        """
        with self._lock:
            self._queue.clear()
            self._lately.clear()
            self._paused = False
            self.handed -= dropped
        self.taken_back(dropped)
        return self.handed
