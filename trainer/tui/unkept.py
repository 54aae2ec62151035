"""A call of which nothing is kept: trainers try customers again and again."""

from typing import Any

from trainer.domain.audio import Samples
from trainer.domain.events import Event


class Unkept:
    """Takes a call as it happens, and lets it go."""

    def frame(self, mic: Samples, played: Samples) -> None:
        """No sound is written."""

    def event(self, event: Event) -> None:
        """No event is written; the screen is told by the observer."""

    def meta(self, **fields: Any) -> None:
        """There is no meta.json."""

    def fault(self) -> str:
        """Nothing is written, so nothing can fail."""
        return ""

    def close(self) -> None:
        """Nothing is open."""
