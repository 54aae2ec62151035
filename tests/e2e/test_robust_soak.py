"""The short form of `make soak`: an hour on a clock that jumps, half a minute on devices."""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


def soak(*args: str | Path) -> tuple[int, dict[str, Any], str]:
    # files, not pipes: a script that ends by its own alarm leaves children who hold a pipe open
    with TemporaryFile("w+") as out, TemporaryFile("w+") as err:
        done = subprocess.run(
            [sys.executable, ROOT / "scripts" / "soak.py", "--json", *args],
            stdout=out,
            stderr=err,
            timeout=280,
            check=False,
        )
        out.seek(0)
        err.seek(0)
        found, said = out.read(), err.read()
    assert found, said
    return done.returncode, json.loads(found), said


@pytest.mark.slow
def test_an_hour_of_call_leaves_memory_flat_and_a_whole_recording(tmp_path: Path) -> None:
    code, found, said = soak("--real", "0", "--simulated", "60", "--write", tmp_path / "soak.md")
    assert code == 0, said
    hour = found["simulated"]
    assert hour["minutes"] >= 60
    assert hour["agent_turns"] > 100
    assert hour["growth_mb"] <= 16
    assert hour["recording_short_s"] == 0
    table = (tmp_path / "soak.md").read_text()
    assert "| simulated | " in table


@pytest.mark.slow
@pytest.mark.engine
@pytest.mark.device
def test_no_callback_is_overrun_while_another_program_keeps_a_core_busy() -> None:
    _, found, said = soak("--real", "0.6", "--simulated", "0")
    call = found["real"]
    assert call["overruns"] == 0, said
    assert call["busy"]
    assert abs(call["recording_short_s"]) < 0.1
    assert call["ended"] == "agent_ended"
    assert 1 <= call["agent_turns"] <= call["agent_said"]
    assert call["customer_turns"] >= call["agent_turns"]  # the last one may be cut by the end
