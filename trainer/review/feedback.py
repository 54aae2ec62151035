"""Three parts: what went well (at most 3), what to improve (at most 2), one action.

Every item has a quote from the transcript or a number, where it was, and what it did to the
customer according to the log. Absence counts too: where the customer called for something twice and
it never came, those turns show it.
"""

from dataclasses import dataclass

from trainer.domain.acts import ActKind
from trainer.domain.audio import seconds
from trainer.domain.events import ActFound, TurnTaken
from trainer.domain.mood import Happening, Status
from trainer.review import levels, moment, phrases
from trainer.review.curve import FLAT
from trainer.review.evidence import HEARD, clear
from trainer.review.levels import Scored
from trainer.review.log import SHARP, Exchange, Log
from trainer.review.measures import Timed
from trainer.review.model import Feedback, Item
from trainer.review.phrases import Improve, Phrases
from trainer.review.timing import Hold, Silence

MOST_WELL = 3
MOST_IMPROVE = 2

_CALLED_TWICE = 2
"""So many moments must have called for something before its absence is a finding."""

_LEAST_WORDS = 2
"""A quote shorter than this shows nothing worth praising."""

_LONG_S = 30.0
"""A stretch of the agent from which it is worth a remark."""

_POOR = 2
"""A level up to which what the voice shows is worth a remark."""

_SURE_ENOUGH = 0.2
"""Confidence under which it is left unsaid."""

_GOOD = 4
"""A level from which a measured behaviour went well."""


@dataclass(frozen=True)
class _Candidate:
    weight: float
    item: Item
    action: str = ""


def feedback(log: Log, timed: Timed, scored: list[Scored], texts: Phrases) -> Feedback:
    """Choose what to say about a call; the same for the same log."""
    if levels.stopped(log):
        return Feedback(went_well=[], improve=[], action=None, note=texts.not_measured["stopped"])
    well = _pick(_well(log, scored, texts), MOST_WELL)
    improve = _pick(
        _acts_to_change(log, texts)
        + _measured_to_change(log, timed, scored, texts)
        + _voice_to_change(log, scored, texts)
        + _absent(log, texts),
        MOST_IMPROVE,
    )
    action = None
    if improve:
        action = improve[0].item.model_copy(update={"what": improve[0].action})
    elif well:
        first = well[0].item
        action = first.model_copy(update={"what": texts.keep["action"], "say_instead": first.quote})
    nothing = not well and not improve
    return Feedback(
        went_well=[candidate.item for candidate in well],
        improve=[candidate.item for candidate in improve],
        action=action,
        note=texts.closing["thin"] if nothing else "",
    )


def _pick(candidates: list[_Candidate], most: int) -> list[_Candidate]:
    """The weightiest, one per behaviour, no turn twice; ties go to the earlier turn."""
    chosen: list[_Candidate] = []
    for candidate in sorted(candidates, key=lambda c: (-round(c.weight, 4), c.item.turn)):
        item = candidate.item
        taken = any(item.behaviour == c.item.behaviour or item.turn == c.item.turn for c in chosen)
        if not taken and len(chosen) < most:
            chosen.append(candidate)
    return chosen


# --- what went well ---


def _well(log: Log, scored: list[Scored], texts: Phrases) -> list[_Candidate]:
    found: list[_Candidate] = []
    for exchange in log.exchanges:
        harmed = exchange.after - exchange.before > FLAT
        hurtful = any(act.act in SHARP for act in exchange.acts)
        if harmed or hurtful:
            continue
        for act in exchange.acts:
            question = act.act in (ActKind.OPEN_QUESTION, ActKind.CLOSED_QUESTION)
            words = texts.well.get(ActKind.OPEN_QUESTION if question else act.act)
            thin = len(act.quote.split()) < _LEAST_WORDS
            if words is None or (question and not exchange.opened) or thin:
                continue
            helped = max(
                (c.weight for c in exchange.causes if c.good and c.quote == act.quote), default=0.0
            )
            weight = (exchange.before - exchange.after) * 2 + 0.2 * helped
            weight += 0.2 if question else 0.0
            weight += 0.1 if exchange.hot and act.act in HEARD else 0.0
            found.append(
                _Candidate(
                    weight,
                    _item(log, exchange, texts, words.behaviour, words.what, act=act),
                )
            )
        found += _remedy(log, exchange, texts)
    for level in scored:
        words_for = texts.measured_well.get(level.behaviour.id)
        good = level.level is not None and level.level >= _GOOD and level.evidence
        if words_for is None or not good:
            continue
        shown = level.evidence[0]
        exchange = next((e for e in log.exchanges if e.turn.turn == shown.turn), log.exchanges[0])
        item = _item(
            log, exchange, texts, level.behaviour.id, words_for["what"], number=shown.number
        )
        found.append(_Candidate(0.04 * (level.level or 0) - 0.12, item))
    return found


