"""Engines that compute each text once: scripts and labelled turns say the same words many times."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from trainer.ports.embedding import Compared, CrossEncoder, Embedding


class Remembered:
    """An embedding that computes each text once."""

    def __init__(self, embedding: Embedding) -> None:
        self.name = embedding.name
        self._embedding = embedding
        self._known: dict[str, NDArray[np.float32]] = {}

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit-length vectors, shape (len(texts), dimensions)."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known |= dict(zip(new, self._embedding.embed(new), strict=True))
        return np.array([self._known[text] for text in texts], dtype=np.float32)


class RememberedReading(Remembered):
    """The same, with a cross-encoder that compares each turn with the same candidates once."""

    def __init__(self, embedding: Embedding, cross: CrossEncoder) -> None:
        super().__init__(embedding)
        self._cross = cross
        self._compared: dict[tuple[str, str, tuple[str, ...], bytes], Compared] = {}

    def compare(
        self,
        before: str,
        text: str,
        candidates: Sequence[str],
        near: NDArray[np.float32],
        shape: NDArray[np.float32],
    ) -> Compared:
        """See `CrossEncoder.compare`."""
        key = (before, text, tuple(candidates), near.tobytes())
        if key not in self._compared:
            self._compared[key] = self._cross.compare(before, text, candidates, near, shape)
        return self._compared[key]


def remembered(embedding: Embedding | None) -> Embedding | None:
    """`embedding`, computing each text once; with its cross-encoder, where it has one."""
    if embedding is None:
        return None
    if isinstance(embedding, CrossEncoder):
        return RememberedReading(embedding, embedding)
    return Remembered(embedding)
