"""The checkpoint made from a CTranslate2 file is the same model under other names."""

import hashlib
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from whisper import load_model
from whisper.model import ModelDimensions, Whisper

from trainer.domain.errors import BadInput
from trainer.models.whisper_checkpoint import convert


@pytest.fixture(scope="module")
def model() -> Any:
    """A model as wide as tiny.en, one layer deep on each side, with random fp16 weights."""
    torch.manual_seed(0)
    dims = ModelDimensions(80, 1500, 384, 6, 1, 51864, 448, 384, 6, 1)
    whisper = Whisper(dims).half()
    with torch.no_grad():
        for weight in whisper.parameters():
            weight.copy_(torch.randn(weight.shape, dtype=torch.float16))
    return whisper


@pytest.fixture(scope="module")
def source(model: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ct2") / "model.bin"
    path.write_bytes(_ctranslate2(model.state_dict()))
    return path


def test_every_tensor_survives_and_the_state_dict_loads_strictly(
    model: Any, source: Path, tmp_path: Path
) -> None:
    convert(source, tmp_path / "tiny.en.pt", "tiny.en")
    loaded = load_model(str(tmp_path / "tiny.en.pt"), device="cpu")
    assert loaded.dims == model.dims
    kept = loaded.state_dict()
    for name, tensor in model.state_dict().items():
        assert torch.equal(kept[name], tensor.float()), name


def test_same_source_gives_same_bytes(source: Path, tmp_path: Path) -> None:
    digests = set()
    for name in ("one.pt", "another.name"):
        convert(source, tmp_path / name, "tiny.en")
        digests.add(hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())
    assert len(digests) == 1


def test_another_model_than_asked_for_is_refused(source: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="another model than base"):
        convert(source, tmp_path / "base.pt", "base")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("keep", [0, 3, 20, 5000, -1])
def test_a_cut_file_is_refused_and_leaves_nothing_behind(
    source: Path, tmp_path: Path, keep: int
) -> None:
    cut = tmp_path / "cut.bin"
    cut.write_bytes(source.read_bytes()[:keep])
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(BadInput, match=r"cut\.bin"):
        convert(cut, out / "tiny.en.pt", "tiny.en")
    assert list(out.iterdir()) == []


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.bin"
    other.write_bytes(b"RIFF" + bytes(100))
    with pytest.raises(BadInput, match="format"):
        convert(other, tmp_path / "tiny.en.pt", "tiny.en")


def _ctranslate2(state: dict[str, Any]) -> bytes:
    """The state dict of a one-layer model in CTranslate2's binary format 6."""
    numbers = {name: value.numpy() for name, value in state.items()}
    variables: dict[str, NDArray[Any]] = {
        "encoder/num_heads": np.array(6, np.int16),
        "decoder/num_heads": np.array(6, np.int16),
        "decoder/embeddings/weight": numbers["decoder.token_embedding.weight"],
    }

    def linear(new: str, *olds: str) -> None:
        weights = [numbers[f"{old}.weight"] for old in olds]
        biases = [
            numbers.get(f"{old}.bias", np.zeros(len(weight), np.float16))
            for old, weight in zip(olds, weights, strict=True)
        ]
        variables[f"{new}/weight"] = np.concatenate(weights)
        variables[f"{new}/bias"] = np.concatenate(biases)

    def norm(new: str, old: str) -> None:
        variables[f"{new}/gamma"] = numbers[f"{old}.weight"]
        variables[f"{new}/beta"] = numbers[f"{old}.bias"]

    linear("encoder/conv1", "encoder.conv1")
    linear("encoder/conv2", "encoder.conv2")
    norm("encoder/layer_norm", "encoder.ln_post")
    norm("decoder/layer_norm", "decoder.ln")
    for side in ("encoder", "decoder"):
        position = numbers[f"{side}.positional_embedding"]
        variables[f"{side}/position_encodings/encodings"] = position
        new, old = f"{side}/layer_0", f"{side}.blocks.0"
        norm(f"{new}/self_attention/layer_norm", f"{old}.attn_ln")
        fused = [f"{old}.attn.{part}" for part in ("query", "key", "value")]
        linear(f"{new}/self_attention/linear_0", *fused)
        linear(f"{new}/self_attention/linear_1", f"{old}.attn.out")
        norm(f"{new}/ffn/layer_norm", f"{old}.mlp_ln")
        linear(f"{new}/ffn/linear_0", f"{old}.mlp.0")
        linear(f"{new}/ffn/linear_1", f"{old}.mlp.2")
    cross, old = "decoder/layer_0/attention", "decoder.blocks.0.cross_attn"
    norm(f"{cross}/layer_norm", f"{old}_ln")
    linear(f"{cross}/linear_0", f"{old}.query")
    linear(f"{cross}/linear_1", f"{old}.key", f"{old}.value")
    linear(f"{cross}/linear_2", f"{old}.out")

    def text(value: str) -> bytes:
        return struct.pack("<H", len(value) + 1) + value.encode() + b"\0"

    parts = [struct.pack("<I", 6), text("WhisperSpec"), struct.pack("<II", 3, len(variables))]
    for name, value in sorted(variables.items()):
        parts += [text(name), struct.pack("<B", value.ndim)]
        parts += [struct.pack("<I", size) for size in value.shape]
        kind = {"float32": 0, "int16": 2, "float16": 4}[value.dtype.name]
        parts += [struct.pack("<BI", kind, value.nbytes), value.tobytes()]
    return b"".join(parts)
