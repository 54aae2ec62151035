"""The agent's turn as sound: kept from a little before its first word, guessed at early, understood
at its end.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress

import numpy as np

from trainer.conversation.dialogue import Dialogue
from trainer.domain.audio import BLOCK, RATE, Samples, edges, samples
from trainer.domain.errors import EngineFailed
from trainer.domain.events import WordsTimed
from trainer.domain.transcript import Heard
from trainer.ports.speech_to_text import SpeechToText

_REST_S = 0.3
"""Sound kept after the last detected speech: a fading last sound."""

_AHEAD_S = 1.5
"""How much more of a turn must have been said before it is looked at ahead again."""

_RECENT_S = 2.0
"""How much sound is kept while nobody speaks: pre-roll, and the speech that opened the gate."""


class Listening:
    """Buffers, and the transcription under way.

    Lives on the call's loop. `failed` is told what went wrong.
    """

    def __init__(
        self,
        stt: SpeechToText,
        failed: Callable[[str], None],
        *,
        ahead: bool = False,
    ) -> None:
        """`ahead`: time passes while the agent speaks, and what they say is looked at meanwhile."""
        self._stt = stt
        self._failed = failed
        self._recent: deque[Samples] = deque(maxlen=int(_RECENT_S * RATE / BLOCK))
        self._turn: list[Samples] | None = None
        self._start = 0
        self._guess: asyncio.Task[Heard] | None = None
        self._looks_ahead = ahead
        self._known = False
        self._ahead: asyncio.Task[None] | None = None
        self._looked_at = 0
        self._aligning: set[asyncio.Task[None]] = set()

    def take(self, block: Samples) -> None:
        """One block from the microphone."""
        self._recent.append(block)
        if self._turn is not None:
            self._turn.append(block)
            if self._looks_ahead and self._guess is None and not self._known:
                self._look_ahead(self._turn)

    def begin(self, pre_roll: int, clock: int) -> None:
        """A turn has begun: keep its sound, from `pre_roll` samples before `clock` on.

        A turn taken back goes on.
        """
        if self._turn is not None:
            return
        count = min(len(self._recent), -(-pre_roll // BLOCK))
        self._turn = list(self._recent)[len(self._recent) - count :]
        self._looked_at = 0
        self._known = False
        self._start = clock - count * BLOCK

    def last_audible(self, end: int) -> int:
        """The last audible sample of the turn up to call-clock sample `end`.

        The voice-activity meter notices the end of speech up to 0.1 s late.
        """
        if not self._turn:
            return end
        found = edges(np.concatenate(self._turn)[: max(0, end - self._start)])
        return end if found is None else self._start + found[1]

    def drop(self) -> None:
        """That was no turn: forget its sound and what was guessed of it."""
        self.discard()
        self._stop_ahead()
        self._turn = None

    def guess(self, done: Callable[[], None]) -> None:
        """Begin to transcribe what there is; `done` is called when the words are known."""
        self.discard()
        self._stop_ahead()
        self._guess = asyncio.get_running_loop().create_task(self._understand())
        self._guess.add_done_callback(lambda _: done())

    def discard(self) -> None:
        """The agent went on: the guess is worth nothing."""
        self._known = False
        if self._guess is not None:
            self._guess.cancel()
            self._guess = None

    def guessing(self) -> bool:
        """Whether a guess is under way."""
        return self._guess is not None and not self._guess.done()

    def guessed(self) -> Heard | None:
        """What is known of the turn so far; None while that is nothing."""
        if self._guess is None or not self._guess.done() or self._guess.cancelled():
            return None
        return self._guess.result()

    async def words(self) -> Heard:
        """The words of the whole turn; those guessed at its end, when they are there."""
        self._known = True
        if self._guess is None:
            self._stop_ahead()
            self._guess = asyncio.get_running_loop().create_task(self._understand())
        heard = await asyncio.shield(self._guess)
        self._guess = None
        return heard

    def settle(self, turn: int, text: str, end: int, talk: Dialogue) -> None:
        """The turn stands and ended at sample `end`: find the times of its words."""
        if self._turn is None:
            return
        audio, start = np.concatenate(self._turn), self._start
        audio = audio[: max(0, end + samples(_REST_S) - start)]
        self.drop()
        task = asyncio.get_running_loop().create_task(self._align(turn, text, audio, start, talk))
        self._aligning.add(task)
        task.add_done_callback(self._aligning.discard)

    async def drain(self) -> None:
        """Wait until every word has its time."""
        await asyncio.gather(*self._aligning)

    def _look_ahead(self, turn: list[Samples]) -> None:
        busy = self._ahead is not None and not self._ahead.done()
        if not busy and (len(turn) - self._looked_at) * BLOCK >= samples(_AHEAD_S):
            self._looked_at = len(turn)
            self._ahead = asyncio.get_running_loop().create_task(self._draft(np.concatenate(turn)))

    def _stop_ahead(self) -> None:
        if self._ahead is not None:
            self._ahead.cancel()
            self._ahead = None

    async def _draft(self, audio: Samples) -> None:
        with suppress(EngineFailed):  # who needs the words asks again, and says so
            await self._stt.ahead(audio)

    async def _understand(self) -> Heard:
        audio = np.concatenate(self._turn) if self._turn else np.zeros(0, np.float32)
        if not len(audio):
            return Heard("", 0.0, rejected="no sound")
        return await self._transcribe(audio)

    async def _transcribe(self, audio: Samples) -> Heard:
        for last in (False, True):
            try:
                return await self._stt.transcribe(audio)
            except EngineFailed as error:
                self._failed(f"{self._stt.name}: {error.message}")
                if last:
                    return Heard("", 0.0, rejected=error.message)
        raise AssertionError("unreachable")

    async def _align(
        self, turn: int, text: str, audio: Samples, start: int, talk: Dialogue
    ) -> None:
        try:
            words = await self._stt.align(audio, text)
        except EngineFailed:
            return  # word times are a refinement; the turn's own times stand
        if words:
            at = start / RATE
            timed = [
                (w.text, round(at + w.start_s, 3), round(at + w.end_s, 3), round(w.confidence, 3))
                for w in words
            ]
            talk.log(WordsTimed(t=talk.now(), turn=turn, words=timed))
