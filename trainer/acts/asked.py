"""What a turn asks the customer for: a fact, an item of their sheet, something to identify them by.

Everything they could be asked for stands in one pool; the likeliest compete beside the turn, at
most one wins.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from trainer.acts import consent, questions, shape, units
from trainer.acts.phrases import Finder, compile_all, normal
from trainer.acts.pool import Pool
from trainer.acts.units import Unit
from trainer.content import prompts
from trainer.domain.moves import QUESTIONS, MoveKind
from trainer.domain.persona import Scenario
from trainer.ports.embedding import CrossEncoder, Embedding

ASKED = 0.35
"""Probability from which the turn asks for a fact or an item."""

SAME = 0.9
"""Cosine similarity from which a clause is one of the author's own questions."""

BESIDE = 8
"""Items that stand beside the turn, the likeliest; facts always do."""

EXAMPLES = 2

READ = 2
"""Questions of a turn that are read, the last: more are hardly answered."""

BODY = 3
"""Words from which a question can be told by itself."""

ALONE = 30
"""Words up to which a turn with one question is read in one."""

LIKE, WORDS = 0.6, 0.6
"""Without a cross-encoder: likeness to an example question that is enough."""


_BARE = re.compile(
    r"^\W*(?:(?:and|so|then|now|okay|ok|right|lovely|thanks|thank you|great|perfect|just|first"
    r"|finally)[ ,.]+)*(?:your|the|a|any|full|account|booking|reference|date|policy|order)"
    r"(?: [\w'-]+){1,6},?(?: please)?\W*$"
)
"""A thing that is named and nothing more: with an identity slot in it, it is asked for."""


_ENDS = re.compile(r"(?:so|because|and|but|then|if|before|while|since)\b")
"""How the end of a question begins that asks nothing by itself."""


_OTHERS = re.compile(
    r"\b(?:(?:her|his|their|its) (?:\w+ )?(?:name|number|address|e-?mail|birthday|date)"
    r"|(?:name|number|address) of (?:the|your|that|her|his)\b)"
)
_PERSONAL = ("name", "spelling", "birth_date", "address", "postcode", "phone", "email")
"""Slots that are the customer's own; somebody else's name is no such slot."""

_EMPTY = re.compile(
    r"\W*(?:(?:so|and|then|okay|ok|now),? )*(?:no|yes|right|nothing|(?:anything|something|nothing)"
    r" (?:else|more)|(?:have|did|do) i (?:got|get|have) (?:that|it|this|all of (?:it|that|this)"
    r"|everything|all that|you)(?: (?:right|straight|down|correctly|now))*|is (?:that|this|it)"
    r" (?:all )?(?:right|correct|it|so|the lot|everything|how we stand)|(?:am i|are we) (?:right"
    r"|clear|agreed)|(?:have|did) i (?:miss|missed|forget|forgotten) (?:anything|something))\W*$"
)
"""Questions without a topic of their own."""


@dataclass(frozen=True)
class Asked:
    """What one turn asks for.

    Attributes:
        about: a fact's id, `item:ID`, `identity:SLOT`; empty when it asks for nothing of theirs.
        kinds: probability of each kind of question, where a fitted reader gave it.
        slots: identity slots that its words name.
    """

    about: str = ""
    kinds: Mapping[MoveKind, float] = field(default_factory=dict)
    slots: tuple[str, ...] = ()


