"""Who spoke when: gaps, interruptions, backchannels, overlap, talk share, dead air. Pure.

Formulas: response gap = start of the agent's turn − end of the customer's (negative: overlap),
after Levinson & Torreira 2015; the customer's end is their last audible sample, so the program's
own delay never counts. A backchannel is agent speech of at most .8 s wholly inside customer speech.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from trainer.domain.audio import seconds
from trainer.domain.transcript import Who
from trainer.review import stretches
from trainer.review.stretches import Stretch

TURN_GAP_S = 1.5
"""Pauses shorter than this, with nobody else speaking, stay inside a turn."""

BACKCHANNEL_S = 0.8
"""Longest backchannel."""

INTERRUPTION_S = 0.8
"""Shorter speech over the customer takes no floor."""

EARLY_S = 0.3
"""An interruption begins at least this long before the customer's end."""

DEAD_AIR_S = 4.0
"""Silence on the agent's side that is dead air when nobody announced it."""

ANNOUNCED_S = 20.0
"""A wait announced at most this long before it is free."""


@dataclass(frozen=True)
class Part:
    """A turn on the call clock: who, and from which sample to which.

    Attributes:
        number: turn number; 0 where the channels are all there is.
        cut_s: seconds of speech the party still had to say when they were cut off; None: unknown.
        announces: the agent asked for a moment in it.
    """

    who: Who
    start: int
    end: int
    number: int = 0
    cut_s: float | None = None
    announces: bool = False


@dataclass(frozen=True)
class Gap:
    """The agent's response gap before one of their turns."""

    turn: int
    seconds: float


@dataclass(frozen=True)
class Silence:
    """Dead air: nobody spoke and it was the agent's to fill. `turn` is the turn before it."""

    turn: int
    start_s: float
    end_s: float
    seconds: float


@dataclass(frozen=True)
class Hold:
    """The agent put the customer on hold."""

    start_s: float
    end_s: float
    announced: bool


@dataclass(frozen=True)
class Timing:
    """The measures of one call. Shares are 0..1 and None when nobody spoke."""

    talk_share: float | None
    talk_share_first_half: float | None
    overlap_share: float | None
    gaps: tuple[Gap, ...]
    interruptions: tuple[int, ...]
    backchannels: int
    longest_stretch_s: float | None
    longest_turn: int
    dead_air: tuple[Silence, ...]
    holds: tuple[Hold, ...]
    agent_s: float
    customer_s: float

    @property
    def median_gap_s(self) -> float | None:
        """Median response gap, seconds."""
        ordered = sorted(gap.seconds for gap in self.gaps)
        if not ordered:
            return None
        middle = len(ordered) // 2
        both = ordered[middle] if len(ordered) % 2 else sum(ordered[middle - 1 : middle + 1]) / 2
        return round(both, 3)


def transitions(parts: Sequence[Part]) -> list[tuple[Part, Part, float]]:
    """Every change of speaker: the turn before, the turn after, and the gap in seconds.

    Speech wholly inside the other party's takes no turn and is left out.
    """
    floor = _floor(parts)
    return [
        (before, after, seconds(after.start - before.end))
        for before, after in pairwise(floor)
        if before.who != after.who
    ]


def from_stretches(agent: Sequence[Stretch], customer: Sequence[Stretch]) -> list[Part]:
    """Turns out of two channels' speech: pauses under 1.5 s without the other party are closed."""
    spans: list[tuple[Stretch, Who]] = [(s, "agent") for s in agent]
    spans += [(s, "customer") for s in customer]
    parts: list[Part] = []
    for span, who in sorted(spans, key=lambda pair: (pair[0].start, pair[0].end)):
        last = parts[-1] if parts else None
        near = last is not None and seconds(span.start - last.end) < TURN_GAP_S
        if last is not None and last.who == who and near:
            parts[-1] = Part(who, last.start, max(last.end, span.end))
        else:
            parts.append(Part(who, span.start, span.end))
    return parts


