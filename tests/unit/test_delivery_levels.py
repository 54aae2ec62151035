"""Levels by the voice: each anchor where it says, thin evidence is none, off is off."""

import csv
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.test_review import ended, exchange, level, record, said, started
from trainer.audio.files import load_turn
from trainer.cli import review as command
from trainer.content import roots
from trainer.domain.audio import RATE, Samples, samples
from trainer.domain.baseline import Baseline, WarmUp
from trainer.domain.events import Event, Imported, TurnTaken, VoiceMeasured
from trainer.domain.record import CallRecord
from trainer.review import by_voice, phrases, report, rubric
from trainer.review.debrief import review
from trainer.review.delivery import kept
from trainer.review.delivery.pitch import TRACKER
from trainer.review.delivery.quality import Quality
from trainer.review.delivery.raised import raised
from trainer.review.delivery.voice import Voice, hear
from trainer.review.evidence import TooThin
from trainer.review.heard import Heard, Person, Spoken
from trainer.review.log import Exchange, Log
from trainer.review.log import read as read_log
from trainer.review.model import Review

RUBRIC = rubric.load(())
WHY = phrases.load(()).not_measured
CLEAR = Quality(snr_db=30.0, clipping=0.0, gain_rides=False)
USUAL = Baseline(pitch_st=4.0, effort_db=-6.0, level_db=-30.0, rate=4.5, range_st=6.0)


def turns(anger: Sequence[float]) -> tuple[Log, tuple[Exchange, ...]]:
    """A call whose customer stands at these values before each agent turn."""
    events: list[Event] = [started(anger=anger[0])]
    for number, after in enumerate([*anger[1:], anger[-1]]):
        events += exchange(2 * number + 1, number * 8.0, "I see, thank you for that.", after)
    log = read_log(record([*events, ended()]))
    return log, log.exchanges


def call(
    up: Sequence[float],
    anger: Sequence[float] = (),
    rates: Sequence[float] = (),
    ranges: Sequence[float] = (),
) -> tuple[Log, Heard]:
    """A call whose turns are `up` units above the usual voice in pitch, balance and level."""
    anger = anger or [0.5] * len(up)
    log, exchanges = turns(anger)
    made = []
    for number, one in enumerate(up):
        pitch = 4.0 + one
        rate = rates[number] if rates else 4.5
        wide = ranges[number] if ranges else 6.0
        sound = Voice(
            pitch, pitch, wide, -15.0 + one, -6 + 1.2 * one, -30 + 2.5 * one, 30, rate, 5.0, CLEAR
        )
        made.append(Spoken(exchanges[number], sound, raised(sound, USUAL), rate / USUAL.rate))
    return log, Heard(tuple(made), USUAL, "own", CLEAR)


STEADY = [
    ([0.2] * 20, 5),
    ([0.2] * 9 + [1.5], 4),
    ([0.2] * 9 + [1.5] * 3, 3),
    ([0.2] * 19 + [2.5], 3),
    ([0.2] * 8 + [2.5] * 2, 2),
    ([0.2] * 6 + [1.5] * 4, 2),
    ([0.2] * 4 + [1.5] * 6, 1),
    ([0.2] * 19 + [5.0], 1),
]


@pytest.mark.parametrize(("up", "expected"), STEADY)
def test_a_steady_voice_is_read_by_the_share_of_raised_talk(up: list[float], expected: int) -> None:
    log, voices = call(up)
    assert by_voice.steady(RUBRIC.find("T1"), log, voices, WHY).level == expected


@given(st.lists(st.floats(-3, 6), min_size=3, max_size=8), st.integers(0, 7), st.floats(0, 3))
def test_a_louder_turn_never_reads_as_a_steadier_voice(
    up: list[float], which: int, more: float
) -> None:
    higher = [z + more if number == which else z for number, z in enumerate(up)]
    one, other = (by_voice.steady(RUBRIC.find("T1"), *call(z), WHY) for z in (up, higher))
    assert other.level <= one.level


