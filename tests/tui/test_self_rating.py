"""Rate yourself first: by digits, arrows and mouse, left out with one key, never in the way."""

import asyncio
import threading
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.reading import SMALL, settle, text, until
from tests.tui.standin import Program
from tests.unit.test_review import ended, exchange, on_disk, said, started
from trainer.domain.errors import BadInput
from trainer.domain.events import Event
from trainer.domain.mood import Status
from trainer.domain.record import CallRecord
from trainer.review.debrief import review
from trainer.review.model import Review
from trainer.review.self_rating import beside
from trainer.store import calls, self_rating
from trainer.store.inside import write_private
from trainer.tui.app import TrainerApp
from trainer.tui.own import Own
from trainer.tui.screens.breathing import IN_S, LENGTH_S, OUT_S, BreathingScreen, breath
from trainer.tui.screens.debrief import DebriefScreen
from trainer.tui.screens.help import HelpScreen
from trainer.tui.screens.self_rating import SelfRatingScreen
from trainer.tui.widgets.question import Question


def settle_on_disk(result: Review, record: CallRecord) -> Review:
    told = beside(result, self_rating.load(record.folder))
    write_private(record.folder / "review.json", told.model_dump_json())
    return told


def reviewed(folder: Path) -> tuple[CallRecord, Review]:
    record = calls.load(folder)
    return record, settle_on_disk(review(record), record)


def a_call(folder: Path, *, turns: int = 3, status: Status = Status.SATISFIED) -> Path:
    events: list[Event] = [started()]
    for n in range(turns):
        events += exchange(2 * n + 1, n * 8.0, "I can do that today.", 0.5)
    return on_disk(folder, [*events, ended(status)])


def app_with(own: Own, folder: Path) -> TrainerApp:
    return Program(folder, own=own).app()


async def ask(pilot: Pilot[None], folder: Path, own: Own) -> list[None]:
    """Open the questions; the list fills when they are over."""
    over: list[None] = []
    pilot.app.push_screen(SelfRatingScreen(folder, own), over.append)
    await until(pilot, "How was it?")
    return over


async def gone(pilot: Pilot[None]) -> None:
    for _ in range(100):
        if not isinstance(pilot.app.screen, SelfRatingScreen | BreathingScreen):
            return
        await asyncio.sleep(0.02)
    raise AssertionError(text_of(pilot))


def text_of(pilot: Pilot[None]) -> str:
    assert isinstance(pilot.app, TrainerApp)
    return text(pilot.app)


async def step(pilot: Pilot[None], *keys_and_words: Sequence[str]) -> None:
    for key, words in keys_and_words:
        await pilot.press(key)
        await until(pilot, words)


THROUGH = (
    ("4", "▸ Pacing."),
    ("3", "▸ Empathy."),
    ("2", "▸ Self-regulation."),
    ("5", "Which moment got to you most?"),
    ("2", "Where in your body"),
    ("3", "What did they feel most?"),
    ("1", "▸ ○ 1 somebody who sees"),
    ("4", "What might be going on for them?"),
)


async def test_nine_keys_and_a_line_are_a_whole_rating(tmp_path: Path) -> None:
    folder = a_call(tmp_path / "call")
    own = Own(list, reviewed, settle_on_disk)
    async with app_with(own, tmp_path).run_test(size=SMALL, notifications=True) as pilot:
        over = await ask(pilot, folder, own)
        await until(pilot, "▸ Tone.")
        for key, words in THROUGH:
            page = pilot.app.screen.query_one("#rate")
            assert page.max_scroll_y == 0, text_of(pilot)  # each page is seen whole
            await step(pilot, (key, words))
        assert pilot.app.screen.query_one(Input).has_focus
        await pilot.press(*"Rent", "enter")
        await gone(pilot)
        assert over == [None]
        assert "hard call" not in text_of(pilot)
    kept = self_rating.load(folder)
    assert kept is not None
    assert kept.dimensions == {"tone": 4, "pacing": 3, "empathy": 2, "self_regulation": 5}
    assert (kept.moment, kept.body, kept.felt, kept.needed) == (3, "chest", "anger", "fairness")
    assert kept.reframe == "Rent"
    assert own.debrief(folder)[1].self_rating is not None


