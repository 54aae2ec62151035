"""Kind words that do nothing: said before, the customer's own said back, or said to break the role.

Reciting every good act is not doing them when they are due.
"""

from collections.abc import Sequence

from rapidfuzz import fuzz

from trainer.acts.history import Context
from trainer.acts.reflection import is_echo

SAME = 92
"""Likeness of letters, 0..100, from which words are the same words again."""

FEWEST = 3
"""Words from which saying the same again says nothing new; shorter phrases are manners."""

PARROT_WORDS = 4
"""Words from which a turn that only says the customer's own words back is mockery."""


def said_again(words: str, agent: Sequence[str]) -> bool:
    """Whether the agent has said these very words before in the call."""
    plain = _plain(words)
    return len(plain.split()) >= FEWEST and any(
        fuzz.partial_ratio(plain, earlier) >= SAME
        for turn in agent
        if len(earlier := _plain(turn)) >= len(plain)
    )


def parroted(turn: str, customer: Sequence[str]) -> bool:
    """Whether a whole turn is what the customer said last, and nothing else."""
    plain = _plain(turn)
    return len(plain.split()) >= PARROT_WORDS and any(
        fuzz.ratio(plain, _plain(said)) >= SAME for said in customer[-2:]
    )


def hollow(quote: str, before: Context) -> bool:
    """Whether the words of an act, however kind, give the customer nothing they had not had."""
    return said_again(quote, before.agent) or is_echo(quote, before.customer)


def _plain(text: str) -> str:
    return " ".join(text.lower().split()).strip(" .,;:!?…")
