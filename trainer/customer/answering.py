"""The second pair part: what a turn obliges the customer to answer, and the answer to it.

A question wants its answer, an offer a yes or a no of its own, a summary a confirmation, a request
to repeat the last sentence again. What is said comes from the sheet, the remedies and the common
ground; this module decides, it words nothing beyond what authors wrote.
"""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from trainer.acts.phrases import normal
from trainer.acts.reflection import content
from trainer.customer import facts as knowledge
from trainer.customer import spoken
from trainer.domain.acts import Reading
from trainer.domain.ground import Ground, Standing
from trainer.domain.mood import Mood
from trainer.domain.moves import QUESTIONS, TAKEN, Move, MoveKind, Offer, OfferState
from trainer.domain.persona import Cast, Fact, Gate, Item
from trainer.domain.plan import Intent

K = MoveKind

PARTS = 2
"""Things answered in one turn; nobody answers three at once."""

_SLOT_NAMES = {
    "name": "my name", "spelling": "the spelling", "birth_date": "my date of birth",
    "address": "my address", "postcode": "the postcode", "phone": "my number",
    "email": "my email", "reference": "the number", "account_holder": "the account",
}  # fmt: skip

_SURELY = re.compile(
    r"\b(?:hear me|still there|with me|are you there|make sense|good time|speaking to|am i right"
    r"|all right with you|okay with you|is that (?:all right|okay|ok|fair|clear|better)|follow me"
    r"|does that|would that|that help|got that|ready)\b"
)
"""Yes-or-no questions that anybody answers with yes who is still on the line."""

_WOULD_READ = re.compile(
    r"\b(?:a pen|got a pencil|read (?:it|that|you|the number)|(?:want|like) (?:me to read"
    r"|the number)"
    r"|shall i (?:read|spell|give you)|i can (?:read|spell|give you)|are you ready|ready\?)"
)
"""The customer has offered to read something out."""

_GO_AHEAD = re.compile(
    r"^\W*(?:(?:yes|yeah|okay|ok|sure|right|lovely|great|please|i am|i have|go on|do)[ ,.]*)*"
    r"(?:go ahead|go on|fire away|off you go|ready (?:when you are|now)?|when you are ready"
    r"|got (?:one|a"
    r" pen)|a pen|listening|please do|read (?:it|that) (?:out|to me))\b"
)

_EITHER = re.compile(r"(?P<one>[^,?:;]{2,80}?),? or (?P<two>[^?,.;]{2,60})")
THINGS = 5
"""Words up to which an alternative is named back; a longer one is “the first”."""

_LEADS_IN = re.compile(
    r"^(?:.*\b(?:is|was|are|were|do|does|did|would|will|shall|should|have|has|can|could) (?:it|this"
    r"|that|you|they|he|she|i|we|there|one)\b ?)?(?:(?:be|been|rather|like|prefer|want|more|mostly"
    r"|have|got|it|just|a bit|only|so|and|then|now)\b ?)*"
)
_CLAUSE = re.compile(
    r"(?:i|you|we|they|he|she|it|do|does|did|are|is|was|were|have|has|would|shall|not|whether)\b"
)
_TO_TELL = re.compile(r"\b(?:tell|told|know|worr\w+|on your mind|mention(?:ed)?|not said)\b")
"""Anything else that is theirs to tell, not the agent's to do."""

_TOPIC = re.compile(
    r"\b(?:what|which|how (?:many|much|long|old|far|big|often)|whose)(?: (?:was|is|were|are))?"
    r" (?P<topic>(?:the |your |that |this )?[a-z' -]{3,40}?)(?: (?:is|was|were|are|do|does|did|have"
    r"|has|had|would|will|can|could|that|you|it|they|he|she|we|i|on|at|in|for|from|of|to)\b|[?.,]"
    r"|$)"
)


@dataclass(frozen=True)
class Asking:
    """Everything the answer may look at.

    Attributes:
        cast: the customer.
        reading: what the agent's turn did.
        text: the agent's words.
        mood: how they feel after it.
        ground: what both have established, this turn's offers included.
        told: ids of facts told.
        worth: what each remedy offered so far is worth to them, by id.
        takes: whether they would say yes to what is on the table now.
        last: what the customer said last.
        seed: chooses where either would do.
        asks: groups of prompts/customer_asks.yaml that the agent's words match.
    """

    cast: Cast
    reading: Reading
    text: str
    mood: Mood
    ground: Ground
    told: Sequence[str]
    worth: Mapping[str, float]
    takes: bool
    last: str
    seed: str
    asks: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Answer:
    """What to say to what was asked or offered.

    Attributes:
        intent: what it is for; chooses a line where `says` is empty or `leads`.
        says: words that stand already: of the sheet, of a remedy.
        leads: a line of the intent comes before `says`.
        fill: what {pick}, {open} and {topic} stand for.
        about: what is told by it, for the ground.
        facts: facts that are told by it.
        standing: what becomes of offers, by remedy.
    """

    intent: Intent
    says: tuple[str, ...] = ()
    leads: bool = False
    fill: Mapping[str, str] = field(default_factory=dict)
    about: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    standing: Mapping[str, Standing] = field(default_factory=dict)


