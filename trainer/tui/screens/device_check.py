"""Device check: is the microphone heard, how loud is the room, can you hear the customer?"""

import asyncio
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from trainer.domain.errors import TrainerError
from trainer.tui.room import Room, hear, room_words, voice_words
from trainer.tui.services import Services
from trainer.tui.widgets.key_bar import Key, KeyBar
from trainer.tui.widgets.meter import Meter
from trainer.tui.widgets.top_bar import TopBar

ECHO_S = 4.0
"""Length of the recording that is played back."""


class DeviceCheckScreen(Screen[None]):
    """Microphone, room and speaker."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("p", "tone", "Test sound"),
        ("r", "echo", "Hear yourself"),
        ("n", "again", "Measure the room again"),
        ("e", "echo_test", "Echo test"),
        ("u", "app.warm_up", "Warm-up"),
        ("s", "app.settings", "Settings"),
        ("escape,q", "app.pop_screen", "Back"),
    ]

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._sound = services.sound_check()
        self._room = Room()
        self._busy = False
        self._deaf = False

    def compose(self) -> ComposeResult:
        """Three panels, top to bottom in the order one tries them."""
        yield TopBar(Content.from_markup("[$primary]◖◗[/] Device check"))
        with VerticalScroll(id="check"):
            with Vertical(classes="panel still check") as microphone:
                microphone.border_title = "1  Microphone"
                yield Meter("You ", id="mic")
                yield Static(id="voice")
            with Vertical(classes="panel still check") as room:
                room.border_title = "2  Room"
                yield Static(id="room")
            with Vertical(classes="panel still check") as speaker:
                speaker.border_title = "3  Speaker"
                yield Static(id="speaker")
            with Vertical(classes="panel still check") as echo:
                echo.border_title = "4  Echo"
                yield Static(id="echo")
        yield KeyBar(
            (
                Key("p", "Play a test sound", "screen.tone"),
                Key("r", "Hear yourself (4 s)", "screen.echo"),
                Key("n", "Room again", "screen.again"),
                Key("e", "Echo test", "screen.echo_test"),
                Key("u", "Warm-up", "app.warm_up"),
                Key("s", "Settings", "app.settings"),
                Key("Esc", "Back", "app.pop_screen"),
            )
        )

    def on_mount(self) -> None:
        """Start listening."""
        self.query_one("#speaker", Static).update(
            "Press p for a test sound. Press r, say a sentence, and hear it back."
        )
        self.query_one("#echo", Static).update(
            "Press e and say nothing: a voice speaks, and the microphone listens for it."
        )
        self._show()
        self._listen()

    def on_unmount(self) -> None:
        """The call needs the devices."""
        self.app.run_worker(self._sound.close())

    @work(exclusive=True, group="listen")
    async def _listen(self) -> None:
        self._deaf = False
        try:
            async for db in self._sound.levels():
                if not self.is_attached:
                    return
                self._room = hear(self._room, db)
                for meter in self.query(Meter):
                    meter.db = db
                self._show()
        except TrainerError as error:
            self._deaf = True
            self._put(
                "#voice",
                Content.from_markup(
                    "[$error]✗[/] $what\n[$accent]→[/] $hint\n"
                    "[$accent]→[/] Plugged one in? n looks again.\n"
                    "[$accent]→[/] Without one: t on the home screen is a call by keyboard.",
                    what=error.message,
                    hint=error.hint,
                ),
            )
            self._put("#room", Content.from_markup("[$quiet]Not measured: no microphone.[/]"))

    def _show(self) -> None:
        self._put("#voice", voice_words(self._room))
        self._put("#room", room_words(self._room))

    def _put(self, where: str, words: Content) -> None:
        # the screen may be on its way out: then there is nothing left to update
        for line in self.query(where).results(Static):
            line.update(words)

    def action_again(self) -> None:
        """Measure the room again, with a microphone that was plugged in meanwhile, if need be."""
        if self._busy:
            return
        self._room = Room()
        self._show()
        if self._deaf:
            self._listen()

    @work(exclusive=True, group="play")
    async def action_tone(self) -> None:
        """A short sound; only ears can tell whether it came."""
        await self._play("tone")

    @work(exclusive=True, group="play")
    async def action_echo(self) -> None:
        """Record a sentence and play it back."""
        await self._play("echo")

    @work(exclusive=True, group="play")
    async def action_echo_test(self) -> None:
        """Does the microphone hear the customer, and can that be taken out?"""
        if self._busy:
            return
        self._busy = True
        say = self.query_one("#echo", Static)
        say.update(Content.from_markup("[$accent]♪[/] A voice is speaking. Please say nothing…"))
        await self._sound.close()  # the test opens both devices itself
        try:
            good, words = await asyncio.to_thread(self._services.echo_test)
        except TrainerError as error:
            say.update(
                Content.from_markup(
                    "[$error]✗[/] $what\n[$accent]→[/] $hint", what=error.message, hint=error.hint
                )
            )
        else:
            mark = "[$success]✓[/]" if good else "[$warning]![/]"
            say.update(Content.from_markup(f"{mark} $words.", words=words[0].upper() + words[1:]))
        finally:
            self._busy = False
            self._sound = self._services.sound_check()
            self._listen()

    async def _play(self, what: str) -> None:
        if self._busy:
            return
        self._busy = True
        say = self.query_one("#speaker", Static)
        try:
            if what == "tone":
                say.update(Content.from_markup("[$accent]♪[/] Playing a short sound…"))
                await self._sound.tone()
                say.update("Did you hear it? If not, choose another speaker in the settings (s).")
            else:
                say.update(
                    Content.from_markup(
                        "[$error]●[/] Say a sentence now: four seconds, then it is played back…"
                    )
                )
                loudest = await self._sound.echo(ECHO_S)
                say.update(
                    Content.from_markup(
                        "[$success]✓[/] That was you, at most $db dB. Nothing of it was kept.",
                        db=f"{loudest:.0f}",
                    )
                )
        except TrainerError as error:
            say.update(
                Content.from_markup(
                    "[$error]✗[/] $what\n[$accent]→[/] $hint", what=error.message, hint=error.hint
                )
            )
        finally:
            self._busy = False