async def test_escape_leaves_it_out_and_keeps_nothing(tmp_path: Path) -> None:
    folder = a_call(tmp_path / "call")
    own = Own(list, reviewed, settle_on_disk)
    async with app_with(own, tmp_path).run_test(size=SMALL, notifications=True) as pilot:
        over = await ask(pilot, folder, own)
        await until(pilot, "▸ Tone.")
        await pilot.press("4", "escape")
        await gone(pilot)
        assert over == [None]
    assert not (folder / "self.json").exists()


async def test_where_in_the_body_is_asked_of_a_moment_only(tmp_path: Path) -> None:
    folder = a_call(tmp_path / "call")
    own = Own(list, reviewed, settle_on_disk)
    async with app_with(own, tmp_path).run_test(size=SMALL, notifications=True) as pilot:
        await ask(pilot, folder, own)
        await until(pilot, "▸ Tone.")
        await step(pilot, *THROUGH[:4], ("0", "What did they feel most?"))
        await step(pilot, ("f2", "Which moment got to you most?"))
        assert "● 0 none of them" in text_of(pilot)
        await step(pilot, ("1", "Where in your body"))


async def test_arrows_and_enter_do_what_digits_do(tmp_path: Path) -> None:
    folder = a_call(tmp_path / "call")
    own = Own(list, reviewed, settle_on_disk)
    async with app_with(own, tmp_path).run_test(size=SMALL, notifications=True) as pilot:
        await ask(pilot, folder, own)
        await until(pilot, "▸ Tone.")
        await pilot.press("right", "right")
        await step(pilot, ("enter", "▸ Pacing."))
        await step(pilot, ("down", "▸ Empathy."), ("up", "▸ Pacing."))
        marks = {one.asks: one.chosen for one in pilot.app.screen.query(Question)}
        assert marks == {"tone": 4, "pacing": None, "empathy": None, "self_regulation": None}


async def test_an_enter_that_was_meant_for_the_call_marks_nothing(tmp_path: Path) -> None:
    folder = a_call(tmp_path / "call")
    own = Own(list, reviewed, settle_on_disk)
    async with app_with(own, tmp_path).run_test(size=SMALL, notifications=True) as pilot:
        await ask(pilot, folder, own)
        await until(pilot, "▸ Tone.")
        await pilot.press(*"so", "space", *"sorry", "enter")
        assert "▸ Tone." in text_of(pilot)
        assert {one.chosen for one in pilot.app.screen.query(Question)} == {None}


async def test_the_mouse_marks_and_chooses(tmp_path: Path) -> None:
    folder = a_call(tmp_path / "call")
    own = Own(list, reviewed, settle_on_disk)
    async with app_with(own, tmp_path).run_test(size=SMALL, notifications=True) as pilot:
        await ask(pilot, folder, own)
        seen = await until(pilot, "▸ Tone.")
        row = next(line for line in seen.splitlines() if "▸ Tone." in line)
        for question in list(pilot.app.screen.query(Question)):
            left = question.region.x
            await pilot.click(question, offset=(row.index(" 5 ") + 1 - left, 0))
        await until(pilot, "Which moment got to you most?")
        await pilot.click(Question, offset=(4, 3))
        await until(pilot, "Where in your body")
        screen = pilot.app.screen
        assert isinstance(screen, SelfRatingScreen)
        assert screen._answers["moment"] == 3
        assert {screen._answers[name] for name in ("tone", "pacing", "empathy")} == {5}


async def test_leaving_every_question_out_keeps_nothing(tmp_path: Path) -> None:
    folder = a_call(tmp_path / "call")
    own = Own(list, reviewed, settle_on_disk)
    async with app_with(own, tmp_path).run_test(size=SMALL, notifications=True) as pilot:
        await ask(pilot, folder, own)
        await until(pilot, "▸ Tone.")
        for words in ("▸ Pacing.", "▸ Empathy.", "▸ Self", "Which moment", "What did they feel"):
            await step(pilot, ("tab", words))
        await step(pilot, ("tab", "▸ ○ 1 somebody who"), ("tab", "What might be going on"))
        await pilot.press("tab")
        await gone(pilot)
    assert not (folder / "self.json").exists()


