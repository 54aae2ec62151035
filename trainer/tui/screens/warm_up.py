"""The warm-up: room, two sentences, free talk; then what was heard. Under a minute."""

from collections.abc import Iterator
from time import monotonic
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from trainer.domain.errors import TrainerError
from trainer.review.delivery.warm_up_words import Texts
from trainer.tui.care import Care, Found, Taking
from trainer.tui.later import tell
from trainer.tui.screens.choice import ChoiceScreen, problem
from trainer.tui.widgets.key_bar import Key, KeyBar
from trainer.tui.widgets.meter import Meter
from trainer.tui.widgets.top_bar import TopBar

PARTS: dict[str, float] = {"room": 3.0, "first": 9.0, "second": 9.0, "talk": 25.0}
"""Seconds of each part; a sentence that was read ends with Enter."""

_BAR = 30
_BACK = Key("Esc", "Back", "app.pop_screen")
_BEGIN = (Key("Enter", "Begin", "screen.go_on"), Key("d", "Delete mine", "screen.delete"), _BACK)
_READ = (Key("Enter", "I have read it", "screen.go_on"), Key("r", "Again", "screen.again"), _BACK)
_WAIT = (Key("r", "Again", "screen.again"), _BACK)
_AGAIN = (Key("r", "Once more", "screen.again"), _BACK)
_LOUDER = (
    Key("r", "Once more", "screen.again"),
    Key("k", "Keep it as it is", "screen.keep"),
    _BACK,
)
_DONE = (Key("Enter", "Done", "screen.go_on"), *_AGAIN)


