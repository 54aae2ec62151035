"""Levels by the agent's voice, against their own usual one. Each reader follows its anchors.

Changes are named as sound: semitones, dB, share of the usual pace.
"""

from collections.abc import Sequence

import numpy as np

from trainer.domain.acts import ActKind
from trainer.review.by_words import HARD
from trainer.review.delivery.raised import CLEARLY, RAISED
from trainer.review.evidence import (
    GOOD,
    Found,
    Shown,
    TooThin,
    Why,
    clear,
    numbered,
    shown,
    too_few,
)
from trainer.review.heard import Heard, Spoken
from trainer.review.log import HOT, Exchange, Log
from trainer.review.rubric import Behaviour, Evidence

_SPREAD = 0.1
"""The customer's feeling must have moved so much before a slope over it means anything."""


def steady(behaviour: Behaviour, log: Log, heard: Heard, why: Why) -> Found:
    """T1: share of the talking time that is raised and clearly raised."""
    turns = heard.rated
    z = [_z(turn) for turn in turns]
    whole = sum(turn.seconds for turn in turns)
    up = sum(turn.seconds for turn, value in zip(turns, z, strict=True) if value > RAISED)
    far = sum(turn.seconds for turn, value in zip(turns, z, strict=True) if value > CLEARLY)
    level = _under(up / whole, behaviour.steps("raised_share"))
    if far:
        level = min(level, 2 if far / whole > behaviour.steps("clearly_share")[0] else 3)
    if max(z) > behaviour.steps("one_turn")[0]:
        level = 1
    if level >= GOOD:
        raised = sum(1 for value in z if value > RAISED)
        number = f"raised in {raised} of {len(turns)} turns, against {_usual(heard)}"
        return _found(level, turns, [numbered(min(turns, key=_z).exchange, number)])
    highest = sorted(turns, key=_z, reverse=True)
    proof = [one for one in highest if _z(one) > RAISED] or highest[:1]
    return _found(level, turns, [numbered(one.exchange, change(one, heard)) for one in proof[:4]])


def settles(behaviour: Behaviour, log: Log, heard: Heard, why: Why) -> Found:
    """T2: median pitch, balance and pace right after hot turns, less the rest of the call."""
    hot = [turn for turn in heard.turns if turn.exchange.hot]
    rest = [turn for turn in heard.turns if not turn.exchange.hot]
    least = behaviour.least.get("hot", 2)
    if len(hot) < least:
        raise too_few(why, "voice_hot", len(hot), least)
    if len(rest) < least:
        raise too_few(why, "voice_rest", len(rest), least)
    pitch = _median(hot, "pitch_st") - _median(rest, "pitch_st")
    balance = _median(hot, "alpha_db") - _median(rest, "alpha_db")
    higher, brighter = behaviour.steps("higher_st"), behaviour.steps("brighter_db")
    lower, slower = behaviour.steps("lower_st"), behaviour.steps("slower")
    pace = _median(hot, "rate") / (_median(rest, "rate") or 1.0)
    if pitch >= higher[0] or balance >= brighter[0]:
        level = 1
    elif pitch >= higher[1]:
        level = 2
    elif lower[0] <= pitch <= lower[1] or balance <= brighter[1]:
        level = 5 if slower[0] <= pace <= slower[1] else 4
    else:
        level = 3
    number = (
        f"{_way(pitch, 'semitones', 'higher', 'lower')} after hard moments than in the rest of "
        f"the call, {pace:.0%} of its pace"
    )
    return _found(level, hot, [numbered(turn.exchange, number) for turn in hot[:4]])


