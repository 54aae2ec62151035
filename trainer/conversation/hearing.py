"""What each block of the microphone means for the floor, for this agent."""

from trainer.conversation import turns
from trainer.conversation.habit import Habit
from trainer.conversation.listening import Guessed
from trainer.conversation.murmur import Murmur
from trainer.conversation.pump import Tick, loudness
from trainer.conversation.turns import Decision, Ears, Observation, Policy


class Hearing:
    """The gate and the endpoint with the agent's own habits in them."""

    def __init__(self, policy: Policy, murmur: Murmur) -> None:
        self.ears = Ears()
        self._usual = self._policy = policy
        self._murmur = murmur
        self._habit = Habit()

    def block(
        self, tick: Tick, guessed: Guessed | None, *, over: bool, held: bool, deaf: bool
    ) -> tuple[Decision, ...]:
        """Take one block into account.

        Args:
            tick: the block.
            guessed: what was made of the speech so far, once it is known.
            over: the customer is speaking.
            held: the agent holds the floor.
            deaf: nothing of the microphone counts.
        """
        seen = Observation(
            p=0.0 if deaf else tick.p,
            held=tick.held or held,
            words=None if guessed is None else guessed.heard.text,
            murmur=guessed is not None and self._murmur.only(guessed.heard.text),
            finished=None if guessed is None else guessed.finished,
            level=loudness(tick.mic),
        )
        before = self.ears
        step = turns.step_over if over else turns.step
        self.ears, decisions = step(before, seen, self._policy)
        if Decision.DISCARD in decisions and not over:
            self.paused(before.quiet)
        return decisions

    def paused(self, quiet: int) -> None:
        """The agent went on after so many samples of silence: that is how they speak."""
        self._habit = self._habit.paused(quiet)
        self._policy = self._habit.applied(self._usual)

    def reset(self, *, speaking: bool = False) -> None:
        """Forget the speech so far; `speaking`: the agent has the floor, and nothing is said."""
        self.ears = Ears(speaking=speaking)