class WarmUpScreen(Screen[None]):
    """Guides through the parts; the microphone is open from the first moment."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("enter", "go_on", "Go on"),
        ("r", "again", "Once more"),
        ("k", "keep", "Keep it"),
        ("d", "delete", "Delete mine"),
        ("escape,q", "app.pop_screen", "Back"),
    ]

    def __init__(self, care: Care, taking: Taking, texts: Texts) -> None:
        super().__init__()
        self._care = care
        self._taking = taking
        self._texts = texts
        self._steps: Iterator[str] = iter(())
        self._part = ""
        self._since = 0.0
        self._found: Found | None = None
        self._kept = False
        self._listens = False
        self._failed = False

    def compose(self) -> ComposeResult:
        """The meter stays; what to do changes under it."""
        yield TopBar(Content.from_markup("[$primary]◖◗[/] Warm-up [$quiet]· under a minute[/]"))
        with VerticalScroll(id="warm-up", can_focus=False):
            with Vertical(classes="panel still check") as microphone:
                microphone.border_title = "Microphone"
                yield Meter("You ", id="mic")
            with Vertical(classes="panel still check") as steps:
                steps.border_title = "Your usual voice"
                yield Static(id="step")
                yield Static(id="left")
        yield KeyBar(_BEGIN)

    def on_mount(self) -> None:
        """Listen, and say what is to come."""
        self.set_interval(0.1, self._tick)
        self._intro("")
        self._look_up()
        self._listen()

    def on_unmount(self) -> None:
        """The call needs the devices; what was heard is forgotten."""
        self.app.run_worker(self._taking.close())

    # --- the parts ---

    @work(thread=True, group="standing")
    def _look_up(self) -> None:
        try:
            standing = self._care.standing()
        except TrainerError:
            return
        tell(self, self._intro, standing)

    def _intro(self, standing: str) -> None:
        if self._part or self._found is not None or self._failed or not self.is_attached:
            return
        texts = self._texts
        self._say("$say\n\n[$quiet]$standing[/]", say=texts.intro, standing=standing or texts.none)

    def _say(self, markup: str, **words: str) -> None:
        self.query_one("#step", Static).update(Content.from_markup(markup, **words))

    @work(exclusive=True, group="listen")
    async def _listen(self) -> None:
        try:
            async for db in self._taking.levels():
                if not self.is_attached:
                    return
                self._listens = True
                for meter in self.query(Meter):
                    meter.db = db
        except TrainerError as error:
            self._listens, self._part = False, ""
            self._wrong(error)

    def _wrong(self, error: TrainerError) -> None:
        self._failed = True
        for say in self.query("#step").results(Static):
            say.update(
                Content.from_markup(
                    "[$error]✗[/] $what\n[$accent]→[/] $hint", what=error.message, hint=error.hint
                )
            )
            self.query_one("#left", Static).update("")
            self.query_one(KeyBar).show(_AGAIN if self._listens else (_BACK,))

    def _next(self) -> None:
        self._part = next(self._steps, "")
        self._since = monotonic()
        self._taking.part(self._part)
        texts = self._texts
        match self._part:
            case "room":
                self._say("$say", say=texts.room)
            case "first" | "second":
                sentence = texts.sentences[0 if self._part == "first" else 1]
                self._say("$say\n\n[bold]“$line”[/]", say=texts.read, line=sentence)
            case "talk":
                topics = "\n".join(f"› {topic}" for topic in texts.topics)
                self._say("$say\n\n$topics", say=texts.talk, topics=topics)
            case _:
                self._say("[$accent]…[/] Measuring.")
                self._measure()
        self.query_one(KeyBar).show(_READ if self._part in ("first", "second") else _WAIT)

    def _tick(self) -> None:
        left = self.query_one("#left", Static)
        if not self._part:
            left.update("")
            return
        whole = PARTS[self._part]
        gone = monotonic() - self._since
        if gone >= whole:
            self._next()
            return
        full = round(_BAR * gone / whole)
        left.update(
            Content.from_markup(
                "\n[$primary]$full[/][$quiet]$rest[/] $left s",
                full="▰" * full,
                rest="▱" * (_BAR - full),
                left=f"{whole - gone:.0f}",
            )
        )

    @work(exclusive=True, group="measure")
    async def _measure(self) -> None:
        try:
            found = await self._taking.made()
            if not found.louder:
                await self._taking.keep(found)
        except TrainerError as error:
            self._wrong(error)
            return
        self._found, self._kept = found, not found.louder
        self._show(found)

    def _show(self, found: Found) -> None:
        rows = [
            Content.from_markup("[bold]$what[/] $value", what=f"{what:<7}", value=value)
            for what, value in found.rows
        ]
        if self._kept:
            rows.append(Content.from_markup("\n[$success]✓[/] $holds", holds=found.holds))
            rows.append(Content.from_markup("[$quiet]$ends[/]", ends=found.ends))
        else:
            rows.append(Content.from_markup("\n[$warning]![/] $louder", louder=found.louder))
        self.query_one("#step", Static).update(Content("\n").join(rows))
        self.query_one("#left", Static).update("")
        self.query_one(KeyBar).show(_DONE if self._kept else _LOUDER)

    # --- keys ---

    def action_go_on(self) -> None:
        """Begin; a sentence has been read; or done."""
        if self._part in ("first", "second"):
            self._next()
        elif self._kept:
            self.app.pop_screen()
        elif not self._part and self._found is None and not self._failed:
            self.action_again()

    def action_again(self) -> None:
        """From the start."""
        if self._listens:
            self._found, self._kept, self._failed = None, False, False
            self._steps = iter(PARTS)
            self._next()

    @work(exclusive=True, group="measure")
    async def action_keep(self) -> None:
        """The microphone has moved, or this is the usual voice now."""
        if self._found is None or self._kept:
            return
        try:
            await self._taking.keep(self._found)
        except TrainerError as error:
            self._wrong(error)
            return
        self._kept = True
        self._show(self._found)

    @work(group="delete", exclusive=True)
    async def action_delete(self) -> None:
        """Every warm-up of this person, after one question."""
        if self._part:
            return
        answer = await self.app.push_screen_wait(
            ChoiceScreen(
                "Delete your warm-ups?",
                "All of them, on every microphone. Calls are then held against your first turns.",
                "",
                (("y", "Delete", "delete"), ("Esc", "Keep", "keep")),
            )
        )
        if answer != "delete":
            return
        try:
            gone = self._care.forget_warm_ups()
        except TrainerError as error:
            self.app.push_screen(problem(error))
            return
        self._found, self._kept = None, False
        self._intro("")
        self.query_one(KeyBar).show(_BEGIN)
        self.notify("There was none." if not gone else f"Deleted: {gone}.", title="Warm-ups")
