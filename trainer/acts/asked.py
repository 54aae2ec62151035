"""What a turn asks the customer for: a fact, an item of their sheet, something to identify them by.

Everything they could be asked for stands in one pool; the likeliest compete beside the turn, at
most one wins.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from trainer.acts import shape
from trainer.acts.phrases import Finder, compile_all, normal
from trainer.acts.pool import Pool
from trainer.content import prompts
from trainer.domain.moves import QUESTIONS, MoveKind
from trainer.domain.persona import Scenario
from trainer.ports.embedding import CrossEncoder, Embedding

ASKED = 0.35
"""Probability from which the turn asks for a fact or an item."""

SAME = 0.9
"""Cosine similarity from which a clause is one of the author's own questions."""

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
        words: Mapping[str, Any] = prompts.data("moves.yaml", tuple(roots))
        self._slots: dict[str, Finder] = {
            name: finder
            for name, patterns in words["identity"].items()
            if (finder := compile_all(patterns)) is not None
        }
        self._asks: dict[str, list[str]] = {fact.id: list(fact.asks) for fact in scenario.facts}
        self._facts = len(self._asks)
        for item in scenario.knows.items:
            self._asks[f"item:{item.id}"] = list(item.asks)
        for name, asks in words["identity_asks"].items():
            self._asks[f"identity:{name}"] = [str(text) for text in asks]
        for reference in scenario.knows.identity.references:
            self._asks["identity:reference"].append(f"What is the {reference.called}?")
        self._names = list(self._asks)
        told = {fact.id: [fact.text, fact.line] for fact in scenario.facts}
        told |= {f"item:{item.id}": [item.says] for item in scenario.knows.items}
        answers = [told.get(name, []) for name in self._names]
        self._pool = Pool([self._asks[name] for name in self._names], answers, embedding)

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
        near = self._pool.near(turn)
        likeness = near.likeness
        order = [int(at) for at in np.argsort(-likeness) if at >= self._facts][:BESIDE]
        beside = [*range(self._facts), *order]
        if self._cross is None:
            best = int(np.argmax(likeness)) if len(likeness) else 0
            enough = WORDS if self._embedding is None else LIKE
            known = len(likeness) and float(likeness[best]) >= enough
            return Asked(self._names[best] if known else "")
        candidates = [" / ".join(self._asks[self._names[at]][:EXAMPLES]) for at in beside]
        told = np.pad(near.features[beside], ((0, 0), (0, shape.CLAUSE)))
        seen = self._cross.compare(before, turn, candidates, told, shape.of_turn(turn))
        kinds = dict(zip(QUESTIONS, (float(value) for value in seen.kinds), strict=True))
        if float(likeness.max(initial=0.0)) >= SAME:
            return Asked(self._names[int(np.argmax(likeness))], kinds)
        if not len(seen.asked) or float(seen.asked.max()) < ASKED:
            return Asked("", kinds)
        return Asked(self._names[beside[int(np.argmax(seen.asked))]], kinds)
