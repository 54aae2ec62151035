"""What each block of the microphone means for the floor, for this agent."""

from collections import deque

from trainer.conversation import turns
from trainer.conversation.habit import Habit
from trainer.conversation.murmur import Murmur
from trainer.conversation.near import Near
from trainer.conversation.pump import Tick, loudness
from trainer.conversation.turns import Decision, Ears, Observation, Policy
from trainer.domain.transcript import Heard

_SYLLABLE = 8
"""Blocks (a quarter of a second) whose loudest tells how near somebody is: within a word the level
of speech falls by more than the distance to the next desk takes away."""


class Hearing:
    """The gate and the endpoint with the agent's own habits in them."""

    def __init__(self, policy: Policy, murmur: Murmur) -> None:
        self.ears = Ears()
        self._usual = self._policy = policy
        self._murmur = murmur
        self._habit = Habit()
        self._near = Near()
        self._levels: deque[float] = deque(maxlen=_SYLLABLE)

    def block(
        self, tick: Tick, guessed: Heard | None, *, over: bool, held: bool, deaf: bool
    ) -> tuple[Decision, ...]:
        """Take one block into account.

        Args:
            tick: the block.
            guessed: what was made of the speech so far, once it is known.
            over: the customer is speaking.
            held: the agent holds the floor.
            deaf: nothing of the microphone counts.
        """
        level = loudness(tick.mic)
        if tick.gap:  # another device, perhaps
            self.anybody()
        # only before the gate opens: who has begun may go on softly
        self._levels.append(level)
        somebody_else = not self.ears.speaking and self._near.far(max(self._levels))
        seen = Observation(
            p=0.0 if deaf or somebody_else else tick.p,
            held=tick.held or held,
            words=None if guessed is None else guessed.text,
            murmur=guessed is not None and self._murmur.only(guessed.text),
            closed=None if guessed is None else guessed.closed,
            level=level,
        )
        before = self.ears
        step = turns.step_over if over else turns.step
        self.ears, decisions = step(before, seen, self._policy)
        if Decision.DISCARD in decisions and not over:
            self.paused(before.quiet)
        if self.ears.speaking and tick.p >= self._policy.start_p:
            self._near = self._near.heard(level)
        elif before.speaking and not self.ears.speaking:
            self._near = self._near.over(turn=Decision.COMMIT in decisions)
        return decisions

    def paused(self, quiet: int) -> None:
        """The agent went on after so many samples of silence: that is how they speak."""
        self._habit = self._habit.paused(quiet)
        self._policy = self._habit.applied(self._usual)

    def anybody(self) -> None:
        """Take whoever speaks next for the agent: they may have moved away from the microphone."""
        self._near = Near()

    def reset(self, *, speaking: bool = False) -> None:
        """Forget the speech so far; `speaking`: the agent has the floor, and nothing is said."""
        self.ears = Ears(speaking=speaking)
