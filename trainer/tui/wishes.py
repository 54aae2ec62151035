"""What a screen asks the app for; messages, so that no screen knows the app."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.message import Message

from trainer.tui.services import EngineState, JudgeStep

if TYPE_CHECKING:
    from trainer.domain.persona import Cast


@dataclass
class TakeCall(Message):
    """Show who is calling: the card before the call."""

    customer: str
    typed: bool


@dataclass
class PickUp(Message):
    """Start the call."""

    cast: Cast
    typed: bool


@dataclass
class Tapped(Message):
    """How loaded one is before a call, 1..5; for oneself alone."""

    value: int


@dataclass
class CallOver(Message):
    """The call has ended; `folder` is None when nothing was recorded."""

    folder: Path | None
    customer: str
    status: str


@dataclass
class ShowDebrief(Message):
    """Open the debrief of a recorded call."""

    folder: Path


@dataclass
class CallDeleted(Message):
    """A call is gone from the disk."""

    folder: Path


@dataclass
class Keep(Message):
    """Keep one setting."""

    name: str
    value: Any


@dataclass
class EngineMoved(Message):
    """An engine is further on than before. May be posted from any thread."""

    state: EngineState


@dataclass
class Judging(Message):
    """The judge is further on; None: it is at its end. May be posted from any thread."""

    step: JudgeStep | None


@dataclass
class Listed(Message):
    """Home has its customers."""


@dataclass
class FilesChanged(Message):
    """A customer's file was saved, added or deleted."""


@dataclass
class TryOut(Message):
    """A typed call with the mood visible, of which nothing is kept."""

    customer: str
    seed: int
