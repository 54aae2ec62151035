"""Coaching fades as calls go well, and comes back when they do not. Pure.

Hints that stay for good are leaned on (the guidance effect: Salmoni, Schmidt & Walter 1984,
Psychological Bulletin 95:355); what is withdrawn as one gets better stays learnt.
"""

from collections.abc import Sequence

from trainer.conversation.coaching import Level

LOOKED_AT = 6
"""So many of the latest scored calls count."""

LESS_FROM, NONE_FROM = 3, 5
"""Good ones among them from which hints become few, and none."""

GOOD = 3.5
"""A dimension's score, 1..5, from which it counts as good."""

_ENOUGH = 2
"""Dimensions that must have a score at all."""


def good(scores: Sequence[float | None], critical: int) -> bool | None:
    """Whether a call went well: every dimension with a score is good, and nothing critical.

    None: too little of it was scored to say.
    """
    there = [score for score in scores if score is not None]
    if critical:
        return False
    return all(score >= GOOD for score in there) if len(there) >= _ENOUGH else None


def faded(most: Level, latest: Sequence[bool]) -> Level:
    """How much is shown now. `most`: the setting; `latest`: scored calls, newest first."""
    well = sum(latest[:LOOKED_AT])
    now = Level.OFF if well >= NONE_FROM else Level.LIGHT if well >= LESS_FROM else Level.FULL
    order = (Level.OFF, Level.LIGHT, Level.FULL)
    return min(most, now, key=order.index)
