"""Takes the screenshots of docs/images: the real app, a real typed call, drawn by the app itself.

.venv/bin/python scripts/screenshots.py [FOLDER]

One tour; at every stop the picture is taken in the dark look and in the light one.
"""

import asyncio
import os
import re
import sys
import tempfile
import time
from multiprocessing import resource_tracker
from pathlib import Path
from typing import TYPE_CHECKING

from textual.pilot import Pilot
from textual.widgets import Input

if TYPE_CHECKING:
    from trainer.tui.screens.debrief import DebriefScreen

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
SIZE = (110, 34)
BEGAN = time.monotonic()
LINES = (
    "I'm sorry. You rang four times, and nobody came. That must be maddening with a bakery to run.",
    "What has it done to the shop so far?",
    "So people turn round at the door. Is there anything else that hangs on the line?",
    "I can send you a mobile router by courier within three hours, and book a visit by name.",
)


async def keep(pilot: Pilot[None], name: str) -> None:
    """One stop, in both looks; fonts come from the reader's own machine."""
    app = pilot.app
    for theme, prefix in (("light", "light-"), ("dark", "")):
        app.theme = theme
        await pilot.pause(0.3)
        svg = app.export_screenshot(title="trainer")
        svg = re.sub(r"@font-face\s*\{.*?\}", "", svg, flags=re.DOTALL)
        svg = svg.replace("Fira Code", "DejaVu Sans Mono, Menlo, Consolas")
        (folder() / f"{prefix}{name}.svg").write_text(svg, "utf-8")
    print(folder() / f"{name}.svg", f"{time.monotonic() - BEGAN:.0f} s", flush=True)


def folder() -> Path:
    """Where the pictures go."""
    return Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES


async def say(pilot: Pilot[None], line: str) -> None:
    """Put a line into the call; typing it letter by letter would only take longer."""
    pilot.app.screen.query_one(Input).value = line
    await pilot.press("enter")
    await asyncio.sleep(0.5)


async def until(pilot: Pilot[None], words: str) -> None:
    """Wait for words on the screen."""
    for _ in range(900):
        await asyncio.sleep(0.1)
        if words in shown(pilot):
            return
    raise SystemExit(f"“{words}” did not appear:\n{shown(pilot)}")


def shown(pilot: Pilot[None]) -> str:
    """The screen as text."""
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join("".join(part.text for part in strip) for strip in strips)


async def tour(data: Path) -> None:
    """Home, card, call, self-rating, help, what trainers see, and the debrief of a spoken call."""
    from trainer import settings
    from trainer.cli import practice
    from trainer.tui.app import TrainerApp
    from trainer.tui.program import Program
    from trainer.tui.screens.debrief import DebriefScreen

    spoken = asyncio.create_task(demo(data / "demo"))
    given = settings.load(theme="dark", wording="authored", voice="none")
    program = Program(given, practice._composition_root, practice._review, seed=3, typed=True)
    app = TrainerApp(given, program.services())
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "Who is calling?")
        await until(pilot, "✓ Understands")
        await choose(pilot, "Pete Olsen")
        await keep(pilot, "home")
        await pilot.press("t")
        await until(pilot, "is calling")
        await keep(pilot, "before")
        await pilot.press("enter")
        await until(pilot, "Your turn")
        for line in LINES:
            await say(pilot, line)
            await until(pilot, "Your turn")
        await keep(pilot, "call")
        await pilot.press("f8", "f8")
        await until(pilot, "Esc")
        await keep(pilot, "rate")
        await pilot.press("escape")
        await until(pilot, "Their side of it")
        await pilot.press("escape", "question_mark")
        await until(pilot, "During a call")
        await keep(pilot, "help")
        await pilot.press("escape")
        await trainers(pilot)
        await debrief(pilot, DebriefScreen(await spoken, program.services()))


async def demo(data: Path) -> Path:
    """A spoken call, which takes its time: the folder it is kept in."""
    command = [Path(sys.executable).with_name("trainer"), "demo"]
    env = os.environ | {"TRAINER_DATA_DIR": str(data)}
    running = await asyncio.create_subprocess_exec(
        *command, env=env, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    if await running.wait():
        raise SystemExit("the demo did not end well")
    return next((data / "calls").iterdir())


async def debrief(pilot: Pilot[None], screen: "DebriefScreen") -> None:
    """Of a spoken call: the curve with the agent's voice and pace under it."""
    await pilot.app.push_screen(screen)
    await until(pilot, "Their side of it")
    await pilot.press("right", "right", "right", "down")
    await pilot.pause(0.5)
    await keep(pilot, "debrief")


async def choose(pilot: Pilot[None], who: str) -> None:
    """Walk down the list to a customer."""
    for _ in range(40):
        if f"{who} ─" in shown(pilot):
            return
        await pilot.press("down")
    raise SystemExit(f"{who} is not in the list")


async def trainers(pilot: Pilot[None]) -> None:
    """A customer's card, their bench, a try with the mood visible."""
    await pilot.press("p")
    await until(pilot, "telling “")
    await pilot.press("slash", *"olsen", "enter")
    await until(pilot, "Pete Olsen, 52")
    await pilot.press("pagedown", "pagedown")
    await pilot.pause(0.5)
    await keep(pilot, "workshop")
    await pilot.press("t")
    await until(pilot, "▌ Pete")
    for line in (*LINES[:2], "Calm down. You should have rung the other number."):
        await say(pilot, line)
        await until(pilot, "What moved them")
    await pilot.pause(1)
    await keep(pilot, "try")
    await pilot.press("escape")
    await until(pilot, "Where the call begins")
    await pilot.press("b")
    await until(pilot, "turn by turn")
    await pilot.pause(0.5)
    await keep(pilot, "bench")


def main() -> None:
    """All of it."""
    folder().mkdir(parents=True, exist_ok=True)
    resource_tracker.ensure_running()  # before the app replaces sys.stderr: the bench needs it
    with tempfile.TemporaryDirectory() as data:
        os.environ["TRAINER_DATA_DIR"] = data
        os.environ["TRAINER_CONFIG"] = f"{data}/config.toml"
        asyncio.run(tour(Path(data)))


if __name__ == "__main__":
    main()
