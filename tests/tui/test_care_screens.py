"""Warm-up, private taps, breaks and what is kept of oneself: as a person meets them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Button, Select

from tests.tui.reading import LARGE, SMALL, settle, text, until
from tests.tui.standin import Program
from tests.unit.test_delivery_baselines import MADE
from trainer.cli import warming
from trainer.domain.baseline import WarmUp
from trainer.domain.errors import BadInput, EngineMissing, TrainerError
from trainer.domain.events import CallEnded, CallStarted, Event, MoodMoved, to_line
from trainer.domain.mood import Status
from trainer.review.delivery import warm_up_words
from trainer.settings import Settings
from trainer.store import baselines, taps
from trainer.tui.care import Care
from trainer.tui.screens import warm_up
from trainer.tui.widgets.key_bar import KeyBar


@dataclass
class ScriptedTaking:
    """A microphone that hears a voice; what it made of the parts can be read back."""

    settings: Settings
    result: WarmUp | TrainerError
    missing: TrainerError | None = None
    parts: list[str] = field(default_factory=list)

    def texts(self) -> warm_up_words.Texts:
        return warm_up_words.load(())

    async def levels(self) -> AsyncIterator[float]:
        if self.missing:
            raise self.missing
        while True:
            yield -24.0
            await asyncio.sleep(0.02)

    def part(self, name: str) -> None:
        self.parts.append(name)

    async def made(self) -> warming.Found:
        if isinstance(self.result, TrainerError):
            raise self.result
        return warming.found(self.settings, self.result)

    async def keep(self, one: warming.Found) -> None:
        warming.keep(self.settings, one.made)

    async def close(self) -> None:
        self.parts.append("closed")


class Root:
    """The composition root without devices."""

    def __init__(self, taking: ScriptedTaking | None = None) -> None:
        self.taking = taking

    def warm_up(self, settings: Settings) -> Any:
        return self.taking

    def warm_up_standing(self, settings: Settings) -> str:
        return ""


def cared(folder: Path, result: WarmUp | TrainerError = MADE, **more: Any) -> Program:
    """A program with the real care over a scripted microphone."""
    settings = Settings(data_dir=folder)
    root = Root(ScriptedTaking(settings, result, **more))
    return Program(folder, care=Care(lambda: settings, lambda: root))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every part lasts a moment."""
    monkeypatch.setattr(warm_up, "PARTS", dict.fromkeys(warm_up.PARTS, 0.2))


async def open_warm_up(pilot: Pilot[None]) -> None:
    await until(pilot, "Rita Olsen")
    await pilot.press("u")
    await until(pilot, "under a minute")
    await until(pilot, "good")


@pytest.mark.usefixtures("quick")
async def test_room_sentences_and_talk_make_a_warm_up_that_is_shown_and_kept(
    tmp_path: Path,
) -> None:
    program = cared(tmp_path)
    app = program.app()
    async with app.run_test(size=SMALL) as pilot:
        await open_warm_up(pilot)
        assert "no sound" in text(app)
        await pilot.press("enter")
        seen = await until(pilot, "It holds for Headset")
        for said in ("Hz", "above the room", "syllables a second", "a quiet room"):
            assert said in seen
        assert baselines.history(tmp_path, "default", "Headset") == [MADE]
        await pilot.press("enter")
        await until(pilot, "Who is calling?")
        await pilot.pause()
    assert program.care is not None
    taking = program.care.warm_up()
    assert isinstance(taking, ScriptedTaking)
    assert taking.parts == ["room", "first", "second", "talk", "", "closed"]


async def test_a_sentence_that_was_read_ends_with_enter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lengths = {"room": 0.2, "first": 60.0, "second": 60.0, "talk": 60.0}
    monkeypatch.setattr(warm_up, "PARTS", lengths)
    app = cared(tmp_path).app()
    async with app.run_test(size=SMALL) as pilot:
        await open_warm_up(pilot)
        await pilot.press("enter")
        await until(pilot, "Robin")
        await pilot.press("enter")
        await until(pilot, "nine yellow boxes")
        await pilot.press("enter")
        await until(pilot, "your usual voice, about anything")


