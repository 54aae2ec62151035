"""Which of the latest calls went well, from the results kept beside them. Slow: for a thread."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from trainer.conversation.coaching import Level
from trainer.conversation.fading import LOOKED_AT, faded, good
from trainer.domain.errors import TrainerError
from trainer.settings import Settings
from trainer.store import calls, reading
from trainer.store.inside import open_inside

_LARGEST = 8 << 20
_TRIED = 30
"""Calls that are looked at, at most, to find enough with a result."""


def level(settings: Settings) -> Level:
    """How much help is shown now: the setting, less what calls that went well take off it."""
    return faded(Level(settings.coaching), went_well(settings.data_dir, settings.profile))


def went_well(data_dir: Path, profile: str) -> list[bool]:
    """Whether each of this person's latest scored practice calls went well, newest first."""
    found: list[bool] = []
    for folder in calls.folders(data_dir)[:_TRIED]:
        with suppress(TrainerError):
            meta = reading.meta(folder)
            mine = str(meta.get("profile", profile)) == profile and meta.get("mode") != "imported"
            well = _well(folder) if mine else None
            if well is not None:
                found.append(well)
        if len(found) == LOOKED_AT:
            break
    return found


def _well(folder: Path) -> bool | None:
    file = open_inside(folder, "review.json", _LARGEST)
    if file is None:
        return None
    with file, suppress(ValueError, KeyError, TypeError, AttributeError):
        review: dict[str, Any] = json.load(file)
        scores = [dimension["score"] for dimension in review["dimensions"]]
        return good(scores, len(review["critical"]))
    return None
