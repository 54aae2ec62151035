"""Fits one linear score an act to the example phrases and near misses in prompts/acts/.

Ridge regression on `features.matrix`: an act's examples are 1, its near misses 0, and so are, with
less weight, the phrases of other acts. The limit from which a score counts is the one at which the
act's own phrases, each left out in turn (the closed form for ridge: residual / (1 - leverage)),
are told from its near misses best.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trainer.acts import features
from trainer.acts.library import Known
from trainer.domain.acts import ActKind
from trainer.ports.embedding import Embedding

RIDGE = 1.5
OTHERS = 0.3
"""Weight of a phrase of another act; it may well hold this act too."""

CARE = 0.7
"""Beta of the F-measure a limit makes greatest; under 1: a false find costs more than a miss."""

STRAY = 0.15
"""Weight of a phrase of another act as a false find when a limit is chosen."""


STRAYS = 0.02
"""Share of other acts' phrases that may be over a limit; some of them do hold the act."""


@dataclass(frozen=True)
class Fitted:
    """Linear scores: `matrix(...) @ weights`, one column an act.

    Attributes:
        kinds: the acts, in the order of the columns.
        runs: known word runs, ascending hashes. `run_weights`: how much each tells.
        weights: shape (dimensions + len(runs) + 1, len(kinds)).
        limits: score from which an act is there, one an act.
        digests: `digest` of the phrases that each act was fitted on.
    """

    kinds: tuple[ActKind, ...]
    runs: NDArray[np.uint32]
    run_weights: NDArray[np.float32]
    weights: NDArray[np.float32]
    limits: NDArray[np.float32]
    digests: tuple[str, ...]


def digest(known: Known) -> str:
    """Of the phrases of an act; another one after any change."""
    text = "\n".join([*known.examples, "", *known.near])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def fit(known: Mapping[ActKind, Known], embedding: Embedding) -> Fitted:
    """Scores for every act that has examples and near misses."""
    kinds = tuple(kind for kind, one in known.items() if one.examples and one.near)
    texts = [text for kind in kinds for text in (*known[kind].examples, *known[kind].near)]
    runs, run_weights = features.vocabulary(texts)
    rows = features.matrix(embedding.embed(texts), texts, runs, run_weights)
    likeness = (rows @ rows.T).astype(np.float64)
    base = np.asarray(np.linalg.inv(likeness + RIDGE / OTHERS * np.eye(len(texts))), np.float64)
    columns, limits, at = [], [], 0
    for kind in kinds:
        good, near = len(known[kind].examples), len(known[kind].near)
        own = np.arange(at, at + good + near)
        wanted = np.zeros(len(texts))
        wanted[at : at + good] = 1
        dual, alone = _solve(base, own, wanted)
        columns.append(rows.T @ dual)
        heft = np.full(len(texts), STRAY)
        heft[own] = 1
        best = limit(alone, wanted > 0, heft)
        limits.append(max(best, float(np.quantile(np.delete(alone, own), 1 - STRAYS))))
        at += good + near
    return Fitted(
        kinds,
        runs,
        run_weights,
        np.stack(columns, axis=1).astype(np.float32),
        np.array(limits, dtype=np.float32),
        tuple(digest(known[kind]) for kind in kinds),
    )


def _solve(
    base: NDArray[np.float64], own: NDArray[np.intp], wanted: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Dual weights, and each phrase's score when it is left out.

    `base` is the inverse for phrases that all weigh little; the act's own rows are given their full
    weight by Woodbury's identity, so that one inversion serves all acts.
    """
    more = RIDGE / OTHERS - RIDGE
    side = base[:, own]
    core = np.linalg.inv(np.eye(len(own)) / more - base[np.ix_(own, own)])
    dual = base @ wanted
    dual = dual + side @ (core @ dual[own])
    spread = np.diag(base) + np.einsum("ij,jk,ik->i", side, core, side)
    return dual, wanted - dual / spread


def limit(scores: NDArray[np.float64], held: NDArray[np.bool_], heft: NDArray[np.float64]) -> float:
    """The score from which on the F-measure (van Rijsbergen, beta `CARE`) is greatest."""
    order = np.argsort(-scores)
    there = np.where(held, heft, 0)[order]
    both, found = np.cumsum(there), np.cumsum(heft[order])
    weight = CARE**2
    measure = (1 + weight) * both / (found + weight * there.sum())
    return float(scores[order][int(np.argmax(measure))])


def save(fitted: Fitted, path: Path) -> None:
    """Keep the scores; the large part in half precision."""
    np.savez_compressed(
        path,
        kinds=np.array([kind.value for kind in fitted.kinds]),
        runs=fitted.runs,
        run_weights=fitted.run_weights.astype(np.float16),
        weights=fitted.weights.astype(np.float16),
        limits=fitted.limits,
        digests=np.array(fitted.digests),
    )


def load(path: Path) -> Fitted:
    """Scores kept by `save`."""
    with np.load(path, allow_pickle=False) as kept:
        return Fitted(
            tuple(ActKind(kind) for kind in kept["kinds"]),
            kept["runs"],
            kept["run_weights"].astype(np.float32),
            kept["weights"].astype(np.float32),
            kept["limits"],
            tuple(str(one) for one in kept["digests"]),
        )
