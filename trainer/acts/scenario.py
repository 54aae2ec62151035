"""What the agent offered and asked for, matched against the remedies and facts of the customer's
story.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from trainer.acts import questions, reflection
from trainer.acts.units import Unit
from trainer.domain.persona import Scenario
from trainer.ports.embedding import Embedding

OFFERED = 0.50
"""Likeness to an example from which a phrase in the shape of an offer is that offer."""

PROMISED = 0.56
"""The same for what policy forbids: “I'll put it right today” promises nothing in particular."""

OFFERED_BARE = 0.72
"""The same for a phrase without the shape of an offer (“a full refund, today”)."""

ASKED = 0.62
"""Likeness to one example question from which it is that question."""

ABOUT = 0.35
"""The same for the blend of likeness to a fact's two nearest questions and to the fact itself. Of
the shipped facts' own questions, each left out in turn, 55 % are found by it and 16 % taken for
another fact's; of questions about nothing in the story, 2 in 45."""

SAME_WORDS = 88
"""Likeness of letters, 0..100, from which a phrase is an example word for word."""

WORDS = 0.6
"""Without an embedding: share of an example's content words that must be there."""

_ASKS_FOR = re.compile(
    r"\b(?:can|could|may|might) i (?:just )?(?:have|take|get|grab) (?:your|the|a)\b", re.IGNORECASE
)
"""“Can I have your number?” has the words of an offer and is none."""

_OFFER = re.compile(
    r"\b(?:i'?ll|i will|i can|i could|i'm going to|i am going to|i've|i have"
    r"|i'd like to|let me|we'll|we will|we can|"
    r"we could|we're going to|you'll (?:get|have|receive|see)|you will (?:get|have"
    r"|receive)|you can have|"
    r"would you (?:like|prefer|rather|accept)|do you want|shall i|shall we|should i"
    r"|how about|what about|what if (?:i|we)|"
    r"if i (?:sent|gave|refunded|booked|credited|offered|got|put|moved)|can i offer"
    r"|may i offer|can i send|happy to|"
    r"i'm (?:sending|refunding|booking|crediting|arranging|putting|cancelling|taking"
    r"|adding|opening|waiving|giving|offering)|"
    r"that (?:gets|entitles)|entitled to)\b",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"\b(?:i|we|i am|i'm|we're|we are|they|nobody|no one|the system|the computer)(?: \w+){0,2}? "
    r"(?:can(?:no|')?t|can not|cannot|won'?t|will not|couldn'?t|could not|wouldn'?t|would not|never"
    r"|not (?:able to|going to|allowed|willing|prepared|entitled)|"
    r"(?:don'?t|do not|didn'?t) (?:do|offer|give|have|send|refund|allow|provide|cover|make))\b"
    r"(?! (?:\w+ )?(?:to|have to|need|charge|bill|ask|lose|miss|leave|let (?:it|this|that)"
    r"|keep you|make you|only|just|mind|pay|want|forget)\b)"
    r"|\b(?:unable to|isn'?t possible|not possible|won'?t be possible"
    r"|no (?:refund|replacement|chance|way)s?|not (?:allowed|entitled)|would if i could"
    r"|out of the question)\b",
    re.IGNORECASE,
)
"""A no to the offering itself; “I'll see that it never happens” and “you won't pay” are none."""

_OTHER_WAY = re.compile(r"\b(?:but|instead|however|what (?:i|we) can do|though)\b", re.IGNORECASE)
_PAST = re.compile(
    r"\b(?:did (?:you|they|anyone|someone)|have (?:you|they)|has (?:anyone|someone)"
    r"|were you|you (?:want|asked|said|wanted|were|had|got))\b",
    re.IGNORECASE,
)

