"""A CTranslate2 Whisper file becomes a checkpoint that openai-whisper loads.

CTranslate2 keeps the same fp16 tensors under other names: query, key and value are stacked in one
matrix (the key's bias, which Whisper does not have, is stored as zeros) and the output projection
is the token embedding. Renaming and splitting is all it takes; no number changes.
"""

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from trainer.domain.errors import BadInput

Name = Literal["base", "tiny.en"]

_VERSION = 6  # of the binary format
_SPEC = "WhisperSpec"
_DTYPES = (np.float32, np.int8, np.int16, np.int32, np.float16)  # by type id; 5 is bfloat16
_WIDTH = {"base": (512, 51865), "tiny.en": (384, 51864)}  # model width, vocabulary

_Array = NDArray[Any]


def convert(source: Path, out: Path, name: Name) -> None:
    """Write `out` so that `whisper.load_model(str(out))` loads it strictly. Needs torch.

    The same source gives the same bytes with the same release of torch. `out` appears whole or
    not at all.

    Args:
        source: a CTranslate2 `model.bin`, binary format 6, fp16 or fp32.
        out: the checkpoint `{"dims", "model_state_dict"}` to write; its folder exists.
        name: which model `source` is meant to hold.

    Raises:
        BadInput: `source` is not that file, or is damaged.
    """
    import torch

    try:
        tensors = _read(source.read_bytes())
        dims = _dims(tensors)
        if (dims["n_text_state"], dims["n_vocab"]) != _WIDTH[name]:
            raise ValueError(f"it holds another model than {name}")
        state = {key: torch.from_numpy(np.array(value)) for key, value in _renamed(tensors)}
    except (ValueError, KeyError, struct.error, UnicodeDecodeError) as why:
        raise BadInput(
            f"{source} is not the Whisper file it should be: {why}.",
            f"Fetch it again: trainer models pull whisper-{name}",
        ) from why
    part = out.with_name(out.name + ".part")
    try:
        # an open file, not a path: torch would write the path's name into the archive
        with part.open("wb") as file:
            torch.save({"dims": dims, "model_state_dict": state}, file)
        os.replace(part, out)
    finally:
        part.unlink(missing_ok=True)


def _read(data: bytes) -> dict[str, _Array]:
    """The file's variables by name.

    The file: version, spec name, revision, count, then name, shape, type, size and bytes of each.
    """
    at = 0

    def number(code: Literal["B", "H", "I"]) -> int:
        nonlocal at
        (value,) = struct.unpack_from(f"<{code}", data, at)
        at += struct.calcsize(code)
        return int(value)

    def text() -> str:
        nonlocal at
        size = number("H")  # counts the closing zero byte
        at += size
        return data[at - size : at - 1].decode()

    if number("I") != _VERSION or text() != _SPEC:
        raise ValueError("not a CTranslate2 Whisper model of a known format")
    number("I")  # revision
    tensors = {}
    for _ in range(number("I")):
        name = text()
        shape = [number("I") for _ in range(number("B"))]
        kind = number("B")
        if kind >= len(_DTYPES):
            raise ValueError(f"{name} has an unknown number type")
        size = number("I")
        count = size // np.dtype(_DTYPES[kind]).itemsize
        tensors[name] = np.frombuffer(data, _DTYPES[kind], count, at).reshape(shape)
        at += size
    return tensors


def _dims(tensors: dict[str, _Array]) -> dict[str, int]:
    """openai-whisper's `ModelDimensions`, read off the tensors' shapes."""
    vocab, text_state = tensors["decoder/embeddings/weight"].shape
    audio_ctx, audio_state = tensors["encoder/position_encodings/encodings"].shape
    return {
        "n_mels": tensors["encoder/conv1/weight"].shape[1],
        "n_audio_ctx": audio_ctx,
        "n_audio_state": audio_state,
        "n_audio_head": int(tensors["encoder/num_heads"]),
        "n_audio_layer": _layers(tensors, "encoder"),
        "n_vocab": vocab,
        "n_text_ctx": tensors["decoder/position_encodings/encodings"].shape[0],
        "n_text_state": text_state,
        "n_text_head": int(tensors["decoder/num_heads"]),
        "n_text_layer": _layers(tensors, "decoder"),
    }


def _layers(tensors: dict[str, _Array], side: str) -> int:
    return len(
        {name.split("/")[1] for name in tensors if name.startswith(f"{side}/layer_")}
        - {"layer_norm"}
    )


def _renamed(tensors: dict[str, _Array]) -> Iterator[tuple[str, _Array]]:
    """Every tensor of openai-whisper's state dict, in a fixed order."""
    for side, norm in (("encoder", "ln_post"), ("decoder", "ln")):
        yield f"{side}.positional_embedding", tensors[f"{side}/position_encodings/encodings"]
        yield from _norm(tensors, f"{side}/layer_norm", f"{side}.{norm}")
        for layer in range(_layers(tensors, side)):
            yield from _block(tensors, f"{side}/layer_{layer}", f"{side}.blocks.{layer}")
    for conv in ("conv1", "conv2"):
        yield from _linear(tensors, f"encoder/{conv}", f"encoder.{conv}")
    yield "decoder.token_embedding.weight", tensors["decoder/embeddings/weight"]


def _block(tensors: dict[str, _Array], old: str, new: str) -> Iterator[tuple[str, _Array]]:
    own = f"{old}/self_attention"
    yield from _norm(tensors, f"{own}/layer_norm", f"{new}.attn_ln")
    yield from _split(tensors, f"{own}/linear_0", f"{new}.attn", ("query", "key", "value"))
    yield from _linear(tensors, f"{own}/linear_1", f"{new}.attn.out")
    if f"{old}/attention/linear_0/weight" in tensors:  # the decoder's attention to the sound
        cross = f"{old}/attention"
        yield from _norm(tensors, f"{cross}/layer_norm", f"{new}.cross_attn_ln")
        yield from _linear(tensors, f"{cross}/linear_0", f"{new}.cross_attn.query")
        yield from _split(tensors, f"{cross}/linear_1", f"{new}.cross_attn", ("key", "value"))
        yield from _linear(tensors, f"{cross}/linear_2", f"{new}.cross_attn.out")
    yield from _norm(tensors, f"{old}/ffn/layer_norm", f"{new}.mlp_ln")
    yield from _linear(tensors, f"{old}/ffn/linear_0", f"{new}.mlp.0")
    yield from _linear(tensors, f"{old}/ffn/linear_1", f"{new}.mlp.2")


def _split(
    tensors: dict[str, _Array], old: str, new: str, parts: tuple[str, ...]
) -> Iterator[tuple[str, _Array]]:
    weights = np.split(tensors[f"{old}/weight"], len(parts))
    biases = np.split(tensors[f"{old}/bias"], len(parts))
    for part, weight, bias in zip(parts, weights, biases, strict=True):
        yield f"{new}.{part}.weight", weight
        if part != "key":
            yield f"{new}.{part}.bias", bias
        elif bias.any():
            raise ValueError(f"{old} has a key bias, which Whisper has no place for")


def _linear(tensors: dict[str, _Array], old: str, new: str) -> Iterator[tuple[str, _Array]]:
    yield f"{new}.weight", tensors[f"{old}/weight"]
    yield f"{new}.bias", tensors[f"{old}/bias"]


def _norm(tensors: dict[str, _Array], old: str, new: str) -> Iterator[tuple[str, _Array]]:
    yield f"{new}.weight", tensors[f"{old}/gamma"]
    yield f"{new}.bias", tensors[f"{old}/beta"]
