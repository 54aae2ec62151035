"""The agent speaks while the customer does: listening aloud, or taking the floor?"""

from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.conversation.fakes import TimedLine
from tests.conversation.test_spoken import SORRY, Room
from trainer.conversation.habit import Habit
from trainer.conversation.turns import EVEN
from trainer.customer.customer import Customer
from trainer.domain.audio import BLOCK, RATE, samples
from trainer.domain.errors import TrainerError
from trainer.domain.mood import Mood

AUDIBLE = 0.05


async def played(line: TimedLine, *words: str, **options: Any) -> Room:
    room = Room(line, *words, **options)
    with suppress(TrainerError):  # the line ends, if the customer has not hung up before
        await room.run()
    return room


def silences(room: Room, start_s: float, end_s: float) -> list[float]:
    """Lengths of the customer's silences in this stretch of the recording, seconds."""
    sound = np.concatenate(room.sink.played)
    sound = sound[samples(start_s) // BLOCK * BLOCK : samples(end_s) // BLOCK * BLOCK]
    quiet = np.abs(sound.reshape(-1, BLOCK)).max(axis=1) < AUDIBLE
    edges = np.flatnonzero(np.diff(np.concatenate([[0], quiet.astype(int), [0]])))
    return [float(b - a) * BLOCK / RATE for a, b in zip(edges[::2], edges[1::2], strict=True)]


async def test_mm_hm_costs_the_customer_a_quarter_of_a_second_and_no_word() -> None:
    untouched = await played(TimedLine(ends_s=30.0))
    murmured = await played(TimedLine((2.0, 2.35), ends_s=30.0), "Mm-hm.")
    assert "barge_in" not in murmured.kinds()
    assert murmured.sink.all("turn")[0].text == untouched.sink.all("turn")[0].text
    assert sum(silences(murmured, 1.5, 4.0)) <= 0.3
    assert murmured.texts("agent") == []


async def test_longer_listening_is_told_by_its_words() -> None:
    room = await played(TimedLine((2.0, 2.6), ends_s=30.0), "I see, okay.")
    assert "barge_in" not in room.kinds()
    assert not room.sink.all("turn")[0].unheard
    assert room.texts("agent") == []


@pytest.mark.parametrize("length_s", [0.4, 0.6])
async def test_a_short_stop_takes_the_floor_by_its_words(length_s: float) -> None:
    room = await played(TimedLine((2.0, 2.0 + length_s), ends_s=30.0), "Stop, please.")
    assert "barge_in" in room.kinds()
    assert room.sink.all("turn")[0].unheard
    assert room.texts("agent") == ["Stop, please."]


async def test_long_speech_takes_the_floor_before_its_words_are_known() -> None:
    room = await played(TimedLine((2.0, 4.0), ends_s=30.0), SORRY)
    interrupted = next(e for e in room.sink.all("happened") if e.kind == "barge_in")
    assert interrupted.t / RATE < 2.0 + EVEN.take_s + 0.1
    assert silences(room, 2.0, 4.0)[-1] > 1.6


async def test_a_knock_makes_a_gap_and_nothing_else() -> None:
    room = await played(TimedLine((2.0, 2.22), ends_s=30.0))
    assert room.stt.lengths_s == []
    assert not room.sink.all("turn")[0].unheard


async def test_going_on_when_the_answer_is_just_audible_unsays_the_answer() -> None:
    # the hum answers at once, well before the second stretch of speech
    room = await played(
        TimedLine((15.0, 16.0), (17.0, 18.5), ends_s=45.0), SORRY, SORRY + " And more."
    )
    states = [event.on for event in room.sink.all("state_changed")]
    assert "resumed" in states
    assert room.texts("agent") == [SORRY + " And more."]
    numbers = [turn.turn for turn in room.sink.all("turn")]
    assert numbers == list(range(1, len(numbers) + 1))


async def test_the_log_stays_in_order_after_an_answer_is_unsaid() -> None:
    room = await played(TimedLine((15.0, 16.0), (17.0, 18.5), ends_s=45.0), SORRY, SORRY)
    states = [(event.before, event.after) for event in room.sink.all("state_changed")]
    for (_, reached), (left, _) in pairwise(states):
        assert reached == left
    clauses = [event.turn for event in room.sink.all("clause")]
    assert clauses == sorted(clauses)


async def test_a_pause_before_answering_heat_is_not_cut_short() -> None:
    room = await played(TimedLine(ends_s=40.0))
    greeting = room.sink.all("turn")[0]
    asked = next(event for event in room.sink.all("happened") if event.kind == "presence_check")
    assert (asked.t - greeting.end) / RATE >= EVEN.heat_s


def test_pauses_are_learned_from_the_agent_who_makes_them() -> None:
    slow, quick = Habit(), Habit()
    for _ in range(8):
        slow, quick = slow.paused(samples(1.2)), quick.paused(samples(0.25))
    assert quick.applied(EVEN).patience < 1.0 < slow.applied(EVEN).patience
    assert Habit().paused(samples(2.0)).applied(EVEN) == EVEN


stretches = st.lists(st.tuples(st.floats(0.05, 4.0), st.floats(0.05, 4.0)), min_size=1, max_size=12)


@settings(max_examples=25, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(stretches, st.lists(st.sampled_from([SORRY, "Mm-hm.", "", "So, um"]), max_size=8))
async def test_whatever_the_agent_does_nobody_is_lost(
    times: list[tuple[float, float]], words: list[str]
) -> None:
    """Random talk over everything: legal transitions, one reply at a time, every turn written."""
    sounds, at = [], 0.0
    for silence, sound in times:
        sounds.append((at + silence, at + silence + sound))
        at += silence + sound
    room = await played(TimedLine(*sounds, ends_s=at + 30.0), *words)
    generations = [event.generation for event in room.sink.all("clause")]
    assert generations == sorted(generations), "a stale reply was spoken"
    turns = room.sink.all("turn")
    numbers = [turn.turn for turn in turns]
    assert numbers == sorted(set(numbers))
    customer = [turn for turn in turns if turn.who == "customer"]
    for one, other in pairwise(customer):
        assert one.end <= other.start, "the customer spoke over themselves"
    starts = [event.who for event in room.sink.all("speech_started")]
    ends = [event.who for event in room.sink.all("speech_ended")]
    assert 0 <= starts.count("customer") - ends.count("customer") <= 1


class Fuming(Customer):
    """The real customer on the worst day of their life."""

    @property
    def mood(self) -> Mood:
        return replace(super().mood, anger=1.0)


async def test_a_fuming_customer_cuts_into_a_monologue_and_is_heard() -> None:
    room = await played(TimedLine((15.0, 30.0), ends_s=60.0), SORRY, customer=Fuming)
    cut_in = next(e for e in room.sink.all("happened") if e.kind == "customer_interrupt")
    assert (cut_in.t / RATE) == pytest.approx(15.0 + 12.0, abs=0.1)
    both = np.concatenate(room.sink.mic)[cut_in.t :], np.concatenate(room.sink.played)[cut_in.t :]
    together = np.count_nonzero((np.abs(both[0]) > AUDIBLE) & (np.abs(both[1]) > AUDIBLE)) / RATE
    assert EVEN.insist_s - 0.2 < together < EVEN.insist_s + 0.5
    assert room.texts("agent")[0] == SORRY


class Calm(Customer):
    """The real customer after a good night's sleep."""

    @property
    def mood(self) -> Mood:
        return replace(super().mood, anger=0.5)


async def test_a_calm_customer_hears_the_agent_out() -> None:
    room = await played(TimedLine((15.0, 60.0), ends_s=70.0), SORRY, customer=Calm)
    assert "customer_interrupt" not in room.kinds()
    assert room.texts("agent") == [SORRY]
