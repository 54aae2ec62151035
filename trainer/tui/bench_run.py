"""The bench of one customer, run beside the app: in processes of its own, so that keys answer."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from trainer import backends
from trainer.domain.errors import EngineMissing
from trainer.ports.embedding import Embedding
from trainer.simulate.bench import bench as play
from trainer.simulate.verdict import Verdict

SEEDS = 20
"""Calls of each scripted agent, as in `trainer persona bench`."""


def bench(name: str, roots: Sequence[Path], told: Callable[[int, int], None]) -> Verdict:
    """The verdict on one customer.

    Args:
        name: of the customer.
        roots: extra content roots, later ones first in line.
        told: told (parts done, parts in all); what it raises stops the bench.

    Raises:
        BadInput: the customer's file is wrong.
    """
    workers = max(2, os.cpu_count() or 1)
    (verdict,) = play([name], SEEDS, embedding, roots, workers, told)
    return verdict


def embedding() -> Embedding | None:
    """The embedding of the acts reader; without it, acts are found by rules only."""
    try:
        found: Embedding = backends.make("embed", "minilm")
        return found
    except EngineMissing:
        return None
