"""One level per behaviour, where voice, clock or rules can support one; else None with a reason.

Thresholds come from the rubric; formulas are those of its anchors. By rules and by the clock,
confidence stays at or under .5: no listener was asked. By the voice it follows how much of it there
was, how clean, and whether there was a warm-up to hold it against.
"""

from collections.abc import Callable
from dataclasses import dataclass

from trainer.domain.mood import Status
from trainer.review import by_clock, by_voice, by_words
from trainer.review.evidence import Found, Shown, TooThin, Why, counted, too_few
from trainer.review.heard import Heard
from trainer.review.log import Log
from trainer.review.measures import Timed
from trainer.review.rubric import Behaviour, Evidence, Rubric

MOST_SURE = 0.5
"""Highest confidence without a listener."""

_READERS: dict[str, Callable[[Behaviour, Log, Timed, Why], Found]] = {
    "T4": by_words.warm_ends,
    "P1": by_clock.lets_finish,
    "P3": by_clock.in_time,
    "P4": by_clock.shares_floor,
    "E1": by_words.names_feeling,
    "E2": by_words.says_back,
    "E3": by_words.opens_story,
    "E4": by_words.no_wall,
    "SR2": by_clock.breathes,
    "SR3": by_words.recovers,
    "SR4": by_words.constructive_end,
}

_VOICE_READERS: dict[str, Callable[[Behaviour, Log, Heard, Why], Found]] = {
    "T1": by_voice.steady,
    "T2": by_voice.settles,
    "T3": by_voice.alive,
    "P2": by_voice.easy_speed,
    "SR1": by_voice.stays_cool,
}


@dataclass(frozen=True)
class Scored:
    """What can be said about one behaviour."""

    behaviour: Behaviour
    level: int | None
    confidence: float
    source: Evidence | None
    n: int
    reason: str
    evidence: tuple[Shown, ...] = ()


def score(rubric: Rubric, log: Log, timed: Timed, heard: Heard, why: Why) -> list[Scored]:
    """Every behaviour of the rubric, in its order."""
    return [_score(behaviour, log, timed, heard, why) for behaviour in rubric.behaviours]


def stopped(log: Log) -> bool:
    """Whether the call was stopped at once: it does not count."""
    return log.ended is not None and log.status is Status.ABORTED


def _score(behaviour: Behaviour, log: Log, timed: Timed, heard: Heard, why: Why) -> Scored:
    try:
        if stopped(log):
            raise TooThin(why["stopped"])
        found = _read(behaviour, log, timed, heard, why)
    except TooThin as thin:
        return Scored(behaviour, None, 0.0, None, 0, str(thin))
    limit = behaviour.rule_limit if found.source == "rule" else 5
    sure = heard.sure if found.source == "acoustic" else MOST_SURE * min(1.0, found.n / 4)
    sure *= 0.5 if timed.leak and found.source != "rule" else 1
    if "sure" in behaviour.thresholds:
        sure *= behaviour.steps("sure")[0]
    level = min(found.level, limit)
    return Scored(
        behaviour, level, round(sure, 2), found.source, found.n, "", tuple(found.evidence)
    )


def _read(behaviour: Behaviour, log: Log, timed: Timed, heard: Heard, why: Why) -> Found:
    if log.imported is not None and behaviour.least.keys() & {"hot", "called_for"}:
        raise TooThin(why["imported"])
    if not behaviour.measured:
        raise TooThin(why["no_reader"])
    by_sound = _VOICE_READERS.get(behaviour.id)
    if by_sound is not None:
        _loud_and_clear(behaviour, heard, why)
        return by_sound(behaviour, log, heard, why)
    reader = _READERS.get(behaviour.id)
    if reader is None:
        raise TooThin(why["no_reader"])
    if behaviour.measured[0] == "timing" and timed.timing is None:
        raise TooThin(timed.reason)
    _enough(behaviour, log, timed, why)
    if behaviour.id == "SR3" and heard.rated and not heard.tone_reason:
        return by_voice.recovers(behaviour, log, heard, why)
    return reader(behaviour, log, timed, why)


def _loud_and_clear(behaviour: Behaviour, heard: Heard, why: Why) -> None:
    off = heard.pace_reason if behaviour.dimension == "pacing" else heard.tone_reason
    if off or heard.reason:
        raise TooThin(off or heard.reason)
    least = behaviour.least.get("turns", 0)
    if len(heard.rated) >= least:
        return
    if heard.turns and heard.usual is None:
        raise TooThin(why["no_usual"])
    name = "voice_turns_beside" if heard.kind == "provisional" else "voice_turns"
    raise too_few(why, name, len(heard.rated), least)


def _enough(behaviour: Behaviour, log: Log, timed: Timed, why: Why) -> None:
    there = counted(log) | {
        "customer_s": round(timed.timing.customer_s) if timed.timing else 0,
        "gaps": len(timed.timing.gaps) if timed.timing else 0,
    }
    for name, least in behaviour.least.items():
        have = there.get(name, 0)
        if have < least:
            raise too_few(why, "hot" if name == "called_for" else name, have, least)
