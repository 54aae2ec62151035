"""Typed calls: the same conversation without sound."""

import asyncio
from collections.abc import Iterable
from typing import Any

import numpy as np

from tests.conversation.fakes import Hum, Memory
from trainer.acts.reader import Reader
from trainer.content import personas
from trainer.conversation.typed import TypedCall
from trainer.customer.customer import Customer
from trainer.domain.audio import RATE, Samples
from trainer.domain.mood import Status

KIND = "I am so sorry, that is our fault, and days without a line is awful."


class Desk:
    """One typed call; `hooks` see every event."""

    def __init__(self, script: Iterable[str] | None = None, **options: Any) -> None:
        self.sink = Memory()
        self.hooks: list[Any] = []
        who = personas.load("mercer-billing", [], 4)
        customer = Customer(who, Reader(None, []), 4)
        self.call = TypedCall(who, customer, self.sink, self._seen, script=script, **options)

    def _seen(self, what: object) -> None:
        for hook in self.hooks:
            hook(what)

    def texts(self, who: str) -> list[str]:
        return [turn.text for turn in self.sink.all("turn") if turn.who == who]


async def test_a_word_takes_four_tenths_of_a_second() -> None:
    desk = Desk(["One two three four five."])
    await desk.call.run()
    agent = next(turn for turn in desk.sink.all("turn") if turn.who == "agent")
    assert (agent.end - agent.start) / RATE == 5 * 0.4


async def test_the_recording_is_as_long_as_the_clock() -> None:
    desk = Desk([KIND])
    await desk.call.run()
    ended = desk.sink.all("call_ended")[0]
    assert sum(map(len, desk.sink.mic)) == sum(map(len, desk.sink.played)) == ended.t


async def test_a_person_types_turn_by_turn_and_hangs_up() -> None:
    desk = Desk()

    async def person() -> None:
        await asyncio.sleep(0.05)
        desk.call.say(KIND)
        desk.call.say("  ")  # nothing typed is no turn
        await asyncio.sleep(0.2)
        desk.call.end()

    status, _ = await asyncio.gather(desk.call.run(), person())
    assert status is Status.AGENT_ENDED
    assert desk.texts("agent") == [KIND]
    assert len(desk.texts("customer")) == 2


async def test_stopping_counts_for_nothing() -> None:
    desk = Desk()

    async def person() -> None:
        desk.call.say(KIND)
        await asyncio.sleep(0.2)
        desk.call.stop()

    status, _ = await asyncio.gather(desk.call.run(), person())
    assert status is Status.ABORTED
    assert desk.sink.all("call_ended")[0].csat is None


async def test_a_hold_is_marked_and_the_return_is_answered() -> None:
    desk = Desk()

    async def person() -> None:
        desk.call.say("May I put you on hold for a moment?")
        await asyncio.sleep(0.2)
        desk.call.hold(True)
        await asyncio.sleep(0.3)
        desk.call.hold(False)
        await asyncio.sleep(0.2)
        desk.call.end()

    await asyncio.gather(desk.call.run(), person())
    kinds = [str(event.kind) for event in desk.sink.all("happened")]
    assert kinds.index("hold_start") < kinds.index("hold_end")
    start, end = (e for e in desk.sink.all("happened") if str(e.kind).startswith("hold"))
    assert 0.25 <= (end.t - start.t) / RATE <= 2
    assert len(desk.texts("customer")) == 3


async def test_a_correction_moves_the_mood_from_there_on() -> None:
    desk = Desk(["That is not my problem.", "Let me look at the bill."])

    def correct(event: Any) -> None:
        if getattr(event, "type", "") == "turn" and event.turn == 5:
            desk.call.correct(2, KIND)

    desk.hooks.append(correct)
    await desk.call.run()
    moods = desk.sink.all("mood")
    assert [moved.turn for moved in moods] == [2, 4, 2, 4]
    assert moods[2].mood["trust"] > moods[0].mood["trust"]
    assert moods[3].mood["trust"] > moods[1].mood["trust"]


async def test_with_a_voice_the_customer_is_recorded_and_played() -> None:
    played: list[Any] = []

    async def play(sound: Samples) -> None:
        played.append(sound)

    desk = Desk([KIND], voices=[Hum()], play=play)
    await desk.call.run()
    assert np.concatenate(desk.sink.played).max() > 0.1
    assert sum(map(len, played)) > RATE


def slow_desk() -> Desk:
    """A call whose customer takes a moment for each clause."""

    async def play(sound: Samples) -> None:
        await asyncio.sleep(0.1)

    return Desk(voices=[Hum()], play=play)


async def test_hanging_up_in_mid_sentence_keeps_what_the_customer_had_said() -> None:
    desk = slow_desk()

    def hang_up(event: Any) -> None:
        if getattr(event, "type", "") == "clause" and len(desk.sink.all("clause")) == 2:
            asyncio.get_running_loop().call_later(0.03, desk.call.end)

    desk.hooks.append(hang_up)
    async with asyncio.timeout(10):
        await desk.call.run()
    shown = [clause.text for clause in desk.sink.all("clause")]
    assert len(shown) == 2
    assert desk.texts("customer") == [" ".join(shown)]


async def test_hanging_up_on_a_customer_who_was_just_taken_back_from_hold_ends_the_call() -> None:
    desk = slow_desk()

    def press(event: Any) -> None:
        loop = asyncio.get_running_loop()
        if getattr(event, "type", "") != "state_changed":
            return
        if event.on == "reply_end":
            desk.call.hold(True)
            desk.call.say(KIND)  # typing takes them back
        elif event.on == "reply" and event.before == "thinking" and desk.texts("customer"):
            loop.call_later(0.03, desk.call.end)

    desk.hooks.append(press)
    async with asyncio.timeout(10):
        status = await desk.call.run()
    assert status is Status.AGENT_ENDED
    assert desk.texts("agent") == []
