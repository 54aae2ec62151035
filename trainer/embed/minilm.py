"""Sentence vectors from all-MiniLM-L6-v2 (int8): about 10 ms a turn on one thread."""

import hashlib
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainer import models
from trainer.domain.errors import EngineFailed
from trainer.embed import cross_encoder
from trainer.ports.embedding import Compared
from trainer.settings import cache_dir

DIMENSIONS = 384
MAX_TOKENS = 128
"""Tokens of a sentence that are looked at; a turn is split into sentences before it comes here."""

SHELF = 64
"""From this many texts on, vectors are kept on disk: so many at once are example phrases from
files, never what somebody just said."""

SHELVES = 48
"""Files of kept vectors; the oldest go first."""

_BATCH = 32


def create() -> "MiniLM":
    """The embedding engine, loaded on its first use.

    Raises:
        EngineMissing: the weights are not here.
    """
    files = models.find("minilm"), models.find("minilm-tokenizer")
    return Comparing(*files) if cross_encoder.FITTED.exists() else MiniLM(*files)


class MiniLM:
    """Unit-length sentence vectors, shape (n, 384). May be used from several threads."""

    name = "minilm"

    def __init__(self, model: Path, tokenizer: Path) -> None:
        self._files = (model, tokenizer)
        self._loaded: tuple[Any, Any] | None = None
        self._lock = threading.Lock()

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit-length vectors, shape (len(texts), 384).

        Raises:
            EngineFailed: the weights cannot be loaded or run.
        """
        if not texts:
            return np.zeros((0, DIMENSIONS), dtype=np.float32)
        if len(texts) < SHELF:
            return self._compute(texts)
        shelf = self._shelf(texts)
        kept = _read(shelf, len(texts))
        if kept is None:
            kept = self._compute(texts)
            _write(shelf, kept)
        return kept

    def _compute(self, texts: Sequence[str]) -> NDArray[np.float32]:
        with self._lock:
            session, tokenizer = self._load()
            out = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
            # similar lengths together: padding costs as much as words
            order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
            for start in range(0, len(order), _BATCH):
                rows = order[start : start + _BATCH]
                out[rows] = _vectors(session, tokenizer, [texts[row] for row in rows])
            return out

    def _load(self) -> tuple[Any, Any]:
        if self._loaded is None:
            import onnxruntime
            from tokenizers import Tokenizer

            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = 1
            options.inter_op_num_threads = 1
            options.log_severity_level = 3
            model, tokens = self._files
            try:
                session = onnxruntime.InferenceSession(
                    str(model), options, providers=["CPUExecutionProvider"]
                )
                tokenizer = Tokenizer.from_file(str(tokens))
            except Exception as error:  # onnxruntime and tokenizers raise their own untyped errors
                raise EngineFailed(
                    f"The sentence model could not be loaded: {error}", "Try: trainer models verify"
                ) from error
            tokenizer.enable_truncation(MAX_TOKENS)
            tokenizer.enable_padding()
            self._loaded = (session, tokenizer)
        return self._loaded

    def _shelf(self, texts: Sequence[str]) -> Path:
        key = hashlib.sha256()
        model = self._files[0].stat()
        key.update(f"{model.st_size} {model.st_mtime_ns}".encode())
        for text in texts:
            key.update(text.encode() + b"\0")
        return cache_dir() / "vectors" / f"{self.name}-{key.hexdigest()[:24]}.npy"


class Comparing(MiniLM):
    """The sentence model with the cross-encoder that was fitted on it."""

    def __init__(self, model: Path, tokenizer: Path) -> None:
        super().__init__(model, tokenizer)
        self._cross = cross_encoder.FittedCrossEncoder(model, tokenizer)

    def compare(
        self,
        before: str,
        text: str,
        candidates: Sequence[str],
        near: NDArray[np.float32],
        shape: NDArray[np.float32],
    ) -> Compared:
        """See `trainer.ports.embedding.CrossEncoder`."""
        return self._cross.compare(before, text, candidates, near, shape)


def _vectors(session: Any, tokenizer: Any, texts: list[str]) -> NDArray[np.float32]:
    coded = tokenizer.encode_batch(texts)
    feeds = {
        "input_ids": np.array([code.ids for code in coded], dtype=np.int64),
        "attention_mask": np.array([code.attention_mask for code in coded], dtype=np.int64),
        "token_type_ids": np.array([code.type_ids for code in coded], dtype=np.int64),
    }
    wanted = {given.name for given in session.get_inputs()}
    tokens = session.run(None, {name: feed for name, feed in feeds.items() if name in wanted})[0]
    if tokens.ndim == 3:  # token vectors: the sentence is their mean
        mask = feeds["attention_mask"][..., None].astype(np.float32)
        tokens = (tokens * mask).sum(axis=1) / mask.sum(axis=1)
    length = np.linalg.norm(tokens, axis=1, keepdims=True)
    unit: NDArray[np.float32] = (tokens / np.maximum(length, 1e-9)).astype(np.float32)
    return unit


def _read(shelf: Path, count: int) -> NDArray[np.float32] | None:
    try:
        kept: NDArray[np.float32] = np.load(shelf, allow_pickle=False)
    except (OSError, ValueError):
        return None
    return kept if kept.shape == (count, DIMENSIONS) and kept.dtype == np.float32 else None


def _write(shelf: Path, vectors: NDArray[np.float32]) -> None:
    """Keep the vectors; a full or read-only disk only costs the time next time."""
    half = shelf.with_name(f"{shelf.stem}.{os.getpid()}.half.npy")
    try:
        shelf.parent.mkdir(parents=True, exist_ok=True)
        np.save(half, vectors)
        half.replace(shelf)
        kept = sorted(shelf.parent.glob("*.npy"), key=lambda file: file.stat().st_mtime)
        for old in kept[:-SHELVES]:
            old.unlink(missing_ok=True)
    except OSError:
        half.unlink(missing_ok=True)
