"""The seam between the screens and a running call: what a screen may ask for, and what it is told.

The call itself lives in `trainer.conversation`; the screens know no more of it than this file.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from trainer.conversation.call import Controls, Level, Notice
from trainer.domain.events import Event

__all__ = ["Controls", "Level", "Notice", "Observation", "Observer", "OpenCall"]

Observation: TypeAlias = Event | Level | Notice
Observer: TypeAlias = Callable[[Observation], None]
"""Told of everything that happens in a call, on the asyncio loop the call runs on."""


@dataclass(frozen=True)
class OpenCall:
    """A call that is ready to run, and where it is being recorded."""

    controls: Controls
    folder: Path
    think: tuple[str, ...] = ()
    """Questions for a call that stands still."""
