"""What a recording shows of one call's turn-taking.

The customer's side is the recording's right channel; the agent's is what they did. Which clause a
sound belongs to, and what a clause sounds like when nothing comes between, is known from the call.
Definitions after τ²-bench's interaction metrics; all times in seconds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from trainer.domain.audio import BLOCK, RATE, Samples, samples
from trainer.domain.events import ClauseSpoken, Event, Happened, TurnTaken
from trainer.domain.mood import Happening
from trainer.simulate.turntaking.agent import AUDIBLE
from trainer.simulate.turntaking.moves import Case, Done, Kind
from trainer.simulate.turntaking.working import Piece

YIELDS_S = 1.0
"""A customer who still speaks this long after an interruption began has not yielded."""

SELECTIVE_S = 0.25
"""Longest silence in all, of a customer who was only listened to."""

_AT_ONCE = RATE
"""Nobody answers what began less than this ago."""

_OVERLAP = round(0.3 * RATE)
"""Less than this was not over the customer."""

_LEAD = 4 * BLOCK
"""Sound that is made leaves the speaker at most this much later."""

_LEAST = round(0.05 * RATE)
"""Less sound than this is no cut-in."""


@dataclass(frozen=True)
class Turn:
    """One turn of the customer: its clauses as they began and as they sound alone.

    Attributes:
        start, end: first and last audible sample.
        clauses: (first audible sample, its sound alone) for each clause heard.
        cut: words of it were never heard.
    """

    start: int
    end: int
    clauses: tuple[tuple[int, Samples], ...]
    cut: bool


@dataclass(frozen=True)
class Outcome:
    """What came of one move. What does not apply is None.

    Attributes:
        kind, human, said, pause_s: of the move.
        case: the call it was part of.
        gap_s: from the agent's last sample to the customer's first.
        cut_in: the customer spoke before the agent had finished.
        cut_in_s: for how long; little when they took it back.
        missed: no answer came.
        yield_s: from the first sample of an interruption to the customer's last.
        yielded: they fell silent for it, and stayed silent.
        quiet_s: how long the customer fell silent in all for what was no interruption.
        lost: words of theirs were lost to it.
    """

    kind: Kind
    human: bool
    said: str
    pause_s: float
    case: str
    at_s: float
    gap_s: float | None = None
    cut_in: bool | None = None
    cut_in_s: float | None = None
    missed: bool | None = None
    yield_s: float | None = None
    yielded: bool | None = None
    quiet_s: float | None = None
    lost: bool | None = None

    @property
    def undisturbed(self) -> bool | None:
        """Whether the customer went on as if nothing had been."""
        if self.quiet_s is None:
            return None
        return self.quiet_s <= SELECTIVE_S and not self.lost


@dataclass(frozen=True)
class Seen:
    """All of one call.

    Attributes:
        phantoms: (kind or case, second) of turns taken from nobody.
        self_interruptions: seconds of turns that stopped although nobody did anything.
        untried: moves that found no moment.
        waits: seconds of silence between two clauses of a turn, beyond what the voice leaves: the
            next one was not ready.
    """

    outcomes: tuple[Outcome, ...]
    phantoms: tuple[tuple[str, float], ...]
    self_interruptions: tuple[float, ...]
    customer_turns: int
    untried: int
    waits: tuple[float, ...] = ()


def read(
    name: str,
    case: Case,
    done: Sequence[Done],
    customer: Samples,
    events: Sequence[Event],
    spoken: Mapping[str, Sequence[Sequence[Piece]]],
) -> Seen:
    """Score one call.

    Args:
        name: of the call.
        case: what was tried in it.
        done: the moves as carried out, on the recording's clock.
        customer: right channel of the recording, shape (n,).
        events: the call's log.
        spoken: the sound of each clause by its words, each time it was voiced.
    """
    turns = customer_turns(events, spoken)
    limits = [*(each.start for each in done[1:]), len(customer)][: len(done)]
    # a customer who is hot enough cuts in on purpose: that shows nothing about waiting
    meant = [
        event.t
        for event in events
        if isinstance(event, Happened) and event.kind is Happening.CUSTOMER_INTERRUPT
    ]
    outcomes = []
    for each, limit in zip(done, limits, strict=True):
        if any(each.start < at <= each.end + RATE for at in meant):
            continue
        found = _outcome(name, each, limit, customer, turns)
        if found is not None:
            outcomes.append(found)
    return Seen(
        outcomes=tuple(outcomes),
        phantoms=tuple(_phantoms(name, done, turns)),
        self_interruptions=tuple(_self_interruptions(done, customer, turns)),
        customer_turns=len(turns),
        untried=len(case.moves) - len(outcomes),
        waits=tuple(
            round(seconds / RATE, 3)
            for turn in turns
            if not _near(turn, done)
            for _, _, seconds in _between(turn, customer)
        ),
    )


def customer_turns(
    events: Sequence[Event], spoken: Mapping[str, Sequence[Sequence[Piece]]]
) -> list[Turn]:
    """The customer's turns, with what each clause sounds like alone."""
    clauses: dict[int, list[tuple[int, Samples]]] = {}
    turns = []
    for event in events:
        if isinstance(event, ClauseSpoken):
            alone = _alone(event.t, _voiced(event.t, spoken.get(event.text, ())))
            clauses.setdefault(event.turn, []).append((event.t, alone))
        elif isinstance(event, TurnTaken) and event.who == "customer":
            mine = tuple(clauses.get(event.turn, ()))
            turns.append(Turn(event.start, event.end, mine, bool(event.unheard)))
    return turns


