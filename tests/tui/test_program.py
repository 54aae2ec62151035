"""The real program behind the screens: customers, calls on disk, engines, models on their way."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import filelock
import pytest

from trainer.cli import practice
from trainer.models.arriving import lock
from trainer.models.manifest import get
from trainer.settings import Settings, load
from trainer.tui import arrival
from trainer.tui.program import Program
from trainer.tui.services import EngineState


@dataclass
class NoEngines:
    """A composition root whose engines are all left out."""

    asked: list[bool] = field(default_factory=list)

    async def load(self, settings: Settings, *, listen: bool, told: Any) -> Any:
        self.asked.append(listen)
        told("wording", "off", "authored")

        async def close() -> None:
            """Nothing to end."""

        return SimpleNamespace(voices=[], stt=None, wording=None, missing={}, close=close)


@dataclass
class SlowEngines(NoEngines):
    """Engines that take their time."""

    begun: asyncio.Event = field(default_factory=asyncio.Event)
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    ended: int = 0

    async def load(self, settings: Settings, *, listen: bool, told: Any) -> Any:
        engines = await super().load(settings, listen=listen, told=told)
        self.begun.set()
        await self.ready.wait()

        async def close() -> None:
            self.ended += 1

        engines.close = close
        return engines


def program(root: NoEngines, *, typed: bool = False, **settings: Any) -> Program:
    return Program(load(**settings), lambda: root, practice._review, seed=1, typed=typed)


def test_every_shipped_customer_is_listed_with_what_it_trains_in_words() -> None:
    items = program(NoEngines()).services().customers()
    assert {"olsen-outage", "mercer-billing", "voss-return"} <= {item.name for item in items}
    assert [item.difficulty for item in items] == sorted(item.difficulty for item in items)
    for item in items:
        assert all(len(what) > 3 for what in item.trains), item.trains


def test_without_calls_the_list_is_empty_and_nothing_is_made() -> None:
    assert list(program(NoEngines()).services().calls()) == []


async def test_a_typed_start_does_not_load_speech_to_text() -> None:
    root = NoEngines()
    told: list[EngineState] = []
    await program(root, typed=True).warm(told.append)
    assert root.asked == [False]
    assert EngineState("stt", "off", "not needed: this call is typed") in told


async def test_engines_that_nobody_waits_for_any_more_are_ended_all_the_same() -> None:
    root = SlowEngines()
    running = program(root)
    first = asyncio.create_task(running.warm(lambda state: None))
    await root.begun.wait()
    second = asyncio.create_task(running.warm(lambda state: None))  # another voice was chosen …
    await asyncio.sleep(0)
    second.cancel()  # … and another one at once
    first.cancel()
    third = asyncio.create_task(running.warm(lambda state: None))
    root.ready.set()
    await third
    await running.close()
    assert root.ended == len(root.asked) == 2


async def test_a_model_on_its_way_is_shown_until_it_is_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAINER_CACHE", str(tmp_path))
    monkeypatch.setattr(arrival, "ARRIVAL_S", 0.05)
    on_its_way, here = asyncio.Event(), asyncio.Event()

    def tell(state: EngineState) -> None:
        if "0% here" in state.name:
            on_its_way.set()
        elif "next start" in state.name:
            here.set()

    bringing = filelock.FileLock(lock(get("local-llm")).lock_file)
    Path(bringing.lock_file).parent.mkdir(parents=True, exist_ok=True)
    running = program(NoEngines())
    with bringing:
        await running.warm(tell)
        await asyncio.wait_for(on_its_way.wait(), 30)
    await asyncio.wait_for(here.wait(), 30)
    await running.close()
