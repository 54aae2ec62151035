"""The agent's own view of a call, `self.json` in its folder, readable by its owner only."""

from contextlib import suppress
from pathlib import Path

from pydantic import ValidationError

from trainer.domain.errors import BadInput
from trainer.domain.self_rating import SelfRating
from trainer.store.inside import open_inside, write_private

FILE = "self.json"
_LARGEST = 64 << 10


def save(folder: Path, rating: SelfRating) -> None:
    """Keep it in the call folder, in place of an earlier one.

    Raises:
        BadInput: the folder cannot be written.
    """
    write_private(folder / FILE, rating.model_dump_json(indent=1) + "\n")


def load(folder: Path) -> SelfRating | None:
    """What the agent said of this call; None when nothing, or when the file is damaged.

    It stands beside a call: whatever is wrong with it must not keep the call from being read.
    """
    with suppress(BadInput, ValidationError, OSError):
        file = open_inside(folder, FILE, _LARGEST)
        if file is not None:
            with file:
                return SelfRating.model_validate_json(file.read())
    return None