@pytest.mark.usefixtures("quick")
async def test_a_warm_up_louder_than_ever_asks_to_be_repeated_and_may_be_kept(
    tmp_path: Path,
) -> None:
    baselines.save(tmp_path, "default", MADE)
    loud = replace(MADE, voice=replace(MADE.voice, level_db=-18.0), made=datetime.now(UTC))
    app = cared(tmp_path, loud).app()
    async with app.run_test(size=SMALL) as pilot:
        await open_warm_up(pilot)
        await pilot.press("enter")
        await until(pilot, "12 dB louder")
        assert baselines.history(tmp_path, "default", "Headset") == [MADE]
        await pilot.press("k")
        await until(pilot, "It holds for Headset")
        assert baselines.history(tmp_path, "default", "Headset") == [MADE, loud]


@pytest.mark.usefixtures("quick")
async def test_too_little_voice_is_said_and_tried_again(tmp_path: Path) -> None:
    fault = BadInput("Only 2 s of voice were heard.", "Speak for a little longer.")
    program = cared(tmp_path, fault)
    assert program.care is not None
    taking = program.care.warm_up()
    assert isinstance(taking, ScriptedTaking)
    app = program.app()
    async with app.run_test(size=SMALL) as pilot:
        await open_warm_up(pilot)
        await pilot.press("enter")
        await until(pilot, "Only 2 s of voice")
        await pilot.press("r")
        for _ in range(200):
            await pilot.pause(0.03)
            if taking.parts.count("talk") == 2:
                break
        await until(pilot, "Only 2 s of voice")
        assert taking.parts == ["room", "first", "second", "talk", ""] * 2


async def test_without_a_microphone_nothing_can_be_begun(tmp_path: Path) -> None:
    gone = EngineMissing("No microphone was found.", "Plug one in and try again.")
    app = cared(tmp_path, missing=gone).app()
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, "Rita Olsen")
        await pilot.press("u")
        await until(pilot, "No microphone was found")
        await pilot.press("enter")
        await pilot.pause()
        assert "No microphone was found" in text(app)


async def test_the_device_check_leads_to_the_warm_up_and_gives_its_microphone_up(
    tmp_path: Path,
) -> None:
    program = cared(tmp_path)
    app = program.app()
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, "Rita Olsen")
        await pilot.press("w")
        await until(pilot, "Device check")
        await pilot.press("u")
        await until(pilot, "under a minute")
        await pilot.pause()
        assert program.sound.did == ["close"]


async def test_warm_ups_are_deleted_after_one_question(tmp_path: Path) -> None:
    baselines.save(tmp_path, "default", MADE)
    app = cared(tmp_path).app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await open_warm_up(pilot)
        await pilot.press("d")
        await until(pilot, "Delete your warm-ups?")
        await pilot.press("y")
        await until(pilot, "Deleted: 1.")
        assert baselines.latest(tmp_path, "default") is None


# --- taps ---


async def test_who_taps_before_a_call_is_asked_once_more_after_it(tmp_path: Path) -> None:
    app = cared(tmp_path).app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until(pilot, "Rita Olsen")
        await pilot.press("enter")
        await until(pilot, "How loaded")
        await pilot.press("2")
        await until(pilot, "kept for you alone")
        await pilot.press("5")  # the first answer stands
        await pilot.press("enter")
        await until(pilot, "● REC")
        await pilot.press("e", "e")
        await until(pilot, "Before you go on")
        await pilot.press("4")
        await until(pilot, "Their side of it")
        await settle(pilot)
    kept = taps.taps(tmp_path, "default")
    assert [(tap.when, tap.value) for tap in kept] == [("before", 2), ("after", 4)]