def test_a_good_level_is_shown_by_a_turn_that_was_good() -> None:
    log, voices = call([1.5] + [0.2] * 9, rates=[6.5] + [4.5] * 9)
    for name, reader in (("T1", by_voice.steady), ("P2", by_voice.easy_speed)):
        found = reader(RUBRIC.find(name), log, voices, WHY)
        assert found.level == 4
        assert found.evidence[0].turn != log.exchanges[0].turn.turn
        assert "1 of 10 turns" in (found.evidence[0].number or "")


HOT = [0.4, 0.4, 0.4, 0.8, 0.8, 0.8]


@pytest.mark.parametrize(
    ("after", "rate", "expected"),
    [(2.5, 4.5, 1), (1.4, 4.5, 2), (0.0, 4.5, 3), (-0.8, 4.5, 4), (-0.8, 4.1, 5), (-0.8, 3.0, 4)],
)
def test_the_voice_after_hard_moments_is_held_against_the_rest_of_the_call(
    after: float, rate: float, expected: int
) -> None:
    log, voices = call([0, 0, 0, after, after, after], HOT, [4.5] * 3 + [rate] * 3)
    assert by_voice.settles(RUBRIC.find("T2"), log, voices, WHY).level == expected


@pytest.mark.parametrize(
    ("wide", "expected"),
    [
        ([2.0] * 6, 1),
        ([3.5] * 6, 2),
        ([4.5] * 6, 3),
        ([6.0, 6.0, 6.5, 6.5, 5.0, 5.0], 4),
        ([6.0] * 6, 5),
        ([12.0] * 6, 3),
    ],
)
def test_a_flat_voice_and_a_sing_song_are_told_by_the_range(
    wide: list[float], expected: int
) -> None:
    log, voices = call([0.0] * 6, ranges=wide)
    assert by_voice.alive(RUBRIC.find("T3"), log, voices, WHY).level == expected


@pytest.mark.parametrize(
    ("rates", "anger", "expected"),
    [
        ([4.5] * 6, [0.3] * 6, 4),
        ([4.5] * 3 + [4.2] * 3, HOT, 5),
        ([4.5] * 3 + [4.8] * 3, HOT, 4),
        ([4.5] * 4 + [5.6] * 2, HOT, 3),
        ([4.5] * 3 + [5.6] * 3, HOT, 2),
        ([3.0] * 5 + [4.5], HOT, 1),
    ],
)
def test_speed_is_held_against_the_own_usual_one(
    rates: list[float], anger: list[float], expected: int
) -> None:
    log, voices = call([0.0] * 6, anger, rates)
    assert by_voice.easy_speed(RUBRIC.find("P2"), log, voices, WHY).level == expected


@pytest.mark.parametrize(
    ("up", "expected"),
    [
        ([0, 0, 0, 0.1, 0.1, 0.1], 5),
        ([0, 0, 0, 0.5, 0.5, 0.5], 4),
        ([-0.6, -0.6, -0.6, 0.2, 0.2, 0.2], 4),
        ([0, 0, 0, 1.0, 1.0, 1.0], 3),
        ([0, 0, 0, 1.6, 1.6, 1.6], 2),
        ([2.4, 2.4, 2.4, 2.5, 2.5, 2.5], 2),
        ([0, 0, 0, 3.0, 3.0, 3.0], 1),
    ],
)
def test_catching_the_heat_is_a_rise_with_the_customers_anger(
    up: list[float], expected: int
) -> None:
    log, voices = call(up, HOT)
    assert by_voice.stays_cool(RUBRIC.find("SR1"), log, voices, WHY).level == expected