def _remedy(log: Log, exchange: Exchange, texts: Phrases) -> list[_Candidate]:
    """An offer that helped, shown by the words that made it."""
    made = [c for c in exchange.causes if c.good and c.appraisal == "outcome" and c.quote]
    words = texts.well.get("outcome")
    if words is None or not made or made[0].quote not in exchange.turn.text:
        return []
    item = _item(log, exchange, texts, words.behaviour, words.what)
    start, end = moment.quote(log, exchange.turn, made[0].quote)
    quoted = {"quote": made[0].quote, "start_s": start, "end_s": end}
    weight = (exchange.before - exchange.after) * 2 + 0.3 * made[0].weight
    return [_Candidate(weight, item.model_copy(update=quoted))]


# --- what to improve ---


def _acts_to_change(log: Log, texts: Phrases) -> list[_Candidate]:
    found = []
    for exchange in log.exchanges:
        for act in exchange.acts:
            words = texts.improve.get(act.act)
            if words is None:
                continue
            rose = max(0.0, exchange.after - exchange.before)
            item = _item(log, exchange, texts, words.behaviour, words.what, act=act)
            line = phrases.say(words.say, item.theirs, act.quote)
            found.append(
                _Candidate(
                    words.weight * act.confidence + 3 * rose,
                    item.model_copy(update={"say_instead": line}),
                    words.action,
                )
            )
    return found


def _measured_to_change(
    log: Log, timed: Timed, scored: list[Scored], texts: Phrases
) -> list[_Candidate]:
    timing = timed.timing
    if timing is None:
        return []
    found: list[_Candidate] = []
    for exchange in log.exchanges:
        number = exchange.turn.turn
        if number in timing.interruptions and exchange.asked is not None:
            early = seconds(exchange.asked.end - exchange.turn.start)
            left = (
                f"{len(exchange.asked.unheard.split())} words left unsaid"
                if log.imported is None
                else f"{early:.1f} s before their last word"
            )
            found.append(_measured(log, exchange, texts, "interruption", left))
    for silence in timing.dead_air:
        customer = next((t for t in log.turns if t.turn == silence.turn), None)
        if customer is not None:
            length = f"{silence.end_s - silence.start_s:.1f} s of silence"
            words = texts.measured["dead_air"]
            found.append(_silence(log, customer, silence, length, words, texts))
    for hold in timing.holds:
        before = [turn for turn in log.turns if seconds(turn.end) <= hold.start_s]
        if before and not hold.announced:
            length = f"{hold.end_s - hold.start_s:.0f} s on hold"
            found.append(_silence(log, before[-1], hold, length, texts.measured["hold"], texts))
    longest = next((e for e in log.exchanges if e.turn.turn == timing.longest_turn), None)
    if longest is not None and (timing.longest_stretch_s or 0) > _LONG_S:
        number_text = f"{timing.longest_stretch_s:.0f} s at a stretch"
        found.append(_measured(log, longest, texts, "longest_stretch", number_text))
    breath = next((s for s in scored if s.behaviour.id == "SR2"), None)
    if breath is not None and breath.level is not None and breath.level <= 2:
        gaps = {gap.turn: gap.seconds for gap in timing.gaps}
        hot = [e for e in log.exchanges if e.hot and e.turn.turn in gaps]
        soonest = min(hot, key=lambda e: gaps[e.turn.turn])
        number_text = f"{gaps[soonest.turn.turn]:.1f} s after the customer's last word"
        found.append(_measured(log, soonest, texts, "breath", number_text))
    return found


def _voice_to_change(log: Log, scored: list[Scored], texts: Phrases) -> list[_Candidate]:
    found: list[_Candidate] = []
    for one in scored:
        low = one.source == "acoustic" and one.level is not None and one.level <= _POOR
        if not low or one.confidence < _SURE_ENOUGH or one.behaviour.id not in texts.measured:
            continue
        shown = one.evidence[0]
        at = next((e for e in log.exchanges if e.turn.turn == shown.turn), None)
        if at is not None and shown.number:
            found.append(_measured(log, at, texts, one.behaviour.id, shown.number))
    return found


def _measured(log: Log, exchange: Exchange, texts: Phrases, name: str, number: str) -> _Candidate:
    words = texts.measured[name]
    item = _item(log, exchange, texts, words.behaviour, words.what, number=number)
    line = phrases.say(words.say, item.theirs, number)
    weight = words.weight + 3 * max(0.0, exchange.after - exchange.before)
    return _Candidate(weight, item.model_copy(update={"say_instead": line}), words.action)


def _silence(
    log: Log,
    turn: TurnTaken,
    quiet: Silence | Hold,
    number: str,
    words: Improve,
    texts: Phrases,
) -> _Candidate:
    start, end = quiet.start_s, quiet.end_s
    asked = any(
        event.kind is Happening.PRESENCE_CHECK and start <= seconds(event.t) <= end + 1
        for event in log.happened
    )
    item = Item(
        behaviour=words.behaviour,
        what=words.what,
        turn=turn.turn,
        start_s=start,
        end_s=end,
        quote=None,
        number=number,
        effect=texts.marks["presence_check"] if asked else texts.effect["unknown"],
        say_instead=phrases.say(words.say, "", number),
    )
    return _Candidate(words.weight + 0.02 * min(30.0, end - start), item, words.action)


