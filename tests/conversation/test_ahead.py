"""What is done ahead of need: likely answers are voiced while the customer speaks, and a turn is
looked at while the agent speaks.
"""

from collections.abc import AsyncGenerator
from itertools import pairwise

import numpy as np
import pytest

from tests.conversation.fakes import Hum, TimedLine
from tests.conversation.test_spoken import SORRY, Room
from trainer.conversation.mouth import Mouth
from trainer.domain.audio import Samples
from trainer.domain.errors import TrainerError
from trainer.domain.persona import VoiceChoice
from trainer.domain.plan import VoiceStyle


class Counted(Hum):
    """Notes what it was asked to speak."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    async def speak(
        self, text: str, choice: VoiceChoice, style: VoiceStyle
    ) -> AsyncGenerator[Samples, None]:
        self.asked.append(text)
        async for sound in super().speak(text, choice, style):
            yield sound


class Paced(TimedLine):
    """As on a device, faster."""

    paced = True


async def call(line: TimedLine) -> tuple[Room, Counted]:
    voice = Counted()
    room = Room(line, SORRY, voices=[voice], at_work=lambda: False)
    with pytest.raises(TrainerError):
        await room.run()
    return room, voice


async def test_an_answer_opens_with_sound_that_was_ready_before_the_agent_spoke() -> None:
    room, voice = await call(Paced((11.0, 13.0), ends_s=25.0))
    opening = next(clause.text for clause in room.sink.all("clause") if clause.turn == 3)
    assert voice.asked.count(opening) == 1
    greeting = [clause.text for clause in room.sink.all("clause") if clause.turn == 1]
    later = [clause.text for clause in room.sink.all("clause") if clause.turn == 3][1:]
    at = voice.asked.index(opening)
    assert len(greeting) <= at < voice.asked.index(later[0])


async def test_what_is_only_imagined_changes_nothing() -> None:
    plain, _ = await call(TimedLine((11.0, 13.0), ends_s=25.0))
    ahead, _ = await call(Paced((11.0, 13.0), ends_s=25.0))
    assert ahead.texts("customer") == plain.texts("customer")
    assert [m.mood for m in ahead.sink.all("mood")] == [m.mood for m in plain.sink.all("mood")]


async def test_a_script_without_pace_is_never_voiced_ahead() -> None:
    room, voice = await call(TimedLine((11.0, 13.0), ends_s=25.0))
    spoken = [clause.text for clause in room.sink.all("clause")]
    assert voice.asked == spoken


async def test_a_turn_is_looked_at_while_it_goes_on_and_no_longer() -> None:
    room, _ = await call(Paced((11.0, 17.0), ends_s=25.0))
    looked = room.stt.ahead_s
    assert len(looked) >= 3
    assert all(later - sooner >= 1.5 for sooner, later in pairwise(looked))
    assert looked[-1] <= room.stt.lengths_s[0]


async def test_a_script_without_pace_looks_at_nothing_ahead() -> None:
    room, _ = await call(TimedLine((11.0, 17.0), ends_s=25.0))
    assert room.stt.ahead_s == []


async def test_a_clause_voiced_ahead_without_a_sound_is_voiced_again() -> None:
    class Hoarse(Hum):
        """Has no sound the first time."""

        async def speak(
            self, text: str, choice: VoiceChoice, style: VoiceStyle
        ) -> AsyncGenerator[Samples, None]:
            if self.name == "hoarse":
                self.name = "clear"
                yield np.zeros(0, np.float32)
                return
            async for sound in super().speak(text, choice, style):
                yield sound

    mouth = Mouth([Hoarse("hoarse")], VoiceChoice(), lambda why: None)
    await mouth.rehearse("Hello there.", VoiceStyle())
    assert sum([len(sound) async for sound in mouth.speak("Hello there.", VoiceStyle())]) > 0