def measure(
    parts: Sequence[Part],
    length: int,
    *,
    agent: Sequence[Stretch] | None = None,
    customer: Sequence[Stretch] | None = None,
    holds: Sequence[tuple[int, int, bool]] = (),
) -> Timing:
    """Measure a call.

    Args:
        parts: turns of both parties, from the log or from `from_stretches`.
        length: of the call, samples.
        agent: speech in the agent's channel, finer than turns; else the turns stand for it.
        customer: the same for the customer.
        holds: (first sample, last sample, announced) of each hold.
    """
    spoken: dict[Who, list[Stretch]] = {
        "agent": list(agent) if agent is not None else _spans(parts, "agent"),
        "customer": list(customer) if customer is not None else _spans(parts, "customer"),
    }
    floor = _floor(parts)
    nodded = _backchannels(spoken["agent"], [part for part in parts if part.who == "customer"])
    held = [Stretch(start, end) for start, end, _ in holds]
    longest = max((p for p in floor if p.who == "agent"), key=_length, default=None)
    both = stretches.overlap(spoken["agent"], spoken["customer"])
    return Timing(
        talk_share=_share(spoken, 0, length),
        talk_share_first_half=_share(spoken, 0, length // 2),
        overlap_share=round(both / length, 4) if length and any(spoken.values()) else None,
        gaps=tuple(
            Gap(after.number, gap)
            for before, after, gap in transitions(parts)
            if after.who == "agent"
            and not any(h.start < after.start and h.end > before.end for h in held)
        ),
        interruptions=tuple(_interruptions(floor)),
        backchannels=len(nodded),
        longest_stretch_s=seconds(_length(longest)) if longest is not None else None,
        longest_turn=longest.number if longest is not None else 0,
        dead_air=tuple(_dead_air(floor, spoken["agent"], held)),
        holds=tuple(Hold(seconds(a), seconds(b), announced) for a, b, announced in holds),
        agent_s=seconds(sum(s.length for s in spoken["agent"])),
        customer_s=seconds(sum(s.length for s in spoken["customer"])),
    )


def _floor(parts: Sequence[Part]) -> list[Part]:
    """Turns that take the floor: speech wholly inside the other party's does not."""
    ordered = sorted(parts, key=lambda part: (part.start, -part.end))
    return [
        part
        for part in ordered
        if not any(
            other.who != part.who and other.start <= part.start and part.end <= other.end
            for other in ordered
        )
    ]


def _spans(parts: Sequence[Part], who: Who) -> list[Stretch]:
    return [Stretch(part.start, part.end) for part in parts if part.who == who]


def _length(part: Part) -> int:
    return part.end - part.start


def _share(spoken: dict[Who, list[Stretch]], start: int, end: int) -> float | None:
    agent, customer = (
        sum(s.length for s in stretches.within(spoken[who], start, end)) for who in _BOTH
    )
    return round(agent / (agent + customer), 4) if agent + customer else None


_BOTH: tuple[Literal["agent"], Literal["customer"]] = ("agent", "customer")


def _interruptions(floor: Sequence[Part]) -> list[int]:
    """Numbers of the agent turns that took the floor from a customer who had more to say.

    Where the rest of what the customer had to say is known (a simulated one), at least 1 s of it
    must have been lost; else the agent must begin at least .3 s before the customer's end.
    """
    return [
        after.number
        for before, after in pairwise(floor)
        if before.who == "customer"
        and after.who == "agent"
        and seconds(_length(after)) >= INTERRUPTION_S
        and (
            before.cut_s >= 1.0
            if before.cut_s is not None
            else seconds(before.end - after.start) >= EARLY_S
        )
    ]


def _backchannels(agent: Sequence[Stretch], customer: Sequence[Part]) -> list[Stretch]:
    return [
        short
        for short in agent
        if seconds(short.length) <= BACKCHANNEL_S
        and any(turn.start < short.start and short.end < turn.end for turn in customer)
    ]


def _dead_air(
    floor: Sequence[Part], agent: Sequence[Stretch], held: Sequence[Stretch]
) -> list[Silence]:
    """Silences over 4 s on the agent's side, unannounced and not on hold.

    After the customer's end, between two turns of the agent, or inside one; the wait for a customer
    is not the agent's.
    """
    waits: list[tuple[Part, int, int]] = []
    for before, after in pairwise((*floor, None)):
        assert before is not None
        if before.who == "agent":
            pieces = stretches.within(agent, before.start, before.end)
            waits += [(before, a.end, b.start) for a, b in pairwise(pieces)]
        if after is not None and not (before.who == "agent" and after.who == "customer"):
            waits.append((before, before.end, after.start))
    announced = [part.end for part in floor if part.announces]
    return [
        Silence(part.number, seconds(start), seconds(end), seconds(end - start))
        for part, start, end in waits
        if seconds(end - start) > DEAD_AIR_S
        and not any(0 <= seconds(start - said) <= ANNOUNCED_S for said in announced)
        and not any(hold.start < end and hold.end > start for hold in held)
    ]
