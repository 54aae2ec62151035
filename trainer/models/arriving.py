"""Weights on their way: what another process is bringing, and how far it is.

While a weight is fetched its lock is held and a partial file grows beside its place.
"""

from pathlib import Path

import filelock

from trainer.models import shelf
from trainer.models.manifest import Source, Weight, get


def lock(weight: Weight) -> filelock.FileLock:
    """The lock that whoever brings `weight` holds."""
    return filelock.FileLock(shelf.folder() / f".{weight.file}.lock")


def partial(weight: Weight, source: Source) -> Path:
    """The file that grows while `source` is asked."""
    return shelf.folder() / f"{weight.file}.{'host' if source.url else 'packages'}.partial"


def arriving(name: str) -> float | None:
    """Share of a weight that has arrived, 0 to 1, while a process brings it; else None."""
    weight = get(name)
    held = lock(weight)
    if not Path(held.lock_file).exists():
        return None
    try:
        held.acquire(timeout=0)
    except filelock.Timeout:
        return max(map(_share, [weight] * len(weight.sources), weight.sources), default=0.0)
    held.release()
    return None


def _share(weight: Weight, source: Source) -> float:
    file = partial(weight, source)
    return min(file.stat().st_size / source.size, 1.0) if file.exists() else 0.0
