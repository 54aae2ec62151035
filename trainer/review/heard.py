"""The agent's voice in a call, turn by turn, against their usual one: warm-up, else first turns."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from trainer.domain.audio import RATE, Samples, samples
from trainer.domain.baseline import Baseline, WarmUp
from trainer.domain.errors import EngineMissing
from trainer.domain.events import Imported
from trainer.domain.record import CallRecord
from trainer.review.delivery.kept import kept_quality, kept_voice
from trainer.review.delivery.pitch import TRACKER
from trainer.review.delivery.quality import POOR_DB, Quality, assess
from trainer.review.delivery.raised import Raised, raised
from trainer.review.delivery.voice import Voice, hear
from trainer.review.evidence import Why
from trainer.review.log import Exchange, Log

LEAST_TURN_S = 1.5
"""A shorter turn is too short for its voice."""

_FIRST = 2
"""So many turns stand in for a warm-up that is not there."""

LONGEST_TURN_S = 60
"""Seconds of one turn that are looked at."""

_ENOUGH_S = 20.0
"""Seconds of voice from which more adds no certainty."""

_PROVISIONAL = 0.5


@dataclass(frozen=True)
class Person:
    """What a review may know of the person who was the agent, beside the call.

    Attributes:
        warm_up: of this microphone, still good at the time of the call.
        tone: whether the sound of the voice may be looked at.
        pacing: whether speed, pauses and answering times may be looked at.
    """

    warm_up: WarmUp | None = None
    tone: bool = True
    pacing: bool = True


@dataclass(frozen=True)
class Spoken:
    """The voice of one agent turn. `above`: None for a turn that is itself what others are held to.

    `rate_ratio`: its pace over the usual one; None as `above`.
    """

    exchange: Exchange
    voice: Voice
    above: Raised | None
    rate_ratio: float | None

    @property
    def seconds(self) -> float:
        """How long the turn lasted."""
        return (self.exchange.turn.end - self.exchange.turn.start) / RATE


@dataclass(frozen=True)
class Heard:
    """The agent's voice in one call.

    Attributes:
        turns: those that were long enough, in order.
        usual: what they are held against.
        kind: where that comes from.
        quality: of the agent's channel; None where there is none.
        reason: why nothing was measured; empty when something was.
        tone_reason: why the sound of the voice is left out; empty when it is not.
        pace_reason: why the pace is left out; empty when it is not.
        note: why the warm-up does not serve, or that there is none.
    """

    turns: tuple[Spoken, ...] = ()
    usual: Baseline | None = None
    kind: Literal["own", "provisional"] | None = None
    quality: Quality | None = None
    reason: str = ""
    tone_reason: str = ""
    pace_reason: str = ""
    note: str = ""

    @property
    def rated(self) -> tuple[Spoken, ...]:
        """The turns that have something to be held against."""
        return tuple(turn for turn in self.turns if turn.above is not None)

    @property
    def sure(self) -> float:
        """Confidence in what the voice shows, 0..1."""
        if self.quality is None:
            return 0.0
        voiced = sum(turn.voice.voiced_s for turn in self.turns)
        known = 1.0 if self.kind == "own" else _PROVISIONAL
        return min(1.0, voiced / _ENOUGH_S) / self.quality.widening * known


def listen(record: CallRecord, log: Log, person: Person, why: Why) -> Heard:
    """Measure the voice of every agent turn that is long enough."""
    off = Heard(
        tone_reason="" if person.tone else why["tone_off"],
        pace_reason="" if person.pacing else why["pacing_off"],
    )
    if log.typed:
        return replace(off, reason=why["typed"])
    if not person.tone and not person.pacing:
        return replace(off, reason=why["tone_off"])
    long = [
        e
        for e in log.exchanges
        if min(e.turn.end, len(record.agent)) - e.turn.start >= samples(LEAST_TURN_S)
    ]
    if log.imported is not None:
        return _recorded(log, log.imported, why, off)
    if not record.agent.any():
        return replace(off, reason=why["no_sound"])
    try:
        quality = assess(record.agent)
        voices = [(e, hear(_sound(record.agent, e), quality)) for e in long]
    except EngineMissing as missing:
        return replace(off, reason=missing.message)
    return _good_enough(voices, quality, person, why, off)


def _recorded(log: Log, imported: Imported, why: Why, off: Heard) -> Heard:
    """The voice of a real call, as it was measured when the call was brought in.

    It came over another line than any warm-up, so its first turns stand in for one.
    """
    if not imported.apart:
        return replace(off, reason=why["one_channel"])
    if imported.quality is None:
        return replace(off, reason=why["not_kept"])
    quality = kept_quality(imported.quality)
    voices = [
        (e, kept_voice(log.voices[e.turn.turn], quality))
        for e in log.exchanges
        if e.turn.turn in log.voices
    ]
    found = _good_enough(voices, quality, Person(), why, off)
    return replace(found, note=why["other_line"])


def _good_enough(
    voices: Sequence[tuple[Exchange, Voice | None]],
    quality: Quality,
    person: Person,
    why: Why,
    off: Heard,
) -> Heard:
    there = [(e, voice) for e, voice in voices if voice is not None]
    if not there:
        return replace(off, reason=why["short_turns"], quality=quality)
    if quality.snr_db is not None and quality.snr_db < POOR_DB:
        off = replace(off, tone_reason=off.tone_reason or why["noise"])
    return _held(there, quality, person.warm_up, why, off)


def _sound(channel: Samples, exchange: Exchange) -> Samples:
    return channel[
        exchange.turn.start : min(exchange.turn.end, exchange.turn.start + samples(LONGEST_TURN_S))
    ]


def _held(
    there: Sequence[tuple[Exchange, Voice]],
    quality: Quality,
    warm_up: WarmUp | None,
    why: Why,
    off: Heard,
) -> Heard:
    note = _unfit(warm_up, quality, why)
    if warm_up is not None and not note:
        usual, first = warm_up.voice, 0
    elif len(there) > _FIRST:
        usual, first = Baseline.of([voice for _, voice in there[:_FIRST]]), _FIRST
    else:
        turns = tuple(Spoken(e, voice, None, None) for e, voice in there)
        return replace(off, turns=turns, quality=quality, note=note)
    turns = tuple(
        Spoken(e, voice, None, None)
        if number < first
        else Spoken(e, voice, raised(voice, usual), voice.rate / usual.rate if usual.rate else None)
        for number, (e, voice) in enumerate(there)
    )
    return replace(
        off,
        turns=turns,
        usual=usual,
        kind="provisional" if first else "own",
        quality=quality,
        note=note,
    )


def _unfit(warm_up: WarmUp | None, quality: Quality, why: Why) -> str:
    """Why a warm-up does not serve; empty when it does."""
    if warm_up is None or warm_up.tracker != TRACKER:
        return why["no_warm_up"]
    return "" if warm_up.same_room(quality.noise_db) else why["other_room"]
