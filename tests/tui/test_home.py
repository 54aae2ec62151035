"""The home screen, driven by keys."""

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.tui.reading import SMALL, settle, text, until
from tests.tui.standin import Program
from trainer.domain.errors import EngineMissing
from trainer.domain.persona import Cast
from trainer.settings import Settings
from trainer.tui.app import TrainerApp
from trainer.tui.services import CustomerItem, EngineState, Progress


async def test_home_names_customers_with_difficulty_and_what_they_train(tmp_path: Path) -> None:
    app = Program(tmp_path).app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until(pilot, "Rita Olsen ●●●○○")
        await until(pilot, "Acknowledging a feeling")
        await pilot.press("down", "down")
        await until(pilot, "▸ Daniel Voss")
        await until(pilot, "Saying no with a reason")


async def test_the_first_key_enter_leads_to_the_card_of_who_is_calling(tmp_path: Path) -> None:
    app = Program(tmp_path).app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until(pilot, "Rita Olsen")
        await pilot.press("enter")
        seen = await until(pilot, "Rita Olsen is calling")
        assert "May be hard to hear: shouting" in seen
        assert "My card" in seen
        assert "You will speak." in seen


async def test_t_takes_the_call_by_keyboard(tmp_path: Path) -> None:
    app = Program(tmp_path).app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until(pilot, "Rita Olsen")
        await pilot.press("t")
        await until(pilot, "You will type")
        await pilot.press("t")
        await until(pilot, "You will speak")


async def test_an_app_started_for_typing_takes_every_call_by_keyboard(tmp_path: Path) -> None:
    app = TrainerApp(Settings(data_dir=tmp_path), Program(tmp_path).services(), typed=True)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until(pilot, "Rita Olsen")
        await pilot.press("enter")
        await until(pilot, "You will type")


async def test_customers_opted_out_of_are_hidden_and_the_screen_says_so(tmp_path: Path) -> None:
    app = Program(tmp_path).app(avoid=["crying"])
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        seen = await until(pilot, "1 customer is hidden")
        assert "June Mercer ●" not in seen
        assert "Rita Olsen ●" in seen


async def test_no_customers_at_all_is_said_plainly(tmp_path: Path) -> None:
    app = Program(tmp_path, customers=()).app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until(pilot, "No customers found")
        await pilot.press("enter")
        await settle(pilot)
        assert "Who is calling?" in text(app)


async def test_last_calls_open_their_debrief(tmp_path: Path) -> None:
    app = Program(tmp_path).app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until(pilot, "They hung up")
        await pilot.press("tab", "down", "enter")
        await until(pilot, "Their side of it")


async def test_each_engine_shows_how_far_it_is(tmp_path: Path) -> None:
    program = Program(
        tmp_path,
        engines=(
            EngineState("stt", "missing", "weights missing", "trainer models pull whisper-base"),
            EngineState("words", "ready", "minilm"),
            EngineState("voice", "loading", "piper"),
            EngineState("wording", "off", "authored"),
        ),
    )
    app = program.app()
    async with app.run_test(size=(120, 30), notifications=True) as pilot:
        await until(pilot, "✓ Understands minilm")
        await until(pilot, "trainer models pull whisper-base")
        await until(pilot, "Speaks      loading piper")
        await until(pilot, "– Finds words authored")


async def test_the_header_says_when_words_leave_the_machine(tmp_path: Path) -> None:
    far = EngineState("wording", "ready", "openai/gpt-4o", leaves_machine=True)
    app = Program(tmp_path, engines=(far,)).app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until(pilot, "▲ words leave this machine: openai/gpt-4o")


async def test_a_customer_file_with_mistakes_becomes_a_panel_not_a_traceback(
    tmp_path: Path,
) -> None:
    program = Program(tmp_path)
    services = program.services()

    def broken(name: str) -> Cast:
        raise EngineMissing("olsen.yaml:3:1 is wrong.", "trainer persona check olsen")

    object.__setattr__(services, "cast", broken)
    from trainer.settings import Settings
    from trainer.tui.app import TrainerApp

    app = TrainerApp(Settings(data_dir=tmp_path), services)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until(pilot, "Rita Olsen")
        await pilot.press("enter")
        seen = await until(pilot, "That did not work")
        assert "trainer persona check olsen" in seen
        await pilot.press("escape")
        await until(pilot, "Who is calling?")


async def test_q_quits_and_help_opens_everywhere(tmp_path: Path) -> None:
    app = Program(tmp_path).app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until(pilot, "Rita Olsen")
        await pilot.press("question_mark")
        await until(pilot, "next part of the screen")
        await pilot.press("escape")
        await until(pilot, "Who is calling?")
        await pilot.press("q")
        await settle(pilot)
    assert app.return_code == 0


async def test_the_mouse_can_press_a_key_of_the_key_bar(tmp_path: Path) -> None:
    app = Program(tmp_path).app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until(pilot, "Rita Olsen")
        await pilot.click("KeyBar", offset=(2, 0))
        await until(pilot, "is calling")


async def test_the_command_palette_reaches_the_settings(tmp_path: Path) -> None:
    app = Program(tmp_path).app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until(pilot, "Rita Olsen")
        await pilot.press("ctrl+p")
        await pilot.pause(0.2)
        await pilot.press(*"settings")
        await pilot.pause(0.3)
        await pilot.press("enter")
        await until(pilot, "kept as you change them")


async def test_the_customers_come_before_the_engines(tmp_path: Path) -> None:
    program, listed, warmed = Program(tmp_path), threading.Event(), asyncio.Event()
    given = program.services()

    def customers() -> Sequence[CustomerItem]:
        listed.wait(10)
        return given.customers()

    async def warm(progress: Progress) -> None:
        warmed.set()
        await given.warm(progress)

    services = replace(given, customers=customers, warm=warm)
    app = TrainerApp(Settings(data_dir=tmp_path), services)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause(0.2)
        assert not warmed.is_set()
        listed.set()
        await until(pilot, "Rita Olsen")
        await asyncio.wait_for(warmed.wait(), 10)