_WHAT = re.compile(r"\b(?:what|when|where|who|which|how|why)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Matched:
    """What was matched.

    Remedies with the pieces that offered them, surest first, and facts asked for.
    """

    offers: tuple[tuple[str, Unit], ...] = ()
    asks: tuple[str, ...] = ()


class Matcher:
    """Matches pieces of a turn against one scenario; example vectors are made once."""

    def __init__(self, scenario: Scenario, embedding: Embedding | None) -> None:
        self._embedding = embedding
        self._remedies = [
            (remedy.id, text) for remedy in scenario.remedies for text in remedy.examples
        ]
        self._forbidden = {remedy.id for remedy in scenario.remedies if not remedy.allowed}
        self._asks = [(fact.id, text) for fact in scenario.facts for text in fact.asks]
        told = [text for fact in scenario.facts for text in (fact.text, fact.line)]
        texts = [*(text for _, text in (*self._remedies, *self._asks)), *told]
        vectors = embedding.embed(texts) if embedding is not None else None
        offers, asks = len(self._remedies), len(self._remedies) + len(self._asks)
        self._remedy_vectors = None if vectors is None else vectors[:offers]
        self._ask_vectors = None if vectors is None else vectors[offers:asks]
        self._fact_vectors = None if vectors is None else vectors[asks:]

    def match(self, units: Sequence[Unit]) -> Matched:
        """The remedy offered and the facts asked for in `units`."""
        wanting = [unit for unit in units if not _ASKS_FOR.search(unit.text)]
        offers = [part for unit in wanting if (part := _offering(unit)) is not None]
        asked = [unit for unit in units if _asking(unit.text)]
        return Matched(self._offered(offers), self._asked(asked))

    def _offered(self, offers: list[Unit]) -> tuple[tuple[str, Unit], ...]:
        """At most one remedy for each piece."""
        found: dict[str, tuple[float, Unit]] = {}
        rows = self._likeness(offers, self._remedies, self._remedy_vectors)
        for unit, row in zip(offers, rows, strict=True):
            if not len(row):
                continue
            index = int(np.argmax(row))
            score, remedy = float(row[index]), self._remedies[index][0]
            shaped = _OFFER.search(unit.text) is not None
            need = OFFERED_BARE
            if shaped:
                need = PROMISED if remedy in self._forbidden else OFFERED
            if self._embedding is None:
                need = WORDS if shaped else WORDS + 0.2
            if score >= need and score > found.get(remedy, (0.0, unit))[0]:
                found[remedy] = (score, unit)
        return tuple(
            (remedy, found[remedy][1]) for remedy in sorted(found, key=lambda r: -found[r][0])
        )

    def _asked(self, asked: list[Unit]) -> tuple[str, ...]:
        found: dict[str, float] = {}
        rows = self._likeness(asked, self._asks, self._ask_vectors)
        for unit, row in zip(asked, rows, strict=True):
            scores = self._by_fact(unit, row)
            top = max(scores.values(), default=0.0)
            for fact, score in scores.items():
                if score > 0 and score >= top - 0.02:
                    found[fact] = max(found.get(fact, 0.0), score)
        return tuple(sorted(found, key=lambda fact: -found[fact]))

    def _by_fact(self, unit: Unit, row: NDArray[np.float32]) -> dict[str, float]:
        """How surely `unit` asks for each fact; facts it does not ask for are left out."""
        by_fact: dict[str, list[float]] = {}
        for (fact, _), score in zip(self._asks, row, strict=True):
            by_fact.setdefault(fact, []).append(float(score))
        if self._embedding is None or self._fact_vectors is None:
            best = {fact: max(scores) for fact, scores in by_fact.items()}
            return {fact: score for fact, score in best.items() if score >= WORDS}
        itself = (self._embedding.embed([unit.text]) @ self._fact_vectors.T)[0]
        found = {}
        for index, (fact, scores) in enumerate(by_fact.items()):
            first, second = [*sorted(scores, reverse=True), 0.0][:2]
            told = float(itself[2 * index] + itself[2 * index + 1]) / 2
            blend = 0.5 * first + 0.2 * second + 0.3 * told
            if blend >= ABOUT or first >= ASKED:
                found[fact] = max(blend, first - (ASKED - ABOUT))
        return found

    def _likeness(
        self,
        units: list[Unit],
        examples: list[tuple[str, str]],
        vectors: NDArray[np.float32] | None,
    ) -> NDArray[np.float32]:
        """Shape (len(units), len(examples)), 0..1."""
        if not units or not examples:
            return np.zeros((len(units), len(examples)), dtype=np.float32)
        if self._embedding is not None and vectors is not None:
            return self._embedding.embed([unit.text for unit in units]) @ vectors.T
        return np.array(
            [[_words_in_common(text, unit.text) for _, text in examples] for unit in units],
            dtype=np.float32,
        )


def _words_in_common(example: str, text: str) -> float:
    """Share of the example's content words in `text`, 0..1; the same words in full count as 1."""
    if fuzz.token_sort_ratio(example.lower(), text.lower()) >= SAME_WORDS:
        return 1.0
    wanted, there = set(reflection.content(example)), set(reflection.content(text))
    hits = len(wanted & there)
    return hits / len(wanted) if hits >= 2 else 0.0


def _offering(unit: Unit) -> Unit | None:
    """The part of `unit` that may offer something; None when it refuses or looks back."""
    if _NOT.search(unit.text):
        turns = list(_OTHER_WAY.finditer(unit.text))
        if not turns:
            return None
        begin = turns[-1].end()
        rest = unit.text[begin:]
        if _NOT.search(rest) or len(rest.split()) < 3:
            return None
        begin += len(rest) - len(rest.lstrip(" ,"))
        return Unit(unit.text[begin:], unit.start + begin, unit.end)
    if _PAST.search(unit.text) and not _OFFER.search(unit.text):
        return None
    return unit


def _asking(text: str) -> bool:
    """Whether it asks for something; “is that all right?” has no word of what it asks for."""
    if questions.kind(text) is None and not text.rstrip().endswith("?"):
        return False
    return _WHAT.search(text) is not None or bool(reflection.content(text))
