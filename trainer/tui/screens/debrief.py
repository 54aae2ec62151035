"""The debrief: their side, the curve, what went well, what to improve, one thing to do."""

from asyncio import to_thread
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import LoadingIndicator, Static
from textual.worker import Worker

from trainer.domain.errors import TrainerError
from trainer.review import track_text
from trainer.review.track import Track
from trainer.tui.later import fill, tell
from trainer.tui.screens.choice import ChoiceScreen, problem
from trainer.tui.screens.journal import JournalScreen
from trainer.tui.services import Debrief, Point, Services
from trainer.tui.widgets.key_bar import Key, KeyBar
from trainer.tui.widgets.mood_curve import MoodCurve
from trainer.tui.widgets.remarks import agreed, behind, feedback, moment, pairs, scores, spoken
from trainer.tui.widgets.top_bar import TopBar
from trainer.tui.wishes import CallDeleted
from trainer.tui.words import ENDINGS, clock, stars

KEYS = (
    Key("←→", "Moments", "screen.move(1)"),
    Key("p", "▶ Play moment", "screen.play"),
    Key("r", "Retry it", "screen.retry"),
    Key("s", "Say it now", "screen.say"),
    Key("↑↓", "Read on", "screen.scroll(1)"),
    Key("F4", "Misheard", "screen.correct"),
    Key("n", "Two lines", "screen.note"),
    Key("o", "Report", "screen.report"),
    Key("d", "Delete", "screen.delete"),
    Key("Esc", "Home", "app.pop_screen"),
    Key("?", "Help", "app.help"),
)