class AskReader:
    """Reads questions against one scenario; vectors of the example questions are made once."""

    def __init__(
        self,
        scenario: Scenario,
        embedding: Embedding | None,
        cross: CrossEncoder | None = None,
        roots: Sequence[Path] = (),
    ) -> None:
        self._embedding = embedding
        self._cross = cross
        words: Mapping[str, Any] = prompts.data("moves.yaml", tuple(roots))
        self._slots: dict[str, Finder] = {
            name: finder
            for name, patterns in words["identity"].items()
            if (finder := compile_all(patterns)) is not None
        }
        self._asks: dict[str, list[str]] = {fact.id: list(fact.asks) for fact in scenario.facts}
        self._facts = len(self._asks)
        for item in scenario.knows.items:
            self._asks[f"item:{item.id}"] = list(item.asks)
        for name, asks in words["identity_asks"].items():
            self._asks[f"identity:{name}"] = [str(text) for text in asks]
        for reference in scenario.knows.identity.references:
            self._asks["identity:reference"].append(f"What is the {reference.called}?")
        self._names = list(self._asks)
        told = {fact.id: [fact.text, fact.line] for fact in scenario.facts}
        told |= {f"item:{item.id}": [item.says] for item in scenario.knows.items}
        answers = [told.get(name, []) for name in self._names]
        self._pool = Pool([self._asks[name] for name in self._names], answers, embedding)

    def slots(self, text: str) -> tuple[str, ...]:
        """The identity slots that the words name, in the order of the words."""
        plain = normal(text)
        own = _OTHERS.search(plain) is None
        found = {
            name: finder.search(plain)
            for name, finder in self._slots.items()
            if own or name not in _PERSONAL
        }
        placed = sorted((hit.start, name) for name, hit in found.items() if hit is not None)
        names = [name for _, name in placed]
        if names[:2] == ["spelling", "name"]:  # “spell your surname”
            names.remove("name")
        elif names[:2] == ["spelling", "email"]:
            names.remove("spelling")
        return tuple(names)

    def read(self, turn: str, before: str) -> dict[int, Asked]:
        """What each question of `turn` asks for, by where its clause begins.

        The last questions that have a body of their own are read; one that only wants a yes to
        what stands beside it is none of these.

        Args:
            turn: the agent's words.
            before: what the customer said last.
        """
        clauses = pieces(turn)
        named = {clause.start: self.slots(clause.text) for clause in clauses}
        asking = [c for c in clauses if is_question(c.text, bool(named[c.start]))]
        found = {c.start: Asked(slots=named[c.start]) for c in asking}
        body = [c for c in asking if not (consent.sought(c.text) or _EMPTY.match(normal(c.text)))]
        long = [c for c in body if len(c.text.split()) >= BODY or named[c.start]]
        for clause in (long or body)[-READ:]:
            one = self._asked(_around(turn, clause, asking), before)
            found[clause.start] = replace(one, slots=named[clause.start])
        return found

    def _asked(self, turn: str, before: str) -> Asked:
        """What one question asks for, read in the words around it."""
        near = self._pool.near(turn)
        likeness = near.likeness
        order = [int(at) for at in np.argsort(-likeness) if at >= self._facts][:BESIDE]
        beside = [*range(self._facts), *order]
        if self._cross is None:
            best = int(np.argmax(likeness)) if len(likeness) else 0
            enough = WORDS if self._embedding is None else LIKE
            known = len(likeness) and float(likeness[best]) >= enough
            return Asked(self._names[best] if known else "")
        candidates = [" / ".join(self._asks[self._names[at]][:EXAMPLES]) for at in beside]
        told = np.pad(near.features[beside], ((0, 0), (0, shape.CLAUSE)))
        seen = self._cross.compare(before, turn, candidates, told, shape.of_turn(turn))
        kinds = dict(zip(QUESTIONS, (float(value) for value in seen.kinds), strict=True))
        if float(likeness.max(initial=0.0)) >= SAME:
            return Asked(self._names[int(np.argmax(likeness))], kinds)
        if not len(seen.asked) or float(seen.asked.max()) < ASKED:
            return Asked("", kinds)
        return Asked(self._names[beside[int(np.argmax(seen.asked))]], kinds)


def pieces(turn: str) -> list[Unit]:
    """The clauses of a turn; what only ends a question (“…, so I can find it?”) stays with it."""
    found: list[Unit] = []
    for clause in units.clauses(turn):
        ends = clause.text.rstrip().endswith("?") and not questions.forms(clause.text)
        last = found[-1] if found else None
        open_ = last is not None and re.search(r"[.?!;…]\W*$", last.text) is None
        tied = last is not None and re.search(r"\bor,?$", last.text) is not None
        if last is not None and open_ and (tied or (ends and _ENDS.match(normal(clause.text)))):
            found[-1] = Unit(turn[last.start : clause.end], last.start, clause.end)
        else:
            found.append(clause)
    return found


def is_question(clause: str, named: bool = False) -> bool:
    """Whether a clause wants an answer, whatever its mark: a question, or a request to tell.

    Args:
        clause: its words.
        named: it names an identity slot: “and your date of birth” is a question then.
    """
    if named and _BARE.match(normal(clause)):
        return True
    return (
        clause.rstrip().endswith("?")
        or questions.kind(clause) is not None
        or questions.requests(clause)
    )


def plain(turn: str) -> dict[int, Asked]:
    """The questions of a turn that is read without any customer: nothing is known of what for."""
    return {clause.start: Asked() for clause in pieces(turn) if is_question(clause.text)}


def _around(turn: str, clause: Unit, asking: Sequence[Unit]) -> str:
    """The question with what belongs to it: a short turn whole, else with the sentence before."""
    if len(asking) == 1 and len(turn.split()) <= ALONE:
        return turn
    sentences = units.sentences(turn)
    own = next((at for at, one in enumerate(sentences) if one.start <= clause.start < one.end), 0)
    before = sentences[own - 1] if own else sentences[own]
    if any(before.start <= other.start < before.end for other in asking):
        before = sentences[own]
    return turn[before.start : clause.end]
