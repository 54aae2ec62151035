"""When calls have been hard on the agent: what counts as a hostile call, and when a break is due.

Pure but `texts`. It looks at the simulated customer only, never at the agent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from trainer.content import prompts
from trainer.domain.acts import ActKind
from trainer.domain.events import CallEnded, CallStarted, Event, MoodMoved
from trainer.domain.mood import Status
from trainer.review.log import HOT

IN_A_ROW = 2
"""So many hostile calls without rest between them, and a break is suggested."""

REST = timedelta(minutes=30)
"""Time without a call after which one has rested."""


class Texts(BaseModel):
    """`prompts/care.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    break_: Annotated[str, Field(alias="break")]
    offer: str
    tap: str
    ends: tuple[str, str]
    private: str


def texts(roots: Sequence[Path]) -> Texts:
    """Read the texts; a team's own file shadows the shipped one.

    Raises:
        BadInput: the file has a mistake.
    """
    return prompts.model("care.yaml", Texts, roots)


@dataclass(frozen=True)
class Taken:
    """A call as far as load goes; times with a time zone."""

    began: datetime
    ended: datetime
    hostile: bool


def hostile(events: Sequence[Event]) -> bool:
    """Whether a simulated call was hostile, however well it was taken and even if it was stopped.

    The customer hung up; or their lead feeling was high at the end; or it was high when the agent
    had to set a boundary. Imported calls have no simulated customer and never count.
    """
    began = next((event for event in events if isinstance(event, CallStarted)), None)
    if began is None:
        return False
    ends = [event.status for event in events if isinstance(event, CallEnded)]
    if ends and ends[-1] is Status.HUNG_UP:
        return True
    moods = {event.turn: event for event in events if isinstance(event, MoodMoved)}
    high = [moods[turn] for turn in sorted(moods) if moods[turn].mood.get(began.lead, 0.0) >= HOT]
    if any(act.act == ActKind.BOUNDARY for event in high for act in event.acts):
        return True
    return bool(high) and high[-1].turn == max(moods)


def break_due(calls: Sequence[Taken], now: datetime) -> bool:
    """Whether a break is to be suggested.

    Args:
        calls: the latest ones, newest first.
        now: with a time zone.
    """
    last = calls[:IN_A_ROW]
    if len(last) < IN_A_ROW or not all(call.hostile for call in last):
        return False
    later = [now, *(call.began for call in last)]
    return all(after - call.ended < REST for after, call in zip(later, last, strict=False))
