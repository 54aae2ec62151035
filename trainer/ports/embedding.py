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
        self, before: str, text: str, candidates: Sequence[str], likeness: NDArray[np.float32]
    ) -> Compared:
        """Compare one turn with its candidates.

        Args:
            before: what the other party said last; may be empty.
            text: the turn.
            candidates: what it may be about, each in a few words; may be empty.
            likeness: shape (candidates, 4): the `features` of each.
        """
        ...


def features(likeness: NDArray[np.float32]) -> NDArray[np.float32]:
    """What a cross-encoder is told of the cosine similarities of everything that competes.

    Args:
        likeness: shape (n,): the turn's likeness to each, whether it becomes a candidate or not.

    Returns:
        Shape (n, 4): the likeness, its distance from the best other, whether it is the best, and
        its distance from the mean, scaled to about -1..1.
    """
    if not len(likeness):
        return np.zeros((0, 4), dtype=np.float32)
    ordered = np.sort(likeness)
    best, second = ordered[-1], ordered[-2] if len(ordered) > 1 else np.float32(0.0)
    ahead = likeness - np.where(likeness == best, second, best)
    columns = [likeness * 2 - 0.8, ahead * 3, ahead > 0, (likeness - likeness.mean()) * 3]
    return np.stack(columns, axis=1).astype(np.float32)