def alive(behaviour: Behaviour, log: Log, heard: Heard, why: Why) -> Found:
    """T3: range of the pitch over the usual one."""
    assert heard.usual is not None
    turns = heard.rated
    if heard.usual.range_st <= 0:
        raise TooThin(why["few"])
    ratios = [turn.voice.range_st / heard.usual.range_st for turn in turns]
    ratio = float(np.median(ratios))
    good, best = behaviour.steps("good"), behaviour.steps("best")
    level = 1 + sum(1 for step in (*behaviour.steps("flat"), good[0]) if ratio >= step)
    if ratio > good[1]:
        level = 3
    third = max(1, len(turns) // 3)
    closing, middle = np.median(ratios[-third:]), np.median(ratios[third:-third] or ratios)
    if level == 4 and best[0] <= ratio <= best[1] and closing >= middle:
        level = 5
    number = f"pitch moves over {ratio:.0%} of the range of {_usual(heard)}"
    at = min(turns, key=lambda turn: turn.voice.range_st) if level <= 2 else turns[-1]
    return _found(level, turns, [numbered(at.exchange, number)])


def easy_speed(behaviour: Behaviour, log: Log, heard: Heard, why: Why) -> Found:
    """P2: share of turns further from the usual pace than allowed."""
    turns = [turn for turn in heard.rated if turn.voice.syllables >= _least_syllables(behaviour)]
    least = behaviour.least.get("turns", 3)
    if len(turns) < least:
        raise too_few(why, "voice_turns", len(turns), least)
    far = behaviour.steps("within")[0]
    off = [turn for turn in turns if abs(_pace(turn) - 1) > far]
    level = _under(len(off) / len(turns), behaviour.steps("off_share"))
    hot = [_pace(turn) for turn in turns if turn.exchange.before >= HOT]
    if level == 5 and not (hot and np.median(hot) < 1):
        level = 4
    number = f"{len(off)} of {len(turns)} turns more than {far:.0%} off the pace of {_usual(heard)}"
    proof = sorted(off, key=lambda turn: abs(_pace(turn) - 1), reverse=True)[:3]
    if level >= GOOD:
        proof = [min(turns, key=lambda turn: abs(_pace(turn) - 1))]
    evidence = [numbered((proof or turns)[0].exchange, number)]
    evidence += [numbered(t.exchange, f"{_pace(t):.0%} of the pace") for t in proof[1:]]
    return _found(level, turns, evidence)


def stays_cool(behaviour: Behaviour, log: Log, heard: Heard, why: Why) -> Found:
    """SR1: how far up the voice is after hot turns, and how it goes with the customer's feeling."""
    turns = heard.rated
    hot = [turn for turn in turns if turn.exchange.hot]
    least = behaviour.least.get("hot", 2)
    if len(hot) < least:
        raise too_few(why, "voice_hot", len(hot), least)
    mean = float(np.mean([_z(turn) for turn in hot]))
    rise = slope([turn.exchange.before for turn in turns], [_z(turn) for turn in turns])
    steps = behaviour.steps("after_hot")
    level = max(2, _under(mean, steps))
    steep, gentle = behaviour.steps("slope")
    if mean > steps[0] and rise is not None and rise > steep:
        level = 1
    if level == 5 and rise is not None and rise > gentle:
        level = 4
    proof = sorted(hot, key=_z, reverse=level <= 3)
    return _found(level, turns, [numbered(one.exchange, change(one, heard)) for one in proof[:4]])


def recovers(behaviour: Behaviour, log: Log, heard: Heard, why: Why) -> Found:
    """SR3: turns until neither words nor voice show the slip any more."""
    turns = clear(log)
    voices = {turn.exchange.turn.turn: turn for turn in heard.rated}
    bad = (*HARD, ActKind.JUDGEMENT)

    def slipped(exchange: Exchange) -> bool:
        own = voices.get(exchange.turn.turn)
        return exchange.act(*bad) is not None or (own is not None and _z(own) > CLEARLY)

    def back(exchange: Exchange) -> bool:
        own = voices.get(exchange.turn.turn)
        return exchange.act(*bad) is None and (own is None or _z(own) <= RAISED)

    def proof(exchange: Exchange) -> list[Shown]:
        own = voices.get(exchange.turn.turn)
        said = shown(log, [exchange], *bad)
        return said or ([numbered(exchange, change(own, heard))] if own is not None else [])

    first = next((i for i, exchange in enumerate(turns) if slipped(exchange)), None)
    if first is None:
        hot = [exchange for exchange in turns if exchange.hot and exchange.turn.turn in voices]
        if len(hot) < behaviour.steps("provoked")[0]:
            raise TooThin(why["no_provocation"])
        highest = max(hot, key=lambda exchange: _z(voices[exchange.turn.turn]))
        return Found(5, "acoustic", len(turns), proof(highest))
    after = turns[first + 1 :]
    count = next((i for i, exchange in enumerate(after, start=1) if back(exchange)), None)
    evidence = proof(turns[first])
    source: Evidence = "rule" if evidence and evidence[0].quote else "acoustic"
    if count is None:
        return Found(1, source, len(turns), evidence)
    level = 4 if count == 1 else 3 if count <= 3 else 2
    mended = after[count - 1]
    if level == 4 and mended.act(ActKind.SELF_REPAIR):
        level = 5
    kinds = (ActKind.SELF_REPAIR, ActKind.APOLOGY_OWNED)
    return Found(level, source, len(turns), evidence + shown(log, [mended], *kinds))


def slope(feeling: Sequence[float], z: Sequence[float]) -> float | None:
    """Ordinary least squares of z on the customer's feeling; None where that hardly moved."""
    if len(feeling) < 3 or max(feeling) - min(feeling) < _SPREAD:
        return None
    return float(np.polyfit(feeling, z, 1)[0])


def change(turn: Spoken, heard: Heard) -> str:
    """How a turn differs from the usual voice, e.g. "2.4 semitones higher and 5 dB louder …"."""
    assert heard.usual is not None
    pitch = turn.voice.loud_pitch_st - heard.usual.pitch_st
    said = _way(pitch, "semitones", "higher", "lower")
    if turn.above is not None and "level" in turn.above.parts:
        level = turn.voice.level_db - heard.usual.level_db
        said += f" and {_way(level, 'dB', 'louder', 'softer')}"
    return f"{said} than {_usual(heard)}"


def _usual(heard: Heard) -> str:
    return "your warm-up" if heard.kind == "own" else "your first two turns"


def _way(value: float, unit: str, up: str, down: str) -> str:
    number = f"{abs(value):.0f}" if unit == "dB" else f"{abs(value):.1f}"
    return f"{number} {unit} {up if value >= 0 else down}"


def _z(turn: Spoken) -> float:
    return turn.above.z if turn.above is not None else 0.0


def _pace(turn: Spoken) -> float:
    return turn.rate_ratio if turn.rate_ratio is not None else 1.0


def _least_syllables(behaviour: Behaviour) -> float:
    return behaviour.steps("syllables")[0]


def _median(turns: Sequence[Spoken], name: str) -> float:
    return float(np.median([getattr(turn.voice, name) for turn in turns]))


def _under(value: float, steps: Sequence[float]) -> int:
    """1 above the first of four steps, ... 5 at or under the last."""
    return 1 + sum(1 for step in steps if value <= step)


def _found(level: int, turns: Sequence[Spoken], evidence: list[Shown]) -> Found:
    return Found(level, "acoustic", len(turns), evidence)