def answer(asking: Asking) -> Answer | None:
    """The answer to the turn; None where nothing obliges to one."""
    again = asking.reading.move(K.ASK_REPEAT)
    if again is not None and asking.last and not asking.reading.offered:
        return Answer(Intent.SAY_AGAIN, (_shorter(asking.last),), leads=True)
    if _GO_AHEAD.match(normal(asking.text)) and _WOULD_READ.search(normal(asking.last)):
        return _identity(asking, "identity:reference", asking.last)
    offered = [found for one in asking.reading.offers if (found := _offer(asking, one))]
    question = _question(asking)
    asked = _asked(asking, question) if question is not None else None
    if offered and asked is not None and not _adds(question, asked):
        asked = None
    return together([*offered, *([asked] if asked else [])][:PARTS])


def together(parts: Sequence[Answer]) -> Answer | None:
    """Several answers as one: the first decides what it is for, each keeps its words."""
    if not parts:
        return None
    first = parts[0]
    says = first.says
    for one in parts[1:]:
        says += one.says or ()
    return Answer(
        first.intent,
        says,
        first.leads or not first.says,
        {key: value for one in parts for key, value in one.fill.items()},
        tuple(name for one in parts for name in one.about),
        tuple(fact for one in parts for fact in one.facts),
        {key: value for one in parts for key, value in one.standing.items()},
    )


def _question(asking: Asking) -> Move | None:
    """The move that wants an answer: the last, or the one that names something they know.

    A clause may be two kinds of question; the likelier stands first.
    """
    asked = [move for move in asking.reading.moves if move.kind in QUESTIONS]
    named = [move for move in asked if move.about != "none"]
    last = max(named or asked, key=lambda move: move.start, default=None)
    same = [move for move in named or asked if last is not None and move.start == last.start]
    return next(iter(same), None)


def _adds(question: Move | None, asked: Answer) -> bool:
    """Whether a question beside an offer wants an answer of its own: “does that suit?” does not."""
    return question is not None and bool(asked.about or asked.facts)


# -- offers --------------------------------------------------------------------------------------


def _offer(asking: Asking, offer: Offer) -> Answer | None:
    remedy = next(r for r in asking.cast.persona.scenario.remedies if r.id == offer.remedy)
    stands, about = asking.ground.standing(offer.remedy), (f"remedy:{remedy.id}",)
    if offer.state in TAKEN:
        if stands is not None and stands.state is Standing.ACCEPTED:
            return Answer(Intent.CONFIRM)
        if asking.takes:
            new = {remedy.id: Standing.ACCEPTED}
            says = _one(asking, remedy.accept)
            return Answer(Intent.TAKE_OFFER, says, about=about, standing=new)
        new = {remedy.id: Standing.WEIGHED}
        return Answer(Intent.WEIGH_OFFER, _one(asking, remedy.weigh), about=about, standing=new)
    if offer.state is OfferState.CONDITIONAL:
        return Answer(Intent.CONDITION, _one(asking, remedy.conditional), about=about)
    if offer.state is OfferState.REFUSED:
        return Answer(Intent.REFUSED, _one(asking, remedy.refused), about=about)
    if offer.state is OfferState.WITHDRAWN:
        return Answer(Intent.WITHDRAWN)
    return None


def _one(asking: Asking, lines: Sequence[str]) -> tuple[str, ...]:
    """One of a remedy's lines that was not said yet, chosen by the seed."""
    fresh = [line for line in lines if not any(line in one.quote for one in asking.ground.told)]
    return (random.Random(asking.seed).choice(fresh),) if fresh else ()


# -- questions -----------------------------------------------------------------------------------