@pytest.mark.parametrize(
    ("up", "expected"),
    [
        ([0, 0, 0, 0, 0, 0], 5),
        ([0, 0, 2.5, 0, 0, 0], 4),
        ([0, 0, 2.5, 1.5, 0, 0], 3),
        ([0, 2.5, 1.5, 1.5, 1.5, 0], 2),
        ([0, 0, 0, 2.5, 1.5, 1.5], 1),
    ],
)
def test_recovery_counts_the_turns_until_the_voice_is_back(up: list[float], expected: int) -> None:
    log, voices = call(up, HOT)
    assert by_voice.recovers(RUBRIC.find("SR3"), log, voices, WHY).level == expected


def test_no_slip_in_an_easy_call_is_no_proof_of_recovery() -> None:
    log, voices = call([0.0] * 6, [0.2] * 6)
    with pytest.raises(TooThin):
        by_voice.recovers(RUBRIC.find("SR3"), log, voices, WHY)


def test_the_slope_is_that_of_least_squares_and_none_where_nothing_moved() -> None:
    assert by_voice.slope([0.2, 0.4, 0.6], [1.0, 2.0, 3.0]) == pytest.approx(5.0)
    assert by_voice.slope([0.5, 0.52, 0.55], [0.0, 2.0, 4.0]) is None


def test_confidence_follows_how_much_voice_how_clean_and_whether_there_was_a_warm_up() -> None:
    _, long = call([0.0] * 6)
    provisional = Heard(long.turns, USUAL, "provisional", CLEAR)
    noisy = Heard(long.turns, USUAL, "own", Quality(12.0, 0.0, False))
    short = Heard(long.turns[:2], USUAL, "own", CLEAR)
    assert long.sure == 1.0
    assert provisional.sure == 0.5
    assert 0 < noisy.sure < 1
    assert short.sure == pytest.approx(0.5)


# --- with sound ---


LINE = "Thank you for telling me that. I am going to look into it right now for you, one moment."
TURNS = 7


def spoken(scratch: Path, *how: str) -> Samples:
    file = scratch / f"{'_'.join(how)}.wav"
    subprocess.run(["espeak-ng", "-w", str(file), *how, LINE], check=True)
    return load_turn(file)


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    return spoken(tmp_path_factory.mktemp("usual"), "-p", "40", "-a", "40", "-s", "150")


