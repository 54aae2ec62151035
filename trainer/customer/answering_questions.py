"""The answer to a question: from the sheet, the facts, the identity slots, else by its kind.

What is said was written by authors; this module decides, it words nothing of its own.
"""

import random
import re

from trainer.acts import consent
from trainer.acts.phrases import normal
from trainer.acts.reflection import content
from trainer.customer import answering_offers, spoken
from trainer.customer import facts as knowledge
from trainer.customer.second_part import Answer, Asking, filled, open_gate
from trainer.domain.ground import Standing
from trainer.domain.mood import Band, band
from trainer.domain.moves import Move, MoveKind, OfferState
from trainer.domain.persona import Item
from trainer.domain.plan import Intent

K = MoveKind

_WISHES = (K.ASK_OPEN, K.ASK_DETAIL, K.ASK_PREFERENCE, K.ASK_YES_NO, K.CHECK)
"""Kinds of question by which the agent asks what they want altogether."""

_FOR_ME = re.compile(r"\b(?:me|us) to\b")
"""Offers a deed: asks for a yes, not for what they want."""

_WHETHER = (K.ASK_YES_NO, K.CHECK)

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


def answered(asking: Asking, question: Move) -> Answer | None:
    """What to say to one question; None where it obliges to nothing that is known here."""
    kind = question.kind
    known = _known(asking, question)
    if known is None and consent.sought(question.quote):
        return _consent(asking)
    if kind is K.CORRECT:
        extra = known.says if known is not None and known.says else ()
        return Answer(Intent.CORRECTED, extra, True, about=known.about if known else ())
    if known is None and kind is K.ASK_YES_NO and not content(question.quote):
        return answering_offers.to_what_lies_on_the_table(asking)
    if kind is K.CHECK:
        return _check(asking, question, known)
    if known is not None:
        return known
    if "more" in asking.asks:
        return _anything_else(asking)
    if "demand" in asking.asks and kind in _WISHES and not _FOR_ME.search(question.quote.lower()):
        return None
    return _unforeseen(asking, question)


def _consent(asking: Asking) -> Answer | None:
    """“Is that all right?”: yes or not yet to what was offered; else yes, unless they are hot."""
    if any(one.state is not OfferState.ASKED for one in asking.reading.offers):
        return None
    if (to_it := answering_offers.to_what_lies_on_the_table(asking)) is not None:
        return to_it
    hot = band(asking.mood.of(asking.cast.persona.lead)) in (Band.HOT, Band.OVERWHELMED)
    return Answer(Intent.WEIGH_OFFER if hot else Intent.AGREE)


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
        return identity(asking, about, question.quote)
    if about.startswith("item:"):
        item = next(
            (i for i in asking.cast.persona.scenario.knows.items if i.id == about[5:]), None
        )
        return _item(asking, question, item) if item is not None else None
    facts = asking.cast.persona.scenario.facts
    if (fact := next((one for one in facts if one.id == about), None)) is not None:
        if fact.id in asking.told:
            if question.kind in _WHETHER:
                return Answer(Intent.CONFIRM, about=(fact.id,))
            return Answer(Intent.SAY_AGAIN, (shorter(fact.line),), True, about=(fact.id,))
        if knowledge.ready(fact, asking.mood):
            return Answer(Intent.DISCLOSE, facts=(fact,), about=(fact.id,))
        return Answer(Intent.DEFLECT)
    return None


def identity(asking: Asking, about: str, words: str) -> Answer | None:
    """One of their identity slots, said as people say it; `about` is `identity:SLOT`."""
    name = about.removeprefix("identity:")
    slots = asking.cast.persona.scenario.knows.identity
    own = spoken.reference(slots, words) if name == "reference" else getattr(slots, name, None)
    if own is not None and not open_gate(own.gate, asking.mood):
        return Answer(Intent.DEFLECT)
    said = spoken.slot(asking.cast, name, words)
    if not said:
        topic = _SLOT_NAMES.get(name, "that")
        return Answer(Intent.UNKNOWN, fill=filled("topic", topic))
    return Answer(Intent.ANSWER, (said,), about=(about,))


def _item(asking: Asking, question: Move, item: Item) -> Answer:
    """An item of the sheet; one that was told already does not answer a question of another kind
    once more.
    """
    if not open_gate(item.gate, asking.mood):
        return Answer(Intent.DEFLECT)
    about = (f"item:{item.id}",)
    if asking.ground.said(about[0]) is None:
        return Answer(Intent.ANSWER, (item.says,), about=about)
    if question.kind in (K.ASK_EITHER_OR, K.ASK_PREFERENCE):
        return _pick(asking, question)
    return Answer(Intent.SAY_AGAIN, (item.says,), True, about=about)


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
            fill = filled("open", called[one.remedy])
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
        return Answer(Intent.PICK, fill=filled("pick", remedies[chosen].called))
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
    return Answer(Intent.PICK, fill=filled("pick", _turned(words)))


def _turned(words: str) -> str:
    """The agent's words in the customer's mouth: your becomes my."""
    swap = {"your": "my", "you": "me", "my": "your", "yours": "mine", "i": "you", "me": "you"}
    return " ".join(swap.get(word, word) for word in words.split())


def _yes_or_no(asking: Asking, question: Move) -> Intent:
    """A harmless detail that nobody wrote: the same answer to the same words in every retry."""
    plain = normal(question.quote)
    if _SURELY.search(plain) or _of_their_story(asking, plain):
        return Intent.AGREE
    words = " ".join(sorted(set(re.findall(r"[a-z]{4,}", plain))))
    return random.Random(f"{asking.cast.name} {words}").choice(
        (Intent.DISAGREE, Intent.DISAGREE, Intent.AGREE)
    )


def _of_their_story(asking: Asking, question: str) -> bool:
    """Whether a question says what stands in their story: agents mostly ask what is so."""
    scenario = asking.cast.persona.scenario
    facts = " ".join(fact.text for fact in scenario.facts)
    story = f"{scenario.background} {scenario.card.situation} {facts} {asking.last}"
    asked, known = set(content(question)), set(content(story))
    return len(asked & known) >= 2 and len(asked & known) * 2 >= len(asked)


def _topic(question: str) -> dict[str, str]:
    found = _TOPIC.search(question.lower())
    if found is None:
        return {}
    words = _turned(found["topic"].strip())
    if not words or len(words.split()) > 5:
        return {}
    if not re.match(r"(?:the|my|your|that|this)\b", words):
        words = f"the {words}"
    return filled("topic", words)


def shorter(last: str) -> str:
    """The last thing somebody said, its last two sentences at most."""
    sentences = [one for one in re.split(r"(?<=[.?!…])\s+", last.strip()) if one]
    return " ".join(sentences[-2:])
