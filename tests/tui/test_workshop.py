"""The trainer's screens on the real program: files, cards, the bench, mistakes, editing, a try."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from multiprocessing import resource_tracker
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.reading import SMALL, text, until
from tests.tui.test_program import NoEngines
from trainer.cli import practice
from trainer.content import personas, roots
from trainer.settings import load
from trainer.tui import bench_run
from trainer.tui.app import TrainerApp
from trainer.tui.program import Program
from trainer.tui.screens.tryout import TryOutScreen

pytestmark = pytest.mark.usefixtures("three_customers")

WIDE = (140, 44)
OLSEN = roots.shipped() / "personas" / "olsen-outage.yaml"


@asynccontextmanager
async def workshop(
    *, size: tuple[int, int] = WIDE, engines: bool = False
) -> AsyncIterator[Pilot[None]]:
    """The app at the trainer's screen; without engines unless a call is to be tried."""
    given = load(wording="authored", voice="none")
    root = practice._composition_root if engines else NoEngines
    program = Program(given, root, practice._review, seed=1, typed=True)
    app = TrainerApp(given, program.services())
    async with app.run_test(size=size, notifications=True) as pilot:
        await pilot.press("p")
        await until(pilot, "telling “")
        yield pilot


async def find(pilot: Pilot[None], words: str, seen: str) -> str:
    await pilot.press("slash", *words, "enter")
    return await until(pilot, seen)


def shown(pilot: Pilot[None]) -> str:
    app = pilot.app
    assert isinstance(app, TrainerApp)
    return text(app)


def mine(name: str = "olsen-outage", change: tuple[str, str] = ("", "")) -> Path:
    """A copy in the person's own folder, changed."""
    folder = load().data_dir / "personas"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.yaml"
    whole = OLSEN.read_text("utf-8")
    assert change[0] in whole
    # Written beside and moved, as editors do: nobody reads half a file.
    beside = folder / "being-written"
    beside.write_text(whole.replace(*change, 1), "utf-8")
    beside.rename(file)
    return file


async def test_every_customer_is_listed_even_one_whose_file_has_mistakes() -> None:
    mine("pebble-broken", ("lead: anger", "lead: rage"))
    async with workshop(size=(140, 60)) as pilot:
        seen = await until(pilot, "pebble-broken ✗ yours △1")
        names = [personas.read(name, [])[0].identity.name for name in personas.names([])]
        assert [name for name in names if name not in seen] == []


async def test_the_card_draws_gates_and_says_what_policy_forbids() -> None:
    async with workshop(size=(140, 100)) as pilot:
        seen = await find(pilot, "olsen", "Pete Olsen, 52")
        who = personas.load("olsen-outage", [], 0).persona
        for fact in who.scenario.facts:
            assert fact.id in seen
            if fact.gate.min_trust:
                assert f"{fact.gate.min_trust * 100:.0f}" in seen
        assert "policy forbids it" in seen
        assert "to be heard" in seen
        assert "asking for a supervisor" in seen
        assert "█" in seen


async def test_the_next_telling_fills_the_slots_anew() -> None:
    first, second = (personas.load("olsen-outage", [], seed) for seed in (0, 1))
    async with workshop() as pilot:
        await find(pilot, "olsen", f"telling “{first.variant}”, 1 of 3")
        await pilot.press("v")
        await until(pilot, f"telling “{second.variant}”, 2 of 3")


async def test_finding_takes_every_word_and_escape_shows_all_again() -> None:
    async with workshop() as pilot:
        seen = await find(pilot, "anger supervisor baker", "Pete Olsen, 52")
        assert "Customers (1 of" in seen
        await pilot.press("escape")
        await until(pilot, f"Customers ({len(personas.names([]))})")
        seen = await find(pilot, "nobodyatall", "Nobody fits these words")
        assert ".yaml" not in seen
        await pilot.press("t", "b", "e", "v")
        await pilot.press("escape", "escape")
        await until(pilot, "Who is calling?")


async def test_what_another_window_saves_is_read_at_once_and_its_mistakes_named() -> None:
    async with workshop() as pilot:
        await find(pilot, "olsen", "Pete Olsen, 52")
        file = mine(change=("age: 52", "age: 520"))
        seen = await until(pilot, "1 thing to mend")
        line = 1 + file.read_text("utf-8").split("\n").index("  age: 520")
        assert f"olsen-outage.yaml:{line}:3" in seen
        assert "identity.age" in seen
        await pilot.press("1")
        await until(pilot, "There is no card to show: the file has 1 mistake")
        mine(change=("age: 52", "age: 53"))
        await until(pilot, "Pete Olsen, 53")
        await pilot.press("3")
        await until(pilot, "All good")


