"""A call that stands still so that the agent can think: begun and ended by key, and on record."""

import asyncio

from trainer.conversation.dialogue import Dialogue
from trainer.conversation.machine import State
from trainer.domain.events import Frozen


class Stand:
    """One call's standstills. `still`: whether it stands right now."""

    def __init__(self, talk: Dialogue) -> None:
        self.still = False
        self._talk = talk
        self._since = 0.0

    def begin(self) -> bool:
        """Stand still; False when the call does already, has not begun or is over."""
        talk = self._talk
        if self.still or talk.state in (State.CONNECTING, State.ENDED):
            return False
        self.still = True
        self._since = asyncio.get_running_loop().time()
        talk.log(Frozen(t=talk.now(), turn=talk.number, on=True))
        return True

    def end(self) -> float:
        """Go on; seconds the call stood, 0 when it did not."""
        if not self.still:
            return 0.0
        self.still = False
        stood = asyncio.get_running_loop().time() - self._since
        talk = self._talk
        wall = {"stood_s": round(stood, 3)}
        talk.log(Frozen(t=talk.now(), turn=talk.number, on=False, wall=wall))
        return stood