async def test_a_call_with_nothing_to_rate_passes_straight_on(tmp_path: Path) -> None:
    folder = on_disk(tmp_path / "call", [started(), said(1, "customer", "Hello?", 0, 2), ended()])
    own = Own(list, reviewed, settle_on_disk)
    async with app_with(own, tmp_path).run_test(size=SMALL, notifications=True) as pilot:
        over: list[None] = []
        await pilot.app.push_screen(SelfRatingScreen(folder, own), over.append)
        await gone(pilot)
        await _told(over, 1)
        assert over == [None]
        asking = SelfRatingScreen(folder, own)
        pilot.app.push_screen(asking, over.append)
        pilot.app.push_screen(HelpScreen(in_call=False))  # something stands over it meanwhile
        for _ in range(400):
            await asyncio.sleep(0 if asking._over else 0.02)
        assert len(over) == 1
        await pilot.press("escape")
        await gone(pilot)
        await _told(over, 2)
        assert over == [None, None]


async def _told(over: list[None], times: int) -> None:
    """A screen is gone before the one who opened it is told so: give that its turn."""
    for _ in range(500):
        if len(over) >= times:
            return
        await asyncio.sleep(0.02)


async def test_twenty_moments_scroll_and_stay_in_reach(tmp_path: Path) -> None:
    folder = a_call(tmp_path / "call", turns=20)
    own = Own(list, reviewed, settle_on_disk)
    async with app_with(own, tmp_path).run_test(size=SMALL, notifications=True) as pilot:
        await ask(pilot, folder, own)
        await until(pilot, "▸ Tone.")
        await step(pilot, *THROUGH[:4])
        await pilot.press(*["down"] * 20)
        await until(pilot, "▸ ○   02:32")
        await pilot.press(*["up"] * 19)
        await until(pilot, "▸ ○ 1 00:00")
        await step(pilot, ("up", "▸ ○ 0 none of them"), ("enter", "What did they feel most?"))


async def test_after_a_hard_call_a_breath_is_offered_and_left_with_any_key(tmp_path: Path) -> None:
    folder = a_call(tmp_path / "call", status=Status.HUNG_UP)
    own = Own(list, reviewed, settle_on_disk)
    async with app_with(own, tmp_path).run_test(size=SMALL, notifications=True) as pilot:
        over = await ask(pilot, folder, own)
        await until(pilot, "▸ Tone.")
        await step(pilot, *THROUGH, ("enter", "That was a hard call."))
        assert self_rating.load(folder) is not None
        await step(pilot, ("b", "breathe in"))
        card = pilot.app.screen
        assert isinstance(card, BreathingScreen)
        card._began -= LENGTH_S
        await until(pilot, "That was a minute.")
        await pilot.press("k")
        await gone(pilot)
        assert over == [None]


def test_six_breaths_are_a_minute_and_out_is_longer_than_in() -> None:
    assert LENGTH_S == 6 * (IN_S + OUT_S)
    assert OUT_S > IN_S
    times = [tenth / 10 for tenth in range(600)]
    assert sum(breath(at)[0] for at in times) * 0.1 == 6 * IN_S
    assert all(0 <= breath(at)[1] <= 1 for at in times)
    steps = [abs(breath(b)[1] - breath(a)[1]) for a, b in pairwise(times)]
    assert max(steps) < 0.1


# --- the debrief, made ready meanwhile ---


def test_the_debrief_is_worked_out_once_while_the_questions_are_asked(tmp_path: Path) -> None:
    folder = a_call(tmp_path / "call")
    times: list[Path] = []

    def slow(path: Path) -> tuple[CallRecord, Review]:
        times.append(path)
        return reviewed(path)

    own = Own(list, slow, settle_on_disk)
    own.prepare(folder)
    own.prepare(folder)
    assert own.debrief(folder)[1].status == "satisfied"
    assert times == [folder]