class DebriefScreen(Screen[None]):
    """Reads one call's debrief in a thread, then shows it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("left", "move(-1)", "Moment before"),
        ("right", "move(1)", "Next moment"),
        ("p,space,enter", "play", "Play"),
        ("up,k", "scroll(-1)", "Up"),
        ("down,j", "scroll(1)", "Down"),
        ("pageup", "scroll(-4)", "Up"),
        ("pagedown", "scroll(4)", "Down"),
        ("f4", "correct", "Not what I said"),
        ("n", "note", "Two lines for yourself"),
        ("r", "retry", "Retry this moment"),
        ("s", "say", "Say it now"),
        ("o", "report", "Report"),
        ("d", "delete", "Delete"),
        ("escape,q", "app.pop_screen", "Home"),
    ]

    def __init__(self, folder: Path, services: Services) -> None:
        super().__init__()
        self._folder = folder
        self._services = services
        self._told: Debrief | None = None
        self._playing: Worker[None] | None = None

    def compose(self) -> ComposeResult:
        """A page that fills once the call has been read."""
        yield TopBar(Content.from_markup("[$primary]◖◗[/] Debrief"))
        yield Static(id="outcome")
        with Vertical(id="debrief"):
            yield LoadingIndicator()
        yield KeyBar(KEYS)

    def on_mount(self) -> None:
        """Read the call in a thread."""
        self.query_one("#outcome").display = False
        self._read()

    @work(thread=True)
    def _read(self) -> None:
        try:
            told = self._services.debrief(self._folder)
        except TrainerError as error:
            tell(self, self._give_up, error)
            return
        tell(self, self._show, told)

    def _give_up(self, error: TrainerError) -> None:
        self.app.switch_screen(problem(error))

    def _show(self, told: Debrief) -> None:
        self.run_worker(fill(self, self._fill(told)))

    async def _fill(self, told: Debrief) -> None:
        self._told = told
        mark, ending = ENDINGS.get(told.status, ("·", told.status))
        rating = (
            f"\n[$quiet]Simulated customer's rating[/] [$accent]{stars(told.csat)}[/]"
            if told.csat is not None
            else ""
        )
        outcome = self.query_one("#outcome", Static)
        outcome.update(
            Content.from_markup(
                f"[bold $secondary]$who[/]  [bold]$mark $ending[/]  [$quiet]$long[/]{rating}",
                who=told.customer or told.title,
                mark=mark,
                ending=ending,
                long=clock(told.seconds),
            )
        )
        outcome.display = True
        page = self.query_one("#debrief")
        await page.remove_children()
        main = VerticalScroll(*self._main(told), id="debrief-main")
        side = Vertical(*self._side(told), id="debrief-side")
        await page.mount(main, side)
        if self.size.width < 140:
            # One column: the words follow the feedback on the same page.
            await side.remove()
            await main.mount(*self._side(told))
        main.can_focus = False
        if told.points:
            self.query_one(MoodCurve).focus(scroll_visible=False)
            self._show_moment(told.points[0])

    def _main(self, told: Debrief) -> Iterator[Widget]:
        if told.story:
            yield _box(
                "Their side of it",
                Static(Content("\n").join([Content(line) for line in told.story])),
            )
        if told.points:
            curve = MoodCurve(told.points, told.seconds, told.track)
            yield _box(
                f"{told.feeling.capitalize()} over the call   ▲ up   ▼ down",
                curve,
                Static(id="moment"),
                *_captions(told.track),
            )
        elif told.track is not None:
            curve = MoodCurve((), told.seconds, told.track)
            yield _box("Your voice over the call", curve, *_captions(told.track))
        yield _box("Feedback", Static(feedback(told), id="feedback"))
        if told.agreed:
            yield _box("What was agreed", Static(agreed(told.agreed), id="agreed"))
        if told.measures or told.not_measured:
            rows = [pairs(told.measures, "·")] if told.measures else []
            if told.not_measured:
                rows.append(
                    pairs(
                        tuple((name, f"not measured: {why}") for name, why in told.not_measured),
                        "–",
                    )
                )
            yield _box("Measured", Static(Content("\n").join(rows)))

        if told.scores:
            yield _box("By the rubric", Static(scores(told)))
        own = _box("How you saw it", Static(pairs(told.own, "·"), id="own"), id="own-part")
        own.display = bool(told.own)
        yield own
        if told.behind:
            yield _box("What lay behind it", Static(behind(told.behind)))

    def _side(self, told: Debrief) -> Iterator[Widget]:
        name = told.customer.split()[0] if told.customer else "Customer"
        words = VerticalScroll(
            *(Static(spoken(line, name)) for line in told.transcript), can_focus=False
        )
        yield _box("What was said", words, id="words")
        files = tuple((what, str(path)) for what, path in told.files)
        yield _box(
            "Technical: who spoke, how fast, where it is kept",
            Static(pairs((*told.engines, *files), "·")),
        )

    # --- keys ---

    def on_mood_curve_chosen(self, event: MoodCurve.Chosen) -> None:
        """The moment in words."""
        self._show_moment(event.point)

    def _show_moment(self, point: Point) -> None:
        if self._told:
            self.query_one("#moment", Static).update(moment(point, self._told.feeling))

    def action_move(self, step: int) -> None:
        """Walk along the curve, from anywhere on the page."""
        for curve in self.query(MoodCurve):
            curve.action_move(step)

    @work(exclusive=True, group="play")
    async def action_play(self) -> None:
        """Play the chosen moment; again starts it over."""
        told = self._told
        if told is None or not told.points:
            return
        if not told.spoken:
            self.notify("This call was typed: there is no sound to play.")
            return
        point = self.query_one(MoodCurve).point
        self.notify(f"▶ {clock(point.start_s)} – {clock(point.end_s)}", timeout=2)
        try:
            await self._services.play(told.folder, point.start_s, point.end_s)
        except TrainerError as error:
            self.app.push_screen(problem(error))

    @work(group="retry", exclusive=True)
    async def action_retry(self) -> None:
        """The call once more from the chosen moment on: the same mood, the same facts."""
        from trainer.tui.screens.retry import RetryScreen

        told, again = self._told, self._services.again
        if told is None or again is None:
            return
        if not told.points:
            self.notify("There is no moment in this call to go back to.")
            return
        turn = self.query_one(MoodCurve).point.turn
        if not turn:
            self.notify("Choose a moment with ←→: it begins again just before your words there.")
            return
        try:
            cast = await to_thread(again.cast, told.folder)
        except TrainerError as error:
            self.app.push_screen(problem(error))
            return
        self.app.push_screen(
            RetryScreen(cast, self._services, again, told.folder, turn, typed=not told.spoken)
        )

    def action_say(self) -> None:
        """A better line, said now; that of the chosen moment first."""
        from trainer.tui.screens.say_it import SayScreen, better

        told, again = self._told, self._services.again
        if told is None or again is None:
            return
        chosen = self.query_one(MoodCurve).point.turn if told.points else 0
        lines = better(told, chosen)
        if not lines:
            self.notify("The feedback on this call has no line to say instead.")
            return
        self.app.push_screen(SayScreen(told.folder, told.spoken, lines, self._services, again))

    @work(group="correct", exclusive=True)
    async def action_correct(self) -> None:
        """Put right what was understood of the chosen moment's turn; the debrief is made again."""
        from trainer.tui.screens.correct import CorrectScreen

        told, again = self._told, self._services.again
        if told is None or again is None:
            return
        chosen = self.query_one(MoodCurve).point.turn if told.points else 0
        line = next((one for one in told.transcript if one.turn == chosen), None)
        if not chosen or line is None:
            self.notify("Choose a moment with ←→: what you said there can be put right.")
            return
        text = await self.app.push_screen_wait(CorrectScreen(line.text, over=True))
        if not text:
            return
        try:
            await again.put_right(told.folder, chosen, text)
        except TrainerError as error:
            self.app.push_screen(problem(error))
            return
        self.notify("Put right: the debrief is made again.", timeout=3)
        self._read()

    def action_scroll(self, step: int) -> None:
        """Read on."""
        for page in self.query("#debrief-main"):
            page.scroll_relative(y=3 * step, animate=False, immediate=True)

    @work(group="note", exclusive=True)
    async def action_note(self) -> None:
        """Two lines for oneself, beside the call."""
        own = self._services.own
        if own is None or self._told is None:
            return
        try:
            asks = await to_thread(own.journal_asks)
        except TrainerError as error:
            self.app.push_screen(problem(error))
            return
        view = await to_thread(own.view, self._folder)
        lines = await self.app.push_screen_wait(
            JournalScreen(asks, view.journal if view is not None else ("", ""))
        )
        if lines is None:
            return
        try:
            rows = await to_thread(own.note, self._folder, lines)
        except TrainerError as error:
            self.app.push_screen(problem(error))
            return
        self.query_one("#own", Static).update(pairs(rows, "·"))
        self.query_one("#own-part").display = bool(rows)
        self.notify("Kept beside the call.", timeout=3)

    def action_report(self) -> None:
        """The report in a browser, or where it lies."""
        report = (
            next((path for what, path in self._told.files if what == "Report"), None)
            if self._told
            else None
        )
        if report and not self._services.open_file(report):
            self.notify(str(report), title="The report is here", timeout=15)

    @work(group="delete", exclusive=True)
    async def action_delete(self) -> None:
        """Gone for good, after one question."""
        answer = await self.app.push_screen_wait(
            ChoiceScreen(
                "Delete this call?",
                "The recording, the words and the debrief are removed from this machine."
                " This cannot be undone.",
                "",
                (("y", "Delete", "delete"), ("Esc", "Keep", "keep")),
            )
        )
        if answer != "delete":
            return
        try:
            self._services.delete(self._folder)
        except TrainerError as error:
            self.app.push_screen(problem(error))
            return
        self.post_message(CallDeleted(self._folder))


def _captions(track: Track | None) -> Iterator[Widget]:
    """How to read the agent's track, where there is one."""
    if track is not None:
        yield Static(Content.styled("\n".join(track_text.captions(track)), "$quiet"))


def _box(title: str, *children: Widget, id: str | None = None) -> Vertical:
    box = Vertical(*children, classes="panel still part", id=id)
    box.border_title = title
    return box
