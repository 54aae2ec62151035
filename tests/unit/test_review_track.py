"""The agent's track: no gap is zero, a raised voice is above its line, marks keep their time."""

import re
from collections.abc import Sequence

import pytest

from tests.unit.test_review import ended, exchange, record, said, started
from trainer.domain.audio import samples
from trainer.domain.events import Event, Happened
from trainer.domain.mood import Happening
from trainer.review import curve, track_text
from trainer.review.debrief import review
from trainer.review.model import CurvePoint, TrackMark
from trainer.review.track import Bar, Track, track, voice

WIDE = 60
"""Columns; a minute, so that a column is a second."""


def own(*bars: tuple[float, float, float | None, float | None], **more: object) -> Track:
    """A track of a minute; each bar is (start, end, z, pace)."""
    made = tuple(Bar(2 * n, *bar) for n, bar in enumerate(bars, start=1))
    return Track(**({"end_s": 60.0, "bars": made, "marks": ()} | more))  # type: ignore[arg-type]


def row(drawn: Sequence[track_text.Row], label: str) -> str:
    return next(row.text for row in drawn if row.label == label)


def filled(text: str) -> set[int]:
    """Columns in which something was measured."""
    return {column for column, char in enumerate(text) if char not in " ·⡀"}


def point(t_s: float, value: float, before: float, why: str = "", quote: str = "") -> CurvePoint:
    return CurvePoint(
        turn=int(t_s), t_s=t_s, value=value, before=before, why=why, quote=quote, good=None,
        start_s=t_s, end_s=t_s,
    )  # fmt: skip


def test_a_turn_that_was_not_measured_is_a_gap_and_never_a_low_bar() -> None:
    drawn = track_text.rows(own((10, 20, None, None), (30, 40, 0.0, 1.0)), WIDE)
    voice, faster = row(drawn, "voice"), row(drawn, "faster")
    assert voice[10:20] == faster[10:20] == "·" * 10
    assert filled(voice) == filled(faster) == set(range(30, 40))


@pytest.mark.parametrize(
    ("z", "reaches"),
    [(-2.0, {"voice"}), (0.9, {"voice"}), (1.2, {"voice", "raised"}), (9.0, None)],
)
def test_a_voice_reaches_a_row_when_it_is_as_far_raised(z: float, reaches: set[str] | None) -> None:
    drawn = track_text.rows(own((10, 20, z, None), no_pace="off"), WIDE)
    reached = {row.label for row in drawn if filled(row.text)}
    assert reached == (reaches or {"voice", "raised", "clearly"})


def test_faster_is_above_the_line_of_the_usual_pace_and_slower_below() -> None:
    drawn = track_text.rows(own((0, 9, 0, 1.3), (20, 29, 0, 0.7), (40, 49, 0, 1.0)), WIDE)
    assert filled(row(drawn, "slower")) == set(range(20, 29))
    faster = row(drawn, "faster")
    assert faster[0] != faster[40] == faster[20], "only the line itself"


def test_what_was_not_measured_at_all_has_no_row_and_one_reason() -> None:
    typed_off = own((0, 9, None, None), no_voice="No sound.", no_pace="No sound.")
    assert track_text.rows(typed_off, WIDE) == []
    assert track_text.captions(typed_off) == ["Your voice and pace: not measured. No sound."]
    assert "Your voice and pace: not measured. No sound." in curve.svg([], "anger", track=typed_off)


def test_a_long_reason_is_not_cut_off_in_the_picture() -> None:
    why = "You have switched pacing off, " + "and so on, " * 12
    told = own((0, 9, 0.3, None), no_pace=why)
    drawn = re.findall(r"<text[^>]*>([^<]+)<", curve.svg([], "anger", track=told))
    lines = [line for line in drawn if "Your pace" in line or "so on" in line]
    assert len(lines) == 2
    assert all(len(line) <= 100 for line in lines)
    assert " ".join(lines).endswith(why.strip())


