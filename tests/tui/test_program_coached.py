"""The real program puts a coach beside a typed call, as far as setting and latest calls allow."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.conversation.test_coached import COLD, scored
from trainer.cli import practice
from trainer.domain.events import Coached
from trainer.settings import load
from trainer.store import reading
from trainer.tui.program import Program
from trainer.tui.session import Notice

pytestmark = pytest.mark.engine


async def called(**settings: Any) -> tuple[Path, list[str]]:
    """One typed call with a cold answer and a standstill; its folder, and what was noticed."""
    given = load(wording="authored", voice="none", **settings)
    running = Program(given, practice._composition_root, practice._review, seed=1, typed=True)
    noticed: list[str] = []

    def see(seen: object) -> None:
        if isinstance(seen, Notice):
            noticed.append(seen.text)

    try:
        call = await running.open_call(running.cast("olsen-outage"), True, see)

        async def person() -> None:
            await asyncio.sleep(0.3)
            call.controls.freeze(True)
            call.controls.freeze(False)
            call.controls.say(COLD)
            await asyncio.sleep(1.0)
            call.controls.end()

        await asyncio.gather(call.controls.run(), person())
    finally:
        await running.close()
    return call.folder, noticed


def hints(folder: Path) -> list[str]:
    events = reading.events(folder)
    return [event.hint for event in events if isinstance(event, Coached) and event.hint]


async def test_a_practice_call_is_coached_and_says_so_in_its_record() -> None:
    folder, _ = await called()
    assert reading.meta(folder)["coaching"] == "full"
    assert hints(folder)[0] == "name_it"
    assert len(hints(folder)) == 2
    assert [event.type for event in reading.events(folder)].count("frozen") == 2


async def test_calls_that_went_well_take_the_hints_away() -> None:
    data_dir = load().data_dir
    for number in range(5):
        scored(data_dir, f"c{number}", 4.0, 4.5, profile="default")
    folder, _ = await called()
    assert reading.meta(folder)["coaching"] == "off"
    assert hints(folder) == []


async def test_a_teams_mistake_costs_the_hints_and_not_the_call(tmp_path: Path) -> None:
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "coaching.yaml").write_text("cues: 3\n")
    folder, noticed = await called(team_dir=tmp_path)
    assert any("No hints in this call" in text and "coaching.yaml" in text for text in noticed)
    assert hints(folder) == []
    assert json.loads((folder / "meta.json").read_text())["status"] == "agent_ended"
