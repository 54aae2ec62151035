"""Which calls are hostile, when a break is due, and the private tap."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from trainer.domain.errors import BadInput
from trainer.domain.events import ActFound, CallEnded, CallStarted, Event, MoodMoved
from trainer.domain.mood import Feeling, Status
from trainer.review import load
from trainer.review.load import Taken, break_due, hostile
from trainer.store import taps
from trainer.store.taps import Tap

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def call(
    *values: float, status: Status = Status.AGENT_ENDED, acts: Sequence[str] = ()
) -> list[Event]:
    """A call in which the customer's anger took these values; `acts` are of the first turn."""
    began = CallStarted(
        t=0, persona="x", variant="a", seed=1, mode="spoken", engines={}, mood={"anger": 0.9}
    )
    moods = [
        MoodMoved(
            t=turn,
            turn=turn,
            acts=[
                ActFound(act=act, quote="", start=0, end=0, confidence=1, method="rule")
                for act in (acts if not turn else ())
            ],
            appraisal={},
            mood={"anger": value, "sadness": 0.9},
            cause=[],
            engine="1",
        )
        for turn, value in enumerate(values)
    ]
    return [began, *moods, CallEnded(t=9, status=status)]


@pytest.mark.parametrize(
    ("events", "counts"),
    [
        (call(0.8, 0.7), True),
        (call(0.9, 0.3), False),
        (call(0.9, 0.3, status=Status.HUNG_UP), True),
        (call(0.9, 0.7, status=Status.ABORTED), True),
        (call(0.8, 0.2, acts=["boundary"]), True),
        (call(0.3, 0.2, acts=["boundary"]), False),
        (call(), False),
        ([], False),
    ],
    ids=["hot at the end", "eased", "hung up", "stopped", "bounds", "kind bounds", "none", "empty"],
)
def test_a_call_is_hostile_by_what_the_customer_did(events: list[Event], counts: bool) -> None:
    assert hostile(events) is counts


def test_the_feeling_that_counts_is_the_one_the_customer_leads_with() -> None:
    sad = call(0.1, 0.1)
    assert isinstance(sad[0], CallStarted)
    assert hostile([sad[0].model_copy(update={"lead": Feeling.SADNESS}), *sad[1:]])
    assert not hostile(sad)


def taken(ago_min: float, hard: bool = True, length_min: float = 5) -> Taken:
    ended = NOON - timedelta(minutes=ago_min)
    return Taken(ended - timedelta(minutes=length_min), ended, hard)


def test_two_hostile_calls_in_a_row_ask_for_a_break() -> None:
    assert break_due([taken(2), taken(12)], NOON)
    assert not break_due([taken(2)], NOON)


def test_a_gentle_call_between_or_after_is_enough() -> None:
    assert not break_due([taken(2, hard=False), taken(12), taken(20)], NOON)
    assert not break_due([taken(2), taken(12, hard=False), taken(20)], NOON)


def test_who_has_rested_is_asked_for_nothing() -> None:
    assert not break_due([taken(31), taken(40)], NOON)
    assert not break_due([taken(2), taken(60)], NOON)


def test_the_texts_are_there_and_a_teams_mistake_is_named(tmp_path: Path) -> None:
    assert load.texts([]).ends[0]
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "care.yaml").write_text("break: x\n")
    with pytest.raises(BadInput, match=r"care\.yaml:1:1: offer"):
        load.texts([tmp_path])


# --- the tap ---


def test_taps_are_kept_for_one_person_and_only_they_can_read_them(tmp_path: Path) -> None:
    one = Tap(at=NOON, when="before", value=2)
    two = Tap(at=NOON + timedelta(minutes=9), when="after", value=4)
    taps.add(tmp_path, "ann", one)
    taps.add(tmp_path, "ann", two)
    taps.add(tmp_path, "bob", two)
    assert taps.taps(tmp_path, "ann") == [one, two]
    for path in (tmp_path / "taps").iterdir():
        assert path.stat().st_mode & 0o777 == 0o600
        assert "ann" not in path.name
    assert (tmp_path / "taps").stat().st_mode & 0o777 == 0o700


def test_deleting_taps_leaves_nothing_of_them_and_nobody_elses_go(tmp_path: Path) -> None:
    for who in ("ann", "bob"):
        taps.add(tmp_path, who, Tap(at=NOON, when="before", value=3))
    assert taps.delete(tmp_path, "ann") == 1
    assert taps.taps(tmp_path, "ann") == []
    assert len(taps.taps(tmp_path, "bob")) == 1
    assert len(list((tmp_path / "taps").iterdir())) == 1
    assert taps.delete(tmp_path, "ann") == 0


def test_a_damaged_file_of_taps_is_no_reason_to_stop(tmp_path: Path) -> None:
    taps.add(tmp_path, "ann", Tap(at=NOON, when="before", value=3))
    next((tmp_path / "taps").iterdir()).write_text("{")
    assert taps.taps(tmp_path, "ann") == []
    taps.add(tmp_path, "ann", Tap(at=NOON, when="after", value=1))
    assert [tap.value for tap in taps.taps(tmp_path, "ann")] == [1]
