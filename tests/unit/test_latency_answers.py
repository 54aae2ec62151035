"""How long an answer took: read from the recording, and the same by the log."""

import asyncio
from pathlib import Path

import numpy as np
import pytest

from trainer import settings as preferences
from trainer.cli import rehearsed
from trainer.cli.bench_latency import summary
from trainer.cli.transcript import Transcript
from trainer.domain.audio import Samples, edges, samples
from trainer.domain.events import ClauseSpoken, Event, SpeechEnded, StateChanged, TurnTaken
from trainer.domain.record import CallRecord
from trainer.review.answers import Answer, answers
from trainer.store.calls import load

AGREE_S = 0.03


def sounding(length_s: float, *stretches: tuple[float, float]) -> Samples:
    sound = np.zeros(samples(length_s), np.float32)
    for start, end in stretches:
        sound[samples(start) : samples(end)] = 0.2
    return sound


def clause(at_s: float, text: str, **wall: float) -> ClauseSpoken:
    return ClauseSpoken(
        t=samples(at_s), turn=3, generation=1, text=text, source="authored", wall=wall
    )


def turn(number: int, who: str, start_s: float, end_s: float, **wall: float) -> TurnTaken:
    return TurnTaken.model_validate(
        {
            "t": samples(end_s), "turn": number, "who": who, "text": "some words",
            "start": samples(start_s), "end": samples(end_s), "source": "stt", "wall": wall,
        }
    )  # fmt: skip


def recorded(*clauses: ClauseSpoken) -> CallRecord:
    """An agent until 5.0 s; an answer from 6.0 to 6.5 and from 7.0 to 9.0 s."""
    events: tuple[Event, ...] = (
        SpeechEnded(t=samples(5.1), who="agent"),
        StateChanged(t=samples(5.5), before="agent_speaking", after="thinking", on="turn_end"),
        turn(2, "agent", 2.0, 5.1, stt_s=0.05),
        *clauses,
        turn(3, "customer", 6.0, 9.0),
    )
    return CallRecord(Path(), {}, events, sounding(10, (2, 5)), sounding(10, (6, 6.5), (7, 9)))


def test_an_opening_is_sound_and_not_yet_content() -> None:
    (answer,) = answers(recorded(clause(6.0, "Well, yes."), clause(7.0, "The router is broken.")))
    assert answer.first_s == pytest.approx(1.0, abs=0.001)
    assert answer.content_s == pytest.approx(2.0, abs=0.001)


def test_a_whole_answer_in_one_clause_is_content() -> None:
    (answer,) = answers(recorded(clause(6.0, "The router is broken.")))
    assert answer.content_s == answer.first_s


def test_a_long_first_clause_is_content() -> None:
    long = "The router has been broken for three days."
    (answer,) = answers(recorded(clause(6.0, long), clause(7.0, "Three days.")))
    assert answer.content_s == answer.first_s


def test_the_parts_add_up_to_the_whole() -> None:
    took = {"plan_s": 0.1, "first_clause_s": 0.12, "first_sound_s": 0.4}
    (answer,) = answers(recorded(clause(6.0, "No.", **took)))
    assert sum(answer.parts.values()) == pytest.approx(answer.first_s, abs=0.002)
    assert answer.parts["stt"] == 0.05
    assert answer.parts["first_pcm"] == pytest.approx(0.28)


def test_a_step_the_log_does_not_tell_is_left_out_and_not_nought() -> None:
    (answer,) = answers(recorded(clause(6.0, "No.", first_sound_s=0.4)))
    assert "plan" not in answer.parts
    assert sum(answer.parts.values()) == pytest.approx(answer.first_s, abs=0.002)
    assert summary([answer])["parts"]["plan"] is None


def test_edges_are_those_of_what_can_be_heard() -> None:
    faint = sounding(2.0, (0.5, 1.5))
    faint[: samples(0.5)] = 0.001
    assert edges(faint) == (samples(0.5), samples(1.5) - 1)
    assert edges(np.zeros(100, np.float32)) is None
    assert edges(np.zeros(0, np.float32)) is None


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> list[Answer]:
    """The answers of a call between real engines."""
    folder = tmp_path_factory.mktemp("calls")
    given = preferences.load(wording="authored", data_dir=folder, background="none")
    done = asyncio.run(
        rehearsed.call(
            given, "mercer-billing", "empathic", paced=False, seed=1, show=Transcript(True)
        )
    )
    return answers(load(done))


@pytest.mark.engine
@pytest.mark.slow
def test_recording_and_log_agree_on_every_gap(held: list[Answer]) -> None:
    assert len(held) >= 3
    assert max(abs(one.first_s - one.logged_s) for one in held) <= AGREE_S


@pytest.mark.engine
@pytest.mark.slow
def test_content_never_comes_before_the_first_sound(held: list[Answer]) -> None:
    assert all(one.content_s >= one.first_s for one in held)
