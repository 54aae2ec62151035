"""What was measured at set-up: how often the local model's words are usable in time here."""

import json
import os
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from trainer.llm.local import Local, create
from trainer.ports.wording import Wording
from trainer.settings import cache_dir

ENOUGH = 0.5
"""Share of continuations accepted in time from which `auto` uses the local model."""


@dataclass(frozen=True)
class Measurement:
    """`accepted` of `asked` continuations passed the guard before they were due."""

    model: str
    accepted: int
    asked: int

    @property
    def share(self) -> float:
        """0..1; 0 when nothing was asked."""
        return self.accepted / self.asked if self.asked else 0.0


Trial = Callable[[Wording], Awaitable[tuple[int, int]]]
"""Words some plans with a model; returns (accepted in time, asked). See `trainer.simulate`."""


async def measure_local(trial: Trial) -> Measurement:
    """Measure the local model now and remember the result in the cache folder.

    Raises:
        EngineMissing: the local model is not here or cannot be loaded.
    """
    model: Local = create()
    try:
        await model.warm()
        result = Measurement(model.name, *await trial(model))
    finally:
        await model.close()
    remember(result)
    return result


def remember(result: Measurement) -> None:
    """Keep the measurement in the cache folder, in place of an earlier one."""
    file = _file()
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.write_text(json.dumps(asdict(result)), "utf-8")
    draft.replace(file)


def last(model: str) -> Measurement | None:
    """The last measurement of the model called `model`, or None."""
    try:
        result = Measurement(**json.loads(_file().read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return result if result.model == model else None


def _file() -> Path:
    return cache_dir() / "local-wording.json"
