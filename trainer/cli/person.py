"""Who the agent of a call was, as far as the debrief needs it: warm-up and switches."""

from datetime import datetime

from trainer import settings as preferences
from trainer.domain.record import CallRecord
from trainer.review.delivery.pitch import TRACKER
from trainer.review.heard import Person
from trainer.store import baselines


def person(record: CallRecord) -> Person:
    """The warm-up that holds for this call, and what of the voice may be looked at.

    Raises:
        BadInput: a setting does not fit.
    """
    given = preferences.load()
    at = _started(record)
    warm_up = None
    if at is not None:
        warm_up = baselines.valid(
            given.data_dir,
            str(record.meta.get("profile") or given.profile),
            str(record.meta.get("microphone", "")),
            tracker=TRACKER,
            at=at,
        )
    return Person(warm_up, tone=given.tone, pacing=given.pacing)


def _started(record: CallRecord) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(record.meta.get("started", "")))
    except ValueError:
        return None
    return at if at.tzinfo is not None else at.astimezone()
