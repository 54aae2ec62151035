"""Acts that only the history shows.

Asking again, the same phrase once more, advice before a word of understanding.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from trainer.acts.library import Known
from trainer.acts.phrases import normal
from trainer.domain.acts import Reading

SAME_PHRASE = 90
"""Likeness (token-set ratio, 0..100) from which two phrases of an agent are the same one."""

SAME_QUESTION = 88

SPEECH_WORDS = 12
"""A turn of at least this many words, said again, is recited."""

TIMES = 3
"""Uses of one phrase from which it is off the shelf."""


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


def asks_again(text: str, known: Known, context: Context, name: str = "") -> bool:
    """Whether the question `text` was answered already by the customer.

    Args:
        text: one question of the agent.
        known: the act and its patterns.
        context: what was said before.
        name: the customer's name, where it is known; having said it answers who they are.
    """
    from rapidfuzz import fuzz

    if not context.customer or known.spares(text):
        return False
    for thing, asks in known.asks_for.items():
        if not asks.search(normal(text)):
            continue
        if thing == "story":  # the first words after the greeting may well ask what it is about
            if context.agent:
                return True
            continue
        if thing == "name" and name and any(_holds(turn, name) for turn in context.customer):
            return True
        answer = known.answered_by.get(thing)
        if answer is not None and any(answer.search(normal(turn)) for turn in context.customer):
            return True
    plain = text.lower()
    return len(plain.split()) >= 4 and any(
        fuzz.token_sort_ratio(plain, earlier.lower()) >= SAME_QUESTION
        for turn in context.agent
        for earlier in _questions(turn)
    )


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


def _holds(turn: str, name: str) -> bool:
    return any(part in turn.lower().split() for part in name.lower().split() if len(part) > 2)


def _pieces(turn: str) -> list[str]:
    from trainer.acts.units import split

    return [unit.text.lower() for unit in split(turn) if len(unit.text.split()) >= 3]


def _questions(turn: str) -> Sequence[str]:
    from trainer.acts import questions
    from trainer.acts.units import split

    return [unit.text for unit in split(turn) if questions.kind(unit.text)]
