"""Sentence vectors of the turn at hand, made once for everything that looks at its pieces."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from trainer.ports.embedding import Embedding

KEPT = 64
"""Pieces remembered; a turn has fewer."""


class Recent:
    """An embedding that remembers the last pieces it was asked for."""

    def __init__(self, embedding: Embedding) -> None:
        self.name = embedding.name
        self._embedding = embedding
        self._kept: dict[str, NDArray[np.float32]] = {}

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit-length vectors, shape (len(texts), dimensions)."""
        if len(texts) > KEPT:
            return self._embedding.embed(texts)
        new = [text for text in dict.fromkeys(texts) if text not in self._kept]
        if new:
            if len(self._kept) + len(new) > KEPT:
                self._kept = {text: self._kept[text] for text in texts if text in self._kept}
            self._kept |= dict(zip(new, self._embedding.embed(new), strict=True))
        return np.array([self._kept[text] for text in texts], dtype=np.float32)