@pytest.fixture(scope="module")
def shouted(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    return spoken(tmp_path_factory.mktemp("shouted"), "-p", "85", "-a", "190", "-s", "150")


def conversation(voices: Sequence[Samples], noise: float = 1e-4) -> CallRecord:
    """A call in which the agent's turns are these sounds."""
    events: list[Event] = [started(anger=0.7)]
    pieces = [np.zeros(0, np.float32)]
    at = 0.0
    for number, sound in enumerate(voices):
        length = len(sound) / RATE
        turn = 2 * number + 1
        events.append(said(turn, "customer", f"It has been {turn} days now.", at, at + 2))
        events.append(said(turn + 1, "agent", LINE, at + 3, at + 3 + length))
        pieces += [np.zeros(samples(at + 3) - sum(map(len, pieces)), np.float32), sound]
        at += 4 + length
    agent = np.concatenate([*pieces, np.zeros(RATE, np.float32)])
    hiss = np.random.default_rng(0).normal(scale=noise, size=len(agent))
    agent = (agent + hiss).astype(np.float32)
    return record([*events, ended()], agent, np.zeros_like(agent))


def of(result: Review, behaviour: str) -> tuple[int | None, float, str]:
    one = next(one for one in result.behaviours if one.id == behaviour)
    return one.level, one.confidence, one.reason


@pytest.fixture(scope="module")
def even(usual: Samples) -> Review:
    return review(conversation([usual] * TURNS))


@pytest.fixture(scope="module")
def louder(usual: Samples, shouted: Samples) -> Review:
    return review(conversation([usual] * 3 + [shouted] * (TURNS - 3)))


def test_the_same_voice_throughout_reads_as_steady(even: Review) -> None:
    assert level(even, "T1") == 5
    delivery = even.measures.delivery
    assert delivery.raised_voice is not None
    assert delivery.raised_voice.z == pytest.approx(0, abs=0.2)
    assert [turn.turn for turn in delivery.turns] == [2 * n + 2 for n in range(TURNS)]


def test_without_a_warm_up_the_first_two_turns_stand_in_and_are_not_rated(even: Review) -> None:
    delivery = even.measures.delivery
    assert delivery.baseline == "provisional"
    assert "provisional" in delivery.note
    assert [turn.z is None for turn in delivery.turns] == [True] * 2 + [False] * (TURNS - 2)
    assert of(even, "T1")[1] <= 0.5


def test_a_voice_that_goes_up_is_told_in_semitones_and_given_a_line_to_say(louder: Review) -> None:
    assert level(louder, "T1") == 1
    remark = next(item for item in louder.feedback.improve if item.behaviour in ("T1", "SR1"))
    assert remark.number is not None
    assert "semitones higher" in remark.number
    assert "your first two turns" in remark.number
    assert remark.say_instead


def test_the_persons_own_warm_up_is_what_counts(usual: Samples, shouted: Samples) -> None:
    high = Baseline.of([one for one in [hear(shouted, CLEAR)] if one is not None])
    made = datetime(2026, 3, 1, tzinfo=UTC)
    mine = WarmUp(made, "Headset", TRACKER, high, voiced_s=20.0)
    result = review(conversation([shouted] * 5), person=Person(mine))
    assert result.measures.delivery.baseline == "own"
    assert level(result, "T1") == 5
    assert of(result, "T1")[1] > 0.5
    elsewhere = WarmUp(made, "Headset", TRACKER, high, voiced_s=20.0, noise_db=-20.0)
    moved = review(conversation([shouted] * 5), person=Person(elsewhere))
    assert moved.measures.delivery.baseline == "provisional"
    assert "room" in moved.measures.delivery.note


def test_words_a_minute_are_those_of_the_transcript(even: Review, usual: Samples) -> None:
    expected = len(LINE.split()) / (len(usual) / RATE) * 60
    assert even.measures.delivery.words_per_minute == pytest.approx(expected, rel=0.01)


def test_tone_switched_off_is_taken_out_and_said(usual: Samples, shouted: Samples) -> None:
    call = conversation([usual] * 3 + [shouted] * 4)
    result = review(call, person=Person(tone=False))
    for behaviour in ("T1", "T2", "T3", "SR1"):
        found, _, reason = of(result, behaviour)
        assert found is None
        assert "switched" in reason
    told = result.measures.delivery
    assert told.raised_voice is None
    assert told.f0_median_st is None
    assert all(turn.z is None and turn.f0_median_st is None for turn in told.turns)
    assert level(result, "P2") is not None
    assert "switched" in result.note
    tone = next(one for one in result.dimensions if one.id == "tone")
    assert tone.score is None
    assert "switched" in tone.reason
    assert all(item.behaviour not in ("T1", "SR1") for item in result.feedback.improve)
    assert "switched the sound of your voice off" in report.html(result, call)
    assert "switched the sound of your voice off" in " ".join(command.terminal(result, 80).split())


def test_pacing_switched_off_is_taken_out_and_said(usual: Samples) -> None:
    result = review(conversation([usual] * TURNS), person=Person(pacing=False))
    for behaviour in ("P1", "P2", "P3", "P4", "SR2"):
        found, _, reason = of(result, behaviour)
        assert found is None
        assert "switched" in reason
    assert result.measures.delivery.articulation_rate is None
    assert result.measures.delivery.words_per_minute is None
    assert all(turn.pace is None and turn.rate is None for turn in result.measures.delivery.turns)
    assert set(result.measures.timing.not_measured.values()) == {WHY["pacing_off"]}
    assert level(result, "T1") == 5


def test_a_noisy_room_withholds_the_tone(usual: Samples) -> None:
    result = review(conversation([usual] * TURNS, noise=0.05))
    found, _, reason = of(result, "T1")
    assert found is None
    assert "noise" in reason
    assert result.measures.delivery.raised_voice is None


def test_every_missing_number_of_the_voice_has_its_reason(
    usual: Samples, shouted: Samples, even: Review
) -> None:
    results = [even, review(conversation([usual])), review(conversation([usual[:RATE]] * 4))]
    results += [
        review(conversation([usual] * 4), person=Person(None, tone, pacing))
        for tone, pacing in ((False, True), (True, False), (False, False))
    ]
    results.append(review(conversation([np.clip(shouted * 9, -1, 1)] * 4)))
    for result in results:
        told = result.measures.delivery.model_dump()
        assert {name for name, value in told.items() if value is None} == set(told["not_measured"])
        assert all(told["not_measured"].values())


def test_the_same_sound_gives_the_same_json(usual: Samples, even: Review) -> None:
    assert review(conversation([usual] * TURNS)).model_dump_json() == even.model_dump_json()


def test_one_voice_needs_three_turns(usual: Samples) -> None:
    result = review(conversation([usual] * 4))
    assert of(result, "T1")[0] is None
    assert "at least 3" in of(result, "T1")[2]


def test_who_brings_a_real_call_is_not_sent_to_a_warm_up(usual: Samples) -> None:
    call = conversation([usual] * 4)
    said_there = [event for event in call.events if isinstance(event, TurnTaken)]
    spans = {one.turn: (one.start, one.end) for one in said_there if one.who == "agent"}
    quality, voices = kept.measured(call.agent, spans)
    head = Imported(t=0, engines={}, apart=True, timed=True, quality=quality)
    heard = [VoiceMeasured(t=0, turn=turn, values=found) for turn, found in voices.items()]
    told = review(record([head, *said_there, *heard])).measures.delivery
    assert told.baseline == "provisional"
    assert "another line" in told.note


def test_a_call_with_two_long_turns_does_not_deny_that_there_were_any(usual: Samples) -> None:
    assert "0;" not in of(review(conversation([usual] * 2)), "T1")[2]


def test_a_teams_older_texts_lack_no_reason(tmp_path: Path, usual: Samples) -> None:
    own = tmp_path / "prompts"
    own.mkdir()
    shipped = yaml.safe_load((roots.shipped() / "prompts" / "feedback.yaml").read_text("utf-8"))
    shipped["not_measured"] = {"few": "Zu wenig.", "turns": "Zu wenige."}
    (own / "feedback.yaml").write_text(yaml.safe_dump(shipped), "utf-8")
    result = review(conversation([usual] * 4), [tmp_path])
    assert "at least 3" in of(result, "T1")[2]
    assert "Zu wenig." in {one.reason for one in result.dimensions}


# --- with actors ---


def acted(folder: Path, actor: str, kind: str) -> list[Samples]:
    """Sentences of one actor: neutral, calm or angry at normal strength."""
    rows = list(csv.DictReader((folder / "labels.csv").open(encoding="utf-8")))
    files = [
        row["file"]
        for row in rows
        if (row["actor"], row["emotion"], row["intensity"]) == (actor, kind, "normal")
    ]
    return [load_turn(folder / file) for file in files]


@pytest.mark.parametrize("actor", ["02", "03", "04", "05"])
def test_a_raised_call_of_an_actor_reads_lower_than_their_unraised_one(
    eval_data: Path, actor: str
) -> None:
    folder = eval_data / "ravdess"
    usual = acted(folder, actor, "neutral")[:2]
    soft, raised_voice = (
        review(conversation([*usual, *acted(folder, actor, kind)[:4]]))
        for kind in ("calm", "angry")
    )
    one, other = level(soft, "T1"), level(raised_voice, "T1")
    assert one is not None
    assert other is not None
    assert other < one
