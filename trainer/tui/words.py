"""Plain words for what the program knows by name: states, endings, happenings, times."""

from datetime import datetime

from trainer.conversation.machine import State
from trainer.domain.mood import Happening
from trainer.domain.moves import OfferState

ENDINGS = {
    "satisfied": ("✓", "Solved, they thanked you"),
    "pending": ("✓", "Agreed, a next step is to come"),
    "refusal_accepted": ("✓", "They accepted your no"),
    "hung_up": ("✗", "They hung up"),
    "withdrew": ("✗", "They gave up"),
    "transferred": ("→", "Passed to a supervisor"),
    "closed_by_agent": ("■", "You closed the call"),
    "agent_ended": ("■", "You ended the call"),
    "imported": ("◖", "The recording of a real call"),
    "aborted": ("·", "Stopped, not scored"),
    "open": ("·", "Broken off"),
}
"""How a call ended: a sign, and words."""

ENDED = {
    "satisfied": "solved",
    "pending": "agreed",
    "refusal_accepted": "took the no",
    "hung_up": "hung up",
    "withdrew": "gave up",
    "transferred": "supervisor",
    "closed_by_agent": "closed by agent",
    "agent_ended": "left open",
    "imported": "a real call",
    "aborted": "stopped",
    "open": "broken off",
}
"""The same in a word or two, where many calls are counted."""

OFFERS = {
    OfferState.OFFERED: "offers",
    OfferState.CONDITIONAL: "offers on a condition",
    OfferState.ASKED: "asks about",
    OfferState.REFUSED: "says no to",
    OfferState.WITHDRAWN: "takes back",
    OfferState.PROMISED: "promises",
    OfferState.DONE: "does",
}
"""What a turn makes of a remedy."""

OVER_A_CALL = "the call goes on · F10 stops it · Esc back"
"""At the foot of every box over a call."""

HOW_HARD = {1: "gentle", 2: "manageable", 3: "demanding", 4: "hard", 5: "very hard"}

ASIDES = {
    Happening.SIGH: "sighs",
    Happening.CRYING: "is crying",
    Happening.SILENCE: "says nothing",
    Happening.WITHDRAW: "is giving up",
    Happening.HANG_UP: "hangs up",
    Happening.HOLD_START: "is on hold",
    Happening.HOLD_END: "is back on the line",
    Happening.BARGE_IN: "was interrupted",
    Happening.NOT_HEARD: "did not catch that",
}
"""What captions add in brackets, because it cannot be read from the words."""

MARKS = {
    "supervisor_demand": "asks for a supervisor",
    "complaint_threat": "threatens a complaint",
    "leave_threat": "threatens to leave",
    "hang_up": "hangs up",
    "withdraw": "gives up",
    "silence": "falls silent",
    "sigh": "sighs",
    "sarcasm": "turns sarcastic",
    "crying": "cries",
    "customer_interrupt": "interrupts you",
    "presence_check": "asks if anyone is there",
    "hold_start": "put on hold",
    "hold_end": "back from hold",
    "barge_in": "you spoke over them",
    "not_heard": "did not catch you",
}
"""Happenings as marks on the curve."""


def floor(state: State, customer: str, typed: bool) -> tuple[str, str]:
    """Whose turn it is: a sign, and words."""
    mine = "Your turn. Type your answer." if typed else "Your turn. Just speak."
    return {
        State.CONNECTING: ("☎", f"Calling… {customer} is about to be put through."),
        State.CUSTOMER_SPEAKING: ("◀", f"{customer} is speaking."),
        State.LISTENING: ("▶", mine),
        State.AGENT_SPEAKING: ("●", "You are speaking."),
        State.THINKING: ("…", f"{customer} is taking that in."),
        State.ON_HOLD: ("‖", f"On hold. {customer} is waiting."),
        State.ENDED: ("■", "The call is over."),
    }[state]


def dots(difficulty: int) -> str:
    """Difficulty 1..5 as filled and empty dots."""
    return "●" * difficulty + "○" * (5 - difficulty)


def stars(rating: float) -> str:
    """A rating 1..5 as stars and a number."""
    full = round(rating)
    return "★" * full + "☆" * (5 - full) + f" {rating:.1f}"


def clock(seconds: float) -> str:
    """Minutes and seconds, e.g. 02:14."""
    whole = max(0, int(seconds))
    return f"{whole // 60:02d}:{whole % 60:02d}"


def when(moment: datetime, now: datetime) -> str:
    """A day as people say it."""
    days = (now.date() - moment.date()).days
    at = moment.strftime("%H:%M")
    if days == 0:
        return f"today {at}"
    if days == 1:
        return f"yesterday {at}"
    return moment.strftime("%d %b ") + at
