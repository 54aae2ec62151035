"""The second pair part: what a turn obliges the customer to answer, and the answer to it.

A question wants its answer, an offer a yes or a no of its own, a summary a confirmation, a request
to repeat the last sentence again. What is said comes from the sheet, the remedies and the common
ground (`answering_questions`, `answering_offers`).
"""

import re
from collections.abc import Sequence

from trainer.acts.phrases import normal
from trainer.customer import answering_offers, answering_questions
from trainer.customer.second_part import Answer, Asking, together
from trainer.domain.acts import ActKind
from trainer.domain.moves import QUESTIONS, TAKEN, Move, MoveKind
from trainer.domain.plan import Intent

K = MoveKind

PARTS = 2
"""Things answered in one turn; nobody answers three at once."""

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


def answer(asking: Asking) -> Answer | None:
    """The answer to the turn; None where nothing obliges to one."""
    again = asking.reading.move(K.ASK_REPEAT)
    if again is not None and asking.last and not asking.reading.offered:
        return Answer(Intent.SAY_AGAIN, (answering_questions.shorter(asking.last),), leads=True)
    if _GO_AHEAD.match(normal(asking.text)) and _WOULD_READ.search(normal(asking.last)):
        return answering_questions.identity(asking, "identity:reference", asking.last)
    offered = _to_offers(asking)
    asked = _to_questions(asking)
    if offered:
        asked = [one for one in asked if one.about or one.facts or one.intent in _OWN]
    parts = [*offered, *asked]
    if any(not one.minor for one in parts):
        parts = [one for one in parts if not one.minor]
    return together(parts[:PARTS])


_OWN = (Intent.NOTHING_ELSE, Intent.STILL_OPEN)
"""Answers that are given beside the answer to an offer, although they tell nothing new."""


def _to_offers(asking: Asking) -> list[Answer]:
    taken = [one for one in asking.reading.offers if one.state in TAKEN]
    recap = asking.reading.find(ActKind.RECAP) is not None and len(taken) > 1
    if (recap or asking.reading.move(K.CHECK)) and len(taken) == len(asking.reading.offers):
        summed = answering_offers.accepted(asking)
        if summed is not None:
            return [summed]
    found = (answering_offers.answered(asking, one) for one in asking.reading.offers)
    return [one for one in found if one is not None]


def _to_questions(asking: Asking) -> list[Answer]:
    """Answers to the questions that want one, in their order; different ones only."""
    found: list[Answer] = []
    for move in _questions(asking.reading.moves):
        one = answering_questions.answered(asking, move)
        if one is not None and one not in found:
            found.append(one)
    return found


def _questions(moves: Sequence[Move]) -> list[Move]:
    """The moves that want an answer: those that name something they know, else the last.

    A clause may be two kinds of question; the likelier stands first.
    """
    asked: list[Move] = []
    for move in moves:
        again = any(one.start == move.start and one.about == move.about for one in asked)
        if move.kind in QUESTIONS and not again:
            asked.append(move)
    named = [move for move in asked if move.about != "none"]
    if not named:
        return asked[-1:]
    also = asked[-1:] if asked[-1].kind is K.ANYTHING_ELSE and asked[-1] not in named else []
    return [*named[-PARTS:], *also]
