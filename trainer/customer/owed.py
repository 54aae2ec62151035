"""What a turn must really say, whoever words it: the facts it discloses and the answer it gives."""

import re
from collections.abc import Sequence

from trainer.customer import clauses, guard
from trainer.domain.persona import Cast
from trainer.domain.plan import Plan, Reply

_SAME = 0.6
"""Cosine similarity (MiniLM) from which words say what a fact says."""

_MOST = 0.7
"""Share of a text's telling words that says it, where no similarity was measured."""


def texts(plan: Plan) -> list[str]:
    """The facts to disclose, in the plan's order, then the answer to a question."""
    return [*plan.disclose, *([plan.answer] if plan.answer else [])]


def still(cast: Cast, reply: Reply, spoken: str, carried: Sequence[float]) -> tuple[str, ...]:
    """The authored clauses to speak after a model's `spoken` words.

    All of the draft's continuation when the model gave nothing or stopped in mid-sentence, else
    the clauses that tell what the model left out.

    Args:
        cast: whose facts these are.
        reply: plan and draft.
        spoken: the model's accepted words; empty when there are none.
        carried: similarity of `spoken` to each of `texts(plan)`; empty when not measured.
    """
    rest = tuple(clause for clause in reply.draft[1:] if not _covers(spoken, clause))
    if not spoken.strip() or clauses.unfinished(spoken):
        return rest
    facts = {fact.id: fact for fact in cast.persona.scenario.facts}
    plan = reply.plan
    owed: list[str] = []
    for place, text in enumerate(texts(plan)):
        fact = facts.get(plan.fact_ids[place]) if place < len(plan.fact_ids) else None
        keys = fact.keys if fact else []
        near = bool(carried) and carried[place] >= _SAME
        if near or guard.betrays(spoken, keys) or _covers(spoken, text):
            continue
        telling = [
            clause
            for clause in rest
            if (fact and clause in fact.line)
            or guard.betrays(clause, keys)
            or _covers(clause, text)
        ]
        owed += [clause for clause in telling or rest if clause not in owed]
    return tuple(owed)


def _covers(spoken: str, text: str) -> bool:
    telling = {word for word in _words(text) if len(word) > 3 or word.isdigit()}
    return bool(telling) and len(telling & _words(spoken)) >= _MOST * len(telling)


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9']+", text.casefold()))