def _asked(asking: Asking, question: Move) -> Answer | None:
    kind = question.kind
    known = _known(asking, question)
    if kind is K.CORRECT:
        extra = known.says if known is not None and known.says else ()
        return Answer(Intent.CORRECTED, extra, True, about=known.about if known else ())
    if known is None and kind in (K.CHECK, K.ASK_YES_NO) and not content(question.quote):
        return _suits(asking)
    if kind is K.CHECK:
        return _check(asking, question, known)
    if known is not None:
        return known
    if "more" in asking.asks:
        return _anything_else(asking)
    if "demand" in asking.asks and kind not in (K.ASK_IDENTITY, K.PERMISSION, K.ASK_EITHER_OR):
        return None
    return _unforeseen(asking, question)


def _unforeseen(asking: Asking, question: Move) -> Answer | None:
    """The answer to a question of which the sheet knows nothing, by its kind."""
    kind, about = question.kind, question.about
    if kind is K.PERMISSION:
        return Answer(Intent.PERMIT)
    if kind is K.SMALL_TALK:
        return Answer(Intent.SMALL_TALK)
    if kind is K.ANYTHING_ELSE:
        return _anything_else(asking)
    if kind in (K.ASK_EITHER_OR, K.ASK_PREFERENCE):
        return _pick(asking, question)
    if kind is K.ASK_YES_NO:
        if about.startswith("remedy:"):
            return Answer(Intent.DISAGREE)
        return Answer(_yes_or_no(asking, question))
    if kind in (K.ASK_DETAIL, K.ASK_IDENTITY):
        return Answer(Intent.UNKNOWN, fill=_topic(question.quote))
    return None


def _known(asking: Asking, question: Move) -> Answer | None:
    """What they know that answers the question; None where they know nothing of it."""
    about = question.about
    if about.startswith("identity:"):
        return _identity(asking, about, question.quote)
    if about.startswith("item:"):
        item = next(
            (i for i in asking.cast.persona.scenario.knows.items if i.id == about[5:]), None
        )
        return _item(asking, item) if item is not None else None
    facts = asking.cast.persona.scenario.facts
    if (fact := next((one for one in facts if one.id == about), None)) is not None:
        if fact.id in asking.told:
            return Answer(Intent.CONFIRM, about=(fact.id,))
        if knowledge.ready(fact, asking.mood):
            return Answer(Intent.DISCLOSE, facts=(fact,), about=(fact.id,))
        return Answer(Intent.DEFLECT)
    return None


def _identity(asking: Asking, about: str, words: str) -> Answer | None:
    name = about.removeprefix("identity:")
    slots = asking.cast.persona.scenario.knows.identity
    own = spoken.reference(slots, words) if name == "reference" else getattr(slots, name, None)
    if own is not None and not open_gate(own.gate, asking.mood):
        return Answer(Intent.DEFLECT)
    said = spoken.slot(asking.cast, name, words)
    if not said:
        topic = _SLOT_NAMES.get(name, "that")
        return Answer(Intent.UNKNOWN, fill=_capital("topic", topic))
    return Answer(Intent.ANSWER, (said,), about=(about,))


def _item(asking: Asking, item: Item) -> Answer:
    if not open_gate(item.gate, asking.mood):
        return Answer(Intent.DEFLECT)
    about = (f"item:{item.id}",)
    if asking.ground.said(about[0]) is not None:
        return Answer(Intent.SAY_AGAIN, (item.says,), True, about=about)
    return Answer(Intent.ANSWER, (item.says,), about=about)


def open_gate(gate: Gate, mood: Mood) -> bool:
    """Whether what stands behind a gate may be said in this mood."""
    return (
        mood.trust >= gate.min_trust
        and mood.heard >= gate.min_heard
        and mood.anger <= gate.max_anger
    )


def _check(asking: Asking, question: Move, known: Answer | None) -> Answer:
    """Confirm what was read back, or put it right: what differs in a number is not so."""
    if known is not None and known.intent is Intent.DEFLECT:
        return known
    wrong = _other_numbers(asking, question)
    if wrong and known is not None and known.says:
        return Answer(Intent.PUT_RIGHT, known.says, True, about=known.about)
    if known is not None and known.facts:
        return known
    if known is not None and known.intent is Intent.ANSWER and not known.about[0].startswith("id"):
        return known
    return Answer(Intent.CONFIRM)


def _other_numbers(asking: Asking, question: Move) -> bool:
    """Whether what was read back holds a number that stands nowhere in what they know or said."""
    numbers = set(re.findall(r"\d+", question.quote))
    if not numbers:
        return False
    scenario = asking.cast.persona.scenario
    sheet = scenario.knows.model_dump_json() + scenario.card.model_dump_json() + scenario.background
    sheet += " ".join(one.quote for one in asking.ground.told) + asking.last
    return bool(numbers - set(re.findall(r"\d+", sheet)))


