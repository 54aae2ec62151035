"""How long the customer took to answer, read from the recording and not from the log."""

from itertools import pairwise

import numpy as np

from trainer.domain.audio import RATE, Samples
from trainer.domain.events import TurnTaken
from trainer.domain.record import CallRecord

_BELOW_PEAK_DB = 35.0
"""A sample is audible when it is within this of the turn's own peak."""

_FLOOR = 10 ** (-50 / 20)


def response_times(record: CallRecord) -> list[float]:
    """Seconds from the agent's last audible sample to the customer's first, per answered turn.

    Turns come from the log, edges from the two channels of `call.wav`. A customer who came in
    before the agent had finished counts as negative.
    """
    turns = [event for event in record.events if isinstance(event, TurnTaken)]
    found = []
    for asked, answered in pairwise(turns):
        if asked.who == "agent" and answered.who == "customer":
            # a margin of half a second: the log's edges are those of whole blocks
            last = _edges(record.agent, asked.start - RATE // 2, asked.end + RATE // 2)
            first = _edges(record.customer, answered.start - RATE // 2, answered.end)
            if last is not None and first is not None:
                found.append((first[0] - last[1]) / RATE)
    return found


def _edges(channel: Samples, start: int, end: int) -> tuple[int, int] | None:
    start = max(0, start)
    part = np.abs(channel[start:end])
    if not len(part) or part.max() < _FLOOR:
        return None
    loud = np.flatnonzero(part > max(_FLOOR, part.max() * 10 ** (-_BELOW_PEAK_DB / 20)))
    return start + int(loud[0]), start + int(loud[-1])
