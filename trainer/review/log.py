"""The call as the debrief looks at it: turns with the words that stand, what each did.

Reads moods, never recomputes them. What the agent corrected is taken as corrected.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeVar

from trainer.domain.acts import ActKind
from trainer.domain.events import (
    ActFound,
    ActsRead,
    CallEnded,
    CallStarted,
    CauseFound,
    Corrected,
    Event,
    Happened,
    Imported,
    MoodMoved,
    Planned,
    SpeechEnded,
    SpeechStarted,
    TurnTaken,
    VoiceMeasured,
    WordsTimed,
)
from trainer.domain.ground import Ground
from trainer.domain.mood import Feeling, Happening, Status
from trainer.domain.plan import Intent
from trainer.domain.record import CallRecord
from trainer.domain.transcript import Who
from trainer.review import agreed
from trainer.review.stretches import Stretch

HOT = 0.6
"""A lead feeling from which a customer turn is hot."""

RISE = 0.12
"""A rise of the lead feeling at one turn that makes the next customer turn hot."""

CLEAR = 0.45
"""Recognition confidence under which an agent turn's words are not relied on."""

SURE = 0.5
"""Mean word confidence under which a sharp word is taken for a mishearing."""

SHARP = frozenset(
    {
        ActKind.BLAME,
        ActKind.JUDGEMENT,
        ActKind.DISMISS,
        ActKind.INSULT,
        ActKind.POLICY_WALL,
        ActKind.OVERPROMISE,
    }
)
"""Acts that are held against the agent."""

_STORY = frozenset({Intent.GREET, Intent.VENT, Intent.DISCLOSE})
"""What a customer's turn is for when it tells what happened to them."""

Words = Mapping[int, list[tuple[str, float, float, float]]]
"""Word times by turn: (word, start_s, end_s, confidence)."""

_E = TypeVar("_E", bound=Event)


@dataclass(frozen=True)
class Exchange:
    """One agent turn, and what it did.

    Attributes:
        turn: the agent's turn, corrected words.
        asked: the customer's turn it answers; None when there was none.
        before: lead feeling when it began, 0..1.
        after: lead feeling after it.
        hot: the customer turn before it was hot: it called for acknowledgement and for a breath.
        moved: the logged mood; None when the turn was not understood.
        acts: what it did, each with its quote; none when its words are not to be relied on.
        opened: ids of facts the customer told in answer to a question of this turn.
        marks: what happened at it (supervisor demanded, sigh...).
    """

    turn: TurnTaken
    asked: TurnTaken | None
    before: float
    after: float
    hot: bool
    moved: MoodMoved | None
    acts: tuple[ActFound, ...] = ()
    opened: tuple[str, ...] = ()
    marks: tuple[Happening, ...] = ()

    @property
    def clear(self) -> bool:
        """Whether its words were understood well enough to remark on them."""
        return self.turn.confidence >= CLEAR

    @property
    def causes(self) -> tuple[CauseFound, ...]:
        """Why the mood moved."""
        return tuple(self.moved.cause) if self.moved is not None else ()

    def act(self, *kinds: str) -> ActFound | None:
        """The first act of one of these kinds."""
        return next((act for act in self.acts if act.act in kinds), None)


@dataclass(frozen=True)
class Log:
    """A call, read.

    Attributes:
        lead: the feeling the customer led with.
        start: the mood the call began with, by name.
        turns: both parties' turns in order.
        heard: the same, and those of which nobody knows whose they are.
        exchanges: the agent's turns in order.
        words: word times by turn.
        beside: customer turns that only answer or hit back, and tell nothing of their own story.
        imported: set where the call is a recording of a real one.
        speech: where each party spoke, of an imported call.
        voices: how the agent's turns sound, of an imported call; see `delivery.voice.Voice`.
    """

    typed: bool
    status: Status
    lead: Feeling
    start: Mapping[str, float]
    turns: tuple[TurnTaken, ...]
    heard: tuple[TurnTaken, ...]
    exchanges: tuple[Exchange, ...]
    happened: tuple[Happened, ...]
    words: Words
    started: CallStarted | None
    ended: CallEnded | None
    length: int
    beside: frozenset[int] = frozenset()
    imported: Imported | None = None
    speech: Mapping[Who, tuple[Stretch, ...]] = field(default_factory=dict)
    voices: Mapping[int, Mapping[str, float]] = field(default_factory=dict)

    @property
    def agent_turns(self) -> tuple[TurnTaken, ...]:
        """The agent's turns."""
        return tuple(exchange.turn for exchange in self.exchanges)

    @property
    def customer_turns(self) -> tuple[TurnTaken, ...]:
        """The customer's turns."""
        return tuple(turn for turn in self.turns if turn.who == "customer")