def test_marks_stand_at_their_time_and_only_those_that_occur_are_explained() -> None:
    marks = (
        TrackMark(kind="silence", turn=1, start_s=10, end_s=20),
        TrackMark(kind="customer_cut_in", turn=2, start_s=45.2, end_s=45.2),
    )
    told = own((0, 9, 0.1, 1.0), marks=marks)
    line = row(track_text.rows(told, WIDE), "marks")
    assert line.rstrip() == " " * 10 + "─" * 10 + " " * 25 + "›"
    assert track_text.captions(told)[-1] == "› they cut in   ─ silence over 4 s"


@pytest.mark.parametrize("width", [8, 27, 67, 187])
def test_every_row_is_as_wide_as_the_curve(width: int) -> None:
    marks = (TrackMark(kind="hold", turn=0, start_s=59, end_s=60),)
    told = own((0, 9, 3.3, 0.2), (59.9, 60, None, None), marks=marks)
    assert {len(row.text) for row in track_text.rows(told, width)} == {width}


def test_curve_and_track_share_the_axis() -> None:
    told = own((20, 30, 1.5, 1.0))
    drawn = curve.text([point(0, 0.5, 0.5), point(30, 0.9, 0.5)], "anger", 73, track=told)
    lines = drawn.splitlines()
    bar = next(line for line in lines if line.startswith("      voice"))
    reaches = max(len(line.rstrip()) for line in lines[:10])
    assert len(bar) == 13 + 30
    assert reaches - len(bar) in {0, 1}, "half a column of rounding"
    assert all(len(line) <= 73 for line in lines)


def test_a_second_series_is_told_from_the_first_without_colour() -> None:
    then = [point(0, 0.8, 0.8), point(20, 0.9, 0.8, "was blamed", "You should have")]
    now = [point(10, 0.8, 0.8), point(25, 0.4, 0.8, "felt understood", "So you waited")]
    drawn = curve.text(then, "anger", 80, compare=now)
    assert re.search(r"^Then\n +1 .*You should have", drawn, re.M)
    assert re.search(r"^Now\n +◇ .*So you waited", drawn, re.M)
    assert sum(line.count("◇") for line in drawn.splitlines()[:10]) == 2
    picture = curve.svg(then, "anger", compare=now)
    assert picture.count("<polyline") == 2
    assert ">then<" in picture
    assert ">now<" in picture


# --- from the log ---


def test_who_cut_in_and_who_was_silent_is_marked_where_it_was() -> None:
    events: list[Event] = [
        started(),
        said(1, "customer", "And then I", 0, 3, unheard="had to wait for a whole week"),
        *exchange(1, 0, "Let me stop you there.", 0.8)[1:],
        Happened(t=samples(6.5), kind=Happening.CUSTOMER_INTERRUPT, turn=2),
        *exchange(3, 9, "Go on.", 0.8, gap=6.0),
        ended(),
    ]
    found = {mark.kind: (mark.start_s, mark.end_s) for mark in review(record(events)).marks}
    assert found["agent_cut_in"] == (4.0, 4.0)
    assert found["customer_cut_in"] == (6.5, 6.5)
    assert found["silence"] == (12.0, 18.0)


def test_a_typed_call_has_neither_track_nor_marks() -> None:
    call = record([started("typed"), *exchange(1, 0, "Hello.", 0.7), ended()])
    assert track(review(call)) is None
    assert review(call).marks == []


def test_a_spoken_call_without_sound_says_why_there_is_no_voice() -> None:
    told = track(review(record([started(), *exchange(1, 0, "Hello there.", 0.7), ended()])))
    assert told is not None
    assert told.missing == [
        "Your voice and pace: not measured. There is no sound of yours in the recording."
    ]


@pytest.mark.parametrize(
    ("z", "words"),
    [(0.4, "as usual (+0.4)"), (-0.6, "as usual (−0.6)"), (1.3, "raised (+1.3)"), (None, "")],
)
def test_a_voice_is_told_as_sound(z: float | None, words: str) -> None:
    assert voice(z) == words
