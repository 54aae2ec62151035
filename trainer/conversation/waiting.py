"""The floor is the agent's and nobody speaks: a script is cued, a silence grows until it is too
long.
"""

from enum import StrEnum

from trainer.conversation.pump import Tick
from trainer.conversation.turns import Policy
from trainer.domain.audio import samples
from trainer.ports.line import Line, ScriptedLine


class Wait(StrEnum):
    """What a silence comes to."""

    GOES_ON = "goes_on"
    TOO_LONG = "too_long"  # the customer asks whether anyone is there
    NO_MORE = "no_more"  # a script has run out: the agent leaves


class Waiting:
    """Counts from the customer's last audible sample."""

    def __init__(self, line: Line, policy: Policy, presence_s: float) -> None:
        """`presence_s`: silence after which this customer asks whether anyone is there."""
        self.since = 0
        self._line = line
        self._policy = policy
        self._usual_s = self._presence_s = presence_s
        self._cued = False

    def begin(self, since: int, hot: bool) -> None:
        """The customer has finished at `since`. A pause before answering heat is a skill: it is
        never cut short.
        """
        self.since = since
        self._cued = False
        self._presence_s = max(self._usual_s, self._policy.heat_s) if hot else self._usual_s

    def interrupted(self, since: int) -> None:
        """The agent has taken the floor: a script is in the middle of its turn."""
        self.since = since
        self._cued = True

    def block(self, tick: Tick, speech: bool) -> Wait:
        """One more block of silence; `speech`: something is just beginning to be heard."""
        self.since += tick.gap  # a lost device is not the agent's silence
        silent = tick.end - self.since
        if isinstance(self._line, ScriptedLine) and not self._cued:
            if silent >= samples(self._policy.script_gap_s):
                self._cued = True
                return Wait.GOES_ON if self._line.cue() else Wait.NO_MORE
        elif tick.held:
            self.since = tick.end
        elif not speech and silent >= samples(self._presence_s):
            return Wait.TOO_LONG
        return Wait.GOES_ON