def read(record: CallRecord) -> Log:
    """Put the events of a call in the order a debrief needs."""
    events = record.events
    started = next(_of(CallStarted, events), None)
    ended = next(_of(CallEnded, reversed(events)), None)
    start = dict(started.mood) if started is not None else {}
    lead = started.lead if started is not None else Feeling.ANGER
    heard = _turns(events)
    turns = tuple(turn for turn in heard if turn.who != "unknown")
    imported = next(_of(Imported, events), None)
    words = {event.turn: event.words for event in _of(WordsTimed, events)}
    last = max((event.t for event in events), default=0)
    ground = ended.ground if ended is not None else None
    return Log(
        typed=started is not None and started.mode == "typed",
        status=ended.status if ended is not None else Status.ABORTED,
        lead=lead,
        start=start,
        turns=turns,
        heard=heard,
        exchanges=_exchanges(events, turns, words, lead, start.get(lead, 0.0), ground),
        happened=tuple(_of(Happened, events)),
        words=words,
        started=started,
        ended=ended,
        length=max(last, len(record.agent), len(record.customer)),
        beside=frozenset(e.turn for e in _of(Planned, events) if e.intent not in _STORY),
        imported=imported,
        speech={who: _speech(events, who) for who in _BOTH} if imported is not None else {},
        voices={event.turn: event.values for event in _of(VoiceMeasured, events)},
    )


_BOTH: tuple[Who, Who] = ("agent", "customer")


def _speech(events: tuple[Event, ...], who: Who) -> tuple[Stretch, ...]:
    starts = [event.t for event in _of(SpeechStarted, events) if event.who == who]
    ends = [event.t for event in _of(SpeechEnded, events) if event.who == who]
    return tuple(Stretch(start, end) for start, end in zip(starts, ends, strict=False))


def _turns(events: tuple[Event, ...]) -> tuple[TurnTaken, ...]:
    taken: dict[int, TurnTaken] = {}
    for event in events:
        if isinstance(event, TurnTaken):
            taken[event.turn] = event
        elif isinstance(event, Corrected) and event.turn in taken:
            said = {"text": event.after, "confidence": 1.0}
            taken[event.turn] = taken[event.turn].model_copy(update=said)
    return tuple(taken[number] for number in sorted(taken))


def _exchanges(
    events: tuple[Event, ...],
    turns: tuple[TurnTaken, ...],
    words: Words,
    lead: Feeling,
    start: float,
    ground: Ground | None,
) -> tuple[Exchange, ...]:
    moods = {event.turn: event for event in _of(MoodMoved, events)}
    read = {event.turn: event.acts for event in _of(ActsRead, events)}
    told = _told(events)
    marks: dict[int, list[Happening]] = {}
    for event in _of(Happened, events):
        marks.setdefault(event.turn, []).append(event.kind)
    found: list[Exchange] = []
    before, rose = start, 0.0
    previous: TurnTaken | None = None
    for turn, following in pairwise((*turns, None)):
        assert turn is not None
        if turn.who == "customer":
            previous = turn
            continue
        moved = moods.get(turn.turn)
        after = moved.mood.get(lead, before) if moved is not None else before
        answer = following.turn if following is not None and following.who == "customer" else None
        asks = set(moved.asks) if moved is not None else set()
        found.append(
            Exchange(
                turn=turn,
                asked=previous,
                before=before,
                after=after,
                hot=previous is not None and (before >= HOT or rose >= RISE),
                moved=moved,
                acts=_acts(
                    turn,
                    read.get(turn.turn, _held(moved, ground) if moved is not None else ()),
                    words.get(turn.turn),
                ),
                opened=tuple(fact for fact in told.get(answer or 0, ()) if fact in asks),
                marks=tuple(marks.get(turn.turn, ())),
            )
        )
        before, rose, previous = after, after - before, None
    return tuple(found)


def _held(moved: MoodMoved, ground: Ground | None) -> list[ActFound]:
    """The acts of a turn, without a promise that the common ground knows was none."""
    return [
        act
        for act in moved.acts
        if act.act != ActKind.OVERPROMISE
        or agreed.overpromises(act, moved.turn, moved.offers, ground)
    ]


def _acts(
    turn: TurnTaken,
    acts: Iterable[ActFound],
    words: list[tuple[str, float, float, float]] | None,
) -> tuple[ActFound, ...]:
    if turn.confidence < CLEAR:
        return ()
    return tuple(
        act
        for act in acts
        if act.quote and act.quote in turn.text and (act.act not in SHARP or _sure(act, words))
    )


def _sure(act: ActFound, words: list[tuple[str, float, float, float]] | None) -> bool:
    quoted = set(plain(act.quote))
    found = [word[3] for word in words or () if quoted & set(plain(word[0]))]
    return not found or sum(found) / len(found) >= SURE


def plain(text: str) -> list[str]:
    """Words without case and punctuation, for comparing."""
    return re.findall(r"[a-z0-9']+", text.lower().replace("’", "'"))


def _told(events: tuple[Event, ...]) -> dict[int, list[str]]:
    """Facts planned for each customer turn; the plan that was made last for it stands."""
    return {event.turn: event.facts for event in _of(Planned, events)}


def _of(kind: type[_E], events: Iterator[Event] | tuple[Event, ...]) -> Iterator[_E]:
    return (event for event in events if isinstance(event, kind))