def _absent(log: Log, texts: Phrases) -> list[_Candidate]:
    """What was called for and never came, shown by the turns that called for it."""
    turns = clear(log)
    found: list[_Candidate] = []
    called = [e for e in turns if e.hot and e.asked is not None]
    missed = [e for e in called if e.act(*HEARD) is None]
    if len(missed) >= _CALLED_TWICE and len(missed) * 2 > len(called):
        number = f"{len(called) - len(missed)} of {len(called)} hard moments acknowledged"
        found.append(_absence(log, missed, texts, "E1", number, extra=0.05 * len(missed)))
    told = [e for e in turns if e.asked is not None]
    if len(told) >= 4 and not any(e.act(ActKind.REFLECT, ActKind.RECAP) for e in turns):
        number = f"0 of {len(told)} answers said anything back"
        found.append(_absence(log, told, texts, "E2", number))
    asked = any(e.act(ActKind.OPEN_QUESTION) or e.opened for e in turns)
    if len(told) >= 3 and not asked:
        number = f"0 open questions in {len(turns)} turns"
        found.append(_absence(log, told, texts, "E3", number))
    ended = [e for e in turns[-2:] if not e.marks]
    constructive = (ActKind.NEXT_STEP, ActKind.TIMEFRAME, ActKind.ACTION, ActKind.RECAP)
    over = log.status in (Status.AGENT_ENDED, Status.SATISFIED, Status.REFUSAL_ACCEPTED)
    if (
        over
        and len(turns) >= 3
        and len(ended) == 2
        and not any(e.act(*constructive) for e in ended)
    ):
        found.append(_absence(log, ended, texts, "SR4", "0 of 2 last turns name a next step"))
    return found


def _absence(
    log: Log, shown: list[Exchange], texts: Phrases, behaviour: str, number: str, extra: float = 0
) -> _Candidate:
    words = texts.absent[behaviour]
    at = max(shown, key=lambda e: (bool(_said_before(log, e, texts)), e.before))
    heard = _said_before(log, at, texts)
    lines = words.say.get(log.lead) or words.say.get("any") or next(iter(words.say.values()))
    start, end = moment.turn(at.turn)
    item = Item(
        behaviour=behaviour,
        what=words.what,
        turn=at.turn.turn,
        start_s=start,
        end_s=end,
        quote=at.turn.text,
        number=number,
        effect=_over(log, shown[0].before, shown[-1].after, texts),
        say_instead=phrases.say(lines, heard, at.turn.text),
        theirs=heard,
        turns=[e.turn.turn for e in shown],
    )
    return _Candidate(words.weight + extra, item, words.action)


# --- an item ---


def _item(
    log: Log,
    exchange: Exchange,
    texts: Phrases,
    behaviour: str,
    what: str,
    *,
    act: ActFound | None = None,
    number: str | None = None,
) -> Item:
    if act is not None:
        start, end = moment.quote(log, exchange.turn, act.quote)
    else:
        start, end = moment.turn(exchange.turn)
    return Item(
        behaviour=behaviour,
        what=what,
        turn=exchange.turn.turn,
        start_s=start,
        end_s=end,
        quote=act.quote if act is not None else None,
        number=number,
        effect=effect(log, exchange, texts),
        say_instead=None,
        theirs=_said_before(log, exchange, texts),
    )


def _said_before(log: Log, exchange: Exchange, texts: Phrases) -> str:
    """What the customer had said by then that is worth saying back."""
    said = [turn for turn in log.customer_turns if turn.end <= exchange.turn.start]
    return phrases.theirs(said, texts.telling)


def effect(log: Log, exchange: Exchange, texts: Phrases) -> str:
    """What a turn did to the customer, from the log."""
    if exchange.moved is None:
        return texts.effect["unknown"]
    said = [_change(log, exchange.before, exchange.after, texts, "")]
    said += [texts.marks[mark] for mark in exchange.marks if mark in texts.marks]
    if exchange.opened:
        said.append(texts.effect["opened"])
    return " ".join(said)


def _over(log: Log, before: float, after: float, texts: Phrases) -> str:
    if log.imported is not None:
        return texts.effect["unknown"]
    return _change(log, before, after, texts, "over_")


def _change(log: Log, before: float, after: float, texts: Phrases, kind: str) -> str:
    way = "up" if after - before > FLAT else "down" if before - after > FLAT else "same"
    text = texts.effect[kind + way].replace("{feeling}", log.lead.value)
    return text.replace("{before}", f"{before * 100:.0f}").replace("{after}", f"{after * 100:.0f}")
