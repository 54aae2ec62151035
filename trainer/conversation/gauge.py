"""What a screen wants to know of the line: how loud both sides are, and what is wrong with it."""

from trainer.conversation.call import Level, Notice
from trainer.conversation.dialogue import Dialogue
from trainer.conversation.pump import Tick, loudness
from trainer.ports.line import Line

_EVERY = 3
"""Blocks between two reports: about ten a second."""


class Gauge:
    """Reports levels, and trouble with the devices once when it comes and once when it goes."""

    def __init__(self, talk: Dialogue, line: Line) -> None:
        self._talk = talk
        self._line = line
        self._blocks = 0
        self._trouble = ""

    def take(self, tick: Tick) -> None:
        """One block."""
        self._blocks += 1
        if self._blocks % _EVERY:
            return
        self._talk.show(Level(round(loudness(tick.mic), 1), round(tick.played_db, 1)))
        trouble = self._line.status()
        if trouble != self._trouble:
            self._trouble = trouble
            self._talk.show(Notice(trouble or "The sound is back."))
