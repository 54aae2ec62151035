"""How the customer feels: numbers, bands that words and voice hang on, and why they moved."""

from dataclasses import dataclass
from enum import StrEnum


class Feeling(StrEnum):
    """The feeling a customer leads with. Shame and guilt are worded sadness that hides."""

    ANGER = "anger"
    ANXIETY = "anxiety"
    SADNESS = "sadness"


class Band(StrEnum):
    """How strongly the lead feeling shows right now; authored lines and voices are chosen by it."""

    OVERWHELMED = "overwhelmed"  # lead feeling >= .8
    HOT = "hot"  # >= .6
    TENSE = "tense"  # >= .4
    WARY = "wary"  # >= .22
    CALM = "calm"


class Status(StrEnum):
    """How a call stands, or how it ended."""

    OPEN = "open"
    SATISFIED = "satisfied"
    PENDING = "pending"
    """It ended well: a next step is agreed and still to come."""
    REFUSAL_ACCEPTED = "refusal_accepted"
    HUNG_UP = "hung_up"
    WITHDREW = "withdrew"
    TRANSFERRED = "transferred"
    CLOSED_BY_AGENT = "closed_by_agent"
    AGENT_ENDED = "agent_ended"
    ABORTED = "aborted"
    IMPORTED = "imported"
    """The recording of a real call: how it ended is not in a log."""


class Happening(StrEnum):
    """Things that happen in a call and are worth a mark on the curve. Names are a contract."""

    SUPERVISOR_DEMAND = "supervisor_demand"
    COMPLAINT_THREAT = "complaint_threat"
    LEAVE_THREAT = "leave_threat"
    HANG_UP = "hang_up"
    WITHDRAW = "withdraw"
    SILENCE = "silence"
    SIGH = "sigh"
    SARCASM = "sarcasm"
    CRYING = "crying"
    CUSTOMER_INTERRUPT = "customer_interrupt"
    PRESENCE_CHECK = "presence_check"
    HOLD_START = "hold_start"
    HOLD_END = "hold_end"
    BARGE_IN = "barge_in"
    NOT_HEARD = "not_heard"
    FALLBACK = "fallback"


@dataclass(frozen=True)
class Mood:
    """The customer's state, every number in 0..1."""

    anger: float = 0.0
    anxiety: float = 0.0
    sadness: float = 0.0
    warmth: float = 0.0
    trust: float = 0.0
    heard: float = 0.0
    patience: float = 1.0
    resolution: float = 0.0

    def of(self, feeling: Feeling) -> float:
        """The strength of one feeling."""
        return {
            Feeling.ANGER: self.anger,
            Feeling.ANXIETY: self.anxiety,
            Feeling.SADNESS: self.sadness,
        }[feeling]


def band(strength: float) -> Band:
    """The band of a lead feeling's strength; thresholds from the reference model."""
    if strength >= 0.8:
        return Band.OVERWHELMED
    if strength >= 0.6:
        return Band.HOT
    if strength >= 0.4:
        return Band.TENSE
    if strength >= 0.22:
        return Band.WARY
    return Band.CALM


@dataclass(frozen=True)
class Cause:
    """One reason why the mood moved at a turn.

    Attributes:
        appraisal: what the customer made of it, e.g. "acknowledgement", "blame", "dead_air".
        quote: the agent's words that caused it; empty for a cause in time (silence, interruption).
        weight: the appraisal's strength, 0..1.
        good: True when it helped.
    """

    appraisal: str
    quote: str
    weight: float
    good: bool
