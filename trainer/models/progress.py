"""How a pull shows itself: a bar per file in a terminal, plain lines elsewhere.

Always on standard error.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

MB = 1_000_000
_LONG = 50 * MB
"""From this size on the way is told in quarters where there is no terminal."""


def size(count: int) -> str:
    """Bytes for people: "145 MB", "1.1 GB"."""
    if count >= 1000 * MB:
        return f"{count / (1000 * MB):.1f} GB"
    return f"{count / MB:.0f} MB" if count >= MB else f"{max(1, round(count / 1000))} kB"


@contextmanager
def bar(name: str, total: int, stream: TextIO | None = None) -> Iterator[Callable[[int], None]]:
    """Yields a function that is told the bytes so far, of `total`."""
    out = stream or sys.stderr
    with (_drawn if out.isatty() else _written)(name, total, out) as tell:
        yield tell


@contextmanager
def _drawn(name: str, total: int, out: TextIO) -> Iterator[Callable[[int], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("  {task.description:<18}"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(file=out), transient=True) as progress:
        task = progress.add_task(name, total=total)
        yield lambda count: progress.update(task, completed=count)


@contextmanager
def _written(name: str, total: int, out: TextIO) -> Iterator[Callable[[int], None]]:
    said = -1
    steps = 4 if total > _LONG else 1

    def tell(count: int) -> None:
        nonlocal said
        reached = min(steps, steps * count // max(total, 1))
        if reached > said:
            said = reached
            print(f"  {name}: {100 * reached // steps}% of {size(total)}", file=out, flush=True)

    yield tell
