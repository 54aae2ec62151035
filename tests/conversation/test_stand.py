"""A call that stands still: nothing is heard, played or recorded, and the clock does not move."""

import asyncio
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.conversation.fakes import TimedLine
from tests.conversation.test_spoken import Room
from tests.conversation.test_typed import KIND, Desk
from trainer.domain.audio import BLOCK, RATE
from trainer.domain.mood import Status
from trainer.ports.line import Frame


class Watched(TimedLine):
    """Calls `each` before every block and counts them; so many blocks stood still are on top."""

    def __init__(self, *sounds: tuple[float, float], ends_s: float = 40.0) -> None:
        super().__init__(*sounds, ends_s=ends_s)
        self.each: Callable[[int], None] = lambda block: None
        self.blocks = 0

    def read(self) -> Frame | None:
        self.blocks += 1
        self.each(self.blocks)
        return super().read()


def frozen_from(room: Room, line: Watched, first: int, blocks: int) -> None:
    """Freeze before block `first`, go on `blocks` later; hang up when the line has 5 s left."""

    def each(block: int) -> None:
        if block == first:
            room.call.freeze(True)
        elif block == first + blocks:
            room.call.freeze(False)
        elif block == 35 * RATE // BLOCK:
            room.call.end()

    line.each = each


async def customer_said(first: int, blocks: int) -> tuple[list[Any], Room]:
    """The greeting of a call with (or with 0 blocks, without) a standstill in it."""
    line = Watched()
    room = Room(line)
    frozen_from(room, line, first, blocks)
    await room.run()
    return [turn for turn in room.sink.all("turn") if turn.who == "customer"], room


async def test_a_standstill_in_mid_sentence_changes_no_time_and_no_sound() -> None:
    plain, one = await customer_said(10**9, 0)
    still, other = await customer_said(40, 300)
    assert (still[0].start, still[0].end, still[0].text) == (
        plain[0].start,
        plain[0].end,
        plain[0].text,
    )
    # what it had in the speaker when it froze was heard out, and the rest followed it unbroken
    length = plain[0].end
    assert np.array_equal(
        np.concatenate(one.sink.played)[:length] > 0, np.concatenate(other.sink.played)[:length] > 0
    )


async def test_silence_of_the_agent_does_not_grow_while_the_call_stands() -> None:
    plain, _ = await customer_said(10**9, 0)
    first_s = plain[0].end / RATE
    asked_s = plain[1].start / RATE  # whether anyone is there
    still, _ = await customer_said(int((first_s + 1) * RATE / BLOCK), 400)
    assert still[1].start / RATE == pytest.approx(asked_s, abs=0.2)


async def test_nothing_said_meanwhile_is_heard_or_recorded() -> None:
    line = Watched((12.0, 14.0))  # speaks only while the call stands
    room = Room(line, "This is not for the customer.")
    frozen_from(room, line, int(11.5 * RATE / BLOCK), int(3 * RATE / BLOCK))
    await room.run()
    assert room.texts("agent") == []
    assert np.concatenate(room.sink.mic).max() == 0


async def test_a_standstill_is_on_record_with_its_length_and_takes_no_time() -> None:
    _, room = await customer_said(40, 300)
    began, ended = room.sink.all("frozen")
    assert (began.on, ended.on) == (True, False)
    assert ended.wall["stood_s"] >= 0
    assert ended.t - began.t <= 4 * BLOCK  # what was still in the speaker
    assert sum(map(len, room.sink.mic)) == room.call.pump.clock


async def test_a_call_that_stands_can_be_stopped_at_once() -> None:
    line = Watched()
    room = Room(line)

    def each(block: int) -> None:
        if block == 40:
            room.call.freeze(True)
        elif block == 60:
            room.call.stop()

    line.each = each
    assert await room.run() is Status.ABORTED


async def test_freezing_twice_or_going_on_unfrozen_is_nothing() -> None:
    line = Watched()
    room = Room(line)

    def each(block: int) -> None:
        if block in (40, 41):
            room.call.freeze(True)
        elif block in (80, 81):
            room.call.freeze(False)
        elif block == 600:
            room.call.end()

    line.each = each
    await room.run()
    assert [event.on for event in room.sink.all("frozen")] == [True, False]


async def test_a_typed_call_stands_between_clauses_and_takes_no_time() -> None:
    desk = Desk()

    async def person() -> None:
        await asyncio.sleep(0.05)
        desk.call.freeze(True)
        desk.call.say(KIND)
        await asyncio.sleep(0.3)
        assert len(desk.texts("customer")) == 1
        desk.call.freeze(False)
        await asyncio.sleep(0.3)
        desk.call.end()

    await asyncio.gather(desk.call.run(), person())
    assert len(desk.texts("customer")) == 2
    began, ended = desk.sink.all("frozen")
    assert ended.wall["stood_s"] >= 0.25
    assert (ended.t - began.t) / RATE < 30  # typing and a breath, in words
    turns = desk.sink.all("turn")
    assert turns[2].start - turns[1].end < 3 * RATE


async def test_a_typed_hold_does_not_grow_while_the_call_stands() -> None:
    desk = Desk()

    async def person() -> None:
        await asyncio.sleep(0.05)
        desk.call.hold(True)
        desk.call.freeze(True)
        await asyncio.sleep(0.6)
        desk.call.freeze(False)
        desk.call.hold(False)
        await asyncio.sleep(0.2)
        desk.call.end()

    await asyncio.gather(desk.call.run(), person())
    start, end = (e for e in desk.sink.all("happened") if str(e.kind).startswith("hold"))
    assert (end.t - start.t) / RATE < 0.4