def test_who_asks_early_waits_for_the_one_that_runs(tmp_path: Path) -> None:
    folder = a_call(tmp_path / "call")
    began, go, times = threading.Event(), threading.Event(), list[Path]()

    def slow(path: Path) -> tuple[CallRecord, Review]:
        times.append(path)
        began.set()
        assert go.wait(30)
        return reviewed(path)

    own = Own(list, slow, settle_on_disk)
    running = threading.Thread(target=own.prepare, args=(folder,))
    running.start()
    assert began.wait(30)
    threading.Timer(0.05, go.set).start()
    assert own.debrief(folder)[1].status == "satisfied"
    running.join()
    assert times == [folder]


def test_a_fault_while_it_is_made_ready_is_told_by_the_debrief(tmp_path: Path) -> None:
    def broken(path: Path) -> tuple[CallRecord, Review]:
        raise BadInput("The call is damaged.")

    own = Own(list, broken, settle_on_disk)
    own.prepare(tmp_path)
    with pytest.raises(BadInput, match="The call is damaged"):
        own.debrief(tmp_path)


async def test_a_finished_call_asks_first_and_a_stopped_one_never(tmp_path: Path) -> None:
    a_call(tmp_path / "call")
    own = Own(list, reviewed, settle_on_disk)
    async with app_with(own, tmp_path).run_test(size=SMALL, notifications=True) as pilot:
        await until(pilot, "Who is calling?")
        await pilot.press("enter")
        await until(pilot, "is calling")
        await pilot.press("enter")
        await until(pilot, "● REC")
        await pilot.press("e", "e")
        await until(pilot, "▸ Tone.")
        await pilot.press("escape")
        await until(pilot, "Their side of it")
        await pilot.press("escape", "enter")
        await until(pilot, "is calling")
        await pilot.press("enter")
        await until(pilot, "● REC")
        await pilot.press("x")
        assert "How was it?" not in await until(pilot, "The call was stopped")


async def test_two_lines_are_kept_beside_the_call_and_shown(tmp_path: Path) -> None:
    folder = a_call(tmp_path / "one")
    own = Own(list, reviewed, settle_on_disk)
    own.prepare(folder)
    async with app_with(own, tmp_path).run_test(size=(100, 60)) as pilot:
        await until(pilot, "They hung up")
        await pilot.press("tab", "enter")
        await until(pilot, "Their side of it")
        await pilot.press("n")
        await until(pilot, "What did I notice about myself?")
        await pilot.press(*"Jaw", "enter", *"Slower", "enter")
        await settle(pilot)
        await pilot.press(*["pagedown"] * 5)
        await until(pilot, "“Slower”")
    kept = self_rating.load(folder)
    assert kept is not None
    assert kept.journal == ("Jaw", "Slower")


async def test_a_mistake_in_the_teams_questions_is_told_and_the_debrief_stays(
    tmp_path: Path,
) -> None:
    team = tmp_path / "team"
    (team / "prompts").mkdir(parents=True)
    (team / "prompts" / "self_rating.yaml").write_text("journal: [one]\n")
    own = Own(lambda: [team], reviewed, settle_on_disk)
    folder = a_call(tmp_path / "one")
    async with app_with(own, tmp_path).run_test(size=(100, 60)) as pilot:
        await until(pilot, "They hung up")
        pilot.app.push_screen(DebriefScreen(folder, Program(tmp_path, own=own).services()))
        await until(pilot, "Their side of it")
        await pilot.press("n")
        await until(pilot, "That did not work")
        await pilot.press("escape")
        await until(pilot, "Their side of it")


@pytest.mark.parametrize("slow", ["asked", "prepare"])
async def test_leaving_while_the_call_is_still_being_read_is_no_mistake(
    slow: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, left = a_call(tmp_path / "call"), threading.Event()
    own = Own(list, reviewed, settle_on_disk)
    work = getattr(own, slow)

    def waits(folder: Path) -> object:
        left.wait(10)
        return work(folder)

    monkeypatch.setattr(own, slow, waits)
    async with app_with(own, tmp_path).run_test(size=SMALL, notifications=True) as pilot:
        over = await ask(pilot, folder, own)
        await pilot.press("escape")
        await gone(pilot)
        left.set()
        await settle(pilot)
        assert over == [None]
