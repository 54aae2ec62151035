"""Keeps the screen ours: Textual draws on file descriptor 2, and native libraries write there too.

The terminal is duplicated for Textual; descriptors 1 and 2 then lead to a log that holds only what
native libraries complain about, nothing that was said.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from pathlib import Path

from trainer.domain.errors import BadInput

LIMIT = 512 * 1024
"""Bytes after which the log starts again."""


@contextmanager
def own_terminal(log: Path) -> Iterator[None]:
    """Inside, Textual has the terminal to itself; outside, everything is as before.

    Raises:
        BadInput: the folder of `log` cannot be written.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    try:
        log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        target = os.open(log, flags, 0o600)
    except OSError as error:
        raise BadInput(
            f"The data folder {log.parent} cannot be written: {error.strerror}.",
            "Name another one: trainer config set data_dir /a/folder/of/yours",
        ) from None
    os.fchmod(target, 0o600)
    shorten(log)
    saved = {number: os.dup(number) for number in (1, 2)}
    kept = (sys.__stdout__, sys.__stderr__)
    drawn_on = next((saved[number] for number in (2, 1) if os.isatty(number)), saved[2])
    screen = os.fdopen(os.dup(drawn_on), "w", encoding="utf-8", errors="replace", buffering=1)
    try:
        sys.stdout.flush()
        sys.stderr.flush()
        # Textual writes to sys.__stderr__ and asks sys.__stdout__ for the window's size.
        sys.__stderr__ = screen  # type: ignore[misc]
        sys.__stdout__ = screen  # type: ignore[misc]
        for number in saved:
            os.dup2(target, number)
        # Engines start processes while Textual has replaced sys.stderr by an object without a
        # descriptor, which multiprocessing's helper process cannot be started with: start it now.
        resource_tracker.ensure_running()
        yield
    finally:
        screen.flush()
        sys.__stdout__, sys.__stderr__ = kept  # type: ignore[misc]
        for number, copy in saved.items():
            os.dup2(copy, number)
            os.close(copy)
        os.close(target)
        screen.close()


def shorten(log: Path) -> None:
    """Empty the log once it has grown past `LIMIT`; descriptors that append to it stay valid."""
    if log.exists() and log.stat().st_size > LIMIT:
        os.truncate(log, 0)