def _suits(asking: Asking) -> Answer | None:
    """“Does that suit you?”: yes or not yet to what is on the table; None where nothing is."""
    remedies = {r.id: r for r in asking.cast.persona.scenario.remedies}
    live = asking.ground.of(Standing.OFFERED, Standing.WEIGHED)
    if not live or asking.reading.offers:
        return None
    best = max(live, key=lambda one: remedies[one.remedy].solves)
    return _offer(asking, Offer(best.remedy, OfferState.OFFERED, quote=best.quote))


def _anything_else(asking: Asking) -> Answer:
    """What is still open: an offer nobody came back to, or a thing they had to tell."""
    untold = [f for f in asking.cast.persona.scenario.facts if f.id not in asking.told]
    if untold and _TO_TELL.search(normal(asking.text)):
        tell = next((f for f in untold if knowledge.ready(f, asking.mood)), None)
        if tell is None:
            return Answer(Intent.DEFLECT)
        return Answer(Intent.DISCLOSE, facts=(tell,), about=(tell.id,))
    waiting = [
        one
        for one in asking.ground.of(Standing.CONDITIONAL, Standing.WEIGHED, Standing.OFFERED)
        if one.allowed
    ]
    called = {r.id: r.called for r in asking.cast.persona.scenario.remedies}
    for one in waiting:
        about = f"open:{one.remedy}"
        if called.get(one.remedy) and asking.ground.said(about) is None:
            fill = _capital("open", called[one.remedy])
            return Answer(Intent.STILL_OPEN, fill=fill, about=(about,))
    return Answer(Intent.NOTHING_ELSE)


def _pick(asking: Asking, question: Move) -> Answer:
    """One of two things: the remedy that is worth more, else one of the words after “or”."""
    remedies = {r.id: r for r in asking.cast.persona.scenario.remedies}
    live = [o.remedy for o in asking.reading.offers if o.state is not OfferState.REFUSED]
    if len(live) < 2:
        live = [
            one.remedy
            for one in asking.ground.of(Standing.OFFERED, Standing.WEIGHED, Standing.ACCEPTED)
        ]
    chosen = max(live, key=lambda name: remedies[name].solves, default=None)
    if chosen and remedies[chosen].called and question.kind is K.ASK_PREFERENCE:
        return Answer(Intent.PICK, fill=_capital("pick", remedies[chosen].called))
    found = _EITHER.search(question.quote.lower())
    if found is None:
        if question.kind is K.ASK_PREFERENCE:
            return Answer(Intent.ANSWER, (asking.cast.persona.scenario.demand,), about=("demand",))
        return Answer(_yes_or_no(asking, question))
    at = random.Random(f"{asking.seed} pick").randrange(2)
    second = found["two"].split()
    first = found["one"].split()[-len(second) :] if len(second) <= 2 else found["one"].split()
    words = _LEADS_IN.sub("", " ".join((first, second)[at])).strip()
    if not words or len(words.split()) > THINGS or _CLAUSE.match(words):
        words = ("the first", "the second")[at]
    return Answer(Intent.PICK, fill=_capital("pick", _turned(words)))


def _turned(words: str) -> str:
    """The agent's words in the customer's mouth: your becomes my."""
    swap = {"your": "my", "you": "me", "my": "your", "yours": "mine", "i": "you", "me": "you"}
    return " ".join(swap.get(word, word) for word in words.split())


def _yes_or_no(asking: Asking, question: Move) -> Intent:
    """A harmless detail that nobody wrote: the same answer to the same words in every retry."""
    plain = normal(question.quote)
    if _SURELY.search(plain):
        return Intent.AGREE
    words = " ".join(sorted(set(re.findall(r"[a-z]{4,}", plain))))
    return random.Random(f"{asking.cast.name} {words}").choice(
        (Intent.DISAGREE, Intent.DISAGREE, Intent.AGREE)
    )


def _topic(question: str) -> dict[str, str]:
    found = _TOPIC.search(question.lower())
    if found is None:
        return {}
    words = _turned(found["topic"].strip())
    if not words or len(words.split()) > 5:
        return {}
    if not re.match(r"(?:the|my|your|that|this)\b", words):
        words = f"the {words}"
    return _capital("topic", words)


def _capital(name: str, words: str) -> dict[str, str]:
    return {name: words, name.capitalize(): words[:1].upper() + words[1:]}


def _shorter(last: str) -> str:
    """The last thing they said, its last two sentences at most."""
    sentences = [one for one in re.split(r"(?<=[.?!…])\s+", last.strip()) if one]
    return " ".join(sentences[-2:])
