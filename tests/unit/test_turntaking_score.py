"""A recording is scored by what can be heard in it."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from trainer.domain.audio import Samples, samples
from trainer.domain.events import ClauseSpoken, Event, Happened, TurnTaken
from trainer.domain.mood import Happening
from trainer.simulate.turntaking.moves import Case, Done, Kind, Move
from trainer.simulate.turntaking.score import Outcome, Seen, read
from trainer.simulate.turntaking.summary import summary
from trainer.simulate.turntaking.working import Piece

LENGTH_S = 40.0


def speech(seconds: float) -> Samples:
    """Sound with a pause of .3 s in its middle."""
    out = np.full(samples(seconds), 0.2, np.float32)
    out[samples(seconds / 2) : samples(seconds / 2 + 0.3)] = 0.0
    return out


class Recording:
    """A customer's channel with its log, put together by hand."""

    def __init__(self) -> None:
        self.customer = np.zeros(samples(LENGTH_S), np.float32)
        self.events: list[Event] = []
        self.spoken: dict[str, list[list[Piece]]] = {}

    def turn(
        self,
        at_s: float,
        seconds: float,
        stops: tuple[float, float] | None = None,
        cut_s: float | None = None,
        starved: bool = False,
    ) -> None:
        """One turn of the customer: `stops` is (after so many seconds, for so long)."""
        number, sound, start = len(self.events), speech(seconds), samples(at_s)
        heard = sound if cut_s is None else sound[: samples(cut_s)]
        pieces = [Piece(start - 4000, sound)]
        if stops is not None:
            at, hole = samples(stops[0]), np.zeros(samples(stops[1]), np.float32)
            if starved:
                late = start + at + len(hole) - 1500
                pieces = [Piece(start - 4000, sound[:at]), Piece(late, sound[at:])]
            heard = np.concatenate([sound[:at], hole, sound[at:]])
        self.customer[start : start + len(heard)] = heard
        text, end = f"clause {number}", start + len(heard) - 1
        self.spoken[text] = [pieces]
        self.events += [
            ClauseSpoken(t=start, turn=number, generation=1, text=text, source="authored"),
            TurnTaken(
                t=end,
                turn=number,
                who="customer",
                text=text,
                start=start,
                end=end,
                source="authored",
                unheard="" if cut_s is None else "and more",
            ),
        ]

    def seen(self, *done: tuple[Kind, float, float, bool]) -> Seen:
        moves = [
            Done(Move(kind, np.zeros(0, np.float32), over), samples(start), samples(end))
            for kind, start, end, over in done
        ]
        case = Case(tuple(one.move for one in moves))
        return read("by hand", case, moves, self.customer, self.events, self.spoken)


def one(seen: Seen) -> Outcome:
    assert len(seen.outcomes) == 1
    return seen.outcomes[0]


def test_an_answer_counts_from_the_agents_last_sample() -> None:
    call = Recording()
    call.turn(0.0, 3.0)
    call.turn(8.25, 3.0)
    found = one(call.seen(("clean", 5.0, 7.0, False)))
    assert found.gap_s == pytest.approx(1.25, abs=0.01)
    assert (found.cut_in, found.missed) == (False, False)


def test_a_customer_who_speaks_into_a_pause_cuts_in() -> None:
    call = Recording()
    call.turn(0.0, 3.0)
    call.turn(6.5, 3.0)
    found = one(call.seen(("pause", 5.0, 8.0, False)))
    assert (found.cut_in, found.gap_s) == (True, None)
    assert found.cut_in_s == pytest.approx(1.5, abs=0.02)


def test_a_customer_who_means_to_interrupt_does_not_count_as_impatient() -> None:
    call = Recording()
    call.turn(0.0, 3.0)
    call.turn(9.5, 3.0)
    meant = Happened(t=samples(9.2), kind=Happening.CUSTOMER_INTERRUPT, turn=2)
    call.events.append(meant)
    seen = call.seen(("clean", 5.0, 13.0, False))
    assert (seen.outcomes, seen.untried) == ((), 1)


def test_no_answer_before_the_next_move_is_missed() -> None:
    call = Recording()
    call.turn(0.0, 3.0)
    found = call.seen(("clean", 5.0, 7.0, False), ("clean", 13.0, 15.0, False)).outcomes
    assert [each.missed for each in found] == [True, True]


