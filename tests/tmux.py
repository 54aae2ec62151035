"""A real terminal for tests: a private tmux server that runs one program and shows its screen."""

import os
import shlex
import subprocess
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path


class Terminal:
    """One program in one window."""

    def __init__(self, name: str) -> None:
        self._name = name

    def screen(self) -> str:
        """What a person sees now."""
        return self._tmux("capture-pane", "-p", "-t", "0")

    def press(self, *keys: str) -> None:
        """Press keys, by tmux's names."""
        self._tmux("send-keys", "-t", "0", *keys)

    def type(self, text: str) -> None:
        """Type text and press Enter."""
        self._tmux("send-keys", "-t", "0", "-l", text)
        self.press("Enter")

    def wait(self, *words: str, seconds: float = 60) -> str:
        """Wait until one of `words` is on the screen; returns the screen."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            seen = self.screen()
            if any(word in seen for word in words):
                return seen
            time.sleep(0.1)
        raise AssertionError(f"none of {words} appeared in {seconds} s:\n{self.screen()}")

    def _tmux(self, *args: str) -> str:
        done = subprocess.run(
            ["tmux", "-L", self._name, *args], capture_output=True, text=True, check=False
        )
        return done.stdout


@contextmanager
def terminal(
    command: Sequence[str | Path],
    cwd: Path,
    env: Mapping[str, str] = os.environ,
    size: tuple[int, int] = (80, 24),
) -> Iterator[Terminal]:
    """Run `command` in a terminal of `size` columns and rows; `env` is added to the environment."""
    name = f"trainer-{uuid.uuid4().hex[:8]}"
    settings = " ".join(f"{key}={shlex.quote(value)}" for key, value in env.items())
    line = f"env {settings} {shlex.join(map(str, command))}; sleep 2"
    columns, rows = map(str, size)
    subprocess.run(
        ["tmux", "-L", name, "new-session", "-d", "-x", columns, "-y", rows, "-c", cwd, line],
        check=True,
        env=os.environ | {"TERM": "xterm-256color"},
    )
    try:
        yield Terminal(name)
    finally:
        subprocess.run(["tmux", "-L", name, "kill-server"], check=False, capture_output=True)
