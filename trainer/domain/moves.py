"""What an agent's words do in the conversation, clause by clause.

Conversation analysis calls the question, the offer, the apology a *first pair part*: it obliges the
other side to an answer of its own kind. A `Move` is one such part with the words that make it.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class MoveKind(StrEnum):
    """What one clause does. Names are a contract: scripts read them."""

    ASK_IDENTITY = "ask_identity"
    ASK_EITHER_OR = "ask_either_or"
    ASK_YES_NO = "ask_yes_no"
    ASK_DETAIL = "ask_detail"
    ASK_OPEN = "ask_open"
    ASK_PREFERENCE = "ask_preference"
    ASK_REPEAT = "ask_repeat"
    CHECK = "check"
    CORRECT = "correct"
    ANYTHING_ELSE = "anything_else"
    SMALL_TALK = "small_talk"
    PERMISSION = "permission"
    OFFER = "offer"
    REFUSE = "refuse"
    COMMIT = "commit"
    CONDITION = "condition"
    TELL = "tell"
    ACKNOWLEDGE = "acknowledge"
    APOLOGISE = "apologise"
    CLOSE = "close"


QUESTIONS = (
    MoveKind.ASK_IDENTITY,
    MoveKind.ASK_EITHER_OR,
    MoveKind.ASK_YES_NO,
    MoveKind.ASK_DETAIL,
    MoveKind.ASK_OPEN,
    MoveKind.ASK_PREFERENCE,
    MoveKind.ASK_REPEAT,
    MoveKind.CHECK,
    MoveKind.CORRECT,
    MoveKind.ANYTHING_ELSE,
    MoveKind.SMALL_TALK,
    MoveKind.PERMISSION,
)
"""Kinds that want an answer, in the order in which a fitted reader knows them."""


class OfferState(StrEnum):
    """How a remedy stands after one turn. Names are a contract."""

    OFFERED = "offered"
    CONDITIONAL = "conditional"
    ASKED = "asked"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    PROMISED = "promised"
    DONE = "done"


TAKEN = (OfferState.OFFERED, OfferState.PROMISED, OfferState.DONE)
"""States in which a remedy is really on the table."""

Polarity = Literal["positive", "negative"]
Modality = Literal["", "can", "will", "may", "would", "must", "did"]


@dataclass(frozen=True)
class Move:
    """One clause and what it does: `text[start:end] == quote`.

    Attributes:
        kind: what it does.
        about: a fact's id, `item:ID`, `identity:SLOT`, `remedy:ID`, `ground` (what the customer
            just said), or `none`.
        polarity: negative where it denies or refuses.
        modality: can, will, may, would, must, did (already done), or empty.
        condition: the words of the condition it hangs on; empty when it hangs on none.
        when: the words of the time it names; empty when it names none.
        quote: its words.
        start, end: character offsets of the quote in the turn.
    """

    kind: MoveKind
    about: str = "none"
    polarity: Polarity = "positive"
    modality: Modality = ""
    condition: str = ""
    when: str = ""
    quote: str = ""
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Offer:
    """A remedy that a turn touches, and how.

    Attributes:
        remedy: its id.
        state: what the turn makes of it.
        condition: what it hangs on, in the agent's words; empty for none.
        when: the time that was named for it; empty for none.
        quote: the words.
    """

    remedy: str
    state: OfferState
    condition: str = ""
    when: str = ""
    quote: str = ""
