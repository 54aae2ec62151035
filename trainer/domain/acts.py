"""An *act* is something a turn does: acknowledge, ask, blame.

Each is shown by the words that did it.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


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
    """What one agent turn did.

    `remedy` is the id of the scenario remedy that was offered, `asks` the ids of the facts that
    were asked for, `offers` the ids of all remedies in the turn, `remedy` first. All need a persona
    to be matched against and stay empty without one.
    """

    acts: tuple[Act, ...] = ()
    remedy: str | None = None
    asks: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()

    def find(self, *kinds: ActKind) -> Act | None:
        """The first act of one of `kinds`, or None."""
        return next((act for act in self.acts if act.kind in kinds), None)
