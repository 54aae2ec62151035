"""A cross-encoder on the sentence model: the same base, adapted to compare a turn with candidates.

The repository carries only what was fitted (`cross_encoder.npz`, made by
`scripts/fit_cross_encoder.py`): new int8 values of the base's linear layers, and the small heads.
The base's graph and word vectors are pulled and verified like every weight; the two are put
together in the cache on first use, with arithmetic in int8 where the base computes in floats.
"""

import hashlib
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainer.domain.errors import EngineFailed
from trainer.embed import pairs
from trainer.ports.embedding import Compared
from trainer.settings import cache_dir

KEPT = 32
"""Turns remembered."""

FITTED = Path(__file__).with_name("cross_encoder.npz")


class FittedCrossEncoder:
    """Compares turns with candidates. May be used from several threads.

    Args:
        base: the sentence model (ONNX).
        tokenizer: its tokenizer.
        fitted: what was fitted.
    """

    def __init__(self, base: Path, tokenizer: Path, fitted: Path = FITTED) -> None:
        self._files = (base, tokenizer, fitted)
        self._loaded: tuple[Any, Any, dict[str, NDArray[np.float32]]] | None = None
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, str, tuple[str, ...]], Compared] = {}

    def compare(
        self,
        before: str,
        text: str,
        candidates: Sequence[str],
        near: NDArray[np.float32],
        shape: NDArray[np.float32],
    ) -> Compared:
        """See `CrossEncoder.compare`. Candidates that find no room count as not touched.

        The last turns are remembered: a draft of a turn is often read before the turn itself.
        """
        key = (before, text, tuple(candidates))
        with self._lock:
            if (known := self._kept.get(key)) is None:
                known = self._compare(before, text, candidates, near, shape)
                self._kept[key] = known
                if len(self._kept) > KEPT:
                    del self._kept[next(iter(self._kept))]
            return known

    def _compare(
        self,
        before: str,
        text: str,
        candidates: Sequence[str],
        near: NDArray[np.float32],
        shape: NDArray[np.float32],
    ) -> Compared:
        session, tokenizer, heads = self._load()
        ids, segments, places = pairs.line(
            lambda part: tokenizer.encode(part, add_special_tokens=False).ids,
            before, text, candidates,
        )  # fmt: skip
        feeds = {
            "input_ids": np.array([ids], dtype=np.int64),
            "attention_mask": np.ones((1, len(ids)), dtype=np.int64),
            "token_type_ids": np.array([segments], dtype=np.int64),
        }
        hidden = session.run(None, feeds)[0][0]
        seen = np.concatenate([hidden[places], near[: len(places)]], axis=1)
        states = np.zeros((len(candidates), heads["state.2.bias"].shape[0]), dtype=np.float32)
        states[:, 0] = 1.0
        asked = np.zeros(len(candidates), dtype=np.float32)
        if places:
            states[: len(places)] = _softmax(_head(seen, heads, "state"))
            asked[: len(places)] = 1 / (1 + np.exp(-_head(seen, heads, "ask")[:, 0]))
        turn = np.concatenate([hidden[0], shape])[None]
        kinds = _softmax(turn @ heads["kind.weight"].T + heads["kind.bias"])[0]
        return Compared(kinds, states, asked)

    def _load(self) -> tuple[Any, Any, dict[str, NDArray[np.float32]]]:
        if self._loaded is None:
            import onnxruntime
            from tokenizers import Tokenizer

            base, tokens, fitted = self._files
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = 1
            options.inter_op_num_threads = 1
            options.log_severity_level = 3
            try:
                with np.load(fitted, allow_pickle=False) as kept:
                    heads = {
                        name[5:]: kept[name].astype(np.float32)
                        for name in kept.files
                        if name.startswith("head.")
                    }
                session = onnxruntime.InferenceSession(
                    str(_put_together(base, fitted)), options, providers=["CPUExecutionProvider"]
                )
                tokenizer = Tokenizer.from_file(str(tokens))
                tokenizer.no_truncation()
                tokenizer.no_padding()
            except Exception as error:  # each library raises its own untyped errors
                raise EngineFailed(
                    f"The reader of turns could not be loaded: {error}",
                    "Try: trainer models verify",
                ) from error
            self._loaded = (session, tokenizer, heads)
        return self._loaded


def _put_together(base: Path, fitted: Path) -> Path:
    """The adapted model in the cache; made where it is not there yet."""
    key = hashlib.sha256(fitted.read_bytes())
    key.update(f"{base.stat().st_size} {base.stat().st_mtime_ns}".encode())
    made = cache_dir() / "adapted" / f"cross-encoder-{key.hexdigest()[:24]}.onnx"
    if not made.exists():
        from trainer.embed.adapting import adapt

        made.parent.mkdir(parents=True, exist_ok=True)
        half = made.with_name(f"{made.stem}.{os.getpid()}.half")
        adapt(base, fitted, half)
        half.replace(made)
    return made


def _head(seen: NDArray[np.float32], heads: dict[str, Any], name: str) -> NDArray[np.float32]:
    """Two layers with a GELU (tanh form; Hendrycks and Gimpel, 2016) between them."""
    x = seen @ heads[f"{name}.0.weight"].T + heads[f"{name}.0.bias"]
    x = 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))
    out: NDArray[np.float32] = x @ heads[f"{name}.2.weight"].T + heads[f"{name}.2.bias"]
    return out


def _softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    out: NDArray[np.float32] = (raised / raised.sum(axis=1, keepdims=True)).astype(np.float32)
    return out
