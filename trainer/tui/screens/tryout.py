"""A try: a typed call with a customer whose mood one can see. Nothing of it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static
from textual.worker import Worker, get_current_worker

from trainer.conversation.machine import State
from trainer.domain.errors import EngineFailed, TrainerError
from trainer.tui import mistakes
from trainer.tui.inside_view import Inside, look
from trainer.tui.later import tell
from trainer.tui.screens.card import CardScreen
from trainer.tui.screens.choice import problem
from trainer.tui.session import Controls, Observation
from trainer.tui.widgets import inside_sheet
from trainer.tui.widgets.captions import Captions
from trainer.tui.widgets.engine_lines import EngineLines
from trainer.tui.widgets.key_bar import Key, KeyBar
from trainer.tui.widgets.top_bar import TopBar
from trainer.tui.words import ENDED, stars
from trainer.tui.workshop import Sheet, Workshop

if TYPE_CHECKING:
    from trainer.domain.persona import Cast

LOOK_S = 1.0
"""Between two looks at whether the file was saved."""

KEYS = (
    Key("Enter", "Say it", "screen.say"),
    Key("F5", "Start over", "screen.again(0)"),
    Key("F6", "Next telling", "screen.again(1)"),
    Key("F7", "Other words", "screen.reseed"),
    Key("F8", "Other mood", "screen.mood"),
    Key("F2", "Agent's card", "screen.card"),
    Key("F3", "Hold", "screen.hold"),
    Key("PgUp/PgDn", "Read on", "screen.scroll(6)"),
    Key("Esc", "Back", "screen.leave"),
    Key("F1", "Help", "app.help"),
)


class TryOutScreen(Screen[None]):
    """Captions on the left, the inside of the customer on the right."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("f5", "again(0)", "Start over"),
        ("f6", "again(1)", "Next telling"),
        ("f7", "reseed", "Other words"),
        ("f8", "mood", "Other mood"),
        ("f2", "card", "Agent's card"),
        ("f3", "hold", "Hold"),
        ("up", "captions(-3)", "Up"),
        ("down", "captions(3)", "Down"),
        ("pageup", "scroll(-6)", "Up"),
        ("pagedown", "scroll(6)", "Down"),
        Binding("escape,f10", "leave", "Back", priority=True),
    ]

    def __init__(self, workshop: Workshop, customer: str, seed: int) -> None:
        super().__init__()
        self._workshop = workshop
        self._customer = customer
        self._seed = seed
        self._mood = ""
        self._sheet: Sheet | None = None
        self._view = Inside()
        self._call: Controls | None = None
        self._talking: Worker[None] | None = None
        self._round = 0
        self._stale = False
        self._captions: Captions | None = None

    def compose(self) -> ComposeResult:
        """What is said, what it does, and a line to type in."""
        yield TopBar(Content.from_markup("[$primary]◖◗[/] Try [$quiet]· nothing is kept[/]"))
        yield Static("Calling…", id="try-head")
        with Horizontal(id="try"):
            with Vertical(id="try-said"):
                with Vertical(classes="panel still", id="try-captions") as said:
                    said.border_title = "What is said"
                    yield EngineLines()
                yield Input(placeholder="Type what the agent says, then Enter", id="try-line")
            with Vertical(id="try-inside"):
                yield Static(id="try-mood", classes="panel")
                with VerticalScroll(id="try-story", classes="panel still", can_focus=False) as side:
                    side.border_title = "Your last words"
                    yield Static(id="try-story-text")
        yield KeyBar(KEYS)

    def on_mount(self) -> None:
        """Begin at once."""
        self.query_one("#try-mood").border_title = "How they feel"
        self.query_one("#try-line", Input).focus()
        self._begin()
        self.set_interval(LOOK_S, self._watch)

    # --- the call ---

    @work(thread=True, exclusive=True, group="try-look")
    def _begin(self) -> None:
        """Read the file anew, so that a start over has what was saved meanwhile."""
        try:
            sheet = self._workshop.files.look(self._customer, self._seed)
        except TrainerError as error:
            tell(self, self._fail, error)
            return
        if not get_current_worker().is_cancelled:
            tell(self, self._ring, sheet)

    def _ring(self, sheet: Sheet) -> None:
        self._sheet, self._stale = sheet, False
        if sheet.cast is None:
            first = str(next(iter(sheet.problems), "it has mistakes."))
            self._fail(EngineFailed(f"{self._customer} cannot be called: {first}"))
            return
        self._round += 1
        self._view = Inside()
        self._talking = self.run_worker(
            self._run_call(self._in_mood(sheet.cast), self._round), group="try", exclusive=True
        )

    def _in_mood(self, cast: Cast) -> Cast:
        from trainer.simulate.ask import in_mood

        return in_mood(cast, self._mood) if self._mood else cast

    async def _run_call(self, cast: Cast, number: int) -> None:
        if self._captions is not None:
            await self._captions.remove()
        self._captions = Captions(cast.persona.identity.name.split()[0])
        await self.query_one("#try-captions").mount(self._captions)

        def seen(what: Observation) -> None:
            if number == self._round and self.is_attached:
                self._view = look(self._view, what)
                self._show()

        try:
            self._call = await self._workshop.open_try(cast, self._seed, seen)
            self.query_one(EngineLines).display = False
            await self._call.run()
        except TrainerError as error:
            self._fail(error)
        except Exception as error:  # told in a line; the person goes on editing
            self._fail(EngineFailed(f"The try broke off: {mistakes.told(error)}"))

    def _fail(self, error: TrainerError) -> None:
        self.app.push_screen(problem(error), lambda _: self._gone())

    def _gone(self) -> None:
        if self.app.screen is self:
            self.app.pop_screen()

    @work(thread=True, exclusive=True, group="try-watch")
    def _watch(self) -> None:
        sheet = self._sheet
        if sheet is None or self._stale:
            return
        now = self._workshop.files.stamps().get(self._customer)
        if now != sheet.entry.stamp and not get_current_worker().is_cancelled:
            tell(self, self._saved)

    def _saved(self) -> None:
        self._stale = True
        self._show()

    # --- what is shown ---

    def on_resize(self) -> None:
        """The bars are as long as there is room."""
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        sheet = self._sheet
        if sheet is None or sheet.cast is None:
            return
        cast, view = sheet.cast, self._view
        if self._captions is not None and self._captions.is_attached:
            self._captions.show(view.call.captions)
        mood = self.query_one("#try-mood", Static)
        mood.update(inside_sheet.mood(view, cast, mood.content_size.width))
        self.query_one("#try-story-text", Static).update(inside_sheet.story(view, cast))
        self.query_one("#try-head", Static).update(self._head(sheet, cast))

    def _head(self, sheet: Sheet, cast: Cast) -> Content:
        told = Content.from_markup(
            "[bold $secondary]$who[/] [$quiet]telling “$variant”, $number of $all"
            " · seed $seed · written lines$mood[/]",
            who=cast.persona.identity.name,
            variant=cast.variant,
            number=str(self._seed % sheet.tellings + 1),
            all=str(sheet.tellings),
            seed=str(self._seed),
            mood=f" · begins {self._mood}" if self._mood else "",
        )
        if self._view.call.ended:
            rating = f" · {stars(self._view.csat)}" if self._view.csat is not None else ""
            return Content.from_markup(
                "[bold $accent]■ Over: $how$rating[/]  [$quiet]F5 starts over[/]",
                how=ENDED.get(self._view.call.ended, self._view.call.ended),
                rating=rating,
            )
        if self._stale:
            return Content.from_markup(
                "[$warning]! The file was saved: F5 starts over with what you wrote.[/]"
            )
        if self._view.call.state is State.ON_HOLD:
            return Content.from_markup("[bold]‖ On hold.[/] [$quiet]F3, or say something.[/]")
        return told

    # --- keys ---

    def on_input_submitted(self) -> None:
        """Enter says it."""
        self.action_say()

    def action_say(self) -> None:
        """One agent turn."""
        line = self.query_one("#try-line", Input)
        if line.value.strip() and self._call and not self._view.call.ended:
            self._call.say(line.value.strip())
            line.clear()

    def action_again(self, step: int) -> None:
        """From the beginning: the same telling, or the next."""
        self._seed += step
        self._start_over()

    def action_reseed(self) -> None:
        """The same telling with other words: another seed that leads to it."""
        self._seed += self._sheet.tellings if self._sheet else 1
        self._start_over()

    def action_mood(self) -> None:
        """From the beginning in another mood: theirs, calm, tense, hot."""
        from trainer.simulate.ask import MOODS

        moods = ("", *MOODS)
        self._mood = moods[(moods.index(self._mood) + 1) % len(moods)]
        self._start_over()

    def _start_over(self) -> None:
        if self._talking is not None:
            self._talking.cancel()
        self._call = None
        self.query_one("#try-line", Input).focus()
        self._begin()

    def action_hold(self) -> None:
        """On hold, or back."""
        if self._call and not self._view.call.ended:
            self._call.hold(self._view.call.state is not State.ON_HOLD)

    def action_card(self) -> None:
        """What the agent would see."""
        if self._sheet and self._sheet.cast:
            self.app.push_screen(CardScreen(self._sheet.cast.persona.scenario.card, "Esc back"))

    def action_captions(self, rows: int) -> None:
        """Move within what was said."""
        if self._captions is not None:
            self._captions.scroll_relative(y=rows, animate=False, immediate=True)

    def action_scroll(self, rows: int) -> None:
        """Move within what the words did."""
        self.query_one("#try-story").scroll_relative(y=rows, animate=False, immediate=True)

    def action_leave(self) -> None:
        """Back to the files; the call is dropped."""
        self._round += 1
        if self._talking is not None:
            self._talking.cancel()
        self.app.pop_screen()