async def test_a_deleted_copy_gives_the_original_back() -> None:
    file = mine(change=("name: Pete Olsen", "name: Paula Olsen"))
    async with workshop() as pilot:
        await find(pilot, "olsen", "Paula Olsen, 52")
        file.unlink()
        await until(pilot, "Pete Olsen, 52")


async def test_home_lists_a_customer_as_they_were_saved_meanwhile() -> None:
    async with workshop(size=(140, 60)) as pilot:
        mine(change=("name: Pete Olsen", "name: Paula Olsen"))
        await until(pilot, "Paula Olsen ●●●○○ yours")
        await pilot.press("escape")
        await until(pilot, "Paula Olsen ●●●○○")


async def test_ours_is_never_changed_but_copied_and_the_copy_takes_its_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("EDITOR", "true")
    before = OLSEN.read_bytes()
    async with workshop() as pilot:
        await find(pilot, "olsen", "Pete Olsen, 52")
        await pilot.press("e")
        await until(pilot, "A copy of your own?")
        await pilot.press("escape", "e")
        await until(pilot, "A copy of your own?")
        assert not (load().data_dir / "personas").exists()
        await pilot.press("c")
        # A test has no terminal to lend: that is said, with the file to open elsewhere.
        seen = await until(pilot, "cannot be lent to an editor")
        assert "Or open it in another window" in seen
        await pilot.press("escape")
        await until(pilot, "●●●○○ yours")
    copy = load().data_dir / "personas" / "olsen-outage.yaml"
    assert OLSEN.read_bytes() == before
    assert copy.stat().st_mode & 0o077 == 0
    assert personas.check(copy, load().content_roots()) == []


async def test_the_teams_file_is_changed_only_if_that_is_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = tmp_path / "team" / "personas"
    team.mkdir(parents=True)
    (team / "olsen-outage.yaml").write_bytes(OLSEN.read_bytes())
    monkeypatch.setenv("TRAINER_TEAM_DIR", str(team.parent))
    async with workshop() as pilot:
        await find(pilot, "olsen", "Pete Olsen, 52")
        await until(pilot, "(your team's)")
        await pilot.press("e")
        seen = await until(pilot, "Edit the team's")
        assert "changes for" in seen


async def test_without_an_editor_the_person_is_told_how_to_name_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("VISUAL", "")
    monkeypatch.setenv("EDITOR", "no-such-editor --wait")
    mine()
    async with workshop() as pilot:
        await find(pilot, "olsen", "Pete Olsen, 52")
        await pilot.press("e")
        seen = await until(pilot, "no such editor here")
        assert "export EDITOR=nano" in seen


