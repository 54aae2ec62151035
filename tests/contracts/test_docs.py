"""Every command that the documents show runs."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from trainer.cli import _COMMANDS

ROOT = Path(__file__).parents[2]
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
NEEDS_A_PERSON = re.compile(
    r"trainer(?: practice.*| --profile.*)?$|^make |bench |models pull|setup"
)


def commands(doc: Path) -> list[str]:
    """Lines of its shell blocks that neither wait for a person nor download nor measure."""
    blocks = re.findall(r"```sh\n(.*?)```", doc.read_text("utf-8"), re.DOTALL)
    lines = [line.split("  #")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line and not NEEDS_A_PERSON.search(line)]


@pytest.mark.engine
@pytest.mark.parametrize("doc", DOCS, ids=lambda path: path.name)
def test_commands_shown_run(doc: Path, tmp_path: Path) -> None:
    venv = tmp_path / ".venv" / "bin"
    venv.parent.mkdir()
    venv.symlink_to(Path(sys.executable).parent)
    for line in commands(doc):
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", line],
            cwd=tmp_path,
            env=os.environ | {"COLUMNS": "100"},
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        # 1 is a verdict (the doctor of a machine without a microphone), not a mistake in the text
        allowed = {0, 1} if "doctor" in line else {0}
        assert done.returncode in allowed, f"{line}\n{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("doc", DOCS, ids=lambda path: path.name)
def test_links_inside_the_repository_lead_somewhere(doc: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+?)\)", doc.read_text("utf-8")):
        assert (doc.parent / target).exists(), f"{doc.name}: {target}"


@pytest.mark.parametrize("doc", DOCS, ids=lambda path: path.name)
def test_every_command_named_exists(doc: Path) -> None:
    for name in re.findall(r"`(?:\.venv/bin/)?trainer ([a-z]+)", doc.read_text("utf-8")):
        assert name in _COMMANDS, f"{doc.name}: trainer {name}"
