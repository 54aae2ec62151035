"""Measures how long `trainer` takes to its painted home screen, in a terminal of its own.

.venv/bin/python scripts/first_paint.py [RUNS]
"""

import os
import pty
import select
import statistics
import struct
import sys
import tempfile
import termios
import time
from fcntl import ioctl

SEEN = b"Who is calling?"


def once(folder: str) -> float:
    """Seconds from starting the program to the first painted frame."""
    began = time.perf_counter()
    child, terminal = pty.fork()
    if child == 0:
        settings = {"TRAINER_DATA_DIR": folder, "TERM": "xterm-256color"}
        os.execve(sys.executable, [sys.executable, "-m", "trainer"], {**os.environ, **settings})
    ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    shown, painted = b"", 0.0
    while SEEN not in shown and select.select([terminal], [], [], 20)[0]:
        shown += os.read(terminal, 65536)
        painted = time.perf_counter() - began
    os.write(terminal, b"\x11")  # Ctrl+Q
    while select.select([terminal], [], [], 20)[0]:
        try:
            if not os.read(terminal, 65536):
                break
        except OSError:
            break
    os.waitpid(child, 0)
    os.close(terminal)
    return painted


def main() -> None:
    """The median of some runs."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as folder:
        times = [once(folder) for _ in range(runs)]
    middle = statistics.median(times)
    print(f"first paint: median {middle:.2f} s of {runs} runs, worst {max(times):.2f} s")


if __name__ == "__main__":
    main()
