"""What a customer answers to questions asked in a row, and where on their sheet it comes from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from trainer.acts.reader import Reader
from trainer.customer import spoken
from trainer.customer.customer import Customer
from trainer.customer.second_part import open_gate
from trainer.domain.mood import Mood, Status
from trainer.domain.persona import Cast, Gate, Scenario
from trainer.domain.plan import AgentTurn, Intent, Reply

MOODS = ("calm", "tense", "hot")
"""Moods in which they can be asked, beside the one that their call begins with."""

_LEAD = {"calm": 0.1, "tense": 0.5, "hot": 0.7}
_TRUST = {"calm": 0.8, "tense": 0.45, "hot": 0.2}
_HEARD = {"calm": 0.7, "tense": 0.3, "hot": 0.1}
_INVENTED = {Intent.AGREE, Intent.DISAGREE, Intent.PICK}


@dataclass(frozen=True)
class Source:
    """Where an answer comes from.

    Attributes:
        id: `item:ID`, `identity:SLOT`, `remedy:ID`, or a fact's id.
        kind: fact, item, identity, remedy.
        topic: what it is, in a few words.
        gate: what it takes until they say it; empty for nothing.
        open: whether they say it in this mood.
    """

    id: str
    kind: str
    topic: str
    gate: str = ""
    open: bool = True


@dataclass(frozen=True)
class Asked:
    """One question and its answer.

    Attributes:
        question: the agent's words.
        answer: the customer's.
        intent: what the answer is for.
        sources: where it comes from; empty where nothing on the sheet answers.
        note: what that means, in words; empty where a source says it all.
        mood: how they feel after it.
    """

    question: str
    answer: str
    intent: Intent
    sources: tuple[Source, ...]
    note: str
    mood: Mood


def in_mood(cast: Cast, mood: str) -> Cast:
    """The customer as they are calm, tense or hot; `mood` is one of `MOODS`."""
    lead = cast.persona.lead.value
    share = min(1.0, _LEAD[mood] / max(cast.mood.of(cast.persona.lead), 0.1))
    start = cast.mood
    feelings = {name: getattr(start, name) * share for name in ("anger", "anxiety", "sadness")}
    feelings[lead] = _LEAD[mood]
    changed = replace(start, **feelings, trust=_TRUST[mood], heard=_HEARD[mood])
    return replace(cast, mood=changed)


def ask(cast: Cast, questions: Sequence[str], reader: Reader, seed: int = 0) -> Iterator[Asked]:
    """One call in which these questions are asked; it ends early where the customer ends it."""
    customer = Customer(cast, reader, seed)
    customer.spoke(1, " ".join(customer.greet().draft))
    for place, question in enumerate(questions):
        if customer.status is not Status.OPEN:
            return
        reply = customer.hear(AgentTurn(2 * place + 2, question))
        text = " ".join(reply.draft)
        customer.spoke(2 * place + 3, text)
        found = sources(reply, cast.persona.scenario)
        note = "" if found else nothing(reply.plan.intent)
        yield Asked(question, text, reply.plan.intent, found, note, reply.mood)


def sources(reply: Reply, scenario: Scenario) -> tuple[Source, ...]:
    """Where the reply comes from: what it tells, what it keeps back, which remedies it is about."""
    plan = reply.plan
    told = dict.fromkeys((*plan.about, *plan.fact_ids))
    names = list(told) or ([reply.reading.about] if plan.intent is Intent.DEFLECT else [])
    asked = " ".join(move.quote for move in reply.reading.moves)
    found = [one for name in names if (one := source(name, scenario, reply.mood, asked))]
    touched = dict.fromkeys(
        [name for name, _ in plan.standing] or [one.remedy for one in reply.reading.offers]
    )
    called = {one.id: one.called or one.id.replace("_", " ") for one in scenario.remedies}
    if plan.intent in _OF_REMEDY:
        found += [Source(f"remedy:{name}", "remedy", called[name]) for name in touched]
    return tuple(found)


_OF_REMEDY = {
    Intent.TAKE_OFFER, Intent.WEIGH_OFFER, Intent.CONDITION, Intent.REFUSED, Intent.WITHDRAWN,
}  # fmt: skip


def source(name: str, scenario: Scenario, mood: Mood, asked: str = "") -> Source | None:
    """What `name` stands for on the sheet, and whether it is said in this mood; None: nothing.

    Args:
        name: as in `Plan.about`.
        scenario: of the customer.
        mood: how they feel.
        asked: the agent's words, which choose among several numbers.
    """
    kind, _, rest = name.partition(":")
    if kind == "item":
        item = next((one for one in scenario.knows.items if one.id == rest), None)
        return _gated(name, "item", item.topic, item.gate, mood) if item else None
    if kind == "identity":
        slots = scenario.knows.identity
        number = spoken.reference(slots, asked) if rest == "reference" else None
        slot = number or getattr(slots, rest, None)
        topic = number.called if number else rest.replace("_", " ")
        return _gated(name, "identity", topic, slot.gate if slot else Gate(), mood)
    fact = next((one for one in scenario.facts if one.id == name), None)
    return _gated(name, "fact", fact.id.replace("_", " "), fact.gate, mood) if fact else None


def _gated(name: str, kind: str, topic: str, gate: Gate, mood: Mood) -> Source:
    wants = [
        words
        for words, asked in (
            (f"trust {gate.min_trust:.2f}", gate.min_trust > 0),
            (f"heard {gate.min_heard:.2f}", gate.min_heard > 0),
            (f"anger at most {gate.max_anger:.2f}", gate.max_anger < 1),
        )
        if asked
    ]
    return Source(name, kind, topic, ", ".join(wants), open_gate(gate, mood))


def nothing(intent: Intent) -> str:
    """What an answer without a source is."""
    if intent is Intent.UNKNOWN:
        return "nothing on the sheet: not knowing"
    if intent in _INVENTED:
        return "nothing on the sheet: made up"
    return "nothing on the sheet was asked for"
