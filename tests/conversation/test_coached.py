"""A coach beside real calls: hints are on record right where the customer is about to answer."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.conversation.fakes import TurnsLine
from tests.conversation.test_spoken import Room
from tests.conversation.test_typed import KIND, Desk
from trainer.conversation.coaching import Coach, Level, load
from trainer.domain.events import Coached, Frozen
from trainer.domain.record import CallRecord
from trainer.store import call_folder
from trainer.tui.practised import went_well
from trainer.tui.told import coached

COLD = "Please calm down, that is not my problem."


async def test_each_answer_of_a_typed_call_comes_with_advice() -> None:
    desk = Desk([COLD, KIND])
    seen: list[Any] = []
    desk.hooks.append(seen.append)
    desk.call.dialogue.coach = Coach(desk.call.dialogue.cast, load(()), Level.FULL)
    await desk.call.run()
    kinds = [event.type for event in desk.sink.events]
    planned = [at for at, kind in enumerate(kinds) if kind == "planned"]
    assert [kinds[at + 1] for at in planned] == ["coached"] * len(planned)
    given = desk.sink.all("coached")
    assert given[1].hint == "take_it_back"
    assert [event for event in seen if event.type == "coached"] == list(given)


async def test_in_a_spoken_call_advice_waits_until_the_turn_stands() -> None:
    room = Room(TurnsLine(2.0, 2.0), COLD, KIND)
    room.call.dialogue.coach = Coach(room.call.dialogue.cast, load(()), Level.FULL)
    await room.run()
    moods, given = room.sink.all("mood"), room.sink.all("coached")
    assert [said.turn for said in given] == [1, *(moved.turn + 1 for moved in moods)]
    for moved, said in zip(moods, given[1:], strict=True):
        assert room.sink.events.index(said) > room.sink.events.index(moved)
        assert said.say


async def test_a_coach_changes_nothing_of_the_call() -> None:
    plain, helped = Desk([COLD, KIND]), Desk([COLD, KIND])
    helped.call.dialogue.coach = Coach(helped.call.dialogue.cast, load(()), Level.FULL)
    for desk in (plain, helped):
        await desk.call.run()
    left = [event for event in helped.sink.events if event.type != "coached"]
    assert [event.model_dump(exclude={"wall"}) for event in left] == [
        event.model_dump(exclude={"wall"}) for event in plain.sink.events
    ]


def test_the_debrief_says_what_help_there_was(tmp_path: Path) -> None:
    silence = np.zeros(0, np.float32)
    events = (
        Coached(t=0, turn=1, cue="loud", hint="ask", say="Ask."),
        Coached(t=1, turn=3, cue="loud"),
        Frozen(t=2, turn=3, on=True),
        Frozen(t=2, turn=3, on=False, wall={"stood_s": 12.4}),
    )
    assert coached(CallRecord(tmp_path, {}, events, silence, silence)) == (
        "1 hint shown · stood still once, 12 s that count nowhere"
    )
    assert coached(CallRecord(tmp_path, {}, (), silence, silence)) == ""


def scored(data_dir: Path, name: str, *scores: float | None, **meta: str) -> None:
    """A reviewed call on disk."""
    folder = call_folder.create(data_dir, name)
    folder.meta(**meta)
    folder.close()
    review = {"dimensions": [{"score": score} for score in scores], "critical": []}
    (folder.folder / "review.json").write_text(json.dumps(review))


@pytest.mark.parametrize("name", ["ann", "bob"])
def test_only_ones_own_scored_practice_calls_let_coaching_fade(tmp_path: Path, name: str) -> None:
    scored(tmp_path, "a", 4.0, 4.0, profile="ann")
    scored(tmp_path, "b", 4.0, 2.0, profile="ann")
    scored(tmp_path, "c", 4.5, None, profile="ann")
    scored(tmp_path, "d", 4.0, 4.0, profile="ann", mode="imported")
    call_folder.create(tmp_path, "e").close()
    found = went_well(tmp_path, name)
    assert sorted(found) == ([False, True] if name == "ann" else [])


def test_a_damaged_result_counts_as_none(tmp_path: Path) -> None:
    scored(tmp_path, "a", 4.0, 4.0, profile="ann")
    next(tmp_path.rglob("review.json")).write_text('{"dimensions": 3}')
    assert went_well(tmp_path, "ann") == []
