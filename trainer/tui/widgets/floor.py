"""Whose turn it is, in words and with a sign; colour only repeats it."""

from textual.content import Content
from textual.widgets import Static

from trainer.conversation.machine import State
from trainer.tui.words import floor

_LOOK = {
    State.CONNECTING: "waiting",
    State.CUSTOMER_SPEAKING: "theirs",
    State.THINKING: "theirs",
    State.LISTENING: "mine",
    State.AGENT_SPEAKING: "mine",
    State.ON_HOLD: "waiting",
    State.ENDED: "waiting",
}


class Floor(Static):
    """One strong line in the middle of the screen."""

    DEFAULT_CSS = """
    Floor {
        height: auto; width: 1fr;
        content-align: center middle; text-align: center; text-style: bold;
    }
    Floor.mine { color: $primary; border: round $primary; }
    Floor.theirs { color: $secondary; border: round $secondary; }
    Floor.waiting { color: $foreground; border: round $line; }
    """

    def show(self, state: State, customer: str, *, typed: bool, muted: bool, holding: bool) -> None:
        """Say whose turn it is, and what keeps the agent from being heard."""
        sign, words = floor(state, customer, typed)
        if muted and state is not State.ENDED:
            sign, words = "✕", f"{words} Your microphone is muted (m)."
        elif holding:
            sign, words = "●", "You have the floor until you let go of the talk key."
        self.set_classes(_LOOK[state])
        self.update(Content.from_markup("$sign  $words", sign=sign, words=words))