def fell_silent(turn: Turn, customer: Samples, within: tuple[int, int] | None = None) -> float:
    """Seconds of silence in a turn that its clauses alone do not have.

    Silence between clauses counts only where it touches `within` (two samples): a clause that was
    still being made leaves some too.
    """
    extra = 0
    for (start, alone), end in zip(turn.clauses, _ends(turn), strict=True):
        if _audible(customer[start:end]) is not None and _audible(alone) is not None:
            extra += max(0, _silence(customer[start:end]) - _silence(alone))
    for stop, end, between in _between(turn, customer):
        if within is not None and stop < within[1] and end > within[0]:
            extra += between
    return extra / RATE


def _ends(turn: Turn) -> list[int]:
    return [*(start for start, _ in turn.clauses[1:]), turn.end + 1]


def _between(turn: Turn, customer: Samples) -> list[tuple[int, int, int]]:
    """Between two clauses: last sample of one, first of the next, silence neither has by itself."""
    found = []
    for (start, alone), end in zip(turn.clauses[:-1], _ends(turn), strict=False):
        heard, whole = _audible(customer[start:end]), _audible(alone)
        if heard is not None and whole is not None:
            stop, rest = start + heard[1], len(alone) - 1 - whole[1]
            found.append((stop, end, max(0, end - stop - rest)))
    return found


def _near(turn: Turn, done: Sequence[Done]) -> bool:
    """Whether the agent did anything while the customer spoke, or right after."""
    return any(each.start <= turn.end + RATE and each.end >= turn.start for each in done)


def _voiced(first: int, times: Sequence[Sequence[Piece]]) -> Sequence[Piece]:
    """The last time the voice made this clause before it was heard from sample `first` on."""
    before = [pieces for pieces in times if pieces and pieces[0].at <= first]
    return before[-1] if before else ()


def _alone(first: int, pieces: Sequence[Piece]) -> Samples:
    """What is heard of a clause from sample `first` on when nothing comes between.

    Silence in which the voice had not made the next piece yet belongs to it.
    """
    sound = np.concatenate([np.zeros(0, np.float32), *(piece.sound for piece in pieces)])
    edges = _audible(sound)
    if edges is None:
        return sound
    at = first - edges[0]
    heard: list[Samples] = []
    for piece in pieces:
        late = piece.at + _LEAD - at
        if heard and late > 0:
            heard.append(np.zeros(late, np.float32))
            at += late
        heard.append(piece.sound)
        at += len(piece.sound)
    return np.concatenate(heard)


