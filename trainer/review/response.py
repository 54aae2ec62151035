"""How long the customer took to answer, read from the recording and not from the log."""

from itertools import pairwise

from trainer.domain import audio
from trainer.domain.audio import RATE, Samples
from trainer.domain.events import TurnTaken
from trainer.domain.record import CallRecord
from trainer.review import stretches
from trainer.review.stretches import Stretch

_BACKGROUND = 10 ** (-70 / 20)
"""A channel whose quietest tenth is louder holds more than a voice."""

_MARGIN = RATE // 2
"""The log's edges are those of whole blocks; the voice is looked for this much around them."""


def response_times(record: CallRecord) -> list[float]:
    """Seconds from the agent's last audible sample to the customer's first, per answered turn.

    Turns come from the log, edges from the two channels of `call.wav`. A customer who came in
    before the agent had finished counts as negative. Over a background that the recording holds,
    the customer is heard from where their voice rises 9 dB above it, to 10 ms.
    """
    turns = [event for event in record.events if isinstance(event, TurnTaken)]
    voices: list[Stretch] | None = None
    if stretches.noise(record.customer) > _BACKGROUND:
        voices = stretches.find(record.customer)
    found = []
    for asked, answered in pairwise(turns):
        if asked.who == "agent" and answered.who == "customer":
            last = edges(record.agent, asked.start - _MARGIN, asked.end + _MARGIN)
            if voices is None:
                first = edges(record.customer, answered.start - _MARGIN, answered.end)
            else:
                first = _first_of(voices, answered.start - _MARGIN, answered.end)
            if last is not None and first is not None:
                found.append((first[0] - last[1]) / RATE)
    return found


def _first_of(voices: list[Stretch], start: int, end: int) -> tuple[int, int] | None:
    inside = stretches.within(voices, start, end)
    return (inside[0].start, inside[-1].end) if inside else None


def edges(channel: Samples, start: int, end: int) -> tuple[int, int] | None:
    """First and last audible sample of a channel between two samples; None when it is silent."""
    start = max(0, start)
    found = audio.edges(channel[start:end])
    return None if found is None else (start + found[0], start + found[1])
