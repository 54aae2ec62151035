"""An agent who carries out moves by what they hear of the customer, as a person would."""

from collections import deque
from collections.abc import Sequence

import numpy as np

from trainer.domain.audio import BLOCK, Samples, samples
from trainer.simulate.turntaking.moves import Done, Move

AUDIBLE = 10 ** (-50 / 20)
"""Peak from which a sample of the customer is heard: the threshold of the call's own ledger."""

ANSWER_S = 6.0
"""Seconds after which an agent no longer waits for an answer."""

_AFTER_NOISE_S = 2.5
"""Seconds in which a noise would be taken for a turn."""

FINISHED_S = 1.3
"""A customer silent for so long has finished: longer than they leave between two clauses."""

_STILL_S = 0.3
"""A customer silent for no longer than this still speaks."""


class Agent:
    """Hears the customer's side block by block and answers with their own.

    Greeting first: nothing begins before the customer has spoken. `done` holds what was carried
    out, `skipped` what found no moment: the customer had finished before.
    """

    def __init__(self, moves: Sequence[Move]) -> None:
        self.done: list[Done] = []
        self.skipped: list[Move] = []
        self._moves = deque(moves)
        self._sounding: tuple[Move, int] | None = None
        self._clock = 0
        self._onset: int | None = None
        self._heard_until = 0
        self._free_from = 0
        self._awaiting_since: int | None = 0

    def block(self, played: Samples) -> Samples:
        """What the agent does while these samples, shape (BLOCK,), leave the speaker."""
        self._hear(played)
        mine = np.zeros(BLOCK, np.float32)
        if self._sounding is None and self._moves:
            self._begin()
        if self._sounding is not None:
            self._sound(mine)
        self._clock += BLOCK
        return mine

    def finished(self) -> bool:
        """Whether everything is done and the last answer has been heard."""
        if self._moves or self._sounding is not None:
            return False
        return self._floor_free(samples(FINISHED_S))

    def _hear(self, played: Samples) -> None:
        loud = np.flatnonzero(np.abs(played) > AUDIBLE)
        if not len(loud):
            return
        if self._onset is None:
            self._onset = self._clock + int(loud[0])
            if self._sounding is None:
                self._awaiting_since = None
        self._heard_until = self._clock + int(loud[-1])

    def _begin(self) -> None:
        move = self._moves[0]
        if move.over:
            self._begin_over(move)
        elif self._clock >= self._free_from and self._floor_free(samples(move.after_s)):
            self._start()

    def _begin_over(self, move: Move) -> None:
        if self._awaiting_since is not None or self._onset is None:
            if self._given_up():
                self.skipped.append(self._moves.popleft())
            return
        silent = self._clock - self._heard_until
        if silent > samples(FINISHED_S):
            self.skipped.append(self._moves.popleft())
        elif silent < samples(_STILL_S) and self._clock - self._onset >= samples(move.after_s):
            self._start()

    def _floor_free(self, silence: int) -> bool:
        if self._awaiting_since is not None:
            return self._given_up()
        return self._clock - self._heard_until >= silence

    def _given_up(self) -> bool:
        since = self._awaiting_since
        return since is not None and self._clock - since >= samples(ANSWER_S)

    def _start(self) -> None:
        self._sounding = (self._moves.popleft(), self._clock)

    def _sound(self, mine: Samples) -> None:
        assert self._sounding is not None
        move, start = self._sounding
        part = move.sound[self._clock - start : self._clock - start + BLOCK]
        mine[: len(part)] = part
        if self._clock - start + BLOCK < len(move.sound):
            return
        self._sounding = None
        self.done.append(Done(move, start, start + len(move.sound)))
        if move.speech:
            self._onset, self._awaiting_since = None, self._clock
        elif not move.over:
            self._free_from = self._clock + samples(_AFTER_NOISE_S)
