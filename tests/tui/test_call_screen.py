"""The call screen: what it shows of a call, and what each key asks of it."""

import asyncio
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.reading import LARGE, SMALL, text, until
from tests.tui.standin import Program
from trainer.conversation.call import Level, Notice
from trainer.domain.errors import EngineFailed, EngineMissing
from trainer.domain.persona import Cast
from trainer.tui.app import TrainerApp
from trainer.tui.screens.brief import BriefScreen
from trainer.tui.screens.home import HomeScreen
from trainer.tui.services import EngineState
from trainer.tui.session import Observer, OpenCall


async def pick_up(pilot: Pilot[None], typed: bool = False) -> None:
    await until(pilot, "Rita Olsen")
    await pilot.press("t" if typed else "enter")
    await until(pilot, "is calling")
    await pilot.press("enter")
    await until(pilot, "● REC")


async def test_it_shows_who_calls_the_timer_whose_turn_it_is_and_what_was_said(
    tmp_path: Path,
) -> None:
    app = Program(tmp_path).app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pick_up(pilot)
        seen = await until(pilot, "Your turn. Just speak.")
        assert "Rita Olsen" in seen
        assert "00:0" in seen
        assert "nobody has rung me" in seen
        assert "nothing leaves this machine" in seen


async def test_the_microphone_meter_says_the_level_in_a_word(tmp_path: Path) -> None:
    program = Program(tmp_path)
    app = program.app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pick_up(pilot)
        await until(pilot, "good")
        program.calls[0].tell(Level(-1.0, -90.0))
        await until(pilot, "too loud")
        program.calls[0].tell(Level(-80.0, -90.0))
        await until(pilot, "silent")


@pytest.mark.parametrize(
    ("keys", "wish"),
    [
        (("m",), ("mute", True)),
        (("m", "m"), ("mute", False)),
        (("space",), ("talk", True)),
        (("h",), ("hold", True)),
        (("f3",), ("hold", True)),
        (("e", "e"), ("end", None)),
        (("f8", "f8"), ("end", None)),
        (("x",), ("stop", None)),
        (("f10",), ("stop", None)),
    ],
)
async def test_each_key_of_a_spoken_call_is_one_wish(
    tmp_path: Path, keys: tuple[str, ...], wish: tuple[str, object]
) -> None:
    program = Program(tmp_path)
    app = program.app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pick_up(pilot)
        await pilot.press(*keys)
        await pilot.pause()
        assert program.calls[0].wishes[-1] == wish


async def test_one_press_of_end_ends_nothing(tmp_path: Path) -> None:
    program = Program(tmp_path)
    app = program.app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pick_up(pilot)
        await pilot.press("e")
        await until(pilot, "Press e again to end the call.")
        assert program.calls[0].wishes == []


async def test_hold_takes_the_customer_back_when_pressed_again(tmp_path: Path) -> None:
    program = Program(tmp_path)
    app = program.app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pick_up(pilot)
        await pilot.press("h")
        await until(pilot, "On hold. Rita Olsen is waiting.")
        await pilot.press("h")
        await until(pilot, "Your turn")
        assert program.calls[0].wishes == [("hold", True), ("hold", False)]


async def test_muting_is_shown_in_words(tmp_path: Path) -> None:
    app = Program(tmp_path).app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pick_up(pilot)
        await pilot.press("m")
        await until(pilot, "Your microphone is muted")


async def test_my_card_opens_over_a_small_call_and_stands_beside_a_large_one(
    tmp_path: Path,
) -> None:
    app = Program(tmp_path).app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pick_up(pilot)
        assert "Compensation for lost earnings" not in text(app)
        await pilot.press("c")
        seen = await until(pilot, "the call goes on")
        assert "Compensation for lost earnings" in seen
        await pilot.press("c")
        await until(pilot, "Your turn")
    app = Program(tmp_path).app()
    async with app.run_test(size=LARGE, notifications=True) as pilot:
        await pick_up(pilot)
        await until(pilot, "Compensation for lost earnings")
        await pilot.press("c")
        await pilot.pause()
        assert "Compensation for lost earnings" not in text(app)


async def test_captions_can_be_hidden_and_start_hidden_when_settings_say_so(tmp_path: Path) -> None:
    app = Program(tmp_path).app(captions=False)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pick_up(pilot)
        seen = await until(pilot, "Captions are hidden")
        assert "nobody has rung me" not in seen
        await pilot.press("v")
        await until(pilot, "nobody has rung me")


async def test_not_what_i_said_replaces_the_last_transcription(tmp_path: Path) -> None:
    program = Program(tmp_path)
    app = program.app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pick_up(pilot)
        await pilot.press("n")
        await until(pilot, "nothing to")
        program.calls[0].agent("I can send a medic.")
        await until(pilot, "I can send a medic.")
        await pilot.press("n")
        await until(pilot, "Not what I said")
        app.screen.query_one(Input).value = "I can send a mechanic."
        await pilot.press("enter")
        await until(pilot, "(corrected)")
        assert program.calls[0].wishes == [("correct", (3, "I can send a mechanic."))]


async def test_a_typed_call_sends_each_line_and_letters_stay_letters(tmp_path: Path) -> None:
    program = Program(tmp_path)
    app = program.app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pick_up(pilot, typed=True)
        await pilot.press(*"hex", "enter")
        await until(pilot, "what does that mean for tomorrow?")
        assert program.calls[0].wishes == [("say", "hex")]
        await pilot.press("enter")
        assert program.calls[0].wishes == [("say", "hex")]


