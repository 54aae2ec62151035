"""The debrief: its order, walking and playing moments, deleting a call."""

from dataclasses import replace
from pathlib import Path

from textual.app import App, ComposeResult
from textual.pilot import Pilot

from tests.tui.reading import LARGE, SMALL, settle, text, until
from tests.tui.standin import Program, debrief
from trainer.domain.errors import BadInput
from trainer.tui.app import TrainerApp
from trainer.tui.screens.debrief import DebriefScreen
from trainer.tui.services import Debrief, Point
from trainer.tui.widgets.mood_curve import MoodCurve


def opened(program: Program) -> TrainerApp:
    return program.app()


async def show(pilot: Pilot[None], program: Program) -> None:
    await until(pilot, "They hung up")
    await pilot.press("tab", "enter")
    await until(pilot, "Their side of it")


async def test_the_story_comes_first_and_the_rating_is_called_simulated(tmp_path: Path) -> None:
    program = Program(tmp_path)
    app = opened(program)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await show(pilot, program)
        seen = text(app)
        assert "Simulated customer's rating ★★★★☆ 3.8" in seen
        assert seen.index("Their side of it") < seen.index("Anger over the call")


async def test_reading_on_comes_to_feedback_measures_words_and_files(tmp_path: Path) -> None:
    program = Program(tmp_path)
    app = opened(program)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await show(pilot, program)
        read = text(app)
        for _ in range(25):
            await pilot.press("down")
            read += text(app)
        order = ["What went well", "To improve", "One thing to do next time", "– Delivery"]
        places = [
            read.index(words)
            for words in [*order, "What they needed:", "What was said", "Recording"]
        ]
        assert places == sorted(places)


async def test_walking_the_curve_shows_each_moment_with_its_cause(tmp_path: Path) -> None:
    program = Program(tmp_path)
    app = opened(program)
    async with app.run_test(size=LARGE, notifications=True) as pilot:
        await show(pilot, program)
        assert "of 100  blame" not in text(app)
        await pilot.press("right")
        seen = await until(pilot, "of 100  blame")
        assert "▶ you: “As I said, you were not at home.”" in seen
        await pilot.press("left", "left")
        await until(pilot, "anger 70 of 100")


async def test_voice_and_pace_stand_under_the_curve_on_its_time_axis(tmp_path: Path) -> None:
    for size in (SMALL, LARGE):
        program = Program(tmp_path)
        app = opened(program)
        async with app.run_test(size=size, notifications=True) as pilot:
            await show(pilot, program)
            await pilot.press("right", "right", "right")
            for _ in range(3 if size is SMALL else 0):
                await pilot.press("down")
            seen = await until(pilot, "voice raised (+1.6)")
            lines = seen.splitlines()
            raised = next(line for line in lines if " raised │" in line)
            silence = next(line for line in lines if " marks │" in line)
            arrow = next(line for line in lines if "↑" in line)
            assert "─ silence over 4 s" in seen
            assert abs(max(raised.rfind(bar) for bar in "▁▂▃▄▅▆▇█") - arrow.index("↑")) <= 8
            assert silence.index("──") > raised.index("▅")


async def test_a_typed_call_has_no_track_and_no_room_for_one(tmp_path: Path) -> None:
    program = Program(tmp_path, spoken=False)
    app = opened(program)
    async with app.run_test(size=LARGE, notifications=True) as pilot:
        await show(pilot, program)
        assert "raised" not in text(app)
        assert "marks" not in text(app)


async def test_a_real_call_has_the_track_without_a_curve(tmp_path: Path) -> None:
    program = Program(tmp_path)
    real = replace(debrief(tmp_path), points=())
    services = replace(program.services(), debrief=lambda folder: real)
    app = opened(program)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        app.push_screen(DebriefScreen(tmp_path, services))
        await until(pilot, "Their side of it")
        await pilot.press("down", "down", "p", "right")
        seen = await until(pilot, "Your voice over the call")
        assert " raised │" in seen
        assert "100 │" not in seen


async def test_a_retry_is_drawn_into_the_same_curve(tmp_path: Path) -> None:
    then = debrief(tmp_path).points
    now = [Point(0, 37.0, 0.66, 0.84), Point(0, 60.0, 0.2, 0.66)]

    class Both(App[None]):
        def compose(self) -> ComposeResult:
            yield MoodCurve(then, 131.0, compare=now)

    app = Both()
    async with app.run_test(size=SMALL):
        curve = app.query_one(MoodCurve)
        drawn = str(curve.render())
        assert drawn.count("◇") == 1, "the moment they share keeps its sign"
        assert drawn.count("▲") + drawn.count("▼") + drawn.count("●") == len(then)
        assert curve.point == then[0]


async def test_p_plays_the_chosen_moment(tmp_path: Path) -> None:
    program = Program(tmp_path)
    app = opened(program)
    async with app.run_test(size=LARGE, notifications=True) as pilot:
        await show(pilot, program)
        await pilot.press("right", "right", "p")
        await settle(pilot)
        assert program.played == [(23.0, 29.0)]


async def test_a_typed_call_has_no_sound_and_says_so(tmp_path: Path) -> None:
    program = Program(tmp_path, spoken=False)
    app = opened(program)
    async with app.run_test(size=LARGE, notifications=True) as pilot:
        await show(pilot, program)
        await pilot.press("p")
        await until(pilot, "This call was typed")
        assert program.played == []


async def test_d_deletes_only_after_a_second_key(tmp_path: Path) -> None:
    program = Program(tmp_path)
    app = opened(program)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await show(pilot, program)
        await pilot.press("d")
        await until(pilot, "Delete this call?")
        await pilot.press("escape")
        await until(pilot, "Their side of it")
        assert program.deleted == []
        await pilot.press("d")
        await until(pilot, "Delete this call?")
        await pilot.press("y")
        await until(pilot, "Who is calling?")
        assert program.deleted == [tmp_path / "one"]
        await settle(pilot)
        assert "Solved, they thanked you" not in text(app)


async def test_o_opens_the_report(tmp_path: Path) -> None:
    program = Program(tmp_path)
    app = opened(program)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await show(pilot, program)
        await pilot.press("o")
        await pilot.pause()
        assert program.opened == [tmp_path / "one" / "report.html"]


async def test_a_call_that_cannot_be_read_is_told_plainly(tmp_path: Path) -> None:
    def damaged(folder: Path) -> Debrief:
        raise BadInput(f"{folder.name} is damaged.")

    app = opened(Program(tmp_path))
    app._services = replace(app._services, debrief=damaged)
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, "They hung up")
        await pilot.press("tab", "enter")
        await until(pilot, "is damaged.")
        await pilot.press("escape")
        await until(pilot, "Who is calling?")


async def test_escape_leads_home(tmp_path: Path) -> None:
    program = Program(tmp_path)
    app = opened(program)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await show(pilot, program)
        await pilot.press("escape")
        await until(pilot, "Who is calling?")
        assert not isinstance(app.screen, DebriefScreen)
