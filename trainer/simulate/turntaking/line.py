"""The line between a call and an agent in a room. No devices: it returns at once and counts as
paced, and the call goes at the pace of its engines.
"""

import threading
from collections import deque
from collections.abc import Callable

import numpy as np

from trainer.domain.audio import BLOCK, Samples
from trainer.ports.line import Frame
from trainer.simulate.room import EchoPath, impulse
from trainer.simulate.turntaking import sounds
from trainer.simulate.turntaking.agent import Agent
from trainer.simulate.turntaking.moves import Case

_LOOP_S = 20.0
"""The room's own sound comes round after this long."""


class RoomLine:
    """`trainer.ports.line.Line` whose microphone hears the agent, the room and the loudspeaker.

    `over` is called once, when the agent has nothing more to do.
    """

    name = "a room"
    paced = True

    def __init__(self, case: Case, seed: int = 0) -> None:
        self.agent = Agent(case.moves)
        self.over: Callable[[], None] = lambda: None
        room = case.room
        self._told = False
        noise = sounds.room_noise(_LOOP_S, room.noise_db, seed)
        if room.lively:
            noise = noise + sounds.life(_LOOP_S, room.noise_db, seed)
        self._noise = sounds.phone_band(noise) if room.phone else noise
        self._echo = None
        if room.echo_db is not None:
            self._echo = EchoPath(impulse(room.delay_s, seed=seed), room.echo_db)
        self._queue: deque[Samples] = deque()
        self._lock = threading.Lock()
        self._at = 0

    def open(self) -> None:
        """Nothing to open."""

    def read(self) -> Frame:
        """The next frame, at once."""
        with self._lock:
            played = self._queue.popleft() if self._queue else np.zeros(BLOCK, np.float32)
        mic = self.agent.block(played) + self._of_the_room()
        if self._echo is not None:
            mic = mic + self._echo.hear(played)
        if self.agent.finished() and not self._told:
            self._told = True
            self.over()
        return Frame(np.clip(mic, -1.0, 1.0).astype(np.float32), played)

    def write(self, block: Samples) -> None:
        """Queue one block for playing."""
        with self._lock:
            self._queue.append(block.astype(np.float32, copy=True))

    def drop(self) -> int:
        """Forget what is queued; returns how many samples that was."""
        with self._lock:
            dropped = len(self._queue) * BLOCK
            self._queue.clear()
            return dropped

    def queued(self) -> int:
        """Samples queued and not yet played."""
        return len(self._queue) * BLOCK

    def status(self) -> str:
        """Nothing can be wrong with a room."""
        return ""

    def close(self) -> None:
        """Nothing to release."""

    def _of_the_room(self) -> Samples:
        whole = len(self._noise) // BLOCK
        at = self._at % whole * BLOCK
        self._at += 1
        return self._noise[at : at + BLOCK]
