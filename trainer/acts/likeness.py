"""How like an act's phrases a piece of a turn is.

Shipped phrases are looked at through scores fitted on them (`fit`). Phrases that a team or a person
added are compared with one by one, so that an edited file counts at once and nothing is fitted on
anybody's machine.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trainer.acts import features, fit, library
from trainer.acts.library import Known
from trainer.domain.acts import ActKind
from trainer.ports.embedding import Embedding

FITTED = Path(__file__).with_name("fitted.npz")
"""Scores fitted on the shipped phrases; `scripts/fit_acts.py` makes it anew."""

MARGIN = 0.05
"""An example must be nearer than any near miss by this much."""


class Likeness:
    """Scores pieces of turns; phrases that were added are embedded once.

    Args:
        known: the acts in force.
        embedding: sentence vectors.
    """

    def __init__(self, known: dict[ActKind, Known], embedding: Embedding) -> None:
        self._embedding = embedding
        self._known = known
        shipped = library.load(())
        kept = fitted()
        good = {
            kind
            for kind, digest in zip(kept.kinds, kept.digests, strict=True)
            if digest == fit.digest(shipped[kind]) and _holds_all(known[kind], shipped[kind])
        }
        self._fitted = kept
        self._columns = {kind: at for at, kind in enumerate(kept.kinds) if kind in good}
        added = {kind: _added(one, shipped[kind], kind in good) for kind, one in known.items()}
        self._added = {kind: one for kind, one in added.items() if one[0]}
        self._vectors = {
            kind: (embedding.embed(examples), embedding.embed(near))
            for kind, (examples, near) in self._added.items()
        }

    def over(self, texts: Sequence[str]) -> list[dict[ActKind, float]]:
        """For each text, how far each act's score is over its limit; at or above 0 it is there.

        Shipped phrases give about -0.6..+0.8; an added phrase that is near enough gives its
        likeness over what is enough.
        """
        return self._scored(texts, self._embedding.embed(texts)) if texts else []

    def of_the_whole(self, whole: str, pieces: Sequence[str]) -> dict[ActKind, float]:
        """The same for a turn of several pieces that were looked at before.

        Its vector is put together from theirs, by their words: the model's sentence vector is a
        mean over words anyway, and looking again would take as long as all pieces took.
        """
        weights = np.array([[len(piece.split())] for piece in pieces], dtype=np.float32)
        mean = (self._embedding.embed(pieces) * weights).sum(axis=0)
        return self._scored([whole], mean[None] / max(float(np.linalg.norm(mean)), 1e-9))[0]

    def _scored(
        self, texts: Sequence[str], vectors: NDArray[np.float32]
    ) -> list[dict[ActKind, float]]:
        kept = self._fitted
        scores = (
            features.matrix(vectors, texts, kept.runs, kept.run_weights) @ kept.weights
            - kept.limits
        )
        found = []
        for vector, row in zip(vectors, scores, strict=True):
            over = {kind: float(row[at]) for kind, at in self._columns.items()}
            for kind in self._added:
                over[kind] = max(over.get(kind, -1.0), self._neighbour(kind, vector))
            found.append(over)
        return found

    def _neighbour(self, kind: ActKind, vector: NDArray[np.float32]) -> float:
        examples, near = self._vectors[kind]
        best = float(np.max(examples @ vector, initial=0.0))
        miss = float(np.max(near @ vector, initial=0.0)) if len(near) else 0.0
        return best - self._known[kind].near_enough if best - miss >= MARGIN else -1.0


@lru_cache(maxsize=1)
def fitted() -> fit.Fitted:
    """The shipped scores."""
    return fit.load(FITTED)


def _holds_all(known: Known, shipped: Known) -> bool:
    return set(shipped.examples) <= set(known.examples) and set(shipped.near) <= set(known.near)


def _added(known: Known, shipped: Known, beside: bool) -> tuple[list[str], list[str]]:
    """Examples and near misses to compare with: those added to the fitted ones, or all."""
    if not beside:
        return list(known.examples), list(known.near)
    examples = [text for text in known.examples if text not in set(shipped.examples)]
    near = [text for text in known.near if text not in set(shipped.near)]
    return examples, near
