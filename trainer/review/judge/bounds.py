"""What a judge may not say, because rules or the log know better.

- A hard hit that rules found (a brush-off, blame, an insult) keeps E1 and E4 at 2 or under.
- An explicit apology (rules find it with a precision of .98) keeps E1 at 2 or over.
- Without a reflection found by rules, and without a quote that shares words with what the customer
  said, E2 stays at 3 or under: paraphrase is told from invention by the customer's own words.
- Whether a question brought out what was kept back stands in the log: that decides level 5 of E3.
- “There was no slip” (SR3, 5) is no finding of a judge: without one there is nothing to recover
  from.
"""

from trainer.acts import reflection
from trainer.domain.acts import ActKind
from trainer.review.evidence import clear
from trainer.review.judge.verdict import Verdict
from trainer.review.log import Log
from trainer.review.model import BehaviourLevel

_HARD = (ActKind.DISMISS, ActKind.BLAME, ActKind.INSULT)
_BACK = (ActKind.REFLECT, ActKind.RECAP)
_SORRY = (ActKind.APOLOGY_OWNED, ActKind.APOLOGY_HOLLOW)
_SURE = 0.8
"""Confidence of a rule from which it binds."""

_SHARED = 2
"""Content words shared with the customer that make a restatement."""


def held(verdict: Verdict, call: Log, rules: BehaviourLevel) -> int | None:
    """The judge's level within what is known; None where it then says nothing.

    Args:
        verdict: with a level.
        call: the call.
        rules: what rules made of the same behaviour.
    """
    level = verdict.level or 0
    hard = _ruled(call, *_HARD)
    if verdict.id in ("E1", "E4") and hard:
        level = min(level, 2)
    if verdict.id == "E1" and not hard and _ruled(call, *_SORRY):
        level = max(level, 2)
    if verdict.id == "E2" and not _back(verdict, call):
        level = min(level, 3)
    if verdict.id == "E3" and call.imported is None:
        opened = any(exchange.opened for exchange in call.exchanges)
        level = 5 if opened and rules.level == 5 else min(level, 4)
    if verdict.id == "SR3" and level == 5 and rules.level is None:
        return None
    return level


def _ruled(call: Log, *kinds: ActKind) -> bool:
    return any(
        act.act in kinds and act.method == "rule" and act.confidence >= _SURE
        for exchange in clear(call)
        for act in exchange.acts
    )


def _back(verdict: Verdict, call: Log) -> bool:
    if any(exchange.act(*_BACK) for exchange in clear(call)):
        return True
    starts = {exchange.turn.turn: exchange.turn.start for exchange in call.exchanges}
    for shown in verdict.evidence:
        said = [turn.text for turn in call.customer_turns if turn.end <= starts[shown.turn]]
        if reflection.shared(shown.quote, said)[0] >= _SHARED:
            return True
    return False
