"""The device check: levels in words, a test sound, hearing oneself."""

from pathlib import Path

from textual.pilot import Pilot

from tests.tui.reading import SMALL, text, until
from tests.tui.standin import Program, ScriptedSound
from trainer.tui.room import ROOM_LEVELS, Room, hear, room_words, voice_words


async def open_check(pilot: Pilot[None]) -> None:
    await until(pilot, "Rita Olsen")
    await pilot.press("w")
    await until(pilot, "Device check")


async def test_the_room_is_measured_first_then_the_voice_above_it(tmp_path: Path) -> None:
    app = Program(tmp_path).app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await open_check(pilot)
        await until(pilot, "a quiet room")
        await until(pilot, "You are heard well above the room")


async def test_a_test_sound_and_ones_own_voice_can_be_heard(tmp_path: Path) -> None:
    program = Program(tmp_path)
    app = program.app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await open_check(pilot)
        await pilot.press("p")
        await until(pilot, "Did you hear it?")
        await pilot.press("r")
        await until(pilot, "That was you, at most -18 dB")
        await pilot.press("escape")
        await until(pilot, "Who is calling?")
        await pilot.pause()
    assert program.sound.did == ["tone", "echo", "close"]


async def test_without_a_microphone_the_keyboard_is_named(tmp_path: Path) -> None:
    program = Program(tmp_path, sound=ScriptedSound(missing=True))
    app = program.app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await open_check(pilot)
        seen = await until(pilot, "No microphone was found")
        assert "a call by keyboard" in seen
        await pilot.press("n")  # there is still none, and nobody is asked to be quiet for it
        await pilot.pause(0.2)
        assert "No microphone was found" in text(app)
        program.sound.missing = False
        await pilot.press("n")
        await until(pilot, "a quiet room")


def heard(*levels: float) -> Room:
    room = Room()
    for level in levels:
        room = hear(room, level)
    return room


def test_a_loud_room_is_called_noisy() -> None:
    assert "noisy" in room_words(heard(*[-35.0] * ROOM_LEVELS)).plain


def test_while_the_room_is_measured_the_agent_is_asked_to_be_quiet() -> None:
    assert "say nothing" in room_words(heard(-60.0)).plain


def test_one_cough_does_not_make_a_quiet_room_noisy() -> None:
    levels = [-60.0] * (ROOM_LEVELS - 2) + [-10.0] * 2
    assert "quiet room" in room_words(heard(*levels)).plain


def test_zeros_mean_muted_or_not_allowed() -> None:
    room = heard(*[-90.0] * (ROOM_LEVELS + 5))
    assert "No sound at all" in voice_words(room).plain
    assert "Not measured" in room_words(room).plain


def test_a_voice_that_clips_is_too_loud() -> None:
    assert "Too loud" in voice_words(heard(*[-60.0] * ROOM_LEVELS, -1.0)).plain


def test_a_voice_hardly_above_the_room_is_not_taken_for_good() -> None:
    assert "say a sentence" in voice_words(heard(*[-45.0] * ROOM_LEVELS, -40.0)).plain


async def test_the_echo_test_says_what_it_found_and_the_meter_goes_on(tmp_path: Path) -> None:
    program = Program(tmp_path)
    app = program.app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until(pilot, "Rita Olsen")
        await pilot.press("w")
        await until(pilot, "Press e")
        await pilot.press("e")
        await until(pilot, "The echo is cancelled")
        # both devices were given up for the test, and the meter listens again
        assert program.sound.did == ["close"]
        await pilot.press("n")
        await until(pilot, "Measuring: please say nothing")
