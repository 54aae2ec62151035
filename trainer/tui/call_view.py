"""What the call screen shows, worked out from what the call tells. Pure: a view in, a view out."""

from dataclasses import dataclass, replace
from typing import Literal

from trainer.conversation.machine import State
from trainer.domain.events import (
    CallEnded,
    CallStarted,
    ClauseSpoken,
    Coached,
    Corrected,
    Happened,
    StateChanged,
    TurnTaken,
)
from trainer.domain.transcript import Who
from trainer.tui.session import Level, Notice, Observation
from trainer.tui.words import ASIDES

SILENT_DB = -90.0
"""What a level is when nothing is heard."""


@dataclass(frozen=True)
class Caption:
    """One line of captions. `turn` is None for asides; `cut` marks a turn that was talked over."""

    who: Literal["agent", "customer", "aside"]
    text: str
    turn: int | None = None
    cut: bool = False
    corrected: bool = False


@dataclass(frozen=True)
class CallView:
    """Everything on the call screen that the call decides."""

    state: State = State.CONNECTING
    captions: tuple[Caption, ...] = ()
    mic_db: float = SILENT_DB
    customer_db: float = SILENT_DB
    notice: str = ""
    recording: bool = False
    ended: str = ""
    cue: str = ""
    hint: str = ""

    @property
    def last_heard(self) -> Caption | None:
        """The agent turn that can be corrected: the last one."""
        return next((line for line in reversed(self.captions) if line.who == "agent"), None)


def see(view: CallView, seen: Observation) -> CallView:
    """The view after one observation; what it does not know it ignores."""
    match seen:
        case Level():
            return replace(view, mic_db=seen.mic_db, customer_db=seen.customer_db)
        case Notice():
            return replace(view, notice=seen.text)
        case CallStarted():
            return replace(view, recording=True)
        case StateChanged():
            return replace(view, state=State(seen.after))
        case ClauseSpoken():
            return replace(view, captions=_heard_clause(view.captions, seen))
        case TurnTaken():
            return replace(view, captions=_heard_turn(view.captions, seen))
        case Corrected():
            return replace(
                view,
                captions=tuple(
                    replace(line, text=seen.after, corrected=True)
                    if line.turn == seen.turn
                    else line
                    for line in view.captions
                ),
            )
        case Happened() if seen.kind in ASIDES:
            return replace(view, captions=(*view.captions, Caption("aside", ASIDES[seen.kind])))
        case Coached():
            return replace(view, cue=seen.cue, hint=seen.say)
        case CallEnded():
            return replace(view, ended=str(seen.status), recording=False)
    return view


def _heard_clause(captions: tuple[Caption, ...], seen: ClauseSpoken) -> tuple[Caption, ...]:
    """The customer goes on in the line they began, or begins one."""
    for place, line in enumerate(captions):
        if line.turn == seen.turn and line.who == "customer":
            longer = replace(line, text=f"{line.text} {seen.text}".strip())
            return (*captions[:place], longer, *captions[place + 1 :])
    return (*captions, Caption("customer", seen.text, seen.turn))


def _heard_turn(captions: tuple[Caption, ...], seen: TurnTaken) -> tuple[Caption, ...]:
    """A finished turn replaces what was shown of it while it was being spoken."""
    who: Who = "agent" if seen.who == "agent" else "customer"
    whole = Caption(who, seen.text, seen.turn, cut=bool(seen.unheard))
    for place, line in enumerate(captions):
        if line.turn == seen.turn and line.who == seen.who:
            return (*captions[:place], whole, *captions[place + 1 :])
    return (*captions, whole)
