"""Starting is quick: nothing heavy is imported before it is needed. Only one place downloads."""

import functools
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "trainer"

HEAVY = {
    "torch",
    "whisper",
    "litellm",
    "xllamacpp",
    "sounddevice",
    "piper",
    "parselmouth",
    "onnxruntime",
    "scipy",
    "pyttsx3",
    "livekit",
    "tokenizers",
    "numba",
}


@functools.cache
def imported_by(module: str) -> set[str]:
    """The top-level packages in memory after importing `module` in a fresh interpreter."""
    code = f"import sys, json, {module}; print(json.dumps([m.split('.')[0] for m in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


def modules(folder: str) -> list[str]:
    """Every module of one stage of the path, by dotted name."""
    files = sorted((PACKAGE / folder).rglob("*.py"))
    names = [".".join(file.relative_to(ROOT).with_suffix("").parts) for file in files]
    return [name.removesuffix(".__init__") for name in names]


STAGES = sorted(folder.name for folder in PACKAGE.iterdir() if (folder / "__init__.py").exists())


@pytest.mark.parametrize("stage", STAGES)
def test_importing_a_whole_stage_loads_nothing_heavy(stage: str) -> None:
    loaded = imported_by(", ".join(modules(stage)))
    assert not loaded & HEAVY
    assert stage in {"tui", "cli"} or "textual" not in loaded


def test_help_needs_neither_screen_nor_engine() -> None:
    assert not imported_by("trainer.cli") & (HEAVY | {"textual", "pydantic", "numpy", "httpx"})


def test_nothing_but_the_weights_stage_downloads() -> None:
    """Words by which code fetches files; models reached for words and voices go through litellm."""
    fetching = re.compile(
        r"urlretrieve|hf_hub_download|snapshot_download|from_pretrained\(|load_model\(\s*[\"']"
        r"|pip[\"'], ?[\"'](download|install)|download_voice|ensure_model"
    )
    guilty = [
        f"{file.relative_to(ROOT)}: {found.group()}"
        for file in sorted(PACKAGE.rglob("*.py"))
        if PACKAGE / "models" not in file.parents
        if (found := fetching.search(file.read_text("utf-8")))
    ]
    assert guilty == []


def test_layers_hold() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
