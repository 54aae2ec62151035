"""Acts that only the history shows.

Asking again, the same phrase once more, advice before a word of understanding.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from trainer.acts import questions, reflection, units
from trainer.acts.library import Known
from trainer.acts.phrases import Finder, normal
from trainer.domain.acts import Reading
from trainer.ports.embedding import Embedding

SAME_PHRASE = 90
"""Likeness (token-set ratio, 0..100) from which two phrases of an agent are the same one."""

SAME_QUESTION = 88

TOLD = 0.55
"""Likeness to something the customer said from which a question for the same words is answered."""

SPEECH_WORDS = 12
"""A turn of at least this many words, said again, is recited."""

TIMES = 3
"""Uses of one phrase from which it is off the shelf."""

_ANY = frozenset({"number", "name", "problem", "call", "today", "day", "time", "happen", "exact"})
"""Stems that say little about what is asked."""

_OF_MANY = frozenset({"number", "date"})
"""Things of which there are many in one call: one that was said answers for its own matter only."""

_BARE = frozenset(
    {
        "number", "date", "day", "time", "exact", "long", "pleas", "double", "tripl", "oh", "zero",
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    }
)  # fmt: skip
"""Stems that do not say of what a number or a date is."""

LAST_WORDS = 14
"""Words of what was said last that are looked at, whole sentences."""

_WANTS = re.compile(
    r"\bask(?:ing)? you (?:again )?for\b"
    r"|\b(?:i|we)(?:'ll| will| do| just)? need (?:to (?:take|have) )?(?:your|the)\b"
    r"|\byour [\w ]{2,24} is\W*$",
    re.IGNORECASE,
)
"""Asks without the order of words of a question."""


@dataclass(frozen=True)
class Context:
    """What was said before the turn that is read.

    Attributes:
        customer: the customer's turns as heard, oldest first.
        agent: the agent's earlier turns, oldest first.
        readings: what those agent turns did, as far as known; same order, may be shorter or empty.
    """

    customer: tuple[str, ...] = ()
    agent: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()

    @property
    def last(self) -> str:
        """What the customer said last, its last sentence or two: what a turn answers.

        More only leads a fitted reader astray, which has read one sentence before each turn.
        """
        sentences = (
            [one.text for one in units.sentences(self.customer[-1])] if self.customer else []
        )
        kept = ""
        for sentence in reversed(sentences):
            longer = f"{sentence} {kept}".strip()
            if kept and len(longer.split()) > LAST_WORDS:
                break
            kept = longer
        return " ".join(kept.split()[-2 * LAST_WORDS :])


def wants(text: str) -> bool:
    """Whether it asks for something without being a question: “I'll need your number”."""
    return _WANTS.search(text) is not None


def asks_again(text: str, known: Known, context: Context, name: str = "") -> bool:
    """Whether the question `text` was answered already by the customer.

    Args:
        text: one question of the agent.
        known: the act and its patterns.
        context: what was said before.
        name: the customer's name, where it is known; having said it answers who they are.
    """
    from rapidfuzz import fuzz

    if not context.customer or known.spares(text) or first_asked(text, known, context):
        return False
    for thing, asks in known.asks_for.items():
        if not asks.search(normal(text)):
            continue
        if thing == "story":  # the first words after the greeting may well ask what it is about
            if context.agent:
                return True
            continue
        if thing == "telling":  # “What happened?” opens a story; asked twice it was not listened to
            if any(asks.search(normal(turn)) for turn in context.agent):
                return True
            continue
        if thing == "name" and name and _has_said(context.customer, name, text):
            return True
        answer = known.answered_by.get(thing)
        if answer is not None and _answered(text, answer, thing in _OF_MANY, context.customer):
            return True
    plain = text.lower()
    return len(plain.split()) >= 4 and any(
        fuzz.token_sort_ratio(plain, earlier.lower()) >= SAME_QUESTION
        for turn in context.agent
        for earlier in _questions(turn)
    )


def first_asked(text: str, known: Known, context: Context) -> bool:
    """Whether it asks who they are or how to reach them, and the agent has not asked that yet.

    They may have mentioned a birthday or a telephone; nobody takes that for an answer.
    """
    plain = normal(text)
    found = known.identity.search(plain) if known.identity is not None else None
    if found is None:
        return False
    thing = plain[found.start : found.end]
    return not any(thing in normal(turn) for turn in context.agent)


def was_told(text: str, context: Context, embedding: Embedding) -> bool:
    """Whether a question for one thing is about what the customer just told.

    It is when more than half of its words that carry meaning are in one sentence of theirs, and the
    two sentences are alike.
    """
    own = set(reflection.content(text)) - _ANY
    if not own or questions.kind(text) != "closed" or questions.has_tag(text):
        return False
    said = [
        sentence.text
        for turn in context.customer[-reflection.LAST_TURNS :]
        for sentence in units.sentences(turn)
        if not sentence.text.rstrip().endswith("?")
        and 2 * len(own & set(reflection.content(sentence.text))) > len(own)
    ]
    if not said or re.search(r"\b(?:told|tell|said|say)\b", text.lower()):
        return False
    vectors = embedding.embed([text, *said])
    return bool(np.max(vectors[1:] @ vectors[0]) >= TOLD)


def is_worn(text: str, context: Context) -> bool:
    """Whether the agent has used this phrase twice before in the call."""
    from rapidfuzz import fuzz

    plain = text.lower()
    if len(plain.split()) < 3:
        return False
    uses = sum(
        any(fuzz.token_set_ratio(plain, piece) >= SAME_PHRASE for piece in _pieces(turn))
        for turn in context.agent
    )
    return uses >= TIMES - 1


def is_recited(text: str, context: Context) -> bool:
    """Whether this whole turn was said before in the call, word for word or nearly."""
    from rapidfuzz import fuzz

    plain = text.lower()
    return len(plain.split()) >= SPEECH_WORDS and any(
        fuzz.ratio(plain, earlier.lower()) >= SAME_PHRASE for earlier in context.agent
    )


def _answered(text: str, answer: Finder, of_many: bool, customer: Sequence[str]) -> bool:
    """Whether something that the customer said is what `text` asks for.

    A date or a number counts where it was said of the same matter, or of none; a bare question for
    one (“when was that?”) is about their last turn.
    """
    asked = set(reflection.content(text)) - _BARE
    for turn in customer if asked or not of_many else customer[-1:]:
        for sentence in units.sentences(turn):
            if answer.search(normal(sentence.text)) is None:
                continue
            said = set(reflection.content(sentence.text)) - _BARE
            of_it = {stem for stem in said if not stem.isdigit()}
            if not of_many or not asked or not of_it or asked & of_it:
                return True
    return False


def _holds(turn: str, name: str) -> bool:
    return any(part in turn.lower().split() for part in name.lower().split() if len(part) > 2)


def _has_said(customer: Sequence[str], name: str, question: str) -> bool:
    """Whether they have said their name: all of it where the question wants all of it."""
    if not re.search(r"\b(?:full|first|both|surname)\b", question.lower()):
        return any(_holds(turn, name) for turn in customer)
    said = {word.strip(".,!?") for turn in customer for word in turn.lower().split()}
    return all(part in said for part in name.lower().split() if len(part) > 2)


def _pieces(turn: str) -> list[str]:
    return [unit.text.lower() for unit in units.split(turn) if len(unit.text.split()) >= 3]


def _questions(turn: str) -> Sequence[str]:
    return [unit.text for unit in units.split(turn) if questions.kind(unit.text)]
