"""Somebody else in the room is not taken for the agent."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from trainer.conversation.hearing import Hearing
from trainer.conversation.murmur import Murmur
from trainer.conversation.near import FAR_DB, Near
from trainer.conversation.pump import Tick
from trainer.conversation.turns import Decision, Policy
from trainer.domain.audio import BLOCK, RATE
from trainer.domain.transcript import Heard


def known(*levels: float) -> Near:
    near = Near()
    for level in levels:
        near = near.heard(level).over(turn=True)
    return near


def test_nobody_is_far_before_the_agent_is_known() -> None:
    assert not Near().far(-80.0)
    assert not known(-25.0).far(-80.0)


def test_speech_from_across_the_room_is_far_and_a_soft_voice_is_not() -> None:
    near = known(-25.0, -24.0, -27.0)
    assert near.far(-45.0)
    assert not near.far(-36.0)


def test_noise_that_was_no_turn_teaches_nothing() -> None:
    near = known(-25.0, -25.0)
    assert near.heard(-5.0).over(turn=False).turns == near.turns


@given(st.lists(st.floats(-60, -10), min_size=2, max_size=30))
def test_an_agent_never_becomes_too_faint_for_their_own_loudest_turn(levels: list[float]) -> None:
    near = known(*levels)
    assert not near.far(max(levels))
    assert near.far(min(levels) - FAR_DB - 0.1)


def test_an_agent_who_has_moved_away_is_heard_once_nobody_answers() -> None:
    hearing = Hearing(Policy(), Murmur(()))

    def speak(level: float, seconds: float) -> list[Decision]:
        found: list[Decision] = []
        guessed = Heard("That is all.", 0.9)
        for p, loud in ((0.9, level), (0.0, 0.0)):
            sound = np.full(BLOCK, loud, np.float32)
            for _ in range(int(seconds * RATE / BLOCK)):
                tick = Tick(end=0, mic=sound, p=p, left=0, played_db=-90.0, held=False, gap=0)
                found += hearing.block(tick, guessed, over=False, held=False, deaf=False)
        return found

    for _ in range(2):
        assert Decision.COMMIT in speak(0.2, 2.0)
    assert speak(0.01, 2.0) == []
    hearing.anybody()
    assert Decision.COMMIT in speak(0.01, 2.0)


def test_a_word_with_soft_sounds_in_it_is_the_agents() -> None:
    hearing = Hearing(Policy(), Murmur(()))

    def speak(*levels: float) -> list[Decision]:
        found: list[Decision] = []
        guessed = Heard("Yes, of course.", 0.9)
        for loud in (*levels, *[0.0] * 60):
            p = 0.9 if loud else 0.0
            sound = np.full(BLOCK, loud, np.float32)
            tick = Tick(end=0, mic=sound, p=p, left=0, played_db=-90.0, held=False, gap=0)
            found += hearing.block(tick, guessed, over=False, held=False, deaf=False)
        return found

    for _ in range(2):
        assert Decision.COMMIT in speak(*[0.2] * 40)
    assert Decision.COMMIT in speak(*[0.1, 0.1, 0.1, 0.02] * 4)
