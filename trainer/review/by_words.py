"""Levels by rules on words: tone of the ends, empathy, recovery, the end of the call.

Each reader follows the anchors of its behaviour in the rubric.
"""

from itertools import pairwise

from trainer.domain.acts import ActKind
from trainer.domain.mood import Happening, Status
from trainer.review.evidence import (
    HEARD,
    Found,
    TooThin,
    Why,
    clear,
    numbered,
    quoted,
    said_back,
    shown,
)
from trainer.review.log import Exchange, Log
from trainer.review.measures import Timed
from trainer.review.rubric import Behaviour

HARD = (ActKind.DISMISS, ActKind.BLAME, ActKind.INSULT)
STOCK = (ActKind.CANNED, ActKind.APOLOGY_HOLLOW, ActKind.SYMPATHY_TAKEOVER, ActKind.APOLOGY_OWNED)
FIX = (ActKind.ACTION, ActKind.CHOICE, ActKind.PREMATURE_ADVICE)
WARM = (ActKind.WARMTH, ActKind.THANKS, ActKind.VALIDATE, ActKind.ACKNOWLEDGE)
REASON = (ActKind.EXPLAIN, ActKind.TIMEFRAME, ActKind.NEXT_STEP, ActKind.REFUSE_REASONED)


def warm_ends(behaviour: Behaviour, log: Log, timed: Timed, why: Why) -> Found:
    """T4: warm words in the first and the last two turns."""
    turns = clear(log)
    first, last = turns[:2], turns[-2:]
    opens, closes = shown(log, first, *WARM), shown(log, last, *WARM)
    both = bool(opens) + bool(closes)
    own = any(e.act(ActKind.VALIDATE, ActKind.REFLECT, ActKind.RECAP) for e in (*first, *last))
    level = {0: 1, 1: 2, 2: 4 if own else 3}[both]
    proof = opens[:1] + closes[:1] or [numbered(turns[0], "0 warm words at either end")]
    return Found(level, "rule", len(turns), proof)


def names_feeling(behaviour: Behaviour, log: Log, timed: Timed, why: Why) -> Found:
    """E1: hot customer turns answered with acknowledgement. None answered is a finding."""
    called = [exchange for exchange in clear(log) if exchange.hot]
    answered = [exchange for exchange in called if exchange.act(*HEARD)]
    own = [e for e in answered if e.act(ActKind.VALIDATE, ActKind.REFLECT, ActKind.RECAP)]
    hard = shown(log, called, ActKind.DISMISS, ActKind.BLAME, ActKind.INSULT)
    if not answered:
        stock = shown(log, called, *STOCK)
        level = 2 if stock and not hard else 1
        silent = [numbered(e, f"0 of {len(called)} hard moments answered") for e in called[:4]]
        return Found(level, "rule", len(called), hard or stock or silent)
    share = len(answered) / len(called)
    level = 4 if share >= behaviour.steps("answered")[0] and own else 3
    if hard:
        level = min(level, 2)
    return Found(level, "rule", len(called), hard[:1] + shown(log, answered, *HEARD))


def says_back(behaviour: Behaviour, log: Log, timed: Timed, why: Why) -> Found:
    """E2: what the customer said, said back. None is a finding."""
    turns = clear(log)
    back = [(e, act) for e in turns if (act := said_back(log, e)) is not None]
    questions = sum(
        1 for e in turns if e.act(ActKind.OPEN_QUESTION, ActKind.CLOSED_QUESTION, ActKind.VERIFY)
    )
    if not back:
        proof = [numbered(turns[-1], f"0 in {len(turns)} turns")]
        return Found(1, "rule", len(turns), proof)
    enough = len(back) >= 2 and len(back) >= behaviour.steps("ratio")[0] * questions
    summary = len(back) >= 3 and any(e.act(ActKind.RECAP) for e, _ in back)
    level = 5 if summary and len(back) >= questions else 4 if enough else 3
    proof = [quoted(log, e, act) for e, act in back[:4]]
    return Found(level, "rule", len(turns), proof)


def opens_story(behaviour: Behaviour, log: Log, timed: Timed, why: Why) -> Found:
    """E3: open questions, followed up; a fact brought out by one is the top level."""
    turns = clear(log)
    opened = [e for e in turns if e.opened]
    asked = [e for e in turns if e.act(ActKind.OPEN_QUESTION)]
    followed = [
        one
        for one, then in pairwise(turns)
        if one in asked and then.act(ActKind.OPEN_QUESTION, ActKind.REFLECT, ActKind.VALIDATE)
    ]
    questions = (ActKind.OPEN_QUESTION, ActKind.CLOSED_QUESTION)
    if opened:
        proof = shown(log, opened, *questions) or [numbered(opened[0], "1 fact brought out")]
        return Found(5, "rule", len(turns), proof)
    if not asked:
        closed = shown(log, turns, ActKind.CLOSED_QUESTION, ActKind.VERIFY)
        proof = closed or [numbered(turns[-1], f"0 open questions in {len(turns)} turns")]
        return Found(1, "rule", len(turns), proof)
    level = 4 if len(asked) >= 2 else 3 if followed else 2
    return Found(level, "rule", len(turns), shown(log, asked, ActKind.OPEN_QUESTION))


