"""Rate yourself first: five short pages after a call, before its result. Esc leaves it out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, Static

from trainer.domain.errors import TrainerError
from trainer.domain.self_rating import LONGEST, NONE, SelfRating
from trainer.tui.later import fill, tell
from trainer.tui.own import Own
from trainer.tui.screens.breathing import BreathingScreen
from trainer.tui.widgets.key_bar import Key, KeyBar
from trainer.tui.widgets.question import Option, Question
from trainer.tui.widgets.top_bar import TopBar
from trainer.tui.words import clock

if TYPE_CHECKING:
    from trainer.review.self_rating import Asked, Words

NOT_NOW = Key("Esc", "Not this time", "screen.skip")
BACK = Key("F2", "Back", "screen.back")
ON = Key("Tab", "Leave out", "screen.on")
HELP = Key("F1", "Help", "app.help")
MARK_KEYS = (Key("1-5", "Mark"), Key("↑↓", "Row"))
LIST_KEYS = (Key("0-9", "Choose"), Key("↑↓ Enter", "or this way"))
LINE_KEYS = (Key("Enter", "Go on", "screen.on"),)
REST_KEYS = (
    Key("Enter", "The result", "screen.skip"),
    Key("b", "A minute to breathe", "screen.breathe"),
)


class SelfRatingScreen(Screen[None]):
    """Asks, keeps, and closes. The debrief is made ready behind it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "skip", "Not this time", priority=True),
        Binding("f2", "back", "Back", priority=True),
        Binding("tab", "on", "Leave out", priority=True),
    ]

    def __init__(self, folder: Path, own: Own) -> None:
        super().__init__()
        self._folder = folder
        self._own = own
        self._asked: Asked | None = None
        self._pages: list[str] = []
        self._answers: dict[str, Any] = {}
        self._page = 0
        self._rest = False
        self._over = False

    def compose(self) -> ComposeResult:
        """One page at a time."""
        yield TopBar(
            Content.from_markup("[$primary]◖◗[/] How was it? [$quiet]· before the result[/]")
        )
        yield Static(id="rate-head")
        with VerticalScroll(id="rate", can_focus=False):
            yield Vertical(id="rate-page")
        yield Static(id="rate-ready")
        yield KeyBar((NOT_NOW, HELP))

    def on_mount(self) -> None:
        """Read what was said; reviewing it goes on in a thread of its own."""
        self._read()
        self._prepare()

    @work(thread=True, group="prepare")
    def _prepare(self) -> None:
        tell(self, self._tell, "… the result is being made ready")
        self._own.prepare(self._folder)
        tell(self, self._tell, "✓ the result is ready when you are")

    def _tell(self, words: str) -> None:
        self.query_one("#rate-ready", Static).update(Content.styled(words, "$quiet"))

    @work(thread=True, group="asked")
    def _read(self) -> None:
        try:
            asked = self._own.asked(self._folder)
        except TrainerError:  # the debrief, which follows, says what is wrong
            asked = None
        tell(self, self._begin, asked)

    def _begin(self, asked: Asked | None) -> None:
        if asked is None:
            self._leave()
            return
        self._asked = asked
        marks = ["dimensions"] if asked.dimensions else []
        moments = ["moment", "body"] if asked.moments else []
        self._pages = [*marks, *moments, "customer", "reframe"]
        self._show()

    def _leave(self) -> None:
        """Close, at once or as soon as nothing stands over this."""
        self._over = not self.is_active
        if not self._over:
            self.dismiss()

    def on_screen_resume(self) -> None:
        """What stood over this is gone."""
        if self._over:
            self._leave()

    # --- pages ---

    def _show(self) -> None:
        """The page that is due."""
        self.run_worker(fill(self, self._fill()), exclusive=True, group="page")

    async def _fill(self) -> None:
        assert self._asked is not None
        name = self._pages[self._page]
        page = self.query_one("#rate-page")
        await page.remove_children()
        await page.mount(*self._widgets(name, self._asked))
        done = "●" * (self._page + 1) + "○" * (len(self._pages) - self._page - 1)
        about = {
            "dimensions": "  ".join(f"{n} {label}" for n, label in self._asked.words.scale.items())
        }.get(name, "")
        self.query_one("#rate-head", Static).update(
            Content.from_markup("[$primary]$done[/]  [$quiet]$about[/]", done=done, about=about)
        )
        keys = {"dimensions": MARK_KEYS, "reframe": LINE_KEYS}.get(name, LIST_KEYS)
        leave = () if name == "reframe" else (ON,)
        self.query_one(KeyBar).show(
            (*keys, *leave, *((BACK,) if self._page else ()), NOT_NOW, HELP)
        )
        self.set_focus(page.query("Question, Input").first())

    def _widgets(self, name: str, asked: Asked) -> Iterator[Widget]:
        words = asked.words
        if name == "dimensions":
            steps = [Option(str(step), str(step), step) for step in words.scale]
            for id_, label, sentence in asked.dimensions:
                yield self._question(id_, sentence, steps, heading=f"{label}.", across=True)
        elif name == "moment":
            said = [
                Option(
                    str(number) if number < 10 else "",
                    f"{clock(one.start_s)}  “{one.text}”",
                    one.turn,
                )
                for number, one in enumerate(asked.moments, start=1)
            ]
            yield self._question(name, words.moment, [Option("0", words.no_moment, NONE), *said])
        elif name == "body":
            yield self._list(name, words.body, words.places, words.nowhere)
        elif name == "customer":
            feelings = {str(k): v for k, v in words.feelings.items()}
            needs = {str(k): v for k, v in words.needs.items()}
            yield self._list("felt", words.felt, feelings, words.unsure)
            yield self._list("needed", words.needed, needs, words.unsure)
        else:
            yield Static(Content.styled(words.reframe, "bold"))
            yield Input(
                self._answers.get(name, ""), placeholder=words.reframe_hint, max_length=LONGEST
            )

    def _list(self, name: str, text: str, options: dict[str, str], none: str) -> Question:
        numbered = [
            Option(str(number), label, value)
            for number, (value, label) in enumerate(options.items(), start=1)
        ]
        return self._question(name, text, [*numbered, Option("0", none, NONE)])

    def _question(
        self, name: str, text: str, options: list[Option], heading: str = "", across: bool = False
    ) -> Question:
        question = Question(name, text, options, heading=heading, across=across)
        question.chosen = self._answers.get(name)
        return question

    # --- answers ---

    def on_question_answered(self, event: Question.Answered) -> None:
        """Keep it, and go to the next one."""
        self._answers[event.question.asks] = event.question.chosen
        self._after(event.question)

    def on_question_leave(self, event: Question.Leave) -> None:
        """The arrows lead to the question above or below."""
        questions = list(self.query(Question))
        place = questions.index(event.question) + event.step
        if 0 <= place < len(questions):
            self.set_focus(questions[place])

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """The one line; it may be empty."""
        self._answers["reframe"] = event.value.strip()
        self._turn_page()

    def _after(self, question: Question) -> None:
        questions = list(self.query(Question))
        place = questions.index(question) + 1
        if place < len(questions):
            self.set_focus(questions[place])
        else:
            self._turn_page()

    def _turn_page(self) -> None:
        step = 1
        if self._pages[self._page] == "moment" and not isinstance(self._answers.get("moment"), int):
            self._answers.pop("body", None)
            step = 2  # where in the body is asked of a moment only
        self._page += step
        if self._page < len(self._pages):
            self._show()
        else:
            self._finish()

    def action_on(self) -> None:
        """Leave the question out that is being asked."""
        if self._rest:
            return
        if isinstance(self.focused, Question):
            self._after(self.focused)
        elif isinstance(self.focused, Input):
            self.on_input_submitted(Input.Submitted(self.focused, self.focused.value))

    def action_back(self) -> None:
        """The page before."""
        if self._rest or not self._page:
            return
        self._page -= 1
        if self._pages[self._page] == "body" and not isinstance(self._answers.get("moment"), int):
            self._page -= 1
        self._show()

    # --- the end ---

    def _rating(self, asked: Asked) -> SelfRating:
        marks = {
            name: self._answers[name]
            for name, *_ in asked.dimensions
            if self._answers.get(name) is not None
        }
        rest = ("moment", "body", "felt", "needed")
        return SelfRating.model_validate(
            {
                "made": datetime.now(UTC),
                "dimensions": marks,
                **{name: self._answers.get(name) for name in rest},
                "reframe": self._answers.get("reframe", ""),
            }
        )

    def _finish(self) -> None:
        assert self._asked is not None
        rating = self._rating(self._asked)
        try:
            if not rating.empty:
                self._own.keep(self._folder, rating)
        except TrainerError as error:
            self.app.notify(str(error), severity="warning")
        if self._asked.hard:
            offer = fill(self, self._offer(self._asked.words))
            self.run_worker(offer, exclusive=True, group="page")
        else:
            self._leave()

    async def _offer(self, words: Words) -> None:
        """A minute for oneself; the result is one key away."""
        self._rest = True
        page = self.query_one("#rate-page")
        await page.remove_children()
        await page.mount(
            Static(
                Content.from_markup(
                    "[bold]$hard[/]\n\n$offer",
                    hard=words.hard,
                    offer=words.breathing.offer,
                )
            )
        )
        self.query_one("#rate-head", Static).update("")
        self.query_one(KeyBar).show(REST_KEYS)

    def key_enter(self) -> None:
        """On to the result, once everything was asked."""
        if self._rest:
            self._leave()

    def key_b(self) -> None:
        """As the key at the foot of the screen."""
        self.action_breathe()

    @work(exclusive=True, group="breathe")
    async def action_breathe(self) -> None:
        """Sixty seconds, then the result."""
        if self._rest and self._asked is not None:
            await self.app.push_screen_wait(BreathingScreen(self._asked.words.breathing))
            self._leave()

    def action_skip(self) -> None:
        """Nothing is kept of what was not finished."""
        self._leave()
