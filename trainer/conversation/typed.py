"""A call by keyboard: the same customer, the same record, a word taking 0.4 s on the call clock."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import aclosing

import numpy as np

from trainer.conversation.call import Notice, Observer
from trainer.conversation.dialogue import Dialogue
from trainer.conversation.hold import Hold
from trainer.conversation.machine import On, State
from trainer.conversation.mouth import Mouth, reading_time
from trainer.conversation.stand import Stand
from trainer.conversation.words import AUTHORED, Words
from trainer.customer.customer import Customer
from trainer.customer.delivery import style
from trainer.domain.audio import RATE, Samples, samples
from trainer.domain.errors import BadInput
from trainer.domain.mood import Happening, Status
from trainer.domain.persona import Cast
from trainer.domain.plan import AgentTurn, Reply
from trainer.ports.sink import CallSink
from trainer.ports.voice import Voice

_GAP_S = 0.6
"""Seconds between turns on the call clock: about what people leave."""


class TypedCall:
    """One call in text. Controls: `say`, `hold`, `freeze`, `correct`, `end`, `stop`."""

    def __init__(
        self,
        cast: Cast,
        customer: Customer,
        sink: CallSink,
        observer: Observer,
        *,
        words: Words = AUTHORED,
        voices: Sequence[Voice] = (),
        play: Callable[[Samples], Awaitable[None]] | None = None,
        script: Iterable[str] | None = None,
    ) -> None:
        """`script` gives the agent's turns; without it they come through `say`.

        `play` makes the voice audible.
        """
        self._clock = 0
        self.dialogue = Dialogue(cast, customer, sink, observer, lambda: self._clock)
        self._sink = sink
        self._words = words
        self._voiced = bool(voices)
        self._play = play
        self._mouth = Mouth(voices, cast.persona.voice, self._voice_failed)
        self._typed: asyncio.Queue[str | None] = asyncio.Queue()
        self._script = iter(script) if script is not None else None
        self._over: Status | None = None
        self._speaking: asyncio.Task[None] | None = None
        self._hold = Hold(self.dialogue)
        self._held_at = 0.0
        self._stand = Stand(self.dialogue)
        self._going = asyncio.Event()
        self._going.set()

    # --- controls
    # ---

    def say(self, text: str) -> None:
        """One agent turn."""
        if text.strip():
            self._typed.put_nowait(text.strip())

    def talk(self, down: bool) -> None:
        """Nothing to hold in a typed call."""

    def mute(self, on: bool) -> None:
        """Nothing to mute in a typed call."""

    def hold(self, on: bool) -> None:
        """Put the customer on hold, or take them back, when nobody is in mid-sentence."""
        if on and self.dialogue.may(On.HOLD):
            self._held_at = asyncio.get_running_loop().time()
            self._hold.begin()
        elif not on and self.dialogue.state is State.ON_HOLD:
            self._typed.put_nowait(None)

    def freeze(self, on: bool) -> None:
        """Stand still before the next clause, or go on."""
        if on and self._over is None and self._stand.begin():
            self._going.clear()
        elif not on:
            self._held_at += self._stand.end()  # a hold does not grow meanwhile
            self._going.set()

    def correct(self, turn: int, text: str) -> None:
        """Replace an agent turn's words."""
        self.dialogue.correct(turn, text)

    def end(self) -> None:
        """The agent hangs up."""
        if self._over is None:
            self._over = self.dialogue.customer.agent_left(self.dialogue.number)
        self._wake()

    def stop(self) -> None:
        """Stop at once."""
        self._over = Status.ABORTED
        self._wake()

    # --- the call
    # ---

    async def run(self) -> Status:
        """Greeting, then turn about, until somebody ends it."""
        talk = self.dialogue
        reading = self._words.prepare(talk.cast)
        try:
            status = await self._converse()
        finally:
            reading.cancel()
        talk.go(On.END)
        return talk.finish(self._over or status)

    async def _converse(self) -> Status:
        talk = self.dialogue
        talk.go(On.CONNECTED)
        status = await self._speak(talk.greet())
        async for turn in self._turns():
            if turn is None:
                status = await self._back()
            else:
                status = await self._exchange(turn)
            if fault := self._sink.fault():
                talk.finish(Status.ABORTED, fault)
                raise BadInput(fault, "What was recorded until then has been kept.")
            if self._over or status is not Status.OPEN or talk.enough():
                break
        if self._over is None and status is Status.OPEN and not talk.enough():
            status = talk.customer.agent_left(talk.number)
        return status

    async def _turns(self) -> AsyncIterator[str | None]:
        while self._over is None:
            if self._script is None:
                turn = await self._typed.get()
                if self._over is None:
                    yield turn
                continue
            line = next(self._script, None)
            if line is None:
                return
            yield line

    async def _exchange(self, text: str) -> Status:
        talk = self.dialogue
        if talk.state is State.ON_HOLD:  # typing takes the customer back
            status = await self._back()
            if self._over or status is not Status.OPEN:
                return status
        talk.go(On.SPEECH)
        start = self._clock
        self._pass(reading_time(text))
        talk.go(On.TURN_END)
        turn = AgentTurn(talk.next_number(), text)
        reply = talk.hear(turn, start, self._clock, "typed")
        talk.settle()
        return await self._speak(reply)

    async def _back(self) -> Status:
        talk = self.dialogue
        if talk.state is not State.ON_HOLD:
            return Status.OPEN
        self._pass(samples(asyncio.get_running_loop().time() - self._held_at))
        return await self._speak(self._hold.end())

    async def _speak(self, reply: Reply) -> Status:
        self._speaking = asyncio.create_task(self._say_reply(reply))
        try:
            await self._speaking
        except asyncio.CancelledError:
            if self._over is None:
                raise
        return reply.status

    async def _say_reply(self, reply: Reply) -> None:
        talk = self.dialogue
        self._pass(samples(_GAP_S + reply.pause_s))
        if not reply.draft:
            talk.go(On.REPLY_END)
            return
        talk.go(On.REPLY)
        talk.next_number()
        start, spoken = self._clock, []
        due = asyncio.Event()
        how = style(talk.cast.persona.lead, reply.plan.band, reply.mood)
        try:
            async with aclosing(self._words.clauses(talk, reply, due)) as worded:
                async for clause in worded:
                    await self._going.wait()
                    talk.clause(self._clock, clause.text, clause.source, clause.why)
                    spoken.append((clause.text, clause.source))
                    began = self._clock
                    if self._voiced:
                        pieces = [piece async for piece in self._mouth.speak(clause.text, how)]
                        await self._hear(np.concatenate(pieces))
                    else:
                        self._pass(reading_time(clause.text))
                    # The model has as long as the opening takes to say, however fast the clock is.
                    asyncio.get_running_loop().call_later((self._clock - began) / RATE, due.set)
        finally:
            if spoken:  # an agent who hangs up in mid-sentence has read what was shown
                talk.spoke(spoken, start, self._clock)
        talk.go(On.REPLY_END)

    # --- inside
    # ---

    def _pass(self, count: int) -> None:
        silence = np.zeros(count, np.float32)
        self._sink.frame(silence, silence)
        self._clock += count

    async def _hear(self, sound: Samples) -> None:
        self._sink.frame(np.zeros_like(sound), sound)
        self._clock += len(sound)
        if self._play is not None:
            await self._play(sound)

    def _wake(self) -> None:
        self._typed.put_nowait(None)
        if self._speaking is not None:
            self._speaking.cancel()

    def _voice_failed(self, why: str) -> None:
        self.dialogue.happened(Happening.FALLBACK, self.dialogue.number, why)
        self.dialogue.show(Notice(why))
