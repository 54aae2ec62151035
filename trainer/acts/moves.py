"""An agent's turn as moves: one a clause, with polarity, modality, condition, time and its words.

Kinds of questions come from the fitted reader where there is one (`Asked.kinds`), else from words;
what is offered or refused comes from `offers`, what acknowledges or apologises from the acts.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trainer.acts import consent, grammar, questions
from trainer.acts.asked import Asked, pieces
from trainer.acts.phrases import Finder, compile_all, normal
from trainer.acts.units import Unit
from trainer.content import prompts
from trainer.domain.acts import Act, ActKind
from trainer.domain.moves import QUESTIONS, Move, MoveKind, Offer, OfferState

K = MoveKind

LIKELY = 0.35
"""Probability from which a second kind of question is believed beside the likeliest."""

UNWORDED = 0.75
"""Probability from which a summary, a correction, a request to repeat is believed without words."""

HARDLY = 0.02
"""Probability under which even plain words are not believed."""

_QUESTIONS = (
    K.ASK_IDENTITY,
    K.ASK_EITHER_OR,
    K.ASK_YES_NO,
    K.ASK_DETAIL,
    K.ASK_OPEN,
    K.ASK_PREFERENCE,
)
"""Plain questions: what they ask for is in their words, whatever kind it is."""

_BY_WORDS = (K.ASK_REPEAT, K.CORRECT)
"""Kinds that nobody puts without words for it."""

_SURE = (K.ASK_REPEAT, K.ANYTHING_ELSE)
"""Kinds of which the reply is so different that words must show them, or they be likeliest."""

_PREFERS = re.compile(
    r"\b(?:rather|prefer\w*|suits?|best|better|easier|happier|ideal\w*|favou?rite|fancy|which|choose"
    r"|choice|in mind|what would you (?:like|want))\b"
)
"""Words of somebody who asks what is liked more."""

_WORDED = (K.ASK_REPEAT, K.CORRECT, K.ANYTHING_ELSE, K.PERMISSION, K.CHECK)
"""Kinds that words alone can show, the surest first."""

_OF_OFFER = {
    OfferState.OFFERED: K.OFFER,
    OfferState.PROMISED: K.COMMIT,
    OfferState.DONE: K.COMMIT,
    OfferState.CONDITIONAL: K.CONDITION,
    OfferState.REFUSED: K.REFUSE,
    OfferState.WITHDRAWN: K.REFUSE,
    OfferState.ASKED: K.ASK_YES_NO,
}
_OF_ACT = (
    ({ActKind.APOLOGY_OWNED, ActKind.APOLOGY_HOLLOW}, K.APOLOGISE),
    ({ActKind.ACKNOWLEDGE, ActKind.VALIDATE, ActKind.REFLECT, ActKind.BACKCHANNEL}, K.ACKNOWLEDGE),
    ({ActKind.REFUSE_REASONED, ActKind.POLICY_WALL}, K.REFUSE),
)


@dataclass(frozen=True)
class Words:
    """What prompts/moves.yaml says about kinds that words show."""

    kinds: Mapping[MoveKind, Finder]
    close: Finder | None

    def of(self, clause: str) -> MoveKind | None:
        """The kind that the words of a clause show; None for none."""
        plain = normal(clause)
        return next((kind for kind in _WORDED if self.kinds[kind].search(plain)), None)

    def closes(self, clause: str) -> bool:
        """Whether the clause takes leave."""
        return self.close is not None and self.close.search(normal(clause)) is not None


def words(roots: Sequence[Path] = ()) -> Words:
    """The words in force."""
    told: Mapping[str, Any] = prompts.data("moves.yaml", tuple(roots))
    kinds = {kind: compile_all(told[kind.value]) for kind in _WORDED}
    return Words({kind: one for kind, one in kinds.items() if one}, compile_all(told["close"]))


def read(
    turn: str,
    acts: Sequence[Act],
    offers: Sequence[Offer],
    asked: Mapping[int, Asked],
    shown: Words,
) -> tuple[Move, ...]:
    """The moves of a turn, in the order of their words.

    Args:
        turn: the agent's words.
        acts: what was found in it.
        offers: the remedies it touches.
        asked: what each of its questions asks the customer for, by where the clause begins.
        shown: what words show.
    """
    moves: list[Move] = []
    for clause in pieces(turn):
        touched = [offer for offer in offers if offer.quote.strip() == clause.text.strip()]
        question = asked.get(clause.start)
        if question is not None:
            moves += _asking(clause, question, touched, shown)
            continue
        moves += [_move(_OF_OFFER[o.state], clause, f"remedy:{o.remedy}", o) for o in touched]
        if not touched:
            moves.append(_move(_told(clause, acts, shown), clause))
    placed = {offer.remedy for offer in offers for move in moves if move.about[7:] == offer.remedy}
    rest = [
        offer
        for offer in offers
        if offer.remedy not in placed and offer.state is not OfferState.ASKED
    ]
    whole = Unit(turn.strip(), turn.find(turn.strip()), turn.find(turn.strip()) + len(turn.strip()))
    moves += [_move(_OF_OFFER[o.state], whole, f"remedy:{o.remedy}", o) for o in rest]
    return tuple(sorted(moves, key=lambda move: move.start))


def _asking(clause: Unit, asked: Asked, touched: Sequence[Offer], shown: Words) -> list[Move]:
    """The moves of a question: what it offers, and what it asks for."""
    kinds = _kinds(clause, asked, shown)
    slots = asked.slots if K.ASK_IDENTITY in kinds or not asked.about else ()
    abouts = [f"identity:{slot}" for slot in slots] or [asked.about or "none"]
    if abouts != [
        "none"
    ]:  # what they are asked of their own goes before what they were once offered
        touched = [offer for offer in touched if offer.state is not OfferState.ASKED]
    moves = [_move(_OF_OFFER[o.state], clause, f"remedy:{o.remedy}", o) for o in touched]
    kinds = [kind for kind in kinds if not touched or kind not in (K.ASK_YES_NO, K.ASK_OPEN)]
    return [*moves, *(_move(kind, clause, about) for kind in kinds for about in abouts)]


def _kinds(clause: Unit, asked: Asked, shown: Words) -> list[MoveKind]:
    """The kinds of a question, the likeliest first."""
    if not asked.kinds:
        return _plain(clause, shown, bool(asked.slots))
    worded = shown.of(clause.text)
    possible = _possible(clause.text, bool(asked.slots))
    ordered = sorted(asked.kinds, key=lambda kind: -asked.kinds[kind])
    kept = [
        kind
        for kind in ordered
        if (kind in _QUESTIONS and kind in possible)
        or kind is worded
        or (asked.kinds[kind] >= UNWORDED and kind not in _BY_WORDS and kind in possible)
    ]
    first, second = [*kept, kept[0]][:2]
    if worded in _SURE and asked.kinds[worded] >= HARDLY:
        return [worded] if worded is first else [worded, first]
    surely = asked.kinds[second] >= LIKELY and second not in _SURE and second is not first
    return [first, second] if surely else [first]


def _possible(clause: str, named: bool) -> frozenset[MoveKind]:
    """The kinds of question that the form of a clause allows.

    Who begins with an auxiliary wants a yes or a no, who begins with a question word does not; an
    alternative needs an “or”, a preference a word for it, an identity question a slot's name or a
    question word.
    """
    forms = questions.forms(clause)
    if not forms:
        return frozenset(QUESTIONS)
    of = {K.SMALL_TALK, K.ASK_REPEAT, K.CORRECT, K.ANYTHING_ELSE}
    if questions.kind(clause) == "open":
        of.add(K.ASK_OPEN)
    if questions.alternatives(clause):
        of |= {K.ASK_EITHER_OR, K.ASK_PREFERENCE}
    if _PREFERS.search(normal(clause)):
        of.add(K.ASK_PREFERENCE)
    if named or forms != {"whether"}:
        of.add(K.ASK_IDENTITY)
    if forms & {"which", "request"}:
        of |= {K.ASK_DETAIL, K.ASK_OPEN}
    if forms & {"whether", "request"}:
        of |= {K.ASK_YES_NO, K.CHECK, K.PERMISSION}
    return frozenset(of)


def _plain(clause: Unit, shown: Words, named: bool) -> list[MoveKind]:
    """The kind of a question by its words alone."""
    if (kind := shown.of(clause.text)) is not None:
        return [kind]
    if named:
        return [K.ASK_IDENTITY]
    if consent.sought(clause.text):
        return [K.ASK_YES_NO]
    if questions.kind(clause.text) == "open":
        return [K.ASK_OPEN]
    if questions.alternatives(clause.text):
        return [K.ASK_EITHER_OR]
    if questions.has_tag(clause.text):
        return [K.CHECK]
    return [K.ASK_DETAIL if questions.asks_which(clause.text) else K.ASK_YES_NO]


def _told(clause: Unit, acts: Sequence[Act], shown: Words) -> MoveKind:
    here = {act.kind for act in acts if act.start < clause.end and clause.start < act.end}
    for kinds, kind in _OF_ACT:
        if kinds & here:
            return kind
    worded = shown.of(clause.text)
    if worded in (K.ASK_REPEAT, K.CORRECT, K.PERMISSION):
        return worded
    return K.CLOSE if shown.closes(clause.text) else K.TELL


def _move(kind: MoveKind, clause: Unit, about: str = "none", offer: Offer | None = None) -> Move:
    return Move(
        kind,
        about,
        grammar.polarity(clause.text),
        grammar.modality(clause.text),
        offer.condition if offer else grammar.condition(clause.text),
        offer.when if offer else grammar.when(clause.text),
        clause.text,
        clause.start,
        clause.end,
    )