async def test_who_does_not_tap_is_asked_nothing(tmp_path: Path) -> None:
    app = cared(tmp_path).app()
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, "Rita Olsen")
        await pilot.press("enter")
        await until(pilot, "How loaded")
        await pilot.press("enter")
        await until(pilot, "● REC")
        await pilot.press("e", "e")
        await until(pilot, "Their side of it")
        assert "Before you go on" not in text(app)
    assert taps.taps(tmp_path, "default") == []


async def test_a_stopped_call_asks_too_and_esc_is_an_answer(tmp_path: Path) -> None:
    app = cared(tmp_path).app()
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, "Rita Olsen")
        await pilot.press("enter")
        await until(pilot, "How loaded")
        await pilot.press("3", "enter")
        await until(pilot, "● REC")
        await pilot.press("x")
        await until(pilot, "Before you go on")
        await pilot.press("escape")
        await until(pilot, "Who is calling?")
        await settle(pilot)
    assert [tap.value for tap in taps.taps(tmp_path, "default")] == [3]


# --- at home ---


def call_on_disk(data_dir: Path, name: str, ago_min: float, *, hot: bool, mode: str) -> None:
    """A reviewed call in the data folder; `hot`: its customer ended in anger."""
    folder = data_dir / "calls" / name
    folder.mkdir(parents=True)
    began = datetime.now(UTC) - timedelta(minutes=ago_min)
    (folder / "meta.json").write_text(f'{{"mode": "{mode}", "started": "{began.isoformat()}"}}')
    (folder / "review.json").write_text("{}")
    events: list[Event] = [
        CallStarted(
            t=0, persona="x", variant="a", seed=1, mode="spoken", engines={}, mood={"anger": 0.7}
        ),
        MoodMoved(
            t=1,
            turn=2,
            acts=[],
            appraisal={},
            mood={"anger": 0.8 if hot else 0.1},
            cause=[],
            engine="1",
        ),
        CallEnded(t=16000 * 60, status=Status.AGENT_ENDED),
    ]
    (folder / "events.jsonl").write_text("".join(to_line(event) + "\n" for event in events))


async def test_after_two_hostile_calls_a_break_is_suggested_once_and_kindly(
    tmp_path: Path,
) -> None:
    for name, ago in (("20260301T1", 20), ("20260301T2", 5)):
        call_on_disk(tmp_path, name, ago, hot=True, mode="typed")
    app = cared(tmp_path).app()
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, "Two hard calls")
        await pilot.press("b")
        await until(pilot, "any key")
        await pilot.press("space")
        await until(pilot, "Two hard calls")
        await pilot.press("n")
        await until(pilot, "Who is calling?")
        assert "Two hard calls" not in text(app)
        await pilot.press("s")
        await until(pilot, "kept as you change")
        await pilot.press("escape")
        await until(pilot, "Who is calling?")
        await settle(pilot)
        assert "Two hard calls" not in text(app)


async def test_one_hostile_call_suggests_nothing(tmp_path: Path) -> None:
    call_on_disk(tmp_path, "20260301T1", 20, hot=False, mode="typed")
    call_on_disk(tmp_path, "20260301T2", 5, hot=True, mode="typed")
    care = cared(tmp_path).care
    assert care is not None
    assert care.note() is None


async def test_the_warm_up_is_offered_after_a_debrief_until_dismissed(tmp_path: Path) -> None:
    call_on_disk(tmp_path, "20260301T1", 20, hot=False, mode="spoken")
    program = cared(tmp_path)
    app = program.app()
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, "u: warm up")
        await pilot.press("n")
        await settle(pilot)
        assert "u: warm up" not in text(app)
        assert program.saved == {"offer_warm_up": False}


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: baselines.save(folder, "default", MADE),
        lambda folder: (folder / "calls" / "20260301T1" / "review.json").unlink(),
    ],
    ids=["has one", "no debrief yet"],
)
def test_the_warm_up_is_offered_only_when_it_would_help(
    tmp_path: Path, change: Callable[[Path], object]
) -> None:
    call_on_disk(tmp_path, "20260301T1", 20, hot=False, mode="spoken")
    care = cared(tmp_path).care
    assert care is not None
    note = care.note()
    assert note is not None
    assert note.kind == "warm_up"
    change(tmp_path)
    assert care.note() is None


