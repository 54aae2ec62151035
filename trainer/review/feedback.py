"""Three parts: what went well (at most 3), what to improve (at most 2), one action.

Every item has a quote from the transcript or a number, where it was, and what it did to the
customer according to the log. Absence counts too: where the customer called for something twice and
it never came, those turns show it.
"""

from trainer.domain.acts import ActKind
from trainer.domain.audio import seconds
from trainer.domain.events import ActFound, TurnTaken
from trainer.domain.mood import Happening, Status
from trainer.review import levels, moment, phrases, praise, remark
from trainer.review.evidence import HEARD, clear, said_back
from trainer.review.levels import Scored
from trainer.review.log import SHARP, Exchange, Log
from trainer.review.measures import Timed
from trainer.review.model import Feedback, Item
from trainer.review.phrases import Improve, Phrases
from trainer.review.remark import Candidate
from trainer.review.timing import Hold, Silence

MOST_WELL = 3
MOST_IMPROVE = 2

_CALLED_TWICE = 2
"""So many moments must have called for something before its absence is a finding."""

_LONG_S = 30.0
"""A stretch of the agent from which it is worth a remark."""

_POOR = 2
"""A level up to which what the voice shows is worth a remark."""

_SURE_ENOUGH = 0.2
"""Confidence under which it is left unsaid."""

_EASED = 0.03
"""A moment at which the feeling came down by so much was met, with whatever words."""

_EACH_MISSED = 0.05
"""What every missed moment adds to the weight of never acknowledging."""

_OVER = (Status.AGENT_ENDED, Status.SATISFIED, Status.PENDING, Status.REFUSAL_ACCEPTED)
"""Ends of calls that the agent saw through."""

_GRAVE = (ActKind.INSULT, ActKind.OVERPROMISE)
"""Worth a remark even where the customer's feeling came down at it."""


def feedback(log: Log, timed: Timed, scored: list[Scored], texts: Phrases) -> Feedback:
    """Choose what to say about a call; the same for the same log."""
    if levels.stopped(log):
        return Feedback(went_well=[], improve=[], action=None, note=texts.not_measured["stopped"])
    improve = _pick(
        _acts_to_change(log, texts)
        + _measured_to_change(log, timed, scored, texts)
        + _voice_to_change(log, scored, texts)
        + _absent(log, texts),
        MOST_IMPROVE,
    )
    praised = praise.all_of(log, timed, scored, texts)
    well = _pick([c for c in praised if not any(_same(c, i) for i in improve)], MOST_WELL)
    action = None
    if improve:
        action = improve[0].item.model_copy(update={"what": improve[0].action})
    elif well:
        first = well[0].item
        what = f"{first.what} {texts.keep['action']}"
        action = first.model_copy(update={"what": what, "say_instead": first.quote})
    note = ""
    if not well and not improve:
        unknown = log.heard and not log.turns
        note = texts.not_measured["one_channel"] if unknown else texts.closing["thin"]
    return Feedback(
        went_well=[candidate.item for candidate in well],
        improve=[candidate.item for candidate in improve],
        action=action,
        note=note,
    )


def _same(one: Candidate, other: Candidate) -> bool:
    """Whether two remarks are about the same words."""
    mine, theirs = one.item.quote or "", other.item.quote or ""
    overlap = bool(mine and theirs) and (mine in theirs or theirs in mine)
    return one.item.turn == other.item.turn and overlap


def _pick(candidates: list[Candidate], most: int) -> list[Candidate]:
    """The weightiest, one per behaviour, no turn twice; ties go to the earlier turn."""
    chosen: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda c: (-round(c.weight, 4), c.item.turn)):
        item = candidate.item
        taken = any(item.behaviour == c.item.behaviour or item.turn == c.item.turn for c in chosen)
        if not taken and len(chosen) < most:
            chosen.append(candidate)
    return chosen


def _acts_to_change(log: Log, texts: Phrases) -> list[Candidate]:
    found = []
    last = log.exchanges[-1] if log.exchanges else None
    for exchange in log.exchanges:
        for act in exchange.acts:
            words = texts.improve.get(act.act)
            greeting = exchange is log.exchanges[0] and act.act == ActKind.CANNED
            if words is None or not _cost(exchange, act) or (greeting and exchange.moved is None):
                continue
            item = remark.about(log, exchange, texts, words.behaviour, words.what, quote=act.quote)
            rose = max(0.0, exchange.after - exchange.before)
            if act.act == ActKind.OVERPROMISE and (broke := _broke(log, exchange)) is not None:
                rose = max(rose, broke.after - broke.before)
                told = remark.later(log, broke, texts)
                item = item.model_copy(update={"effect": f"{item.effect} {told}"})
            stock = act.act in (ActKind.CANNED, ActKind.APOLOGY_HOLLOW)
            lines = texts.absent["SR4"].say["any"] if stock and exchange is last else words.say
            line = phrases.say(lines, remark.to_say_back(log, exchange, texts), act.quote)
            found.append(
                Candidate(
                    words.weight * act.confidence + 3 * rose,
                    item.model_copy(update={"say_instead": line}),
                    words.action,
                )
            )
    return found


