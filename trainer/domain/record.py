"""A finished (or broken-off) call as it lies on disk, read back."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from trainer.domain import audio
from trainer.domain.audio import Samples
from trainer.domain.events import Event


@dataclass(frozen=True)
class CallRecord:
    """Everything a debrief may look at.

    Attributes:
        folder: the call folder.
        meta: `meta.json`.
        events: `events.jsonl`, in order; a torn last line is left out.
        agent: left channel, shape (n,), 16 kHz; empty when the recording is missing.
        customer: right channel, same length.
    """

    folder: Path
    meta: dict[str, Any]
    events: tuple[Event, ...]
    agent: Samples
    customer: Samples

    def both(self, start_s: float, end_s: float) -> Samples:
        """Both voices together from one second of the call to another, as far as it goes."""
        stretch = slice(audio.samples(start_s), audio.samples(end_s))
        together: Samples = np.clip(self.agent[stretch] + self.customer[stretch], -1.0, 1.0)
        return together


@dataclass(frozen=True)
class Finished:
    """A finished call of one person, as far as their progress needs it.

    Attributes:
        started: ISO time, UTC.
        review: `review.json` as it lies there; None when it is missing or older than the call.
    """

    folder: Path
    started: str
    review: bytes | None
