"""A ring of samples between two threads, of which one may never wait: the sound callback."""

import numpy as np
from numpy.typing import NDArray


class Ring:
    """Preallocated samples, shape (capacity, columns) float32; one thread writes, one reads.

    There is no lock: each side moves only its own counter, after the samples are in place.
    """

    def __init__(self, capacity: int, columns: int) -> None:
        self._memory = np.zeros((capacity, columns), np.float32)
        self._capacity = capacity
        self.written = 0
        """Samples written since the beginning."""
        self.taken = 0
        """Samples read or passed over since the beginning."""
        self._pass_over = 0

    @property
    def level(self) -> int:
        """Samples that wait to be read."""
        return max(0, self.written - max(self.taken, self._pass_over))

    def write(self, *columns: NDArray[np.float32]) -> int:
        """Append one array, shape (n,), per column; returns how many samples there was room for."""
        count = min(len(columns[0]), self._capacity - (self.written - self.taken))
        start = self.written % self._capacity
        first = min(count, self._capacity - start)
        for number, column in enumerate(columns):
            self._memory[start : start + first, number] = column[:first]
            self._memory[: count - first, number] = column[first:count]
        self.written += count
        return count

    def read_into(self, out: NDArray[np.float32]) -> int:
        """Fill the start of `out`, shape (n, columns), with what waits; returns how many."""
        self.taken = max(self.taken, self._pass_over)
        count = min(len(out), self.written - self.taken)
        start = self.taken % self._capacity
        first = min(count, self._capacity - start)
        out[:first] = self._memory[start : start + first]
        out[first:count] = self._memory[: count - first]
        self.taken += count
        return count

    def read(self, most: int) -> NDArray[np.float32]:
        """What waits, up to `most` samples, shape (n, columns)."""
        out = np.empty((min(most, self.level), self._memory.shape[1]), np.float32)
        return out[: self.read_into(out)]

    def pass_over(self) -> None:
        """The writer takes back what has not been read yet."""
        self._pass_over = self.written
