"""What a turn asks the customer for: a fact, an item of their sheet, something to identify them by.

Everything they could be asked for stands in one pool; the likeliest compete beside the turn, at
most one wins.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainer.acts import units
from trainer.acts.offers import words_in_common
from trainer.acts.phrases import Finder, compile_all, normal
from trainer.content import prompts
from trainer.domain.moves import QUESTIONS, MoveKind
from trainer.domain.persona import Scenario
from trainer.ports.embedding import CrossEncoder, Embedding, features

ASKED = 0.5
"""Probability from which the turn asks for a fact or an item."""

BESIDE = 8
"""Items that stand beside the turn, the likeliest; facts always do."""

EXAMPLES = 2

LIKE, WORDS = 0.6, 0.6
"""Without a cross-encoder: likeness to an example question that is enough."""


@dataclass(frozen=True)
class Asked:
    """What one turn asks for.

    Attributes:
        about: a fact's id, `item:ID`, `identity:SLOT`; empty when it asks for nothing of theirs.
        kinds: probability of each kind of question, where a fitted reader gave it.
    """

    about: str = ""
    kinds: Mapping[MoveKind, float] = field(default_factory=dict)


class AskReader:
    """Reads questions against one scenario; vectors of the example questions are made once."""

    def __init__(
        self,
        scenario: Scenario,
        embedding: Embedding | None,
        cross: CrossEncoder | None = None,
        roots: Sequence[Path] = (),
    ) -> None:
        self._embedding = embedding
        self._cross = cross
        told: Mapping[str, Any] = prompts.data("moves.yaml", tuple(roots))
        self._slots: dict[str, Finder] = {
            name: finder
            for name, patterns in told["identity"].items()
            if (finder := compile_all(patterns)) is not None
        }
        self._pool: dict[str, list[str]] = {fact.id: list(fact.asks) for fact in scenario.facts}
        self._facts = len(self._pool)
        for item in scenario.knows.items:
            self._pool[f"item:{item.id}"] = list(item.asks)
        for name, asks in told["identity_asks"].items():
            self._pool[f"identity:{name}"] = [str(text) for text in asks]
        self._names = list(self._pool)
        examples = [(at, text) for at, name in enumerate(self._names) for text in self._pool[name]]
        self._owners = np.array([at for at, _ in examples], dtype=np.int64)
        self._examples = [text for _, text in examples]
        self._vectors = embedding.embed(self._examples) if embedding is not None else None

    def slot(self, text: str) -> str:
        """The identity slot that the words name; empty for none."""
        plain = normal(text)
        return next((name for name, finder in self._slots.items() if finder.search(plain)), "")

    def read(self, turn: str, before: str) -> Asked:
        """What `turn` asks for.

        Args:
            turn: the agent's words.
            before: what the customer said last.
        """
        likeness = self._likeness(turn)
        order = [int(at) for at in np.argsort(-likeness) if at >= self._facts][:BESIDE]
        beside = [*range(self._facts), *order]
        if self._cross is None:
            best = int(np.argmax(likeness)) if len(likeness) else 0
            enough = WORDS if self._embedding is None else LIKE
            known = len(likeness) and float(likeness[best]) >= enough
            return Asked(self._names[best] if known else "")
        candidates = [" / ".join(self._pool[self._names[at]][:EXAMPLES]) for at in beside]
        seen = self._cross.compare(before, turn, candidates, features(likeness)[beside])
        kinds = dict(zip(QUESTIONS, (float(value) for value in seen.kinds), strict=True))
        if not len(seen.asked) or float(seen.asked.max()) < ASKED:
            return Asked("", kinds)
        return Asked(self._names[beside[int(np.argmax(seen.asked))]], kinds)

    def _likeness(self, turn: str) -> NDArray[np.float32]:
        """To everything in the pool, shape (pool,): likeliest clause, likeliest ask."""
        pieces = [piece.text for piece in units.clauses(turn)] or [turn]
        if self._embedding is not None and self._vectors is not None:
            rows = self._embedding.embed(pieces) @ self._vectors.T
        else:
            rows = np.array(
                [[words_in_common(ask, piece) for ask in self._examples] for piece in pieces],
                dtype=np.float32,
            )
        best = rows.max(axis=0)
        out = np.zeros(len(self._names), dtype=np.float32)
        np.maximum.at(out, self._owners, best)
        return out
