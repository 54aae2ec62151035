"""The call's states and what leads from one to the next.

Anything not in the table is a mistake, and says so.
"""

from enum import StrEnum


class State(StrEnum):
    """Whose turn it is."""

    CONNECTING = "connecting"  # engines warm up, nothing is recorded
    CUSTOMER_SPEAKING = "customer_speaking"
    LISTENING = "listening"  # the floor is the agent's, nobody speaks
    AGENT_SPEAKING = "agent_speaking"
    THINKING = "thinking"  # the turn is committed, the reply not yet audible
    ON_HOLD = "on_hold"
    ENDED = "ended"


class On(StrEnum):
    """What can happen to a call."""

    CONNECTED = "connected"
    SPEECH = "speech"  # the agent starts to speak
    TURN_END = "turn_end"  # the agent's turn is committed
    RESUMED = "resumed"  # the agent went on right after the commit: the reply is withdrawn
    REPLY = "reply"  # first sample of the customer's reply
    REPLY_END = "reply_end"  # the customer has finished
    BARGE_IN = "barge_in"  # the agent takes the floor while the customer speaks
    NOTHING = "nothing"  # speech-to-text found no words: the floor stays with the agent
    SILENCE = "silence"  # the agent has said nothing for too long: the customer asks
    HOLD = "hold"
    HOLD_OVER = "hold_over"  # the agent is back; the customer reacts to the wait
    END = "end"  # somebody ends the call


_OVER = {On.END: State.ENDED}

TABLE: dict[State, dict[On, State]] = {
    State.CONNECTING: {On.CONNECTED: State.THINKING} | _OVER,
    State.LISTENING: {
        On.SPEECH: State.AGENT_SPEAKING,
        On.SILENCE: State.THINKING,
        On.HOLD: State.ON_HOLD,
    }
    | _OVER,
    State.AGENT_SPEAKING: {On.TURN_END: State.THINKING, On.NOTHING: State.LISTENING} | _OVER,
    State.THINKING: {
        On.REPLY: State.CUSTOMER_SPEAKING,
        On.REPLY_END: State.LISTENING,  # a reply without sound: the customer keeps silent
        On.RESUMED: State.AGENT_SPEAKING,
        On.NOTHING: State.LISTENING,
    }
    | _OVER,
    State.CUSTOMER_SPEAKING: {
        On.REPLY_END: State.LISTENING,
        On.BARGE_IN: State.AGENT_SPEAKING,
        On.RESUMED: State.AGENT_SPEAKING,
    }
    | _OVER,
    State.ON_HOLD: {On.HOLD_OVER: State.THINKING} | _OVER,
    State.ENDED: {},
}


class ImpossibleTransition(RuntimeError):
    """A programming mistake: this cannot happen in this state."""


def after(state: State, on: On) -> State:
    """The state that follows.

    Raises:
        ImpossibleTransition: `on` cannot happen in `state`.
    """
    try:
        return TABLE[state][on]
    except KeyError:
        raise ImpossibleTransition(f"{on} cannot happen while {state}") from None


def allowed(state: State, on: On) -> bool:
    """Whether `on` can happen in `state`."""
    return on in TABLE[state]
