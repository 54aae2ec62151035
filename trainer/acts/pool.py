"""Everything a turn could be about, and how near the turn is to each: by vectors, by telling words.

Remedies compete in one pool, what can be asked for in another. Nearness alone decides nothing; it
is what a cross-encoder is told beside the words (`features`).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from trainer.acts import reflection, units
from trainer.acts.units import Unit
from trainer.ports.embedding import Embedding

SAME_WORDS = 88
"""Likeness of letters, 0..100, from which a phrase is an example word for word."""

TOP = 3
"""Examples of a candidate whose mean likeness is looked at beside the best one."""


@dataclass(frozen=True)
class Near:
    """One turn beside a pool of n candidates.

    Attributes:
        clauses: the turn's clauses.
        rows: shape (clauses, n): likeness of each clause to the nearest example of each candidate.
        features: shape (n, 10), how near, beside all others.
    """

    clauses: list[Unit]
    rows: NDArray[np.float32]
    features: NDArray[np.float32]

    @property
    def likeness(self) -> NDArray[np.float32]:
        """Shape (n,): of the likeliest clause to the likeliest example, 0..1."""
        best: NDArray[np.float32] = self.rows.max(axis=0, initial=0.0)
        return best

    def clause(self, candidate: int) -> Unit:
        """The clause that is most like a candidate."""
        return self.clauses[int(np.argmax(self.rows[:, candidate]))]


class Pool:
    """Candidates by their examples; vectors and telling words are made once.

    Args:
        examples: the phrases of each candidate, at least one.
        answers: what is said of each candidate when it is asked for; may be empty.
        embedding: sentence vectors; without them words in common are the likeness.
    """

    def __init__(
        self,
        examples: Sequence[Sequence[str]],
        answers: Sequence[Sequence[str]],
        embedding: Embedding | None,
    ) -> None:
        self._embedding = embedding
        self.size = len(examples)
        self._texts = [text for texts in examples for text in texts]
        self._owners = _owners(examples)
        said = [text for texts in answers for text in texts]
        self._answer_owners = _owners(answers)
        vectors = embedding.embed([*self._texts, *said]) if embedding is not None else None
        self._vectors = None if vectors is None else vectors[: len(self._texts)]
        self._answers = None if vectors is None else vectors[len(self._texts) :]
        self._stems = [set(reflection.content(text)) for text in self._texts]
        held = Counter(
            stem
            for owner in range(self.size)
            for stem in set().union(
                *(s for s, at in zip(self._stems, self._owners, strict=True) if at == owner)
            )
        )
        self._weight = {stem: log((1 + self.size) / count) for stem, count in held.items()}

    def near(self, turn: str, before: str = "") -> Near:
        """How near `turn` is to every candidate.

        Args:
            turn: one turn.
            before: what was said before it; looked at where no candidate has an answer of its own.
        """
        pieces = units.clauses(turn) or [Unit(turn, 0, len(turn))]
        texts = [piece.text for piece in pieces]
        overlap = self._best(self._overlap(set(reflection.content(turn))), self._owners)
        if self._embedding is None or self._vectors is None or self._answers is None:
            whole = np.array(
                [[words_in_common(one, text) for one in self._texts] for text in texts],
                dtype=np.float32,
            ).reshape(len(texts), len(self._texts))
            told = np.zeros(self.size, dtype=np.float32)
        else:
            vectors = self._embedding.embed(texts)
            whole = vectors @ self._vectors.T
            told = self._told(vectors, before)
        rows = np.stack([self._best(row, self._owners) for row in whole])
        top = np.array(
            [
                np.sort(whole.max(axis=0)[self._owners == owner])[-TOP:].mean()
                for owner in range(self.size)
            ],
            dtype=np.float32,
        )
        return Near(pieces, rows, features(rows.max(axis=0), top, told, overlap))

    def _told(self, vectors: NDArray[np.float32], before: str) -> NDArray[np.float32]:
        """Likeness to what is said of each candidate, else of what was said before to it."""
        assert self._embedding is not None
        assert self._vectors is not None
        assert self._answers is not None
        if len(self._answers):
            return self._best((vectors @ self._answers.T).max(axis=0), self._answer_owners)
        if not before.strip():
            return np.zeros(self.size, dtype=np.float32)
        said = self._embedding.embed([piece.text for piece in units.clauses(before)])
        return self._best((said @ self._vectors.T).max(axis=0), self._owners)

    def _best(self, values: NDArray[np.float32], owners: NDArray[np.int64]) -> NDArray[np.float32]:
        """The highest value of each candidate, shape (n,)."""
        out = np.zeros(self.size, dtype=np.float32)
        np.maximum.at(out, owners, values)
        return out

    def _overlap(self, stems: set[str]) -> NDArray[np.float32]:
        """Share of each example's telling words that the turn has, rare ones counting more."""
        shares = []
        for own in self._stems:
            whole = sum(self._weight[stem] for stem in own)
            shares.append(sum(self._weight[s] for s in own & stems) / whole if whole else 0.0)
        return np.array(shares, dtype=np.float32)


def features(
    likeness: NDArray[np.float32],
    top: NDArray[np.float32],
    told: NDArray[np.float32],
    overlap: NDArray[np.float32],
) -> NDArray[np.float32]:
    """What a cross-encoder is told of everything that competes, scaled to about -1..1.

    Args:
        likeness, top, told, overlap: each of shape (n,): to the nearest example, to the nearest
            few, to what is said when it is asked for, and the share of telling words.

    Returns:
        Shape (n, 10): each of the four, each one's distance from its best other, whether the
        likeness is the best, and its distance from the mean.
    """
    if not len(likeness):
        return np.zeros((0, 10), dtype=np.float32)
    columns = [
        likeness * 2 - 0.8, _ahead(likeness) * 3, (_ahead(likeness) > 0),
        (likeness - likeness.mean()) * 3, top * 2 - 0.8, _ahead(top) * 3, told * 2 - 0.8,
        _ahead(told) * 3, overlap * 2, _ahead(overlap) * 2,
    ]  # fmt: skip
    return np.stack(columns, axis=1).astype(np.float32)


def words_in_common(example: str, text: str) -> float:
    """Share of the example's content words in `text`, 0..1; the same words in full count as 1."""
    if fuzz.token_sort_ratio(example.lower(), text.lower()) >= SAME_WORDS:
        return 1.0
    wanted, there = set(reflection.content(example)), set(reflection.content(text))
    hits = len(wanted & there)
    return hits / len(wanted) if hits >= 2 else 0.0


def _ahead(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """How far each value lies from the best other one."""
    ordered = np.sort(values)
    best, second = ordered[-1], ordered[-2] if len(ordered) > 1 else np.float32(0.0)
    out: NDArray[np.float32] = values - np.where(values == best, second, best)
    return out


def _owners(lists: Sequence[Sequence[str]]) -> NDArray[np.int64]:
    return np.array([at for at, texts in enumerate(lists) for _ in texts], dtype=np.int64)
