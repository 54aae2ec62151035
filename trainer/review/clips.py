"""Moments of the recording as sound inside the page: lossless, both voices in one channel."""

import base64
import io
from collections.abc import Iterable
from dataclasses import dataclass

from trainer.domain.audio import RATE
from trainer.domain.record import CallRecord
from trainer.review.model import Feedback, Item

LEAD_IN_S, TAIL_S = 0.5, 0.3
"""Heard around each moment."""

LONGEST_S = 20.0
"""Of one clip."""


@dataclass(frozen=True)
class Clip:
    """One moment. `source`: a `data:` address with the FLAC file in it; `size`: its bytes."""

    source: str
    size: int


Clips = dict[tuple[float, float], Clip]
"""By (start_s, end_s) of a feedback item."""


def clips(record: CallRecord, feedback: Feedback) -> Clips:
    """A clip for each moment of the feedback; none where the recording holds no sound there."""
    found: Clips = {}
    for item in _items(feedback):
        span = item.start_s, item.end_s
        if span not in found and (clip := _clip(record, *span)) is not None:
            found[span] = clip
    return found


def _items(feedback: Feedback) -> Iterable[Item]:
    yield from feedback.went_well
    yield from feedback.improve


def _clip(record: CallRecord, start_s: float, end_s: float) -> Clip | None:
    import soundfile

    end_s = min(end_s, start_s + LONGEST_S)
    sound = record.both(max(0.0, start_s - LEAD_IN_S), end_s + TAIL_S)
    if not sound.any():
        return None
    file = io.BytesIO()
    soundfile.write(file, sound, RATE, format="FLAC", subtype="PCM_16")
    content = file.getvalue()
    return Clip(f"data:audio/flac;base64,{base64.b64encode(content).decode()}", len(content))
