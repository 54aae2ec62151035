"""What the agent's own side of the time axis holds: voice and pace turn by turn, and marks.

A turn that was not measured is a gap, never zero; where nothing was, the reason stands instead.
"""

from dataclasses import dataclass
from typing import Literal

from trainer.domain.audio import seconds
from trainer.domain.mood import Happening
from trainer.review.delivery.raised import CLEARLY, RAISED
from trainer.review.log import Log
from trainer.review.measures import Timed
from trainer.review.model import Review, TrackMark

MARKS: dict[str, tuple[str, str]] = {
    "agent_cut_in": ("‹", "you cut in"),
    "customer_cut_in": ("›", "they cut in"),
    "silence": ("─", "silence over 4 s"),
    "hold": ("=", "on hold"),
}
"""The sign and the words of each kind of mark."""

HIGHEST = 3.0
"""Top of the track of the voice; what lies above is drawn there."""

FURTHEST = 0.4
"""What the pace may differ from the usual one by inside its track."""


@dataclass(frozen=True)
class Bar:
    """One agent turn. `z` and `pace` as in `TurnDelivery`; None where not measured."""

    turn: int
    start_s: float
    end_s: float
    z: float | None
    pace: float | None


@dataclass(frozen=True)
class Track:
    """The agent's side of one call.

    Attributes:
        end_s: where the time axis ends.
        bars: one for each agent turn, measured or not.
        marks: in order of time.
        against: what voice and pace are held against, in words.
        no_voice: why there is no voice at all; empty when there is.
        no_pace: the same for the pace.
    """

    end_s: float
    bars: tuple[Bar, ...]
    marks: tuple[TrackMark, ...]
    against: str = ""
    no_voice: str = ""
    no_pace: str = ""

    @property
    def missing(self) -> list[str]:
        """One sentence for each reason why something is not there."""
        if self.no_voice and self.no_voice == self.no_pace:
            return [f"Your voice and pace: not measured. {self.no_voice}"]
        parts = (("voice", self.no_voice), ("pace", self.no_pace))
        return [f"Your {name}: not measured. {why}" for name, why in parts if why]

    @property
    def gaps(self) -> bool:
        """Whether turns are missing in what was measured."""
        return any(
            (bar.z is None and not self.no_voice) or (bar.pace is None and not self.no_pace)
            for bar in self.bars
        )


def track(review: Review) -> Track | None:
    """The track of a call; None where there is nothing to draw.

    That is a typed call, one in which the agent said nothing, and one with neither a curve nor
    marks whose voice was not measured.
    """
    turns = [turn for turn in review.transcript if turn.who == "agent"]
    if review.mode == "typed" or not turns:
        return None
    found = review.measures.delivery
    heard = {turn.turn: turn for turn in found.turns}
    bars = tuple(
        Bar(
            turn.turn,
            turn.start_s,
            turn.end_s,
            heard[turn.turn].z if turn.turn in heard else None,
            heard[turn.turn].pace if turn.turn in heard else None,
        )
        for turn in turns
    )
    measured = any(bar.z is not None or bar.pace is not None for bar in bars)
    if not (measured or review.marks or len(review.curve) > 1):
        return None
    why = found.not_measured
    usual = why.get("baseline") or next(iter(why.values()), "")
    ends = [point.t_s for point in review.curve] + [mark.end_s for mark in review.marks]
    return Track(
        end_s=max(ends + [turn.end_s for turn in review.transcript]),
        bars=bars,
        marks=tuple(review.marks),
        against="your warm-up" if found.baseline == "own" else "your first two turns",
        no_voice="" if any(bar.z is not None for bar in bars) else why.get("raised_voice") or usual,
        no_pace=""
        if any(bar.pace is not None for bar in bars)
        else why.get("articulation_rate") or usual,
    )


def marks(timed: Timed, log: Log) -> list[TrackMark]:
    """Who cut in, silences and holds, in order of time. None of it in a typed call."""
    if log.typed:
        return []
    found = [
        _mark("customer_cut_in", event.turn, seconds(event.t), seconds(event.t))
        for event in log.happened
        if event.kind is Happening.CUSTOMER_INTERRUPT
    ]
    timing = timed.timing
    if timing is not None:
        starts = {turn.turn: seconds(turn.start) for turn in log.turns}
        found += [
            _mark("agent_cut_in", turn, starts[turn], starts[turn])
            for turn in timing.interruptions
            if turn in starts
        ]
        found += [_mark("silence", s.turn, s.start_s, s.end_s) for s in timing.dead_air]
        if log.imported is None:
            found += [_mark("hold", 0, hold.start_s, hold.end_s) for hold in timing.holds]
    return sorted(found, key=lambda mark: (mark.start_s, mark.kind))


_Kind = Literal["agent_cut_in", "customer_cut_in", "silence", "hold"]


def _mark(kind: _Kind, turn: int, start_s: float, end_s: float) -> TrackMark:
    return TrackMark(kind=kind, turn=turn, start_s=start_s, end_s=end_s)


def voice(z: float | None) -> str:
    """How far a voice was raised, in a word and a number; empty where not measured."""
    if z is None:
        return ""
    word = "clearly raised" if z > CLEARLY else "raised" if z > RAISED else "as usual"
    return f"{word} ({z:+.1f})".replace("-", "−")


def pace(ratio: float | None) -> str:
    """A pace over the usual one; empty where not measured."""
    return "" if ratio is None else f"×{ratio:.2f}"
