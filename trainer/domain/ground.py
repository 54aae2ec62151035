"""The common ground of one call: what both have established. `customer.ground` keeps it.

Clark and Brennan (1991) call common ground what two people take to be known by both. Here it is one
ledger: who offered what and how it stands, what was promised by when, what is still open, what was
told and what was put right.
"""

from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """How an offer stands between the two. Names are a contract."""

    OFFERED = "offered"
    CONDITIONAL = "conditional"
    ACCEPTED = "accepted"
    WEIGHED = "weighed"
    DECLINED = "declined"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    DONE = "done"


@dataclass(frozen=True)
class Offered:
    """One remedy as it stands.

    Attributes:
        remedy: its id.
        state: how it stands.
        turn: number of the turn that brought it there.
        quote: the agent's words.
        condition: what it hangs on; empty for nothing.
        when: the time that was named; empty for none.
        allowed: whether policy lets the agent grant it.
        called: how the customer calls it in the middle of a sentence; empty where nobody wrote it.
    """

    remedy: str
    state: Standing
    turn: int
    quote: str
    condition: str = ""
    when: str = ""
    allowed: bool = True
    called: str = ""


@dataclass(frozen=True)
class Promised:
    """Something the agent has committed to, with the words and the time, if one was named."""

    turn: int
    quote: str
    when: str = ""
    remedy: str = ""


@dataclass(frozen=True)
class OpenMatter:
    """Something asked or begun that waits for an answer.

    Attributes:
        who: whose turn it is to answer: agent or customer.
        what: what it is about, in words.
        turn: number of the turn that opened it.
        quote: the words.
    """

    who: str
    what: str
    turn: int
    quote: str


@dataclass(frozen=True)
class Told:
    """Something the customer has said of their facts, sheet or identity, in their turn `turn`."""

    about: str
    turn: int
    quote: str


@dataclass(frozen=True)
class PutRight:
    """A misunderstanding that the agent cleared up; `undone`: the remedies taken back by it."""

    turn: int
    quote: str
    undone: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ground:
    """The ledger, oldest first; `offers` holds one entry a remedy."""

    offers: tuple[Offered, ...] = ()
    promises: tuple[Promised, ...] = ()
    open: tuple[OpenMatter, ...] = ()
    told: tuple[Told, ...] = ()
    corrections: tuple[PutRight, ...] = ()

    def standing(self, remedy: str) -> Offered | None:
        """How a remedy stands; None where nobody has touched it."""
        return next((one for one in self.offers if one.remedy == remedy), None)

    def of(self, *states: Standing) -> tuple[Offered, ...]:
        """The offers in one of `states`."""
        return tuple(one for one in self.offers if one.state in states)

    def said(self, about: str) -> Told | None:
        """What was told of something last; None for nothing."""
        return next((one for one in reversed(self.told) if one.about == about), None)
