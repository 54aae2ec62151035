"""What to say next: one decision from what the turn did, how they feel now, and what they know."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from trainer.customer import answering, second_part
from trainer.customer import facts as knowledge
from trainer.customer.appraisal import together
from trainer.customer.mood import Appraisal
from trainer.domain.acts import ActKind as K
from trainer.domain.acts import Reading
from trainer.domain.ground import Ground
from trainer.domain.mood import Band, Mood, band
from trainer.domain.moves import QUESTIONS
from trainer.domain.persona import Cast, Fact
from trainer.domain.plan import Intent, Plan

TAKEN = 0.55
"""What the offers so far must be worth together before they say yes."""

STUNG = 0.15
"""A turn that hurt this much is answered for that first."""

LEAVING = frozenset({"goodbye", "wraps_up"})
"""Groups of prompts/customer_asks.yaml in which the agent is on their way out of the call."""

_WORDS = {Band.OVERWHELMED: 28, Band.HOT: 35, Band.TENSE: 40, Band.WARY: 40, Band.CALM: 35}


@dataclass(frozen=True)
class View:
    """Everything the decision may look at.

    Attributes:
        cast: the customer.
        text: the agent's words.
        reading: what they did.
        appraisal: what it meant.
        hurt: how much it hurt altogether, 0..1.
        before, after: the mood before and after the turn.
        stalled: turns running without progress.
        told: ids of facts told.
        turns: agent turns heard so far, this one included.
        asks: groups of prompts/customer_asks.yaml that the agent's words match.
        offers: what each remedy offered so far is worth to them, by id.
        ground: what both have established, this turn included.
        last: what the customer said last.
        seed: chooses where either would do.
        odd: no talk between the two of them: it tries to break the role, or parrots.
    """

    cast: Cast
    text: str
    reading: Reading
    appraisal: Appraisal
    hurt: float
    before: Mood
    after: Mood
    stalled: int
    told: tuple[str, ...]
    turns: int
    asks: frozenset[str]
    offers: Mapping[str, float]
    ground: Ground
    last: str = ""
    seed: str = ""
    odd: bool = False


def decide(view: View, wants: Mapping[Intent, str]) -> Plan:
    """The plan for the customer's next turn, apart from endings and threats."""
    intent, told_now, answer = _first(view)
    question = _question(view.reading)
    if intent is None and (second := answering.answer(_asking(view))) is not None:
        chosen = make(
            view.cast,
            second.intent,
            view.after,
            wants,
            second.facts,
            question,
            " ".join(second.says),
        )
        return replace(
            chosen,
            says=second.says,
            leads=second.leads,
            fill=tuple(sorted(second.fill.items())),
            about=second.about,
            own=_own_move(view, second),
            standing=tuple(second.standing.items()),
            max_words=chosen.max_words + len(" ".join(second.says).split()),
        )
    if intent is None:
        intent, told_now, answer = _then(view)
    return make(
        view.cast,
        intent,
        view.after,
        wants,
        told_now,
        question if intent in _REPLIES else "",
        answer,
    )


def _asking(view: View) -> second_part.Asking:
    return second_part.Asking(
        view.cast, view.reading, view.text, view.after, view.ground, view.told, view.offers,
        _takes(view), view.last, view.seed, view.asks,
    )  # fmt: skip


def _own_move(view: View, second: second_part.Answer) -> Intent | None:
    """What a hot customer adds to a plain answer, now and then: that nothing is moving yet."""
    hot = band(view.after.of(view.cast.persona.lead)) in (Band.HOT, Band.OVERWHELMED)
    plain = second.intent is Intent.ANSWER and bool(second.says) and not view.offers
    return Intent.PUSH if hot and plain and view.turns % 3 == 0 else None


def make(
    cast: Cast,
    intent: Intent,
    mood: Mood,
    wants: Mapping[Intent, str],
    disclose: tuple[Fact, ...] = (),
    question: str = "",
    answer: str = "",
) -> Plan:
    """A plan with everything that follows from intent and mood."""
    shows = band(mood.of(cast.persona.lead))
    words = _WORDS[shows] + sum(len(fact.line.split()) for fact in disclose)
    return Plan(
        intent=intent,
        band=shows,
        want=wants.get(intent, ""),
        disclose=tuple(fact.text for fact in disclose),
        fact_ids=tuple(fact.id for fact in disclose),
        question=question,
        answer=answer,
        max_words=words,
    )


_CONFIRMING = (
    "right",
    "correct",
    "okay",
    "ok",
    "for you",
    "with you",
    "better",
    "sense",
    "fair",
    "help",
)

_REPLIES = frozenset({Intent.ANSWER, Intent.DISCLOSE, Intent.DEFLECT, Intent.UNKNOWN, Intent.VENT})


def _first(view: View) -> tuple[Intent | None, tuple[Fact, ...], str]:
    """What goes before any answer: what is no talk, a limit, a hold, what stung."""
    reading = view.reading
    if view.odd and view.hurt <= STUNG:
        return Intent.ODD, (), ""
    if reading.find(K.BOUNDARY):
        return Intent.WARNED, (), ""
    if reading.find(K.HOLD_REQUEST) and view.hurt <= STUNG and not _wants_more(reading):
        return Intent.HOLD, (), ""
    if view.hurt > STUNG and (sore := _sore(view)) is not None:
        return sore, (), ""
    return None, (), ""