# --- settings ---


async def test_sound_pace_and_coaching_are_switched_in_plain_words(tmp_path: Path) -> None:
    program = cared(tmp_path)
    app = program.app()
    async with app.run_test(size=LARGE) as pilot:
        await until(pilot, "Rita Olsen")
        await pilot.press("s")
        await until(pilot, "Sound of my voice")
        await settle(pilot)
        for name, value in (("tone", "no"), ("pacing", "no"), ("coaching", "light")):
            app.screen.query_one(f"#{name}", Select).value = value
        await until(pilot, "left out, and the debrief says so")
        await pilot.pause()
        assert program.saved == {"tone": False, "pacing": False, "coaching": "light"}


async def test_what_is_kept_of_oneself_can_be_deleted_in_the_settings(tmp_path: Path) -> None:
    baselines.save(tmp_path, "default", MADE)
    taps.add(tmp_path, "default", taps.Tap(at=datetime.now(UTC), when="before", value=2))
    app = cared(tmp_path).app()
    async with app.run_test(size=LARGE, notifications=True) as pilot:
        await until(pilot, "Rita Olsen")
        await pilot.press("s")
        await until(pilot, "Delete my warm-ups")
        for name in ("#forget-warm-ups", "#forget-taps"):
            app.screen.query_one(name, Button).press()
            await until(pilot, "This cannot be undone")
            await pilot.press("escape")
            await until(pilot, "Delete my warm-ups")
            assert baselines.latest(tmp_path, "default") or name == "#forget-taps"
            assert taps.taps(tmp_path, "default")
            app.screen.query_one(name, Button).press()
            await until(pilot, "This cannot be undone")
            await pilot.press("y")
            await until(pilot, "Deleted: 1")
    assert baselines.latest(tmp_path, "default") is None
    assert taps.taps(tmp_path, "default") == []


# --- on a small terminal ---

SCREENS = {
    "home with a word": (("", "Two hard calls"),),
    "brief": (("", "Rita Olsen"), ("enter", "How loaded")),
    "warm-up": (("", "Rita Olsen"), ("u", "no sound")),
    "warm-up done": (("", "Rita Olsen"), ("u", "good"), ("enter", "It holds for Headset")),
    "settings": (("", "Rita Olsen"), ("s", "kept as you change")),
    "still": (
        ("", "Rita Olsen"),
        ("enter", "How loaded"),
        ("enter", "● REC"),
        ("f6", "stands still"),
        ("b", "in for 4 s"),
    ),
}


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("screen", SCREENS)
async def test_nothing_of_it_is_cut_off_on_a_small_terminal(tmp_path: Path, screen: str) -> None:
    for name, ago in (("20260301T1", 20), ("20260301T2", 5)):
        call_on_disk(tmp_path, name, ago, hot=True, mode="spoken")
    app = cared(tmp_path).app(avoid=["crying"])
    async with app.run_test(size=SMALL) as pilot:
        for key, seen in SCREENS[screen]:
            if key:
                await pilot.press(key)
            await until(pilot, seen)
        window = app.screen.region
        for widget in app.screen.query("*"):
            parents = [one for one in widget.ancestors if isinstance(one, Widget)]
            scrolls = any(parent.max_scroll_y > 0 for parent in parents)
            if widget.is_on_screen and widget.region.area and not scrolls:
                assert window.contains_region(widget.region), widget
        for bar in app.screen.query(KeyBar):
            assert all(key.label in text(app) for key in bar._keys)
