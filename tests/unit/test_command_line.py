"""The command as a shell calls it: names that do not exist, output that nobody reads."""

import subprocess
import sys

import pytest

from trainer.cli import main


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