def no_wall(behaviour: Behaviour, log: Log, timed: Timed, why: Why) -> Found:
    """E4: hits against the customer; whether they were heard before the first remedy."""
    turns = clear(log)
    hits = [e for e in turns if e.act(*HARD, ActKind.JUDGEMENT) or _walled(e)]
    insulted = any(e.act(ActKind.INSULT) for e in turns)
    heard = next((i for i, e in enumerate(turns) if e.act(*HEARD)), None)
    fixed = next((i for i, e in enumerate(turns) if e.act(*FIX)), None)
    early = fixed is not None and (heard is None or fixed < heard)
    if hits:
        level = 1 if insulted or len(hits) >= 2 else 2
        kinds = (*HARD, ActKind.JUDGEMENT, ActKind.POLICY_WALL)
        return Found(level, "rule", len(turns), shown(log, hits, *kinds))
    if early:
        proof = shown(log, turns[fixed : fixed + 1] if fixed is not None else [], *FIX)
        return Found(2 if heard is None else 3, "rule", len(turns), proof)
    if heard is None:
        proof = [numbered(turns[-1], f"0 hits in {len(turns)} turns")]
        return Found(3, "rule", len(turns), proof)
    limits = [e for e in turns if e.act(ActKind.REFUSE_REASONED, ActKind.BOUNDARY)]
    choice = any(e.act(ActKind.CHOICE) for e in turns)
    level = 5 if limits and choice else 4 if any(e.act(*REASON) for e in turns) else 3
    return Found(level, "rule", len(turns), shown(log, turns, *HEARD, *REASON))


def _walled(exchange: Exchange) -> bool:
    alone = exchange.act(ActKind.CHOICE, ActKind.EXPLAIN, ActKind.REFUSE_REASONED) is None
    return exchange.act(ActKind.POLICY_WALL) is not None and alone


def recovers(behaviour: Behaviour, log: Log, timed: Timed, why: Why) -> Found:
    """SR3: how soon the words come back after a slip."""
    turns = clear(log)
    bad = (*HARD, ActKind.JUDGEMENT)
    slip = next((i for i, e in enumerate(turns) if e.act(*bad)), None)
    if slip is None:
        raise TooThin(why["no_slip"])
    after = turns[slip + 1 :]
    back = next((i for i, e in enumerate(after, start=1) if not e.act(*bad)), None)
    proof = shown(log, turns[slip : slip + 1], *bad)
    if back is None:
        return Found(1, "rule", len(turns), proof)
    mended = after[back - 1]
    level = 4 if back == 1 else 3 if back <= 3 else 2
    if level == 4 and mended.act(ActKind.SELF_REPAIR):
        level = 5
    kinds = (ActKind.SELF_REPAIR, ActKind.APOLOGY_OWNED, *HEARD)
    return Found(level, "rule", len(turns), proof + shown(log, [mended], *kinds))


def constructive_end(behaviour: Behaviour, log: Log, timed: Timed, why: Why) -> Found:
    """SR4: next step, when, and thanks in the last two turns."""
    turns = clear(log)
    last = turns[-2:]
    if hostile := shown(log, last, *HARD):
        return Found(1, "rule", len(turns), hostile)
    left = {Happening.HANG_UP, Happening.WITHDRAW}
    if log.status in (Status.HUNG_UP, Status.WITHDREW) or left & set(last[-1].marks):
        raise TooThin(why["cut_short"])
    thanks = any(e.act(ActKind.THANKS, ActKind.WARMTH) for e in last)
    step = any(e.act(ActKind.NEXT_STEP, ActKind.ACTION, ActKind.RECAP) for e in last)
    when = any(e.act(ActKind.TIMEFRAME) for e in last)
    asks = any(e.act(ActKind.CLOSED_QUESTION) for e in last[-1:])
    level = 2
    if thanks or step:
        level = 3
    if thanks and step and when:
        level = 5 if asks else 4
    kinds = (ActKind.NEXT_STEP, ActKind.ACTION, ActKind.TIMEFRAME, ActKind.THANKS, ActKind.WARMTH)
    proof = shown(log, last, *kinds) or [numbered(last[-1], "0 of 3: next step, when, thanks")]
    return Found(level, "rule", len(turns), proof)
