"""The command as a shell calls it: names that do not exist, output that nobody reads."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from trainer.cli import main
from trainer.cli.machine import family


def test_an_unknown_command_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["clals", "list"]) == 2
    assert "Did you mean “calls”?" in capsys.readouterr().err


@pytest.mark.parametrize("command", [("config", "show"), ("--help",)])
def test_whoever_stops_reading_has_seen_enough(command: tuple[str, ...]) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "trainer", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.close()
    assert (running.wait(), running.stderr.read()) == (0, b"")


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux's list of processes")
def test_a_bench_that_is_interrupted_says_so_once() -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "trainer", "persona", "bench", "olsen-outage"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )
    while len(family(running.pid)) < 3:  # its helpers are on their way
        assert running.poll() is None
        time.sleep(0.02)
    time.sleep(0.3)
    os.killpg(running.pid, signal.SIGINT)
    said = running.communicate(timeout=60)[1]
    assert running.returncode == 130
    assert said.strip().endswith("Stopped.")
    assert "Traceback" not in said
