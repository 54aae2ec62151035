"""Every way in which a call can end has words wherever ends are shown."""

import pytest

from trainer.customer import csat, story
from trainer.customer.mood import State
from trainer.domain.mood import Feeling, Mood, Status
from trainer.domain.persona import Temper
from trainer.review import report
from trainer.simulate import verdict
from trainer.tui import words

PLAYED = [status for status in Status if status is not Status.IMPORTED]
"""Ends of simulated calls: a real call has no story."""


@pytest.mark.parametrize("status", Status)
def test_every_end_has_words_on_the_screens_and_the_page(status: Status) -> None:
    assert status.value in report.STATUS
    sign, told = words.ENDINGS[status.value]
    assert len(sign) == 1
    assert told
    assert len(words.ENDED[status.value]) <= 16  # in a list of many calls


@pytest.mark.parametrize("status", PLAYED)
def test_every_end_of_a_played_call_is_told_by_the_customer(status: Status) -> None:
    assert story.phrases(())["end"][status.value]


@pytest.mark.parametrize("status", PLAYED)
def test_every_end_of_a_played_call_has_a_rating(status: Status) -> None:
    mood = Mood(anger=0.2, heard=0.6, trust=0.6, resolution=0.4)
    rated = csat.rating(State(mood), Feeling.ANGER, Temper(), status)
    assert 1.0 <= rated <= 5.0


def test_a_next_step_still_to_come_rates_above_a_call_they_left() -> None:
    state = State(Mood(anger=0.2, heard=0.6, trust=0.6, resolution=0.4))
    waits, left = (
        csat.rating(state, Feeling.ANGER, Temper(), status)
        for status in (Status.PENDING, Status.WITHDREW)
    )
    assert waits > left


def test_a_next_step_still_to_come_is_a_good_end_on_the_bench() -> None:
    assert Status.PENDING in verdict._GOOD