async def test_the_end_of_a_call_opens_its_debrief(tmp_path: Path) -> None:
    program = Program(tmp_path)
    app = program.app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pick_up(pilot)
        await pilot.press("e", "e")
        await until(pilot, "Their side of it")


async def test_stopping_at_once_leads_home_unscored(tmp_path: Path) -> None:
    app = Program(tmp_path).app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pick_up(pilot)
        await pilot.press("x")
        seen = await until(pilot, "The call was stopped")
        assert "Who is calling?" in seen


async def test_without_a_microphone_the_keyboard_is_offered(tmp_path: Path) -> None:
    fault = EngineMissing("There is no microphone on this machine.", "Plug one in.")
    program = Program(tmp_path, fault=fault)
    app = program.app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until(pilot, "Rita Olsen")
        await pilot.press("enter")
        await until(pilot, "is calling")
        await pilot.press("enter")
        seen = await until(pilot, "There is no microphone")
        assert "Go on by keyboard" in seen
        await pilot.press("t")
        await until(pilot, "Type your answer")


async def test_keys_pressed_twice_open_one_card_and_one_call(tmp_path: Path) -> None:
    program = Program(tmp_path)
    app = program.app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until(pilot, "Rita Olsen")
        home = app.screen
        assert isinstance(home, HomeScreen)
        home.action_take()
        home.action_take()
        await until(pilot, "is calling")
        await pilot.pause(0.3)
        assert len(app.screen_stack) == 2
        card = app.screen
        assert isinstance(card, BriefScreen)
        card.action_pick_up()
        card.action_pick_up()
        await until(pilot, "Your turn")
        await pilot.pause(0.3)
        assert len(program.calls) == 1


async def test_help_over_a_call_that_could_not_be_spoken_goes_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = Program(tmp_path, fault=EngineMissing("There is no microphone here.", "Plug one in."))
    failing, helped = program._open, asyncio.Event()

    async def later(cast: Cast, typed: bool, see: Observer) -> OpenCall:
        await helped.wait()
        return await failing(cast, typed, see)

    monkeypatch.setattr(program, "_open", later)
    app = program.app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until(pilot, "Rita Olsen")
        await pilot.press("enter")
        await until(pilot, "is calling")
        await pilot.press("enter")
        await until(pilot, "Calling…")
        await pilot.press("f1")
        await until(pilot, "During a call")
        helped.set()
        await until(pilot, "There is no microphone")
        await pilot.press("t")
        await until(pilot, "Type your answer")
        assert len(app.screen_stack) == 2


async def test_missing_weights_name_the_command_that_brings_them(tmp_path: Path) -> None:
    fault = EngineMissing("whisper-base is not here.", "trainer models pull whisper-base")
    app = Program(tmp_path, fault=fault).app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until(pilot, "Rita Olsen")
        await pilot.press("enter")
        await until(pilot, "is calling")
        await pilot.press("enter")
        await until(pilot, "trainer models pull whisper-base")
        await pilot.press("escape")
        await until(pilot, "Who is calling?")


async def test_a_call_that_breaks_ends_in_a_panel_without_what_was_said(tmp_path: Path) -> None:
    program = Program(tmp_path)
    app = program.app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pick_up(pilot)

        def break_off() -> None:
            raise ValueError("a secret that was said")

        program.calls[0].turns.put_nowait(break_off)
        seen = await until(pilot, "The call broke off")
        assert "ValueError" in seen
        assert "secret" not in seen


async def test_a_failing_engine_in_the_call_is_told_in_its_own_words(tmp_path: Path) -> None:
    program = Program(tmp_path)
    app = program.app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pick_up(pilot)

        def fail() -> None:
            raise EngineFailed("The disk is full.", "Make room and call again.")

        program.calls[0].turns.put_nowait(fail)
        await until(pilot, "The disk is full.")


async def test_notices_of_the_call_are_shown(tmp_path: Path) -> None:
    program = Program(tmp_path)
    app = program.app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pick_up(pilot)
        program.calls[0].tell(Notice("The microphone is gone, looking for it."))
        await until(pilot, "! The microphone is gone")


async def test_quitting_in_a_call_asks_first(tmp_path: Path) -> None:
    program = Program(tmp_path)
    app = program.app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pick_up(pilot)
        await pilot.press("ctrl+q")
        await until(pilot, "Quitting stops it at once")
        await pilot.press("escape")
        await until(pilot, "Your turn")
        assert program.calls[0].wishes == []
        await pilot.press("ctrl+q")
        await until(pilot, "Quitting stops it at once")
        await pilot.press("q")
        await pilot.pause(0.1)
        assert program.calls[0].wishes == [("stop", None)]
    assert app.return_code == 0


async def test_the_mood_of_neither_side_is_shown_during_a_call(tmp_path: Path) -> None:
    app = Program(tmp_path).app()
    async with app.run_test(size=LARGE, notifications=True) as pilot:
        await pick_up(pilot)
        seen = text(app).lower()
        assert "anger" not in seen
        assert "mood" not in seen


async def test_the_header_in_a_call_names_the_model_that_words_go_to(tmp_path: Path) -> None:
    far = EngineState("wording", "ready", "openai/gpt-4o", leaves_machine=True)
    app: TrainerApp = Program(tmp_path, engines=(far,)).app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pick_up(pilot)
        await until(pilot, "words leave this machine: openai/gpt-4o")
