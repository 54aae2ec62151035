"""“Retry this moment”: the call from one turn on, then both curves and the words then and now."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import LoadingIndicator, Static

from trainer.domain.errors import TrainerError
from trainer.domain.persona import Cast
from trainer.review.then_now import Step, ThenNow
from trainer.tui.again import TURNS, Again
from trainer.tui.later import fill, tell
from trainer.tui.screens.call import CallScreen
from trainer.tui.screens.choice import problem
from trainer.tui.services import Point, Services
from trainer.tui.session import Observer, OpenCall
from trainer.tui.widgets.key_bar import Key, KeyBar
from trainer.tui.widgets.mood_curve import MoodCurve
from trainer.tui.widgets.top_bar import TopBar
from trainer.tui.wishes import CallOver, PickUp
from trainer.tui.words import ENDINGS

KEYS = (
    Key("↑↓", "Read on", "screen.scroll(1)"),
    Key("r", "Once more", "screen.again"),
    Key("Esc", "Back to the debrief", "app.pop_screen"),
    Key("?", "Help", "app.help"),
)


class RetryScreen(CallScreen):
    """A call that begins in the middle of a recorded one, with the customer's last line."""

    def __init__(
        self,
        cast: Cast,
        services: Services,
        again: Again,
        folder: Path,
        turn: int,
        *,
        typed: bool,
    ) -> None:
        """`folder`: the recorded call; `turn`: of the agent, taken up just before it."""

        async def open_retry(who: Cast, by_key: bool, see: Observer) -> OpenCall:
            return await again.open_retry(folder, turn, by_key, see)

        super().__init__(
            cast,
            replace(services, open_call=open_retry),
            typed=typed,
            captions=True,
            coaching=False,
        )
        self._whole = services
        self._again = again
        self._folder = folder
        self._turn = turn

    def on_call_over(self, over: CallOver) -> None:
        """Then and now; a retry that was stopped, or never began, leads back to the debrief."""
        over.stop()
        self._stand_on_top()
        if over.folder is None or over.status in ("aborted", "failed", "check"):
            self.app.pop_screen()
            if over.status == "aborted":
                self.app.notify("The retry was stopped.", title=over.customer)
            return
        self.app.switch_screen(
            ThenNowScreen(
                self._cast,
                self._whole,
                self._again,
                self._folder,
                self._turn,
                over.folder,
                typed=self._typed,
            )
        )

    def on_pick_up(self, wish: PickUp) -> None:
        """By keyboard, where it could not be spoken."""
        wish.stop()
        self._stand_on_top()
        self.app.switch_screen(
            RetryScreen(
                self._cast,
                self._whole,
                self._again,
                self._folder,
                self._turn,
                typed=wish.typed,
            )
        )

    def _stand_on_top(self) -> None:
        """Close what stands over it: help, the card, a correction."""
        while self.app.screen is not self:
            self.app.pop_screen()


class ThenNowScreen(Screen[None]):
    """Reads both in a thread, then shows them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("up,k", "scroll(-1)", "Up"),
        ("down,j", "scroll(1)", "Down"),
        ("pageup", "scroll(-4)", "Up"),
        ("pagedown", "scroll(4)", "Down"),
        ("r", "again", "Once more"),
        ("escape,q", "app.pop_screen", "Back"),
    ]

    def __init__(
        self,
        cast: Cast,
        services: Services,
        again: Again,
        folder: Path,
        turn: int,
        retry: Path,
        *,
        typed: bool,
    ) -> None:
        """`retry`: the folder of what came of it; the rest as for `RetryScreen`."""
        super().__init__()
        self._cast = cast
        self._services = services
        self._again = again
        self._folder = folder
        self._turn = turn
        self._retry = retry
        self._typed = typed

    def compose(self) -> ComposeResult:
        """A page that fills once both have been read."""
        yield TopBar(Content.from_markup("[$primary]◖◗[/] Then and now"))
        with Vertical(id="then-now"):
            yield LoadingIndicator()
        yield KeyBar(KEYS)

    def on_mount(self) -> None:
        """Review the retry, and hold it against the call."""
        self._read()

    @work(thread=True)
    def _read(self) -> None:
        try:
            held = self._again.compare(self._folder, self._retry)
        except TrainerError as error:
            tell(self, self._give_up, error)
            return
        tell(self, lambda: self.run_worker(fill(self, self._fill(held))))

    def _give_up(self, error: TrainerError) -> None:
        self.app.switch_screen(problem(error))

    async def _fill(self, held: ThenNow) -> None:
        page = self.query_one("#then-now")
        await page.remove_children()
        customer = self._cast.persona.identity.name
        parts: list[Vertical] = []
        if len(held.curve_then) > 1:
            points = [
                Point(p.turn, p.t_s, p.value, p.before, marks=tuple(p.marks))
                for p in held.curve_then
            ]
            curve = MoodCurve(points, points[-1].t_s, compare=held.curve_now)
            curve.can_focus = False
            curve.chosen = next((n for n, p in enumerate(points) if p.turn == held.turn), 0)
            parts.append(_box(f"{held.feeling.capitalize()}: ─ then   ◇ now", curve))
        words = Content("\n").join(_lines(held, customer))
        parts.append(_box("What you said, then and now", Static(words, id="both")))
        body = VerticalScroll(*parts, id="then-now-page")
        body.can_focus = False
        await page.mount(body)

    def action_scroll(self, step: int) -> None:
        """Read on."""
        for page in self.query("#then-now-page"):
            page.scroll_relative(y=3 * step, animate=False, immediate=True)

    def action_again(self) -> None:
        """The same moment another time."""
        self.app.switch_screen(
            RetryScreen(
                self._cast,
                self._services,
                self._again,
                self._folder,
                self._turn,
                typed=self._typed,
            )
        )


def _lines(held: ThenNow, customer: str) -> Iterator[Content]:
    if held.asked:
        yield Content.from_markup(
            "[$secondary]$who:[/] “$line”\n", who=customer.split(maxsplit=1)[0], line=held.asked
        )
    for place in range(max(len(held.then), len(held.now))):
        for name, steps in (("Then", held.then), ("Now ", held.now)):
            if place < len(steps):
                yield _step(name, steps[place], customer)
        yield Content("")
    if not held.now:
        yield Content.styled("You said nothing this time.", "$quiet")
    elif held.status_now == "open":
        told = f"The retry ends after {TURNS} turns; the call itself is as it was."
        yield Content.styled(told, "$quiet")
    else:
        ends = [ENDINGS.get(s, ("", s))[1] for s in (held.status_then, held.status_now)]
        yield Content.styled(f"Then: {ends[0]}. Now: {ends[1]}.", "$quiet")


def _step(name: str, step: Step, customer: str) -> Content:
    way, colour = ("▲", "$error") if step.after > step.before else ("▼", "$success")
    if round(step.after * 100) == round(step.before * 100):
        way, colour = "=", "$quiet"
    said = Content.from_markup(
        f"[bold]$name[/] [{colour}]$before $way $after[/]  [$primary]you:[/] “$said”",
        name=name,
        before=f"{step.before * 100:3.0f}",
        way=way,
        after=f"{step.after * 100:3.0f}",
        said=step.said,
    )
    if not step.answer:
        return said
    answer = Content.from_markup(
        "     [$secondary]$who:[/] “$answer”", who=customer.split(maxsplit=1)[0], answer=step.answer
    )
    return Content("\n").join([said, answer])


def _box(title: str, child: MoodCurve | Static) -> Vertical:
    box = Vertical(child, classes="panel still part")
    box.border_title = title
    return box
