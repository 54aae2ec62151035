"""Nothing is cut off on a small terminal, and nothing depends on colour."""

from pathlib import Path

import pytest
from textual.color import Color
from textual.pilot import Pilot
from textual.theme import Theme
from textual.widget import Widget

from tests.tui.reading import LARGE, SMALL, rows, text, until
from tests.tui.standin import Program
from trainer.domain.events import Coached
from trainer.tui.app import TrainerApp
from trainer.tui.themes import DARK, LIGHT
from trainer.tui.widgets.key_bar import KeyBar

pytestmark = pytest.mark.usefixtures("three_customers")

HOME = ("", "They hung up")
BRIEF = ("enter", "is calling")
CALL = ("enter", "● REC")
DEBRIEF = (("tab", ""), ("enter", "Their side of it"))
WORKSHOP = ("p", "telling “")
WAYS = {
    "home": (HOME,),
    "brief": (HOME, BRIEF),
    "call": (HOME, BRIEF, CALL),
    "typed call": (HOME, ("t", "is calling"), CALL),
    "card": (HOME, BRIEF, CALL, ("f2", "the call goes on")),
    "help": (HOME, ("question_mark", "next part of the screen")),
    "device check": (HOME, ("w", "Speaker")),
    "settings": (HOME, ("s", "Customer's voice")),
    "debrief": (HOME, *DEBRIEF),
    "workshop": (HOME, WORKSHOP),
    "finding": (HOME, WORKSHOP, ("slash", "Find:")),
    "bench": (HOME, WORKSHOP, ("b", "nothing was played")),
    "mistakes": (HOME, WORKSHOP, ("3", "All good")),
    "knows": (HOME, WORKSHOP, ("4", "Who they are")),
    "copy": (HOME, WORKSHOP, ("e", "A copy of your own?")),
    "new customer": (HOME, WORKSHOP, ("n", "my-customer")),
    "try": (HOME, WORKSHOP, ("t", "▌ ")),
    "delete": (HOME, *DEBRIEF, ("d", "Delete this call?")),
}
"""Screen: keys that lead there, each with what is then seen."""


async def go(pilot: Pilot[None], screen: str) -> None:
    await until(pilot, "Rita Olsen ●●●○○")
    for key, seen in WAYS[screen]:
        if key:
            await pilot.press(key)
        await until(pilot, seen)


@pytest.mark.parametrize("screen", WAYS)
async def test_every_screen_fits_a_small_terminal(tmp_path: Path, screen: str) -> None:
    app = Program(tmp_path).app()
    async with app.run_test(size=SMALL) as pilot:
        await go(pilot, screen)
        seen = text(app)
        window = app.screen.region
        for widget in app.screen.query("*"):
            parents = [one for one in widget.ancestors if isinstance(one, Widget)]
            scrolls = any(parent.max_scroll_y > 0 for parent in parents)
            if widget.is_on_screen and widget.region.area and not scrolls:
                assert window.contains_region(widget.region), widget
        for bar in app.screen.query(KeyBar):
            for key in bar._keys:
                assert key.label in seen, key
        assert len(rows(app)) == SMALL[1]


@pytest.mark.parametrize("screen", ["call", "typed call"])
async def test_what_is_said_is_seen_in_the_lowest_of_windows(tmp_path: Path, screen: str) -> None:
    program = Program(tmp_path)
    app = program.app()
    async with app.run_test(size=(60, 15)) as pilot:
        await go(pilot, screen)
        program.calls[0].tell(Coached(t=1, turn=1, cue="voice up, short sentences", say="Wait."))
        await until(pilot, "rung me once.")
        assert all(key.label in text(app) for bar in app.screen.query(KeyBar) for key in bar._keys)


@pytest.mark.parametrize("screen", ["home", "call", "debrief", "workshop", "bench", "try"])
async def test_without_colour_everything_is_grey_and_still_said(
    tmp_path: Path, screen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = Program(tmp_path).app()
    async with app.run_test(size=SMALL) as pilot:
        await go(pilot, screen)
        assert tinted(app) == set()


async def test_with_colour_there_is_colour(tmp_path: Path) -> None:
    app = Program(tmp_path).app()
    async with app.run_test(size=SMALL) as pilot:
        await go(pilot, "home")
        assert tinted(app)


def tinted(app: TrainerApp) -> set[str]:
    """Colours on the screen that are no greys, as the terminal gets them."""
    found = set()
    for strip in app.screen._compositor.render_strips():
        for segment in strip:
            for colour in (segment.style.color, segment.style.bgcolor) if segment.style else ():
                if colour is not None and len(set(colour.get_truecolor())) > 1:
                    found.add(colour.name)
    return found


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_text_stands_out_from_its_background(theme: Theme) -> None:
    background = Color.parse(theme.background or "")
    for name in ("foreground", "primary", "secondary", "accent", "error", "success"):
        ink = Color.parse(getattr(theme, name))
        assert contrast(ink, background) >= 4.5, name
    assert contrast(Color.parse(theme.variables["quiet"]), background) >= 4.5


def contrast(one: Color, other: Color) -> float:
    """WCAG 2 contrast ratio."""

    def luminance(color: Color) -> float:
        parts = [
            part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
            for part in (color.r / 255, color.g / 255, color.b / 255)
        ]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("screen", ["home", "call", "debrief", "workshop", "try"])
async def test_large_terminals_show_more_at_once(tmp_path: Path, screen: str) -> None:
    app = Program(tmp_path).app()
    async with app.run_test(size=LARGE) as pilot:
        await go(pilot, screen)
        beside = {
            "home": ("Last calls", "May be hard to hear"),
            "call": ("Captions", "I may not"),
            "debrief": ("One thing to do next time", "What was said"),
            "workshop": ("Where the call begins", "What they know"),
            "try": ("What is said", "resolution", "What they know"),
        }[screen]
        assert all(words in text(app) for words in beside)