def _outcome(
    name: str, each: Done, limit: int, customer: Samples, turns: Sequence[Turn]
) -> Outcome | None:
    """None where the moment was wrong: the customer had not finished, or finished by themselves."""
    move = each.move
    base = Outcome(
        move.kind, move.human, move.said, move.pause_s, name, round(each.start / RATE, 2)
    )
    under = next((t for t in turns if t.start < each.start <= t.end), None)
    if move.over:
        if under is None:
            return None
        if move.kind == "interruption":
            return _interruption(base, each, limit, customer, under)
        return _listened(base, each, customer, under)
    if not move.speech:
        return base
    if under is not None:
        return None
    return _answered(base, each, limit, customer)


def _answered(base: Outcome, each: Done, limit: int, customer: Samples) -> Outcome:
    within = np.flatnonzero(np.abs(customer[each.start : each.end]) > AUDIBLE)
    if len(within) and each.end - each.start - int(within[0]) > _LEAST:
        return _with(base, cut_in=True, cut_in_s=_sounding(customer[each.start : each.end]))
    after = _audible(customer[each.end : limit])
    gap = None if after is None else after[0] / RATE
    return _with(base, cut_in=False, missed=after is None, gap_s=gap)


def _interruption(
    base: Outcome, each: Done, limit: int, customer: Samples, under: Turn
) -> Outcome | None:
    if not under.cut and under.end < each.start + samples(YIELDS_S):
        return None  # they had finished anyway
    heard = _audible(customer[each.start : each.end])
    took = 0.0 if heard is None else heard[1] / RATE
    yielded = took <= YIELDS_S and each.start + samples(took) < each.end - _LEAST
    after = _audible(customer[each.end : limit])
    gap = after[0] / RATE if after is not None and yielded else None
    return _with(base, yield_s=took if yielded else None, yielded=yielded, gap_s=gap)


def _listened(base: Outcome, each: Done, customer: Samples, under: Turn) -> Outcome | None:
    if not under.cut and under.end < each.start + _OVERLAP:
        return None
    near = (each.start, each.end + samples(1.0))
    return _with(base, quiet_s=fell_silent(under, customer, near), lost=under.cut)


def _phantoms(name: str, done: Sequence[Done], turns: Sequence[Turn]) -> list[tuple[str, float]]:
    """Turns of the customer that answer nobody."""
    found = []
    for before, after in pairwise(turns):
        spoke = [
            d for d in done if d.move.speech and before.start < d.end and d.start < after.start
        ]
        if spoke:
            continue
        during = [
            d for d in done if d.start < after.start - _AT_ONCE and d.end + 2 * RATE > before.start
        ]
        kind = during[-1].move.kind if during else name
        found.append((kind, round(after.start / RATE, 2)))
    return found


def _self_interruptions(
    done: Sequence[Done], customer: Samples, turns: Sequence[Turn]
) -> list[float]:
    """Turns that stopped or broke off although nobody did anything."""
    found = []
    for turn in turns:
        if not _near(turn, done) and (turn.cut or fell_silent(turn, customer) > SELECTIVE_S):
            found.append(round(turn.start / RATE, 2))
    return found


def _audible(sound: Samples) -> tuple[int, int] | None:
    loud = np.flatnonzero(np.abs(sound) > AUDIBLE)
    return (int(loud[0]), int(loud[-1])) if len(loud) else None


def _sounding(sound: Samples) -> float:
    """Seconds from the first to the last audible sample, without the silence between them."""
    edges = _audible(sound)
    return 0.0 if edges is None else (edges[1] + 1 - edges[0] - _silence(sound)) / RATE


def _silence(sound: Samples) -> int:
    """Samples of silence between the first and the last audible one, in frames of 10 ms."""
    edges = _audible(sound)
    if edges is None:
        return 0
    frame = RATE // 100
    inside = np.abs(sound[edges[0] : edges[1] + 1])
    whole = inside[: len(inside) // frame * frame].reshape(-1, frame)
    return int(np.sum(whole.max(axis=1) <= AUDIBLE)) * frame if len(whole) else 0


def _with(base: Outcome, **found: object) -> Outcome:
    rounded = {k: round(v, 3) if isinstance(v, float) else v for k, v in found.items()}
    return Outcome(**{**vars(base), **rounded})
