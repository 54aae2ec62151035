"""What benchmarks ask of the machine: a busy core, and how much memory a process holds."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def busy_core() -> Iterator[None]:
    """Another program keeps one core busy."""
    spin = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        spin.kill()
        spin.wait()


def memory_mb(pid: int | None) -> float | None:
    """Memory of one process, shared pages counted by their share (PSS), MB; None off Linux."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8")
    except OSError:
        return None
    for line in rollup.splitlines():
        if line.startswith("Pss:"):
            return round(int(line.split()[1]) / 1024)
    return None  # it has just ended


def family(pid: int) -> list[int]:
    """A process and everything below it; the process alone where the system does not tell."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            for child in task.read_text(encoding="utf-8").split():
                found += family(int(child))
        except OSError:  # it ended while it was looked at
            continue
    return found
