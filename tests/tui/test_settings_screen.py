"""Settings: each change is kept at once, and in force at once."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Select, SelectionList

from tests.tui.reading import LARGE, SMALL, settle, text, until
from tests.tui.standin import Program
from trainer import settings as preferences
from trainer.domain.errors import BadInput
from trainer.settings_store import save


async def open_settings(pilot: Pilot[None]) -> None:
    await until(pilot, "Rita Olsen")
    await pilot.press("s")
    await until(pilot, "kept as you change them")
    await settle(pilot)


async def test_the_look_changes_at_once_by_keyboard(tmp_path: Path) -> None:
    program = Program(tmp_path)
    app = program.app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await open_settings(pilot)
        await pilot.press("enter", "down", "enter")
        await pilot.pause()
        assert program.saved == {"theme": "light"}
        assert app.theme == "light"


async def test_captions_echo_line_and_patience_are_kept(tmp_path: Path) -> None:
    program = Program(tmp_path)
    app = program.app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await open_settings(pilot)
        await pilot.press("tab", "space")
        await pilot.press("tab", "enter", "down", "down", "enter")
        await pilot.press("tab", "enter", "down", "enter")
        await pilot.press("tab", "enter", "down", "down", "enter")
        await pilot.press("tab", "enter", "down", "enter")
        await pilot.pause()
        assert program.saved == {
            "captions": False,
            "echo": "headset",
            "line": "telephone",
            "background": "office",
            "patience": 1.5,
        }


async def test_devices_are_offered_by_name_with_the_systems_choice_first(tmp_path: Path) -> None:
    program = Program(tmp_path)
    app = program.app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await open_settings(pilot)
        select = app.screen.query_one("#input_device", Select)
        select.value = "USB headset"
        await pilot.pause()
        assert program.saved == {"input_device": "USB headset"}
        assert "the system's choice" in text(app)


async def test_opting_out_of_a_content_note_hides_its_customers(tmp_path: Path) -> None:
    program = Program(tmp_path)
    app = program.app()
    async with app.run_test(size=LARGE, notifications=True) as pilot:
        await open_settings(pilot)
        notes = app.screen.query_one("#avoid", SelectionList)
        notes.focus()
        await pilot.press("home", "space")
        await pilot.pause()
        assert program.saved == {"avoid": ["crying"]}
        await pilot.press("escape")
        await until(pilot, "1 customer is hidden")


async def test_any_model_can_be_named(tmp_path: Path) -> None:
    program = Program(tmp_path)
    app = program.app()
    async with app.run_test(size=LARGE, notifications=True) as pilot:
        await open_settings(pilot)
        app.screen.query_one("#own-model", Input).focus()
        await pilot.press(*"ollama_chat/x", "enter")
        await pilot.pause()
        assert program.saved == {"wording": "ollama_chat/x"}


@pytest.mark.parametrize("patience", [1.0, 1.3])
async def test_opening_the_settings_changes_nothing(patience: float, tmp_path: Path) -> None:
    program = Program(tmp_path)
    app = program.app(patience=patience)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await open_settings(pilot)
        await pilot.press("escape")
        await until(pilot, "Who is calling?")
        assert program.saved == {}


async def test_the_model_that_finds_the_words_shows_in_both_rows(tmp_path: Path) -> None:
    app = Program(tmp_path).app()
    async with app.run_test(size=LARGE, notifications=True) as pilot:
        await open_settings(pilot)
        select = app.screen.query_one("#wording", Select)
        own = app.screen.query_one("#own-model", Input)
        own.focus()
        await pilot.press(*"ollama_chat/x", "enter")
        await pilot.pause()
        assert select.value == "ollama_chat/x"
        select.value = "authored"
        await pilot.pause()
        assert own.value == ""


async def test_a_model_that_does_not_fit_is_told_and_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = Program(tmp_path)
    monkeypatch.setattr(program, "saved", SimpleNamespace(__setitem__=save))
    app = program.app()
    async with app.run_test(size=LARGE, notifications=True) as pilot:
        await open_settings(pilot)
        app.screen.query_one("#own-model", Input).focus()
        for _ in range(2):  # and told again, when it is tried again
            await pilot.press(*"gpt", "enter")
            await until(pilot, "does not fit wording")
            await pilot.press("escape")
            await until(pilot, "kept as you change them")
        assert app.settings.wording == "auto"


def test_a_saved_setting_is_read_back_and_comments_stay() -> None:
    path = preferences.config_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('# mine\nvoice = "none"  # silent\n', "utf-8")
    save("patience", 1.5)
    save("avoid", ["crying"])
    assert preferences.load().patience == 1.5
    assert preferences.load().avoid == ["crying"]
    assert path.read_text("utf-8").startswith('# mine\nvoice = "none"  # silent\n')
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("key", "value"), [("patience", 9.0), ("colour", "red")])
def test_a_setting_that_does_not_fit_is_refused_and_nothing_is_written(
    key: str, value: object
) -> None:
    with pytest.raises(BadInput):
        save(key, value)
    assert not preferences.config_file().exists()


def test_a_broken_settings_file_is_a_message_and_is_left_alone() -> None:
    path = preferences.config_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("voice = ", "utf-8")
    with pytest.raises(BadInput):
        save("theme", "light")
    assert path.read_text("utf-8") == "voice = "
