"""The three paces of a call: a device's, standing still for engines, going along with them."""

import asyncio
import time
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from tests.conversation.fakes import Hum, Loudness, Memory, QueuedWords, TimedLine
from trainer.acts.reader import Reader
from trainer.content import personas
from trainer.conversation.call import Notice
from trainer.conversation.clockwork import Clockwork
from trainer.conversation.playout import Playout
from trainer.conversation.pump import Pump, Tick
from trainer.conversation.spoken import SpokenCall
from trainer.customer.customer import Customer
from trainer.domain.audio import BLOCK, RATE, Samples
from trainer.domain.persona import VoiceChoice
from trainer.domain.plan import VoiceStyle
from trainer.domain.transcript import Heard
from trainer.ports.line import Frame
from trainer.simulate.turntaking.working import AtWork, CountedEars, CountedVoice

SORRY = "I am so sorry, three days without a connection is awful."


class PacedLine(TimedLine):
    """A timeline that counts as a device and never makes anybody wait."""

    paced = True


class Clocked:
    """A clockwork over a line, without a call."""

    def __init__(self, at_work: Any, blocks: int) -> None:
        self.ticks: list[Tick] = []
        self._blocks = blocks
        line = PacedLine(ends_s=600.0)
        self.works = Clockwork(
            Pump(line, Loudness(), Playout(), Memory()), True, self._on, lambda: False, at_work
        )

    def _on(self, tick: Tick) -> None:
        self.ticks.append(tick)
        if len(self.ticks) == self._blocks:
            self.works.stop()

    async def run(self) -> float:
        """Seconds on the wall per second of call."""
        began = time.perf_counter()
        await self.works.run()
        return (time.perf_counter() - began) * RATE / BLOCK / len(self.ticks)


async def test_blocks_take_no_time_while_nobody_works() -> None:
    assert await Clocked(lambda: False, 2000).run() < 0.5


async def test_blocks_take_as_long_as_they_last_while_an_engine_works() -> None:
    assert await Clocked(lambda: True, 25).run() >= 0.99


async def test_the_calls_own_work_counts_too() -> None:
    clocked = Clocked(lambda: False, 25)
    clocked.works.start(asyncio.sleep(5.0))
    assert await clocked.run() >= 0.99


async def test_what_held_up_the_loop_is_made_good() -> None:
    clocked = Clocked(lambda: True, 40)
    held: list[float] = []

    async def thinking() -> None:
        await asyncio.sleep(0.1)
        began = time.perf_counter()
        time.sleep(0.3)  # noqa: ASYNC251 - a busy loop is what is tested
        held.append(time.perf_counter() - began)

    clocked.works.start(thinking())
    assert await clocked.run() < 1.0 + held[0] * RATE / BLOCK / 40 - 0.1


async def test_a_fault_on_the_thread_of_the_device_is_raised_and_not_waited_for() -> None:
    class Faulty(PacedLine):
        def read(self) -> Frame | None:
            if self._at > 5 * BLOCK:
                raise RuntimeError("the canceller does not answer")
            return super().read()

    pump = Pump(Faulty(), Loudness(), Playout(), Memory())
    works = Clockwork(pump, True, lambda _: None, lambda: False)
    with pytest.raises(RuntimeError, match="canceller"):
        async with asyncio.timeout(10):
            await works.run()


class SlowWords(QueuedWords):
    """Speech-to-text that takes its time."""

    took_s = 0.4

    async def transcribe(self, audio: Samples) -> Heard:
        await asyncio.sleep(self.took_s)
        return await super().transcribe(audio)


class SlowHum(Hum):
    """A voice that takes its time before the first sample."""

    async def speak(
        self, text: str, choice: VoiceChoice, style: VoiceStyle
    ) -> AsyncGenerator[Samples, None]:
        await asyncio.sleep(0.3)
        async for sound in super().speak(text, choice, style):
            yield sound


async def test_what_engines_take_is_silence_on_the_call_clock() -> None:
    sink, at_work = Memory(), AtWork()
    who = personas.load("olsen-outage", [], 1)
    line = PacedLine((11.0, 13.0), ends_s=40.0)

    def seen(what: object) -> None:
        if getattr(what, "type", "") == "turn" and len(sink.all("turn")) == 3:
            call.stop()

    call = SpokenCall(
        who,
        Customer(who, Reader(None, []), 1),
        sink,
        lambda what: None if isinstance(what, Notice) else seen(what),
        line=line,
        meter=Loudness(),
        stt=CountedEars(SlowWords([SORRY, SORRY]), at_work),
        voices=[CountedVoice(SlowHum(), at_work)],
        at_work=at_work,
    )
    began = time.perf_counter()
    await call.run()
    took = time.perf_counter() - began
    greeting, agent, answer = sink.all("turn")
    assert greeting.start >= 0.3 * RATE, "the voice took that long"
    # the words were known before the silence was over; the opening had been voiced ahead
    assert answer.start - agent.end >= 0.45 * RATE
    assert took < call.pump.clock / RATE * 0.7
