"""What a fitted act looks at in a piece of a turn: its sentence vector and its short word runs.

The vector knows what is talked about, the word runs (“sorry but”, “you should have”) what the words
do; on sentences of our own the two together are better than either.
"""

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from trainer.acts import phrases

SEEN = 2
"""Phrases that a word run must stand in to be looked at."""

_WORD = re.compile(r"[a-z']+|\d+|[?]")


def runs(text: str) -> set[int]:
    """Words, pairs, pairs with one word between, and triples of `text`, as 32-bit hashes."""
    words = ["#" if word.isdigit() else word for word in _WORD.findall(phrases.normal(text))]
    line = ["^", *words, "$"]
    found = set(words)
    found.update(f"{a}_{b}" for a, b in pairwise(line))
    found.update(f"{a}..{b}" for a, b in zip(line, line[2:], strict=False))
    found.update(f"{a}_{b}_{c}" for a, b, c in zip(line, line[1:], line[2:], strict=False))
    return {zlib.crc32(run.encode()) for run in found}


def vocabulary(texts: Iterable[str]) -> tuple[NDArray[np.uint32], NDArray[np.float32]]:
    """The runs seen in at least `SEEN` texts, ascending, and the weight of each.

    The weight is the root of the inverse document frequency: rare runs tell more.
    """
    seen = [runs(text) for text in texts]
    counts = Counter(run for one in seen for run in one)
    kept = sorted(run for run, count in counts.items() if count >= SEEN)
    weights = [np.sqrt(np.log(len(seen) / counts[run])) for run in kept]
    return np.array(kept, dtype=np.uint32), np.array(weights, dtype=np.float32)


def counted(
    texts: Sequence[str], known: NDArray[np.uint32], weights: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Weighted runs in rows of unit length, shape (len(texts), len(known)); zero: none is known."""
    rows = np.zeros((len(texts), len(known)), dtype=np.float32)
    for index, text in enumerate(texts):
        row = rows[index]
        here = np.array(sorted(runs(text)), dtype=np.uint32)
        at = np.searchsorted(known, here)
        hits = at[(at < len(known)) & (known[np.minimum(at, len(known) - 1)] == here)]
        row[hits] = weights[hits]
        length = float(np.linalg.norm(row))
        if length:
            row /= length
    return rows


def matrix(
    vectors: NDArray[np.float32],
    texts: Sequence[str],
    known: NDArray[np.uint32],
    weights: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Everything in one row a text: sentence vector, word runs, and a one."""
    ones = np.ones((len(texts), 1), dtype=np.float32)
    return np.hstack([vectors, counted(texts, known, weights), ones])
