"""From a plan to the authored words for it, clause by clause."""

from collections.abc import Sequence

from trainer.customer.lines import Book, clauses, filled, plain
from trainer.domain.persona import Cast
from trainer.domain.plan import Plan


def draft(
    cast: Cast,
    book: Book,
    plan: Plan,
    turn: int,
    used: frozenset[str],
    special: Sequence[str] = (),
) -> tuple[tuple[str, ...], frozenset[str]]:
    """The authored clauses of a plan, and the lines they used up.

    Args:
        cast: the customer.
        book: their lines.
        plan: what to say.
        turn: turn number.
        used: lines spoken before in this call, as `plain` gives them.
        special: lines that fit this very moment (an acceptance, an answer); the first
            unused one is taken.

    Returns:
        Clauses (none when there is nothing left to say) and the lines used, as `plain` gives them.
    """
    words: tuple[str, ...] = ()
    spent: set[str] = set()
    if plan.leads or not plan.says:
        line = next((text for text in special if plain(text) not in used), "")
        if not line:
            line = book.choose(plan.intent, plan.band, turn, used, dict(plan.fill))
        words += clauses(filled(line, dict(plan.fill)))
        spent |= {plain(line)} if line else set()
    for text in plan.says:
        words += clauses(text)
        spent.add(plain(text))
    for fact in cast.persona.scenario.facts:
        if fact.id in plan.fact_ids:
            words += clauses(fact.line)
            spent.add(plain(fact.line))
    if plan.own is not None and (line := book.choose(plan.own, plan.band, turn, used | spent)):
        words += clauses(line)
        spent.add(plain(line))
    return words, frozenset(spent)
