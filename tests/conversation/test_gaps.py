"""A device that stood still: a short while is silence in the call, a long one ends it."""

from dataclasses import replace

import numpy as np
import pytest

from tests.conversation.fakes import Hum, Loudness, Memory, QueuedWords, TurnsLine
from trainer.acts.reader import Reader
from trainer.content import personas
from trainer.conversation.spoken import SpokenCall
from trainer.customer.customer import Customer
from trainer.domain.audio import RATE, samples
from trainer.domain.errors import EngineFailed
from trainer.domain.mood import Status
from trainer.ports.line import Frame


class Standstill(TurnsLine):
    """A scripted line whose device stands still once, `after_s` into the call."""

    def __init__(self, after_s: float, still_s: float, *turns_s: float) -> None:
        super().__init__(*turns_s)
        self._after = samples(after_s)
        self._still = samples(still_s)

    def read(self) -> Frame | None:
        frame = super().read()
        if frame is not None and self._at >= self._after and self._still:
            frame, self._still = replace(frame, gap=self._still), 0
        return frame


def call_over(line: Standstill, sink: Memory) -> SpokenCall:
    who = personas.load("olsen-outage", [], 1)
    return SpokenCall(
        who,
        Customer(who, Reader(None, []), 1),
        sink,
        lambda _: None,
        line=line,
        meter=Loudness(),
        stt=QueuedWords(["I am so sorry, three days without a connection is awful."]),
        voices=[Hum()],
    )


@pytest.mark.parametrize("after_s", [0.5, 3.0, 8.0, 12.0])
async def test_half_a_minute_without_a_device_is_silence_and_the_call_goes_on(
    after_s: float,
) -> None:
    sink = Memory()
    status = await call_over(Standstill(after_s, 30.0, 2.0, 2.0), sink).run()
    assert status is Status.AGENT_ENDED
    assert sum(map(len, sink.mic)) == sum(map(len, sink.played)) == sink.events[-1].t
    assert sum(not part.any() for part in sink.mic if len(part) == 30 * RATE) == 1
    assert len([turn for turn in sink.all("turn") if turn.who == "agent"]) == 2


async def test_a_computer_that_slept_for_long_finds_the_call_over_and_kept() -> None:
    sink = Memory()
    call = call_over(Standstill(16.0, 45 * 60.0, 2.0), sink)
    with pytest.raises(EngineFailed, match="no sound for 45 minutes") as told:
        await call.run()
    assert "kept" in told.value.hint
    over = sink.events[-1]
    assert (over.type, over.status) == ("call_ended", Status.ABORTED)  # type: ignore[union-attr]
    assert "45 minutes" in over.reason  # type: ignore[union-attr]
    # not three quarters of an hour of zeros, and everything before them
    assert len(np.concatenate(sink.mic)) == pytest.approx(16 * RATE, abs=RATE)
    assert sink.all("turn")
