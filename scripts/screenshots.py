"""Takes the screenshots of docs/images: the real app, a real typed call, drawn by the app itself.

.venv/bin/python scripts/screenshots.py
"""

import asyncio
import os
import re
import tempfile
from multiprocessing import resource_tracker
from pathlib import Path

from textual.pilot import Pilot

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
SIZE = (110, 34)
LINES = (
    "I'm sorry. You rang four times, and nobody came. That must be maddening with a bakery to run.",
    "What has it done to the shop so far?",
    "So people turn round at the door. Is there anything else that hangs on the line?",
    "I can send you a mobile router by courier within three hours, and book a visit by name.",
)


def keep(pilot: Pilot[None], name: str) -> None:
    """One picture; fonts come from the reader's own machine."""
    svg = pilot.app.export_screenshot(title="trainer")
    svg = re.sub(r"@font-face\s*\{.*?\}", "", svg, flags=re.DOTALL)
    svg = svg.replace("Fira Code", "DejaVu Sans Mono, Menlo, Consolas")
    (IMAGES / f"{name}.svg").write_text(svg, "utf-8")
    print(IMAGES / f"{name}.svg")


async def until(pilot: Pilot[None], words: str) -> None:
    """Wait for words on the screen."""
    for _ in range(3000):
        await asyncio.sleep(0.1)
        strips = pilot.app.screen._compositor.render_strips()
        if words in "\n".join("".join(part.text for part in strip) for strip in strips):
            return
    raise SystemExit(f"“{words}” did not appear")


async def tour(theme: str, prefix: str) -> None:
    """Home, card, call, debrief, help, and what trainers see."""
    from trainer import settings
    from trainer.cli import practice
    from trainer.tui.app import TrainerApp
    from trainer.tui.program import Program

    given = settings.load(theme=theme, wording="authored", voice="none")
    program = Program(given, practice._composition_root, practice._review, seed=3, typed=True)
    app = TrainerApp(given, program.services())
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "Olsen")
        await until(pilot, "✓ Understands")
        await pilot.press("down")
        await pilot.pause(0.5)
        keep(pilot, f"{prefix}home")
        await pilot.press("t")
        await until(pilot, "is calling")
        keep(pilot, f"{prefix}before")
        await pilot.press("enter")
        await until(pilot, "Your turn")
        for line in LINES:
            await pilot.press(*(" " if char == " " else char for char in line), "enter")
            await asyncio.sleep(1.5)
            await until(pilot, "Your turn")
        keep(pilot, f"{prefix}call")
        await pilot.press("f8", "f8")
        await until(pilot, "I said what it was like")
        await pilot.press("4")
        await pilot.pause(0.5)
        keep(pilot, f"{prefix}rate")
        await pilot.press("escape")
        await until(pilot, "Their side of it")
        await pilot.press("right")
        await pilot.pause(0.5)
        keep(pilot, f"{prefix}debrief")
        await pilot.press("escape", "question_mark")
        await until(pilot, "Good to know")
        keep(pilot, f"{prefix}help")
        await pilot.press("escape")
        await trainers(pilot, prefix)


async def trainers(pilot: Pilot[None], prefix: str) -> None:
    """A customer's card, their bench, a try with the mood visible."""
    await pilot.press("p")
    await until(pilot, "telling “")
    await pilot.press("slash", *"olsen", "enter")
    await until(pilot, "Pete Olsen, 52")
    await pilot.press("pagedown", "pagedown")
    await pilot.pause(0.5)
    keep(pilot, f"{prefix}workshop")
    await pilot.press("b")
    await until(pilot, "turn by turn")
    await pilot.pause(0.5)
    keep(pilot, f"{prefix}bench")
    await pilot.press("t")
    await until(pilot, "▌ Pete")
    for line in (*LINES[:2], "Calm down. You should have rung the other number."):
        await pilot.press(*line, "enter")
        await asyncio.sleep(1.5)
        await until(pilot, "What moved them")
    await pilot.pause(1)
    keep(pilot, f"{prefix}try")
    await pilot.press("escape", "escape", "escape")


def main() -> None:
    """Dark, then light."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    resource_tracker.ensure_running()  # before the app replaces sys.stderr: the bench needs it
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TRAINER_DATA_DIR"] = folder
        os.environ["TRAINER_CONFIG"] = f"{folder}/config.toml"
        asyncio.run(tour("dark", ""))
        asyncio.run(tour("light", "light-"))


if __name__ == "__main__":
    main()
