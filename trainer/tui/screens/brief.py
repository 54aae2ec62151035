"""Before the call: who is calling and why, my card, what may be hard to hear. Enter picks up."""

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from trainer.domain.persona import Cast
from trainer.tui.widgets.agent_card import AgentCard
from trainer.tui.widgets.engine_lines import EngineLines
from trainer.tui.widgets.key_bar import Key, KeyBar
from trainer.tui.widgets.top_bar import TopBar
from trainer.tui.wishes import PickUp, Tapped
from trainer.tui.words import dots

if TYPE_CHECKING:
    from trainer.review.load import Texts


class BriefScreen(Screen[None]):
    """The phone is ringing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("enter", "pick_up", "Pick up"),
        ("t", "switch", "Keyboard or microphone"),
        ("w", "app.device_check", "Device check"),
        ("s", "app.settings", "Settings"),
        ("escape", "app.pop_screen", "Back"),
        ("j", "scroll_card(1)", "Down"),
        ("k", "scroll_card(-1)", "Up"),
        *((number, f"tap({number})", "How loaded I am") for number in "12345"),
    ]

    def __init__(self, cast: Cast, *, typed: bool, asks: "Texts | None" = None) -> None:
        """`asks`: the words of the private tap; None: it is not asked for."""
        super().__init__()
        self._asks = asks
        self._tapped = 0
        self._picked_up = False
        self._cast = cast
        self._typed = typed

    def compose(self) -> ComposeResult:
        """Who and why on top, the card below, engines at the side where there is room."""
        persona = self._cast.persona
        yield TopBar(Content.from_markup("[$primary]◖◗[/] Before the call"))
        with Vertical(id="brief"):
            with Vertical(id="ringing"):
                yield Static(
                    Content.from_markup(
                        "☎  [bold $secondary]$name[/] is calling  [$accent]$dots[/]\n$title",
                        name=persona.identity.name,
                        dots=dots(persona.difficulty),
                        title=persona.title,
                    )
                )
                if persona.content_notes:
                    yield Static(
                        Content.from_markup(
                            "[$warning]! May be hard to hear:[/] $notes."
                            " You can stop at any moment.",
                            notes=", ".join(persona.content_notes),
                        ),
                        id="content-notes",
                    )
            with Horizontal(id="brief-body"):
                with VerticalScroll(classes="panel", id="brief-card") as card:
                    card.border_title = "My card"
                    yield AgentCard(persona.scenario.card)
                with Vertical(id="brief-side", classes="panel still") as side:
                    side.border_title = "Getting ready"
                    yield EngineLines()
                    yield Static(id="how")
                    yield Static(id="tap")
        yield KeyBar(())

    def on_mount(self) -> None:
        """Say how the call will be taken."""
        self._show_how()
        self._show_tap()

    def _show_tap(self) -> None:
        if self._asks is None:
            return
        from trainer.tui.screens.loads import scale

        said = (
            Content.from_markup("[$success]✓[/] $value, kept for you alone.", value=self._tapped)
            if self._tapped
            else scale(self._asks)
        )
        question = Content.from_markup("\n[$quiet]$ask[/]\n", ask=self._asks.tap)
        self.query_one("#tap", Static).update(Content.assemble(question, said))

    def action_tap(self, value: int) -> None:
        """How loaded one is, for oneself alone; the first answer stands."""
        if self._asks is not None and not self._tapped:
            self._tapped = value
            self.post_message(Tapped(value))
            self._show_tap()

    def _show_how(self) -> None:
        how = (
            "You will type what you say. Pace and tone are not measured then."
            if self._typed
            else "You will speak. Interrupt by speaking, or with Space."
        )
        self.query_one("#how", Static).update(Content.from_markup("\n[bold]$how[/]", how=how))
        other = "By microphone" if self._typed else "By keyboard"
        self.query_one(KeyBar).show(
            (
                Key("Enter", "Pick up", "screen.pick_up"),
                Key("t", other, "screen.switch"),
                Key("w", "Device check", "app.device_check"),
                Key("↑↓", "Read the card", "screen.scroll_card(1)"),
                Key("Esc", "Back", "app.pop_screen"),
                Key("?", "Help", "app.help"),
            )
        )

    def action_pick_up(self) -> None:
        """Start the call; one, however often the key is pressed."""
        if not self._picked_up:
            self._picked_up = True
            self.post_message(PickUp(self._cast, self._typed))

    def action_switch(self) -> None:
        """Keyboard instead of microphone, or back."""
        self._typed = not self._typed
        self._show_how()

    def action_scroll_card(self, direction: int) -> None:
        """Move within the card."""
        self.query_one("#brief-card").scroll_relative(
            y=direction * 3, animate=False, immediate=True
        )
