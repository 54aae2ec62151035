"""Levels by the clock: letting the customer finish, answering in time, sharing the floor, a breath.

Each reader follows the anchors of its behaviour in the rubric.
"""

from collections.abc import Sequence

from trainer.domain.acts import ActKind
from trainer.review.evidence import GOOD, HEARD, Found, Shown, TooThin, Why, numbered, too_few
from trainer.review.log import Log
from trainer.review.measures import Timed
from trainer.review.rubric import Behaviour


def _below(value: float, steps: Sequence[float]) -> int:
    """1 above the first step, 2 above the second, ... 5 at or under the last of four."""
    return 1 + sum(1 for step in steps if value <= step)


def _at_least(value: float, steps: Sequence[float]) -> int:
    return 1 + sum(1 for step in steps if value >= step)


def lets_finish(behaviour: Behaviour, log: Log, timed: Timed, why: Why) -> Found:
    """P1: interruptions per minute of customer talk; listening sounds earn the top level."""
    timing = timed.timing
    assert timing is not None
    minutes = timing.customer_s / 60
    rate = len(timing.interruptions) / minutes
    level = _below(rate, behaviour.steps("per_minute")[:3])
    often = timing.backchannels * behaviour.steps("backchannel_every_s")[0] >= timing.customer_s
    if not timing.interruptions and often and not timed.leak:
        level = 5
    cuts = len(timing.interruptions)
    number = f"{cuts} interruption{'s' * (cuts != 1)} in {timing.customer_s:.0f} s of customer talk"
    cut = [e for e in log.exchanges if e.turn.turn in timing.interruptions] or log.exchanges[:1]
    spoken = len(log.customer_turns)
    return Found(level, "timing", spoken, [numbered(e, number) for e in cut[:4]])


def in_time(behaviour: Behaviour, log: Log, timed: Timed, why: Why) -> Found:
    """P3: share of answers inside their window; silences and holds that nobody announced."""
    timing = timed.timing
    assert timing is not None
    hot = {exchange.turn.turn for exchange in log.exchanges if exchange.hot}
    windows = {True: behaviour.steps("hot_s"), False: behaviour.steps("normal_s")}
    if log.imported is not None:  # which moments were hot nobody knows: either window will do
        either = [
            min(windows[True][0], windows[False][0]),
            max(windows[True][1], windows[False][1]),
        ]
        windows = dict.fromkeys(windows, either)
    good = [
        gap
        for gap in timing.gaps
        if windows[gap.turn in hot][0] <= gap.seconds <= windows[gap.turn in hot][1]
    ]
    level = _at_least(len(good) / len(timing.gaps), behaviour.steps("share"))
    limits = behaviour.steps("dead_air")
    sudden = [hold for hold in timing.holds if not hold.announced]
    silences = len(timing.dead_air) + len(sudden)
    if silences:
        level = min(level, 1 if silences >= limits[0] else 2 if silences >= limits[1] else 3)
    number = (
        f"{len(good)} of {len(timing.gaps)} answers in time, median {timing.median_gap_s:.1f} s"
    )
    shows = [gap.turn for gap in timing.gaps if (gap in good) == (level >= GOOD)]
    proof = [e for e in log.exchanges if e.turn.turn in shows] or log.exchanges[:1]
    evidence = [numbered(e, number) for e in proof[:1]]
    evidence += [
        Shown(s.turn, s.start_s, s.end_s, number=f"{s.seconds:.1f} s of silence")
        for s in timing.dead_air[:3]
    ]
    last = log.exchanges[-1].turn.turn
    evidence += [
        Shown(last, h.start_s, h.end_s, number=f"{h.end_s - h.start_s:.0f} s on hold unannounced")
        for h in sudden[:3]
    ]
    return Found(level, "timing", len(timing.gaps), evidence)


def shares_floor(behaviour: Behaviour, log: Log, timed: Timed, why: Why) -> Found:
    """P4: the longest stretch, and the share of the first half."""
    timing = timed.timing
    assert timing is not None
    longest = timing.longest_stretch_s
    if longest is None or timing.talk_share_first_half is None:
        raise TooThin(why["few"])
    level = min(
        _below(longest, behaviour.steps("longest_s")),
        _below(timing.talk_share_first_half, behaviour.steps("first_half_share")),
    )
    asks = any(e.act(ActKind.OPEN_QUESTION, ActKind.CLOSED_QUESTION) for e in log.exchanges)
    number = f"{longest:.0f} s at a stretch, {timing.talk_share_first_half:.0%} of the first half"
    at = [e for e in log.exchanges if e.turn.turn == timing.longest_turn] or log.exchanges[:1]
    return Found(
        level if asks else min(level, 4),
        "timing",
        len(log.exchanges),
        [numbered(e, number) for e in at[:1]],
    )


def breathes(behaviour: Behaviour, log: Log, timed: Timed, why: Why) -> Found:
    """SR2: share of answers to hot turns that come after a breath."""
    timing = timed.timing
    assert timing is not None
    gaps = {gap.turn: gap.seconds for gap in timing.gaps}
    hot = [e for e in log.exchanges if e.hot and e.turn.turn in gaps]
    if len(hot) < behaviour.least.get("hot", 2):
        raise too_few(why, "hot", len(hot), behaviour.least.get("hot", 2))
    least, most = behaviour.steps("window_s")
    in_time = [e for e in hot if least <= gaps[e.turn.turn] <= most]
    cut_in = any(e.turn.turn in timing.interruptions for e in hot)
    level = 1 if cut_in else _at_least(len(in_time) / len(hot), behaviour.steps("share"))
    first = [e for e in in_time if (act := e.act(*HEARD)) is not None and act.start <= 20]
    if level == 5 and len(first) * 2 < len(in_time):
        level = 4
    shows = in_time if level >= GOOD else [e for e in hot if e not in in_time] or hot
    return Found(
        level,
        "timing",
        len(hot),
        [numbered(e, f"{gaps[e.turn.turn]:.1f} s before the answer") for e in shows[:4]],
    )