def _cost(exchange: Exchange, act: ActFound) -> bool:
    """Whether the log lets an act be held against the agent; all may be where there is no log.

    Sharp words need no proof beyond that the feeling did not come down at them; anything lighter
    must have been felt.
    """
    if exchange.moved is None or act.act in _GRAVE:
        return True
    felt = any(not cause.good and cause.quote == act.quote for cause in exchange.causes)
    return not remark.helped(exchange) and (act.act in SHARP or felt or remark.harmed(exchange))


def _broke(log: Log, promised: Exchange) -> Exchange | None:
    """The turn at which a promise was taken back, where that was held against the agent."""
    return next(
        (
            e
            for e in log.exchanges
            if e.turn.turn > promised.turn.turn
            and remark.harmed(e)
            and any(cause.appraisal == "broken_promise" for cause in e.causes)
        ),
        None,
    )


def _measured_to_change(
    log: Log, timed: Timed, scored: list[Scored], texts: Phrases
) -> list[Candidate]:
    timing = timed.timing
    if timing is None:
        return []
    found: list[Candidate] = []
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


def _voice_to_change(log: Log, scored: list[Scored], texts: Phrases) -> list[Candidate]:
    found: list[Candidate] = []
    for one in scored:
        low = one.source == "acoustic" and one.level is not None and one.level <= _POOR
        if not low or one.confidence < _SURE_ENOUGH or one.behaviour.id not in texts.measured:
            continue
        shown = one.evidence[0]
        at = next((e for e in log.exchanges if e.turn.turn == shown.turn), None)
        if at is not None and shown.number:
            found.append(_measured(log, at, texts, one.behaviour.id, shown.number))
    return found


def _measured(log: Log, exchange: Exchange, texts: Phrases, name: str, number: str) -> Candidate:
    words = texts.measured[name]
    item = remark.about(log, exchange, texts, words.behaviour, words.what, number=number)
    line = phrases.say(words.say, remark.to_say_back(log, exchange, texts), number)
    weight = words.weight + 3 * max(0.0, exchange.after - exchange.before)
    return Candidate(weight, item.model_copy(update={"say_instead": line}), words.action)


def _silence(
    log: Log,
    turn: TurnTaken,
    quiet: Silence | Hold,
    number: str,
    words: Improve,
    texts: Phrases,
) -> Candidate:
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
    return Candidate(words.weight + 0.02 * min(30.0, end - start), item, words.action)


def _absent(log: Log, texts: Phrases) -> list[Candidate]:
    """What was called for and never came, shown by the turns that called for it."""
    turns = clear(log)
    found: list[Candidate] = []
    called = [e for e in turns if e.hot and e.asked is not None]
    met = (*HEARD, ActKind.BOUNDARY)
    missed = [e for e in called if e.act(*met) is None and e.before - e.after < _EASED]
    if len(missed) >= _CALLED_TWICE and len(missed) * 2 > len(called):
        answered = sum(1 for e in called if e.act(*HEARD) is not None)
        number = f"{answered} of {len(called)} hard moments acknowledged"
        found.append(_absence(log, missed, _plainest(log, missed), texts, "E1", number))
    told = [e for e in turns if e.asked is not None]
    if len(told) >= 4 and not any(said_back(log, e) for e in turns):
        number = f"0 of {len(told)} answers said anything back"
        found.append(_absence(log, told, _plainest(log, told), texts, "E2", number))
    asked = any(e.act(ActKind.OPEN_QUESTION) or e.opened for e in turns)
    if len(told) >= 3 and not asked:
        number = f"0 open questions in {len(turns)} turns"
        found.append(_absence(log, told, _plainest(log, told), texts, "E3", number))
    ended = [e for e in turns[-3:] if not e.marks]
    constructive = (
        ActKind.NEXT_STEP,
        ActKind.TIMEFRAME,
        ActKind.ACTION,
        ActKind.RECAP,
        ActKind.CHOICE,
    )
    over = log.status in _OVER
    if (
        over
        and len(turns) >= 3
        and len(ended) == 3
        and not any(e.act(*constructive) for e in ended)
    ):
        number = "0 of the last 3 turns name a next step"
        found.append(_absence(log, ended, ended[-1], texts, "SR4", number))
    return found


def _plainest(log: Log, shown: list[Exchange]) -> Exchange:
    """The turn that shows best what was missing: the one after which the feeling rose most.

    No greeting and no goodbye where there is another, and none that has a fault of its own.
    """
    ends = {log.exchanges[0].turn.turn, log.exchanges[-1].turn.turn}

    def fit(exchange: Exchange) -> tuple[bool, bool, float]:
        return (
            exchange.turn.turn not in ends,
            exchange.act(*SHARP, ActKind.BOUNDARY) is None,
            round(exchange.after - exchange.before, 2),
        )

    return max(shown, key=fit)


def _absence(
    log: Log, shown: list[Exchange], at: Exchange, texts: Phrases, behaviour: str, number: str
) -> Candidate:
    words = texts.absent[behaviour]
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
        effect=remark.over(log, shown[0].before, shown[-1].after, texts),
        say_instead=phrases.say(lines, remark.to_say_back(log, at, texts), at.turn.text),
        theirs=remark.just_said(at, texts),
        turns=[e.turn.turn for e in shown],
    )
    extra = _EACH_MISSED * len(shown) if behaviour == "E1" else 0.0
    return Candidate(words.weight + extra, item, words.action)
