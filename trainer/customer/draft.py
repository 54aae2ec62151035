"""From a plan to the authored words for it, clause by clause."""

from collections.abc import Collection, Sequence

from trainer.customer.lines import Book, clauses, plain
from trainer.domain.persona import Cast
from trainer.domain.plan import Intent, Plan


def draft(
    cast: Cast,
    book: Book,
    plan: Plan,
    turn: int,
    used: Collection[str],
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
    line = next((text for text in special if plain(text) not in used), "")
    if not line:
        line = book.choose(plan.intent, plan.band, turn, used)
    words = clauses(line)
    spent = {plain(line)} if line else set()
    for fact in cast.persona.scenario.facts:
        if plan.intent is Intent.DISCLOSE and fact.id in plan.fact_ids:
            words += clauses(fact.line)
            spent.add(plain(fact.line))
    return words, frozenset(spent)
