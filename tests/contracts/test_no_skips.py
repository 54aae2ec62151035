"""Where nothing may be skipped, a skip is a failure; elsewhere it is a skip."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).resolve().parents[1] / "conftest.py"
SKIPPING = {
    "in the test": "import pytest\ndef test_a():\n    pytest.skip('no data')\n",
    "in a fixture": "def test_a(eval_data):\n    pass\n",
    "of the module": "import pytest\npytest.skip('no data', allow_module_level=True)\n",
}


@pytest.mark.parametrize("where", SKIPPING)
@pytest.mark.parametrize(("asked", "allowed"), [("1", False), ("0", True)])
def test_a_skip_counts_as_asked(where: str, asked: str, allowed: bool, tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST.read_text("utf-8"))
    (tmp_path / "test_it.py").write_text(SKIPPING[where])
    env = {**os.environ, "TRAINER_NO_SKIPS": asked}
    env.pop("TRAINER_EVAL_DATA", None)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(
        command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )
    skipped = "1 skipped" in done.stdout
    assert skipped == allowed, done.stdout
    assert ("no data" in done.stdout or "evaluation data" in done.stdout) or allowed
    assert (done.returncode in {0, 5}) == allowed
