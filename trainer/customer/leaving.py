"""How calls end, and the warnings before it: decided by the model, never by the words."""

from dataclasses import dataclass

from trainer.customer.ground import to_hear
from trainer.customer.inner import Inner
from trainer.customer.plan import STUNG
from trainer.domain.acts import ActKind as K
from trainer.domain.acts import Reading
from trainer.domain.mood import Happening, Status
from trainer.domain.moves import QUESTIONS, MoveKind
from trainer.domain.persona import Cast, Exit
from trainer.domain.plan import Intent

SILENCES = 3
"""Presence checks in a row after which nobody waits any longer."""

HOT_TURNS = 2
"""Turns running at the exit threshold that make them leave."""

WAIT_TURNS = 2
"""Turns for which a settled customer waits for the agent to close."""


_ENDS_WITH = (MoveKind.ANYTHING_ELSE, MoveKind.SMALL_TALK)
"""Questions after which a call may end."""


@dataclass(frozen=True)
class Move:
    """An ending (`status` is not OPEN) or a warning."""

    intent: Intent
    status: Status = Status.OPEN
    happening: Happening | None = None


def ending(
    now: Inner, cast: Cast, reading: Reading, asks: frozenset[str], hurt: float
) -> Move | None:
    """How the call ends with this turn; None when it goes on.

    Args:
        now: the standing after the turn.
        cast: the customer.
        reading: what the turn did.
        asks: groups of prompts/customer_asks.yaml that the agent's words match.
        hurt: how much the turn hurt, 0..1.
    """
    lead = cast.persona.lead
    if "ends_call" in asks and now.warned > 0:
        return Move(Intent.CLOSE_COLD, Status.CLOSED_BY_AGENT)
    if reading.find(K.ESCALATE) and now.said.demanded:
        return Move(Intent.TRANSFERRED, Status.TRANSFERRED)
    if had_enough(now, cast):
        return leave(now, cast)
    closing = bool({"goodbye", "wraps_up", "ends_call"} & asks)
    asking = _still_asking(reading)
    if now.could_settle(lead) and now.firm() and hurt <= STUNG:
        ready = now.settled >= WAIT_TURNS and reading.remedy is None and not now.ground.open
        if not asking and (closing or ready):
            if to_hear(now.ground):
                return Move(Intent.CLOSE_PENDING, Status.PENDING)
            return Move(Intent.CLOSE_GLAD, Status.SATISFIED)
        return None
    if now.could_wait(lead) and hurt <= STUNG and closing:
        return None if asking else Move(Intent.CLOSE_PENDING, Status.PENDING)
    if now.could_accept_no(lead) and hurt <= STUNG and (closing or now.refused >= 3):
        return Move(Intent.CLOSE_REFUSED, Status.REFUSAL_ACCEPTED)
    parting = "goodbye" in asks and now.turns > 1
    if "ends_call" in asks or (parting and not _still_asking(reading)):
        return Move(Intent.CLOSE_COLD, Status.AGENT_ENDED)
    return None


def warning(now: Inner, cast: Cast, hurt: float) -> Move | None:
    """What they threaten, demand or break into, each once, in turns that hurt."""
    if hurt <= STUNG:
        return None
    mood, temper, exits = now.state.mood, cast.temper, cast.persona.exits
    feeling = mood.of(cast.persona.lead)
    breaking = temper.supervisor_at if temper.supervisor_at is not None else 0.78
    if Exit.CRIES in exits and not now.said.cried and feeling >= breaking:
        return Move(Intent.CRY, happening=Happening.CRYING)
    if (
        Exit.SUPERVISOR in exits
        and not now.said.demanded
        and feeling >= breaking
        and mood.trust <= 0.35
    ):
        return Move(Intent.SUPERVISOR, happening=Happening.SUPERVISOR_DEMAND)
    if not now.said.complained and feeling >= breaking - 0.04 and mood.trust <= 0.35:
        return Move(Intent.COMPLAIN, happening=Happening.COMPLAINT_THREAT)
    if not now.said.threatened and (mood.patience <= 0.3 or feeling >= breaking + 0.04):
        return Move(Intent.LEAVE, happening=Happening.LEAVE_THREAT)
    return None


def had_enough(now: Inner, cast: Cast) -> bool:
    """Whether they leave now."""
    return now.state.mood.patience <= 0 or now.state.hot >= HOT_TURNS


def leave(now: Inner, cast: Cast) -> Move:
    """The way this customer leaves.

    A last demand or tears first, if that is theirs, then one of their exits.
    """
    exits = cast.persona.exits
    for way in exits:
        if way is Exit.SUPERVISOR and not now.said.demanded and now.state.mood.patience > 0:
            return Move(Intent.SUPERVISOR, happening=Happening.SUPERVISOR_DEMAND)
        if way is Exit.CRIES and not now.said.cried:
            return Move(Intent.CRY, happening=Happening.CRYING)
    for way in exits:
        if way is Exit.HANGS_UP:
            return Move(Intent.HANG_UP, Status.HUNG_UP, Happening.HANG_UP)
        if way in (Exit.WITHDRAWS, Exit.LEAVES_POLITELY):
            return Move(Intent.WITHDRAW, Status.WITHDREW, Happening.WITHDRAW)
    return Move(Intent.WITHDRAW, Status.WITHDREW, Happening.WITHDRAW)


def _still_asking(reading: Reading) -> bool:
    """Whether something is being asked or offered in a question; “anything else?” may well end a
    call.
    """
    return any(
        move.kind in QUESTIONS or move.quote.rstrip().endswith("?")
        for move in reading.moves
        if move.kind not in _ENDS_WITH and len(move.quote.split()) > 2
    )
