"""Where a running call is written."""

from typing import Any, Protocol

from trainer.domain.audio import Samples
from trainer.domain.events import Event


class CallSink(Protocol):
    """Takes a call as it happens.

    Never blocks the caller for longer than a queue put; writes on its own thread.
    """

    def frame(self, mic: Samples, played: Samples) -> None:
        """One block of the stereo recording: left = agent, right = what left the speaker.

        Any equal length.
        """

    def event(self, event: Event) -> None:
        """One event; on disk within a moment, in order."""

    def meta(self, **fields: Any) -> None:
        """Add or change fields of `meta.json`, written atomically."""

    def fault(self) -> str:
        """Why writing stopped (disk full, folder gone), in plain words; empty while all is well."""

    def close(self) -> None:
        """Everything on disk. Safe to call twice."""