def test_a_turn_begun_before_the_customer_had_finished_counts_for_nothing() -> None:
    call = Recording()
    call.turn(0.0, 6.0)
    seen = call.seen(("clean", 5.0, 7.0, False))
    assert (seen.outcomes, seen.untried) == ((), 1)


def test_to_yield_is_to_fall_silent_and_stay_silent() -> None:
    call = Recording()
    call.turn(0.0, 8.0, cut_s=2.28)
    call.turn(5.5, 3.0)
    found = one(call.seen(("interruption", 2.0, 4.5, True)))
    assert found.yielded
    assert found.yield_s == pytest.approx(0.28, abs=0.01)
    assert found.gap_s == pytest.approx(1.0, abs=0.01)


def test_a_customer_who_resumes_over_an_interruption_has_not_yielded() -> None:
    call = Recording()
    call.turn(0.0, 8.0, stops=(2.3, 0.5))
    found = one(call.seen(("interruption", 2.0, 4.5, True)))
    assert (found.yielded, found.yield_s) == (False, None)


def test_an_interruption_after_which_they_had_nothing_left_to_say_shows_nothing() -> None:
    call = Recording()
    call.turn(0.0, 2.5)
    assert call.seen(("interruption", 2.0, 4.5, True)).outcomes == ()


@pytest.mark.parametrize(("hole_s", "undisturbed"), [(0.0, True), (0.2, True), (0.4, False)])
def test_a_customer_may_fall_silent_for_a_quarter_second(hole_s: float, undisturbed: bool) -> None:
    call = Recording()
    call.turn(0.0, 8.0, stops=(2.3, hole_s))
    found = one(call.seen(("backchannel", 2.0, 2.5, True)))
    assert found.quiet_s == pytest.approx(hole_s, abs=0.025)
    assert found.undisturbed is undisturbed


def test_a_lost_word_is_no_listening() -> None:
    call = Recording()
    call.turn(0.0, 8.0, cut_s=2.3)
    assert one(call.seen(("backchannel", 2.0, 2.5, True))).undisturbed is False


def test_a_customer_who_stops_for_nobody_interrupts_themselves() -> None:
    call = Recording()
    call.turn(0.0, 8.0, stops=(3.0, 0.5))
    assert call.seen().self_interruptions == (0.0,)


def test_a_voice_that_was_late_is_no_self_interruption() -> None:
    call = Recording()
    call.turn(0.0, 8.0, stops=(3.0, 0.5), starved=True)
    assert call.seen().self_interruptions == ()


def test_a_line_said_twice_is_compared_with_the_time_it_was_voiced_for() -> None:
    call = Recording()
    call.turn(1.0, 8.0, stops=(3.0, 0.5), starved=True)
    (text,) = call.spoken
    call.spoken[text].append([Piece(samples(20.0), speech(4.0))])
    assert call.seen().self_interruptions == ()


def test_an_answer_to_nobody_is_a_phantom() -> None:
    call = Recording()
    call.turn(0.0, 3.0)
    call.turn(8.0, 3.0)
    call.turn(15.0, 3.0)
    seen = call.seen(("cough", 5.0, 5.5, False), ("clean", 12.0, 14.0, False))
    assert seen.phantoms == (("cough", 8.0),)


def outcome(kind: Kind, **found: Any) -> Outcome:
    return replace(Outcome(kind, False, "", 0.0, "", 0.0), **found)


def test_people_stand_apart_from_machines() -> None:
    made = outcome("clean", gap_s=1.0, cut_in=False, missed=False)
    person = replace(made, human=True, gap_s=3.0)
    told = summary([Seen((made, person), (), (), 3, 0)])
    assert told["n"] == {"clean": 1}
    assert told["response_gap_s"]["p50"] == 1.0
    assert told["human"]["response_gap_s"]["p50"] == 3.0


def test_cut_ins_are_told_by_the_length_of_the_pause() -> None:
    made = [
        outcome("pause", cut_in=False, pause_s=0.6),
        outcome("pause", cut_in=True, pause_s=2.5),
        outcome("clean", cut_in=True),
    ]
    told = summary([Seen(tuple(made), (), (), 3, 0)])
    assert told["cut_ins_per_turn"] == 0.5
    assert told["cut_ins_by_pause"] == {"0.6": 0.0, "2.5": 1.0}


def test_what_was_not_measured_is_not_a_number() -> None:
    told = summary([])
    assert told["yield_rate"] is None
    assert told["response_gap_s"] == {"p50": None, "p90": None}
