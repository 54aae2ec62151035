"""The hold: wished for at any time, begun when nobody is in mid-sentence, ended with a reaction."""

from trainer.conversation.dialogue import Dialogue
from trainer.conversation.machine import On
from trainer.domain.audio import RATE
from trainer.domain.plan import Reply


class Hold:
    """One customer's holds. `wanted`: the agent has pressed the key and the moment has not come."""

    def __init__(self, talk: Dialogue) -> None:
        self.wanted = False
        self._talk = talk
        self._began = 0

    def begin(self) -> None:
        """Put the customer on hold."""
        talk = self._talk
        talk.go(On.HOLD)
        self._began = talk.now()
        talk.mark(talk.customer.hold(talk.number), talk.number)

    def end(self) -> Reply:
        """Take them back; what they say to the wait."""
        talk = self._talk
        talk.go(On.HOLD_OVER)
        away, announced = (talk.now() - self._began) / RATE, talk.hold_announced()
        reply = talk.customer.back(talk.number, away, announced)
        return talk.react(reply, talk.number, away, announced)
