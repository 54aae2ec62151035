"""A call in one object, from its events alone: what `--json` of `call` and `calls show` print."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any, TypeVar

from trainer.domain.audio import seconds
from trainer.domain.events import (
    CallEnded,
    CallStarted,
    ClauseSpoken,
    Corrected,
    Event,
    Happened,
    Imported,
    MoodMoved,
    Planned,
    TurnTaken,
)
from trainer.domain.record import CallRecord
from trainer.store.reading import status

_FEELINGS = (
    "anger",
    "anxiety",
    "sadness",
    "warmth",
    "trust",
    "heard",
    "patience",
    "resolution",
)
_E = TypeVar("_E", bound=Event)


def summary(record: CallRecord) -> dict[str, Any]:
    """The call as plain JSON values; the keys are a contract.

    Turns count from 1 over both parties. Moods are listed per agent turn; where the agent corrected
    what was understood, the text and the moods that were logged last stand. A call that was broken
    off is `aborted`, its `csat` None. `ground` is what both had established by the end; None where
    the call holds nothing of it.
    """
    events = record.events
    began = next(_of(CallStarted, events), None)
    engines = began.engines if began else _imported(events)
    ended = next(_of(CallEnded, reversed(events)), None)
    return {
        "call": str(record.folder),
        "status": str(status(events)),
        "seed": began.seed if began else None,
        "engines": {port: engines.get(port) for port in ("stt", "wording", "voice")},
        "transcript": [_turn(turn) for turn in turns(events)],
        "mood": [_mood(moved) for moved in moods(events)],
        "events": [
            {"kind": str(event.kind), "turn": event.turn, "t_s": seconds(event.t)}
            for event in _of(Happened, events)
        ],
        "facts": facts(events),
        "csat": ended.csat if ended else None,
        "story": list(ended.story) if ended else [],
        "ground": asdict(ended.ground) if ended and ended.ground else None,
    }


def _imported(events: Iterable[Event]) -> dict[str, str]:
    brought = next(_of(Imported, events), None)
    return brought.engines if brought else {}


def turns(events: Iterable[Event]) -> list[TurnTaken]:
    """Every turn, in order, with the words that stand after corrections."""
    taken: dict[int, TurnTaken] = {}
    for event in events:
        if isinstance(event, TurnTaken):
            taken[event.turn] = event
        elif isinstance(event, Corrected) and event.turn in taken:
            taken[event.turn] = taken[event.turn].model_copy(update={"text": event.after})
    return [taken[number] for number in sorted(taken)]


def moods(events: Iterable[Event]) -> list[MoodMoved]:
    """The mood after each agent turn, in order; of several for one turn, the latest."""
    moved = {event.turn: event for event in _of(MoodMoved, events)}
    return [moved[number] for number in sorted(moved)]


def facts(events: Iterable[Event]) -> list[str]:
    """Ids of the facts that were told, in the order of telling.

    A fact counts as told when a reply that was planned with it began to be spoken.
    """
    planned: dict[int, list[str]] = {}
    told: dict[str, None] = {}
    for event in events:
        if isinstance(event, Planned):
            planned[event.generation] = event.facts
        elif isinstance(event, ClauseSpoken):
            told |= dict.fromkeys(planned.get(event.generation, ()))
    return list(told)


def _of(kind: type[_E], events: Iterable[Event]) -> Iterator[_E]:
    return (event for event in events if isinstance(event, kind))


def _turn(turn: TurnTaken) -> dict[str, Any]:
    return {
        "turn": turn.turn,
        "who": turn.who,
        "text": turn.text,
        "start_s": seconds(turn.start),
        "end_s": seconds(turn.end),
        "source": turn.source,
    }


def _mood(moved: MoodMoved) -> dict[str, Any]:
    return {
        "turn": moved.turn,
        **{name: moved.mood.get(name) for name in _FEELINGS},
        "acts": [act.model_dump() for act in moved.acts],
        "cause": [cause.model_dump() for cause in moved.cause],
    }
