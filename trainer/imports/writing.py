"""The events of an imported call, in the order of its clock."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from trainer.acts.history import Context
from trainer.acts.reader import Reader
from trainer.domain.acts import Reading
from trainer.domain.events import (
    ActFound,
    ActsRead,
    CallEnded,
    Event,
    Imported,
    SpeechEnded,
    SpeechStarted,
    TurnTaken,
    VoiceMeasured,
)
from trainer.domain.mood import Status
from trainer.domain.transcript import Source, Speaker, Who
from trainer.imports.masking import asks, mask
from trainer.review.stretches import Stretch

_ASKED_AGO = 2
"""Turns for which a number that was asked for may still be given."""


@dataclass(frozen=True)
class Spoken:
    """One turn of a recording. `start` and `end` in samples; confidence 0..1."""

    who: Speaker
    text: str
    start: int
    end: int
    source: Source
    confidence: float = 1.0
    masked: bool = False


def masked(turns: Sequence[Spoken]) -> list[Spoken]:
    """The turns without card and account digits; those without any words are left out."""
    ordered = sorted(turns, key=lambda turn: (turn.start, turn.end))
    covered = []
    for number, turn in enumerate(ordered):
        asked = any(asks(one.text) for one in ordered[max(0, number - _ASKED_AGO) : number])
        if text := mask(turn.text.strip(), asked=asked):
            covered.append(replace(turn, text=text, masked=text != turn.text.strip()))
    return covered


def read(turns: Sequence[Spoken], reader: Reader) -> dict[int, list[ActFound]]:
    """What each agent turn did, by turn number (from 1 over all turns)."""
    found: dict[int, list[ActFound]] = {}
    customer: list[str] = []
    agent: list[str] = []
    readings: list[Reading] = []
    for number, turn in enumerate(turns, start=1):
        if not turn.confidence:  # not understood
            continue
        if turn.who == "customer":
            customer.append(turn.text)
        elif turn.who == "agent":
            before = Context(tuple(customer), tuple(agent), tuple(readings))
            reading = reader.read(turn.text, before)
            agent.append(turn.text)
            readings.append(reading)
            found[number] = [
                ActFound(
                    act=act.kind.value,
                    quote=act.quote,
                    start=act.start,
                    end=act.end,
                    confidence=act.confidence,
                    method=act.method,
                )
                for act in reading.acts
            ]
    return found


def events(
    head: Imported,
    turns: Sequence[Spoken],
    acts: dict[int, list[ActFound]],
    voices: dict[int, dict[str, float]],
    speech: dict[Who, list[Stretch]],
    length: int,
) -> list[Event]:
    """Everything that is known of the call; `length` in samples.

    `speech`: where each party speaks, where that is known.
    """
    found: list[Event] = []
    for who, spans in speech.items():
        for span in spans:
            found.append(SpeechStarted(t=span.start, who=who))
            found.append(SpeechEnded(t=span.end, who=who))
    for number, turn in enumerate(turns, start=1):
        found.append(
            TurnTaken(
                t=turn.end,
                turn=number,
                who=turn.who,
                text=turn.text,
                start=turn.start,
                end=turn.end,
                source=turn.source,
                confidence=round(turn.confidence, 4),
            )
        )
        if number in acts:
            found.append(ActsRead(t=turn.end, turn=number, acts=acts[number]))
        if number in voices:
            found.append(VoiceMeasured(t=turn.end, turn=number, values=voices[number]))
    found.sort(key=lambda event: event.t)
    ended = CallEnded(t=length, status=Status.IMPORTED, reason="the end of the recording")
    return [head, *found, ended]
