"""How long this agent's own pauses are in mid-turn: what counts as an end is learned from them."""

from dataclasses import dataclass, replace

import numpy as np

from trainer.conversation.turns import Policy
from trainer.domain.audio import RATE

_LEAST = 5
"""Pauses that must have been heard before they count."""

_KEPT = 30
_USUAL_S = 0.6
"""Four of five pauses inside a turn are shorter than this, in an agent of average pace."""

_RANGE = (0.85, 1.6)


@dataclass(frozen=True)
class Habit:
    """The last pauses after which the agent went on, in samples."""

    pauses: tuple[int, ...] = ()

    def paused(self, quiet: int) -> "Habit":
        """One more pause that was not an end."""
        return Habit((*self.pauses, quiet)[-_KEPT:])

    def applied(self, policy: Policy) -> Policy:
        """The policy for this agent: silences scaled by how their pauses compare with the usual."""
        if len(self.pauses) < _LEAST:
            return policy
        usual = float(np.percentile(self.pauses, 80)) / RATE
        factor = min(max(usual / _USUAL_S, _RANGE[0]), _RANGE[1])
        return replace(policy, patience=policy.patience * factor)