async def test_a_new_customer_is_whole_from_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", "true")
    async with workshop() as pilot:
        await pilot.press("n")
        await until(pilot, "my-customer")
        pilot.app.screen.query_one(Input).value = "quill-parcel"
        await pilot.press("enter")
        await until(pilot, "cannot be lent")
        await pilot.press("escape")
        await until(pilot, "quill-parcel.yaml (yours)")
        await pilot.press("3")
        await until(pilot, "All good")
        await pilot.press("n")
        await until(pilot, "my-customer")
        pilot.app.screen.query_one(Input).value = "olsen-outage"
        await pilot.press("enter")
        await until(pilot, "There is a customer called “olsen-outage” already")


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A short bench; and processes can be started while the app has the screen."""
    resource_tracker.ensure_running()
    monkeypatch.setattr(bench_run, "SEEDS", 1)
    return


@pytest.mark.usefixtures("few")
@pytest.mark.engine
async def test_the_bench_shows_its_progress_and_its_verdict_until_the_file_is_saved() -> None:
    mine()
    async with workshop() as pilot:
        await find(pilot, "olsen", "Pete Olsen, 52")
        await pilot.press("b")
        await until(pilot, "Scripted agents are calling")
        await found(pilot, "Anger, turn by turn")
        seen = shown(pilot)
        assert "hung up 1" in seen
        assert "74→" in seen
        await pilot.press("1", "b")
        assert "are calling" not in await until(pilot, "Anger, turn by turn")
        mine(change=("difficulty: 3", "difficulty: 4"))
        await until(pilot, "The file was saved since")
        await until(pilot, "2 Bench older")


@pytest.mark.usefixtures("few")
async def test_b_again_stops_the_bench() -> None:
    async with workshop() as pilot:
        await pilot.press("b")
        await until(pilot, "Stop the bench")
        await pilot.press("b")
        await until(pilot, "Not benched yet")
        assert "Stop the bench" not in shown(pilot)
        for _ in range(600):
            await asyncio.sleep(0.05)
            if not [worker for worker in pilot.app.workers if worker.group == "bench"]:
                break
        else:
            raise AssertionError("the bench goes on")
        assert "That did not work" not in shown(pilot)


async def found(pilot: Pilot[None], words: str) -> None:
    """Wait long: real calls are being played."""
    for _ in range(500):
        await asyncio.sleep(0.5)
        if words in shown(pilot):
            return
    raise AssertionError(f"“{words}” did not appear:\n{shown(pilot)}")


async def say(pilot: Pilot[None], line: str, seen: str) -> str:
    pilot.app.screen.query_one("#try-line", Input).value = line
    await pilot.press("enter")
    return await until(pilot, seen)


@pytest.mark.engine
async def test_a_try_shows_the_mood_what_moved_it_and_keeps_nothing() -> None:
    async with workshop(engines=True) as pilot:
        await find(pilot, "olsen", "Pete Olsen, 52")
        await pilot.press("t")
        await found(pilot, "▌ Pete")
        seen = await say(pilot, "Calm down. You should have called earlier.", "What moved them")
        assert "− blame" in seen
        assert "“You should have called earlier.”" in seen
        anger = next(line for line in seen.split("\n") if "anger  " in line)
        assert "▲" in anger
        seen = await say(
            pilot, "I'm sorry, we never came. What has it done to the bakery?", "open question"
        )
        anger = next(line for line in seen.split("\n") if "anger  " in line)
        assert "▼" in anger
        assert "pendant" in seen
        await pilot.press("escape")
        await until(pilot, "telling “")
    left = load().data_dir
    assert [path for path in left.rglob("*") if path.is_file()] == [] if left.exists() else True


@pytest.mark.engine
async def test_a_try_starts_over_with_the_same_words_or_another_telling() -> None:
    async with workshop(engines=True) as pilot:
        await find(pilot, "olsen", "Pete Olsen, 52")
        await pilot.press("t")
        await found(pilot, "▌ Pete")
        first = await spoken(pilot)
        await say(pilot, "Calm down.", "What moved them")
        await pilot.press("f5")
        await until(pilot, "Type what an agent would say")
        await found(pilot, "▌ Pete")
        assert await spoken(pilot) == first
        await pilot.press("f6")
        await until(pilot, "2 of 3")
        await found(pilot, "▌ Pete")
        assert await spoken(pilot) != first


async def spoken(pilot: Pilot[None]) -> list[str]:
    """What the customer has said, once they are done."""
    screen = pilot.app.screen
    assert isinstance(screen, TryOutScreen)
    for _ in range(200):
        await asyncio.sleep(0.05)
        if screen._view.call.state == "listening":
            break
    return [line.text for line in screen._view.call.captions if line.who == "customer"]


@pytest.mark.engine
async def test_a_start_over_has_what_was_saved_during_the_try() -> None:
    async with workshop(engines=True) as pilot:
        await find(pilot, "olsen", "Pete Olsen, 52")
        await pilot.press("t")
        await found(pilot, "▌ Pete")
        mine(change=("name: Pete Olsen", "name: Paula Olsen"))
        await until(pilot, "The file was saved: F5 starts over")
        await pilot.press("f5")
        await found(pilot, "▌ Paula")


@pytest.mark.engine
async def test_a_try_that_is_over_says_how_it_ended() -> None:
    async with workshop(engines=True) as pilot:
        await find(pilot, "olsen", "Pete Olsen, 52")
        await pilot.press("t")
        await found(pilot, "▌ Pete")
        for _ in range(4):
            if "Over:" in shown(pilot):
                break
            steps = len(_steps(pilot))
            await say(pilot, "Shut up, you stupid man. It is your own fault.", "blame")
            for _ in range(100):
                await asyncio.sleep(0.05)
                if len(_steps(pilot)) > steps and await spoken(pilot):
                    break
        seen = await until(pilot, "Over: hung up")
        assert "★" in seen


def _steps(pilot: Pilot[None]) -> tuple[object, ...]:
    screen = pilot.app.screen
    assert isinstance(screen, TryOutScreen)
    return screen._view.steps


async def test_the_mouse_chooses_pages_and_customers() -> None:
    async with workshop(size=SMALL) as pilot:
        await pilot.click("TabStrip", offset=(22, 0))
        await until(pilot, "All good")
        await pilot.click("FileList", offset=(5, 4))
        await until(pilot, "▸ Nina Mercer")
