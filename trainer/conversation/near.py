"""How loud this agent is: speech far below that is somebody else in the room."""

from dataclasses import dataclass, replace

import numpy as np

_KEPT = 8
_LEAST = 2
"""Turns that must have been heard before anybody else is told from the agent."""

FAR_DB = 15.0
"""Speech so far below the agent's own is not theirs: a voice at arm's length from a microphone is
that much louder than one across a room (6 dB for each doubling of the distance)."""


@dataclass(frozen=True)
class Near:
    """Levels of the agent's last turns and of the speech under way, dB."""

    turns: tuple[float, ...] = ()
    now: tuple[float, ...] = ()

    def heard(self, level: float) -> "Near":
        """One more block of speech."""
        return replace(self, now=(*self.now, level))

    def over(self, *, turn: bool) -> "Near":
        """The speech is over; `turn`: it was the agent's."""
        if not turn or not self.now:
            return replace(self, now=())
        return Near((*self.turns, float(np.percentile(self.now, 75)))[-_KEPT:])

    def far(self, level: float) -> bool:
        """Whether a block of this level is too faint to be the agent."""
        return len(self.turns) >= _LEAST and level < float(np.median(self.turns)) - FAR_DB
