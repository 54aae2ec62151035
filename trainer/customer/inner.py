"""What a customer carries from turn to turn."""

from dataclasses import dataclass, field

from trainer.customer.ground import pending
from trainer.customer.mood import State
from trainer.domain.ground import Ground, Standing
from trainer.domain.mood import Feeling, Status

SETTLED_RESOLUTION = 0.55
SETTLED_AFTER_NO = 0.75
SETTLED_LEAD = 0.40
SETTLED_HEARD = 0.50
SETTLED_TURNS = 3
"""A call can end well when all of these hold: enough is solved, the feeling is low, they feel
heard, and it took the
agent at least three turns."""

ACCEPTS_LEAD = 0.50
ACCEPTS_HEARD = 0.45
"""A no with a reason can be lived with from here."""


@dataclass(frozen=True)
class Said:
    """What the customer has said and cannot take back, even when the agent corrects what was
    heard.
    """

    lines: frozenset[str] = frozenset()
    told: tuple[str, ...] = ()
    demanded: bool = False
    complained: bool = False
    threatened: bool = False
    cried: bool = False


@dataclass(frozen=True)
class Inner:
    """State and standing.

    Attributes:
        state: the mood and what it remembers.
        said: what was said.
        turns: agent turns understood so far.
        refused: how often they were told no with a reason.
        warned: how often the agent set a boundary.
        promised: they were promised what policy forbids.
        offers: remedies offered, with what each was worth.
        settled: turns running in which the call could end well.
        silences: presence checks since the agent last spoke.
        status: how the call stands.
        ground: what both have established.
        repeats: requests to repeat, running.
    """

    state: State
    said: Said = field(default_factory=Said)
    turns: int = 0
    refused: int = 0
    warned: int = 0
    promised: bool = False
    offers: tuple[tuple[str, float], ...] = ()
    settled: int = 0
    silences: int = 0
    status: Status = Status.OPEN
    ground: Ground = field(default_factory=Ground)
    repeats: int = 0

    def could_settle(self, lead: Feeling) -> bool:
        """Whether the call could end well now."""
        mood = self.state.mood
        return (
            mood.resolution >= (SETTLED_AFTER_NO if self._denied() else SETTLED_RESOLUTION)
            and mood.of(lead) <= SETTLED_LEAD
            and mood.heard >= SETTLED_HEARD
            and self.turns >= SETTLED_TURNS
        )

    def _denied(self) -> bool:
        """Whether something they could have had was refused, not only a promise about the rest."""
        agreed = self.ground.of(Standing.ACCEPTED, Standing.DONE)
        no = self.ground.of(Standing.REFUSED, Standing.WITHDRAWN)
        return self.refused > 0 and (bool(no) or not agreed)

    def could_wait(self, lead: Feeling) -> bool:
        """Whether the call could end with a next step that is still to come."""
        mood = self.state.mood
        return (
            mood.of(lead) <= ACCEPTS_LEAD
            and mood.heard >= ACCEPTS_HEARD
            and self.turns >= SETTLED_TURNS
            and bool(pending(self.ground))
        )

    def firm(self) -> bool:
        """Whether what they take with them is done or agreed, and hangs on nothing else."""
        open_ = {one.remedy for one in self.ground.of(Standing.CONDITIONAL)}
        return any(name not in open_ for name, _ in self.offers)

    def could_accept_no(self, lead: Feeling) -> bool:
        """Whether they could live with the no they were given."""
        mood = self.state.mood
        return self.refused > 0 and mood.heard >= ACCEPTS_HEARD and mood.of(lead) <= ACCEPTS_LEAD
