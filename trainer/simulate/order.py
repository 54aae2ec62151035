"""Whether the order counts: the same words, listening first or offering first."""

from collections.abc import Sequence
from dataclasses import dataclass

from trainer.acts.reader import Reader
from trainer.content import personas
from trainer.simulate.runs import Run, agent, play


@dataclass(frozen=True)
class Order:
    """The same three turns in two orders, with one customer."""

    listens: Run
    fixes: Run

    @property
    def counts(self) -> bool:
        """Listening first ends calmer or as calm, and is rated better."""
        return self.listens.final <= self.fixes.final and self.listens.csat > self.fixes.csat


def orders(names: Sequence[str], reader: Reader, seed: int = 0) -> list[Order]:
    """Both orders with each customer.

    Raises:
        BadInput: a customer or a script is missing or wrong.
    """
    found = []
    for name in names:
        cast = personas.load(name, reader.roots, seed)
        listens, fixes = (
            play(cast, agent(who, cast, seed, reader.roots), reader, seed)
            for who in ("listens_first", "fixes_first")
        )
        found.append(Order(listens, fixes))
    return found
