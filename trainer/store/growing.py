"""A file that only grows, and keeps its place when the disk is full."""

import os
from collections.abc import Callable
from pathlib import Path

from trainer.store.inside import create_private

PIECE = 1 << 16
"""Bytes written at a time."""


class Growing:
    """A private file with bytes still to be written in front of it.

    What is added waits in memory until `flush` has written it. A flush that fails half-way forgets
    only what is on disk, so that the next one goes on at the very byte where this one stopped.

    Args:
        path: the file to create.
        head: the first bytes of a file of a given size, always of the same length; they are brought
            up to date after each piece, so that they never promise what is not there.
    """

    def __init__(self, path: Path, head: Callable[[int], bytes] | None = None) -> None:
        self._file = create_private(path)
        self._head = head
        self._waiting = bytearray()
        self.size = self._file.write(head(0)) if head else 0
        """Bytes on disk."""

    def add(self, data: bytes) -> None:
        """Let `data` wait for the next flush."""
        self._waiting += data

    def flush(self) -> None:
        """Write what waits. Raises OSError, and keeps the rest, when the disk does not take it."""
        while self._waiting:
            self._file.seek(self.size)
            written = self._file.write(self._waiting[:PIECE])
            self.size += written
            del self._waiting[:written]
            if self._head:
                self._file.seek(0)
                self._file.write(self._head(self.size))

    def gone(self) -> bool:
        """Whether somebody deleted the file meanwhile."""
        return os.fstat(self._file.fileno()).st_nlink == 0

    def close(self) -> None:
        """Ask the system to put everything on the medium, and let go of the file."""
        try:
            os.fsync(self._file.fileno())
        finally:
            self._file.close()
