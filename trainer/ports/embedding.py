"""Sentence embeddings, and the comparison of a turn with candidates side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray


class Embedding(Protocol):
    name: str

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit-length sentence vectors, shape (len(texts), dimensions)."""


FEATURES = 18
"""Numbers a cross-encoder is told of each candidate beside the words."""

STATES = (
    "none", "offered", "conditional", "refused", "asked", "mentioned", "withdrawn", "done",
)  # fmt: skip
"""What a turn may make of a candidate, in the order of the columns."""


@dataclass(frozen=True)
class Compared:
    """A turn beside its candidates, all probabilities.

    Attributes:
        kinds: shape (len(QUESTIONS),): which kind of question the turn puts, if it puts one.
        states: shape (candidates, len(STATES)): what the turn makes of each, as a remedy.
        asked: shape (candidates,): whether the turn asks for it.
    """

    kinds: NDArray[np.float32]
    states: NDArray[np.float32]
    asked: NDArray[np.float32]


@runtime_checkable
class CrossEncoder(Protocol):
    """Reads a turn together with what it may be about, so that candidates compete."""

    def compare(
        self,
        before: str,
        text: str,
        candidates: Sequence[str],
        near: NDArray[np.float32],
        shape: NDArray[np.float32],
    ) -> Compared:
        """Compare one turn with its candidates.

        Args:
            before: what the other party said last; may be empty.
            text: the turn.
            candidates: what it may be about, each in a few words; may be empty.
            near: shape (candidates, FEATURES): how near the turn is to each (`acts.pool`), and what
                the grammar of the nearest clause is (`acts.shape.of_clause`).
            shape: shape (25,): how the turn asks (`acts.shape.of_turn`).
        """
        ...
