"""An *act* is something a turn does: acknowledge, ask, blame.

Each is shown by the words that did it.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from trainer.domain.moves import TAKEN, Move, MoveKind, Offer, OfferState


class ActKind(StrEnum):
    """Every act the program can find in an agent's turn.

    Names are a contract: scripts read them.
    """

    OPEN_QUESTION = "open_question"
    CLOSED_QUESTION = "closed_question"
    ACKNOWLEDGE = "acknowledge"
    VALIDATE = "validate"
    REFLECT = "reflect"
    APOLOGY_OWNED = "apology_owned"
    APOLOGY_HOLLOW = "apology_hollow"
    EXPLAIN = "explain"
    ACTION = "action"
    CHOICE = "choice"
    TIMEFRAME = "timeframe"
    WARMTH = "warmth"
    THANKS = "thanks"
    RECAP = "recap"
    NEXT_STEP = "next_step"
    BLAME = "blame"
    JUDGEMENT = "judgement"
    DISMISS = "dismiss"
    POLICY_WALL = "policy_wall"
    REPEAT_ASK = "repeat_ask"
    CANNED = "canned"
    PREMATURE_ADVICE = "premature_advice"
    OVERPROMISE = "overpromise"
    BACKCHANNEL = "backchannel"
    HOLD_REQUEST = "hold_request"
    INSULT = "insult"
    BOUNDARY = "boundary"
    REFUSE_REASONED = "refuse_reasoned"
    ESCALATE = "escalate"
    VERIFY = "verify"
    SELF_REPAIR = "self_repair"
    SYMPATHY_TAKEOVER = "sympathy_takeover"
    OVERFAMILIAR = "overfamiliar"


Method = Literal["rule", "examples", "llm"]


@dataclass(frozen=True)
class Act:
    """One act, with the words that show it.

    `start` and `end` are character offsets into the turn's text, so that `text[start:end] ==
    quote`.
    `confidence` is in 0..1.
    """

    kind: ActKind
    quote: str
    start: int
    end: int
    confidence: float
    method: Method


@dataclass(frozen=True)
class Reading:
    """What one agent turn did: one reading for mood, plan, story, debrief and import.

    Attributes:
        acts: what it did to the customer.
        moves: what each of its clauses does in the conversation.
        asks: ids of the facts that it asks for.
        offers: the remedies that it touches, and how. Like `asks` and `about`, only read where the
            customer is known.
        about: what its main question asks for: a fact's id, `item:ID`, `identity:SLOT`; else empty.
    """

    acts: tuple[Act, ...] = ()
    moves: tuple[Move, ...] = ()
    asks: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()
    about: str = ""

    @property
    def offered(self) -> tuple[str, ...]:
        """Ids of the remedies that are really on the table after it."""
        return tuple(offer.remedy for offer in self.offers if offer.state in TAKEN)

    @property
    def remedy(self) -> str | None:
        """The first of them."""
        return next(iter(self.offered), None)

    def find(self, *kinds: ActKind) -> Act | None:
        """The first act of one of `kinds`, or None."""
        return next((act for act in self.acts if act.kind in kinds), None)

    def state(self, *states: OfferState) -> tuple[Offer, ...]:
        """The offers in one of `states`."""
        return tuple(offer for offer in self.offers if offer.state in states)

    def move(self, *kinds: MoveKind) -> Move | None:
        """The first move of one of `kinds`, or None."""
        return next((move for move in self.moves if move.kind in kinds), None)
