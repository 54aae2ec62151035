"""The converted checkpoints hear what people said."""

from pathlib import Path
from typing import Any

import jiwer
import pytest
import torch
import whisper
from whisper.normalizers import EnglishTextNormalizer

from trainer import models
from trainer.audio.files import load_turn

pytestmark = pytest.mark.engine

_SAID = {
    "jfk": (
        "And so my fellow Americans ask not what your country can do for you "
        "ask what you can do for your country",
        0.0,
    ),
    "libri_2412-153948-0000": (
        "If the reader will excuse me I will say nothing of my antecedents nor of the "
        "circumstances which led me to leave my native country the narrative would be tedious "
        "to him and painful to myself",
        0.0,
    ),
    "LJ002-0020": ("in eighteen thirteen", 0.0),
    "LJ002-0035": ("eight the press yard", 0.0),
    "ami_ES2011a_H0_40-46s": ("um I'm Abigail Claflin, you can call me Abbie", 0.4),  # names
}


@pytest.fixture(scope="module", params=["base", "tiny.en"])
def model(request: pytest.FixtureRequest) -> Any:
    torch.set_num_threads(1)  # spinning threads crawl when another core is busy
    return whisper.load_model(str(models.find(f"whisper-{request.param}")), device="cpu")


def test_the_state_dict_is_complete_and_loads_strictly(model: Any) -> None:
    checkpoint = torch.load(
        models.find("whisper-base" if model.is_multilingual else "whisper-tiny.en"),
        weights_only=True,
    )
    fresh = whisper.model.Whisper(whisper.model.ModelDimensions(**checkpoint["dims"]))
    kept = fresh.load_state_dict(checkpoint["model_state_dict"], strict=True)
    assert (kept.missing_keys, kept.unexpected_keys) == ([], [])


@pytest.mark.parametrize("name", _SAID)
def test_the_transcript_is_what_was_said(model: Any, name: str, eval_data: Path) -> None:
    said, allowed = _SAID[name]
    audio = load_turn(eval_data / "speech" / f"{name}.flac")
    result = model.transcribe(audio, language="en", temperature=0.0, fp16=False)
    alike = EnglishTextNormalizer()
    assert jiwer.wer(alike(said), alike(result["text"])) <= allowed
