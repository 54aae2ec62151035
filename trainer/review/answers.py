"""Each answer of the customer: how long it took by the recording, and where the time went.

For recordings whose right channel holds nothing but the voice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from trainer.domain.audio import RATE
from trainer.domain.events import ClauseSpoken, Event, SpeechEnded, StateChanged, TurnTaken
from trainer.domain.record import CallRecord
from trainer.review.response import edges

OPENING_WORDS = 6
"""A first clause of at most so many words is an opening; content begins with the next one."""

_MARGIN = RATE // 2
"""The log's edges are those of whole blocks."""


@dataclass(frozen=True)
class Answer:
    """One answered agent turn. Seconds; by the recording unless named.

    Attributes:
        turn: number of the agent's turn.
        first_s: from the agent's last audible sample to the customer's first.
        content_s: to the first sample of the first clause that is more than an opening.
        logged_s: `first_s` by the log alone.
        parts: where `first_s` went, in order: vad (until the end of speech is noticed), commit
            (silence that makes it an end), stt, plan, first_clause, first_pcm, first_sample_out.
            What the log does not tell apart is left out. All seven add up to `first_s`.
        source: who worded the clause that holds the content.
    """

    turn: int
    first_s: float
    content_s: float
    logged_s: float
    parts: dict[str, float]
    source: str


def answers(record: CallRecord) -> list[Answer]:
    """Every answer of a recorded call, in order."""
    turns = [event for event in record.events if isinstance(event, TurnTaken)]
    found = []
    for asked, answered in pairwise(turns):
        if asked.who == "agent" and answered.who == "customer":
            answer = _answer(record, asked, answered)
            if answer is not None:
                found.append(answer)
    return found


def _answer(record: CallRecord, asked: TurnTaken, answered: TurnTaken) -> Answer | None:
    last = edges(record.agent, asked.start - _MARGIN, asked.end + _MARGIN)
    first = edges(record.customer, answered.start - _MARGIN, answered.end)
    clauses = _clauses(record.events, answered.turn)
    if last is None or first is None or not clauses:
        return None
    opened = len(clauses) > 1 and len(clauses[0].text.split()) <= OPENING_WORDS
    meant = clauses[1] if opened else clauses[0]
    content = edges(record.customer, meant.t, answered.end) if opened else first
    ended = [
        event.t
        for event in record.events
        if isinstance(event, SpeechEnded) and event.who == "agent" and event.t <= answered.start
    ]
    noticed = ended[-1] if ended else asked.end
    return Answer(
        turn=asked.turn,
        first_s=(first[0] - last[1]) / RATE,
        content_s=((content or first)[0] - last[1]) / RATE,
        logged_s=(clauses[0].t - noticed) / RATE,
        parts=_parts(record.events, asked, clauses[0], last[1], first[0], noticed),
        source=meant.source,
    )


def _parts(
    events: Sequence[Event],
    asked: TurnTaken,
    clause: ClauseSpoken,
    last: int,
    first: int,
    noticed: int,
) -> dict[str, float]:
    """Steps in seconds; `wall` of a clause tells seconds since the turn was committed."""
    committed = [
        event.t
        for event in events
        if isinstance(event, StateChanged) and event.on == "turn_end" and event.t <= clause.t
    ]
    if not committed:
        return {}
    since = {"stt": asked.wall.get("stt_s")} | {
        name: clause.wall.get(key)
        for name, key in (
            ("plan", "plan_s"),
            ("first_clause", "first_clause_s"),
            ("first_pcm", "first_sound_s"),
        )
    }
    parts = {
        "vad": (noticed - last) / RATE,
        "commit": (committed[-1] - noticed) / RATE,
    }
    at = 0.0
    for name, reached in since.items():
        if reached is not None:
            parts[name] = reached - at
            at = reached
    parts["first_sample_out"] = (first - committed[-1]) / RATE - at
    return {name: round(seconds, 3) for name, seconds in parts.items()}


def _clauses(events: Sequence[Event], turn: int) -> list[ClauseSpoken]:
    return [event for event in events if isinstance(event, ClauseSpoken) and event.turn == turn]