def _wants_more(reading: Reading) -> bool:
    """Whether a turn that asks to wait also asks for something of theirs, or offers something."""
    named = any(move.kind in QUESTIONS and move.about != "none" for move in reading.moves)
    return named or bool(reading.offered)


def _then(view: View) -> tuple[Intent, tuple[Fact, ...], str]:
    """What there is to say where nothing obliges to an answer."""
    reading, mood = view.reading, view.after
    known = view.cast.persona.scenario.facts
    if reading.find(K.REFUSE_REASONED) and reading.remedy is None:
        return Intent.REFUSED, (), ""
    if reading.find(K.REPEAT_ASK):
        return Intent.REPEAT, (), ""
    rest = "more" in view.asks and not reading.asks
    asks = [fact.id for fact in known] if rest else reading.asks
    if tell := knowledge.asked_for(known, asks, mood, view.told):
        return Intent.DISCLOSE, (tell[0],), ""
    if knowledge.withheld(known, asks, mood, view.told):
        return Intent.DEFLECT, (), ""
    if reading.find(K.CANNED, K.APOLOGY_HOLLOW):
        return Intent.STOCK, (), ""
    if answered := _answer(view):
        return answered[0], (), answered[1]
    return _unasked(view)


def _sore(view: View) -> Intent | None:
    """The intent that answers the hurt; None when there is something better to answer."""
    a = view.appraisal
    if max(a.blame, a.dismissal, a.interruption, a.broken_promise, a.raised_voice) >= 0.3:
        return Intent.HURT
    if a.policy_wall >= 0.3:
        return Intent.WALL
    if a.repeat_ask >= 0.3:
        return Intent.REPEAT
    if a.canned >= 0.3 and not view.reading.asks and view.reading.remedy is None:
        return Intent.STOCK
    if a.dead_air >= 0.6:
        return Intent.PUSH
    return None


def _takes(view: View) -> bool:
    """Whether they take a remedy: once all solve enough and they feel heard; else they weigh it."""
    lead = view.after.of(view.cast.persona.lead)
    return together(view.offers) >= TAKEN and view.after.heard >= 0.35 and lead < 0.6


def _answer(view: View) -> tuple[Intent, str] | None:
    reading, scenario = view.reading, view.cast.persona.scenario
    again = next((f for f in scenario.facts if f.id in reading.asks and f.id in view.told), None)
    if again is not None:
        return Intent.ANSWER, again.text
    if "demand" in view.asks and reading.find(K.OPEN_QUESTION, K.CLOSED_QUESTION):
        return Intent.ANSWER, scenario.demand
    if "name" in view.asks and reading.find(K.VERIFY, K.OPEN_QUESTION, K.CLOSED_QUESTION):
        return Intent.ANSWER, view.cast.persona.identity.name
    if reading.find(K.OPEN_QUESTION):
        return (Intent.VENT if view.after.of(view.cast.persona.lead) >= 0.4 else Intent.ANSWER), ""
    if view.asks & (LEAVING | {"more"}):
        return Intent.PUSH, ""
    question = reading.find(K.CLOSED_QUESTION)
    if question is not None and question.quote.lower().rstrip("?. ").endswith(_CONFIRMING):
        return _confirm(view), ""
    return (Intent.UNKNOWN, "") if question or reading.find(K.VERIFY) else None


def _confirm(view: View) -> Intent:
    """“Does that work for you?”, “have I got that right?”.

    Yes to what was offered, a thought on what is going to be done, else yes to being understood.
    """
    lead = view.after.of(view.cast.persona.lead)
    if view.offers and lead < 0.6:
        return Intent.TAKE_OFFER if together(view.offers) >= TAKEN else Intent.WEIGH_OFFER
    if view.reading.find(K.ACTION, K.TIMEFRAME, K.NEXT_STEP) and not view.reading.find(K.RECAP):
        return Intent.WEIGH_OFFER
    return Intent.SOFTEN if view.reading.find(K.REFLECT, K.RECAP) and lead < 0.7 else Intent.ANSWER


def _unasked(view: View) -> tuple[Intent, tuple[Fact, ...], str]:
    """Nothing was asked or offered: soften, tell something of their own accord, vent, or push."""
    a, lead = view.appraisal, view.cast.persona.lead
    if view.asks & LEAVING:
        return Intent.PUSH, (), ""
    kind = max(a.acknowledgement, a.reflection, a.apology, a.warmth, a.explanation)
    relief = view.before.of(lead) - view.after.of(lead)
    if kind >= 0.3 or relief > 0.03:
        if tell := knowledge.volunteered(view.cast.persona.scenario.facts, view.after, view.told):
            return Intent.DISCLOSE, (tell[0],), ""
        if relief > 0.02 and (view.after.of(lead) < 0.7 or relief > 0.08):
            return Intent.SOFTEN, (), ""
        return Intent.VENT, (), ""
    if max(a.action, a.outcome, a.time_frame, a.choice) >= 0.4:
        return (Intent.WEIGH_OFFER if view.after.heard >= 0.3 else Intent.PUSH), (), ""
    if view.stalled >= 2 or view.turns > 3:
        return Intent.PUSH, (), ""
    return Intent.VENT, (), ""


def _question(reading: Reading) -> str:
    asked = [act.quote for act in reading.acts if act.kind in (K.OPEN_QUESTION, K.CLOSED_QUESTION)]
    return asked[-1] if asked else ""
