"""What went well in a call: words that helped, and what was measured to be good."""

from trainer.domain.acts import ActKind
from trainer.review import remark
from trainer.review.evidence import GOOD, HEARD
from trainer.review.levels import Scored
from trainer.review.log import SHARP, Exchange, Log
from trainer.review.measures import Timed
from trainer.review.phrases import Phrases
from trainer.review.remark import Candidate

_FIRM = (ActKind.BOUNDARY, ActKind.REFUSE_REASONED)
"""Went well although nobody is glad of it."""

_TOLD = (ActKind.TIMEFRAME, ActKind.NEXT_STEP, ActKind.ACTION, ActKind.EXPLAIN, ActKind.RECAP)
"""What tells the customer something; a question does not."""

_EASY = 0.4
"""A lead feeling under which there is little left to bring down."""

_LEAST_WORDS = 2
"""A quote shorter than this shows nothing worth praising."""


def all_of(log: Log, timed: Timed, scored: list[Scored], texts: Phrases) -> list[Candidate]:
    """Everything that could be praised: said, offered and measured."""
    found: list[Candidate] = []
    for exchange in log.exchanges:
        hurtful = any(act.act in SHARP for act in exchange.acts)
        if not hurtful and not remark.harmed(exchange):
            found += _said(log, exchange, texts) + _remedy(log, exchange, texts)
    return found + _measured(log, timed, scored, texts)


def _said(log: Log, exchange: Exchange, texts: Phrases) -> list[Candidate]:
    found = []
    room = exchange.moved is not None and exchange.before >= _EASY
    idle = room and not remark.helped(exchange)
    for act in exchange.acts:
        question = act.act in (ActKind.OPEN_QUESTION, ActKind.CLOSED_QUESTION)
        words = texts.well.get(ActKind.OPEN_QUESTION if question else act.act)
        thin = len(act.quote.split()) < _LEAST_WORDS
        asked = act.act in _TOLD and act.quote.rstrip().endswith("?")
        if words is None or thin or asked or (question and not exchange.opened):
            continue
        if idle and not question and act.act not in _FIRM:
            continue
        good = [c.weight for c in exchange.causes if c.good and c.quote == act.quote]
        weight = (exchange.before - exchange.after) * 2 + 0.2 * max(good, default=0.0)
        weight += 0.2 if question else 0.0
        weight += 0.1 if exchange.hot and act.act in HEARD else 0.0
        item = remark.about(log, exchange, texts, words.behaviour, words.what, quote=act.quote)
        found.append(Candidate(weight, item))
    return found


def _remedy(log: Log, exchange: Exchange, texts: Phrases) -> list[Candidate]:
    """An offer that helped, shown by the words that made it."""
    made = [c for c in exchange.causes if c.good and c.appraisal == "outcome" and c.quote]
    words = texts.well.get("outcome")
    if words is None or not made or made[0].quote not in exchange.turn.text:
        return []
    quote = made[0].quote
    item = remark.about(log, exchange, texts, words.behaviour, words.what, quote=quote)
    return [Candidate((exchange.before - exchange.after) * 2 + 0.3 * made[0].weight, item)]


def _measured(log: Log, timed: Timed, scored: list[Scored], texts: Phrases) -> list[Candidate]:
    """Good levels by the clock and by the voice; they say something of the whole call."""
    found = []
    for level in scored:
        words = texts.measured_well.get(level.behaviour.id)
        good = level.level is not None and level.level >= GOOD and level.evidence
        cut_in = level.behaviour.id == "P1" and timed.timing and timed.timing.interruptions
        if words is None or not good or cut_in:
            continue
        shown = level.evidence[0]
        exchange = next((e for e in log.exchanges if e.turn.turn == shown.turn), log.exchanges[0])
        what, number = words["what"], shown.number
        item = remark.about(log, exchange, texts, level.behaviour.id, what, number=number)
        whole = remark.over(log, log.exchanges[0].before, log.exchanges[-1].after, texts)
        item = item.model_copy(update={"effect": whole})
        found.append(Candidate(0.04 * (level.level or 0) - 0.12, item))
    return found
