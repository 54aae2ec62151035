"""The call: who is calling, whose turn it is, what is said, and the keys."""

import asyncio
import time
from dataclasses import replace
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

from trainer.conversation.machine import State
from trainer.domain.errors import EngineFailed, EngineMissing, TrainerError
from trainer.domain.persona import Cast
from trainer.tui import mistakes, talk_key
from trainer.tui.call_view import CallView, see
from trainer.tui.screens.card import CardScreen
from trainer.tui.screens.choice import ChoiceScreen, problem
from trainer.tui.screens.coach import StillScreen
from trainer.tui.screens.correct import CorrectScreen
from trainer.tui.services import Services
from trainer.tui.session import Observation, OpenCall
from trainer.tui.widgets.agent_card import AgentCard
from trainer.tui.widgets.captions import Captions
from trainer.tui.widgets.coach_line import CoachLine
from trainer.tui.widgets.engine_lines import EngineLines
from trainer.tui.widgets.floor import Floor
from trainer.tui.widgets.key_bar import Key, KeyBar
from trainer.tui.widgets.meter import Meter
from trainer.tui.widgets.top_bar import TopBar
from trainer.tui.wishes import CallOver, PickUp
from trainer.tui.words import clock

WIDE = 110
"""From this many columns on, my card stands beside the captions."""
AGAIN_S = 3.0
"""Time to press the end key a second time."""
NOTICE_S = 10.0
"""How long a message of the call stays."""
STOP_S = 2.0
"""How long a stopped call may take to close its record before the screen goes on without it."""


class CallScreen(Screen[None]):
    """A running call. Letters work in spoken calls, the F keys in every call."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("space", "talk", "Talk"),
        ("m", "mute", "Mute"),
        ("h,f3", "hold", "Hold"),
        ("c,f2", "card", "My card"),
        ("n,f4", "correct", "Not what I said"),
        ("v,f5", "captions", "Captions"),
        ("f,f6", "freeze", "Freeze and think"),
        ("e,f8", "end", "End"),
        ("x", "stop", "Stop at once"),
        ("up,pageup", "scroll(-1)", "Scroll"),
        ("down,pagedown", "scroll(1)", "Scroll"),
    ]

    def __init__(
        self, cast: Cast, services: Services, *, typed: bool, captions: bool, coaching: bool = True
    ) -> None:
        """`coaching`: the call may be frozen to think; hints come with the call or not at all."""
        super().__init__()
        self._cast = cast
        self._services = services
        self._typed = typed
        self._captions = captions
        self._coaching = coaching
        self._frozen_at: float | None = None
        self._view = CallView()
        self._call: OpenCall | None = None
        self._talk = talk_key.TalkKey()
        self._muted = False
        self._began: float | None = None
        self._end_asked = -AGAIN_S
        self._card_beside: bool | None = None
        self._left = False
        self._noticed = 0.0
        self._customer = cast.persona.identity.name

    def compose(self) -> ComposeResult:
        """Bar, floor, meters, captions with the card beside them, keys."""
        persona = self._cast.persona
        yield TopBar(Content.from_markup("[$secondary]☎[/] $title", title=persona.title))
        with Vertical(id="call"):
            with Horizontal(id="call-line"):
                yield Static(id="rec")
                yield Static(
                    Content.from_markup("[bold $secondary]$name[/]", name=self._customer),
                    id="caller",
                )
                yield Static("00:00", id="timer")
            yield Floor(id="floor")
            if not self._typed:
                with Horizontal(id="meters"):
                    yield Meter("You ", id="mic")
            with Horizontal(id="call-body"):
                with Vertical(id="said", classes="panel still") as said:
                    said.border_title = "Captions"
                    yield Captions(self._customer.split()[0], id="captions")
                    yield Static(
                        Content.from_markup("[$quiet]Captions are hidden. Just listen.[/]"),
                        id="no-captions",
                    )
                with VerticalScroll(
                    id="card-beside", classes="panel still", can_focus=False
                ) as card:
                    card.border_title = "My card"
                    yield AgentCard(persona.scenario.card)
            yield EngineLines()
            yield CoachLine(self._customer.split()[0])
            yield Static(id="notice")
            if self._typed:
                yield Input(placeholder="Type what you say, then Enter", id="say")
        yield KeyBar(self._keys())

    def _keys(self) -> tuple[Key, ...]:
        spoken = not self._typed
        speaking = (
            (Key("Space", "Talk (hold or tap)", "screen.talk"), Key("m", "Mute", "screen.mute"))
            if spoken
            else (Key("Enter", "Say it", "screen.say"),)
        )
        return (
            *speaking,
            Key("h" if spoken else "F3", "Hold", "screen.hold"),
            Key("c" if spoken else "F2", "My card", "screen.card"),
            *((Key("f" if spoken else "F6", "Freeze", "screen.freeze"),) * self._coaching),
            Key("n" if spoken else "F4", "Not what I said", "screen.correct"),
            Key("v" if spoken else "F5", "Captions", "screen.captions"),
            Key("e" if spoken else "F8", "End", "screen.end"),
            Key("x" if spoken else "F10", "Stop at once", "screen.stop"),
            Key("?" if spoken else "F1", "Help", "app.help"),
        )

    def on_mount(self) -> None:
        """Ring, then run the call."""
        self._show_captions()
        self._show()
        self.set_interval(0.1, self._tick)
        if self._typed:
            self.query_one("#say", Input).focus()
        # Owned by the app: leaving the screen must not cut the call off with its record open.
        self._running_call = self.app.run_worker(self._run_call(), group="call", exit_on_error=True)

    def on_resize(self) -> None:
        """My card stands beside the captions where there is room for both."""
        shown = self.size.width >= WIDE if self._card_beside is None else self._card_beside
        self.query_one("#card-beside").display = shown and self.size.width >= WIDE

    async def _run_call(self) -> None:
        try:
            self._call = await self._services.open_call(self._cast, self._typed, self._see)
            status = await self._call.controls.run()
        except TrainerError as error:
            self._fail(error)
        except (
            Exception
        ) as error:  # the record is closed and kept; the person is told, not shown a traceback
            self._fail(EngineFailed(f"The call broke off: {mistakes.told(error)}"))
        else:
            self._leave(str(status))

    def _leave(self, status: str) -> None:
        if not self._left:
            self._left = True
            folder = self._call.folder if self._call else None
            self.post_message(CallOver(folder, self._customer, status))

    def _fail(self, error: TrainerError) -> None:
        answers = [("t", "Go on by keyboard", "typed")] if not self._typed else []
        if isinstance(error, EngineMissing) and not self._typed:
            answers.append(("w", "Device check", "check"))
        self.app.push_screen(problem(error, answers), self._after_problem)

    def _after_problem(self, answer: str | None) -> None:
        if answer == "typed":
            self.post_message(PickUp(self._cast, typed=True))
        else:
            self._leave("check" if answer == "check" else "failed")

    def _see(self, seen: Observation) -> None:
        """The call's observer; runs on the loop the screen runs on."""
        before = self._view
        self._view = see(self._view, seen)
        if self._view.notice and self._view.notice != before.notice:
            self._noticed = time.monotonic()
        if self.is_attached and self._view != before:
            self._show()

    def _show(self) -> None:
        view = self._view
        if self._began is None and view.state not in (State.CONNECTING, State.ENDED):
            self._began = time.monotonic()
        self.query_one(Floor).show(
            view.state,
            self._customer,
            typed=self._typed,
            muted=self._muted,
            holding=self._talk.down,
        )
        rec = "[bold $error]● REC[/]" if view.recording else "[$quiet]○ not recording[/]"
        self.query_one("#rec", Static).update(Content.from_markup(rec))
        self.query_one(Captions).show(view.captions)
        self.query_one(CoachLine).show(view.cue, view.hint)
        self.query_one(EngineLines).display = view.state is State.CONNECTING
        notice = self.query_one("#notice", Static)
        notice.display = bool(view.notice)
        notice.update(Content.from_markup("[$warning]![/] $text", text=view.notice))
        for meter in self.query(Meter):
            meter.db = view.mic_db
            meter.muted = self._muted

    def _show_captions(self) -> None:
        self.query_one(Captions).display = self._captions
        self.query_one("#no-captions").display = not self._captions

    def _tick(self) -> None:
        moved = talk_key.tick(self._talk, time.monotonic())
        if moved != self._talk:
            self._talk_is(moved)
        if self._view.notice and time.monotonic() - self._noticed > NOTICE_S:
            self._view = replace(self._view, notice="")
            self._show()
        running = self._view.state is not State.ENDED and self._frozen_at is None
        if self._began is not None and running:
            self.query_one("#timer", Static).update(clock(time.monotonic() - self._began))

    def _talk_is(self, key: talk_key.TalkKey) -> None:
        changed = key.down != self._talk.down
        self._talk = key
        if changed and self._call:
            self._call.controls.talk(key.down)
            self._show()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Typed calls: Enter says it."""
        self._say(event.input)

    def action_say(self) -> None:
        """The Enter key's label was clicked."""
        if self._typed:
            self._say(self.query_one("#say", Input))

    def _say(self, line: Input) -> None:
        text = line.value.strip()
        if text and self._call and self._view.state is not State.ENDED:
            self._call.controls.say(text)
            line.clear()

    def action_talk(self) -> None:
        """Hold the floor: while the key repeats, or until it is tapped again."""
        if not self._typed:
            self._talk_is(talk_key.press(self._talk, time.monotonic()))

    def action_mute(self) -> None:
        """Microphone off, or on again."""
        if self._call and not self._typed:
            self._muted = not self._muted
            self._call.controls.mute(self._muted)
            self._show()

    def action_hold(self) -> None:
        """Customer on hold, or back."""
        if self._call and self._view.state is not State.ENDED:
            self._call.controls.hold(self._view.state is not State.ON_HOLD)

    def action_card(self) -> None:
        """Show or hide my card."""
        if self.size.width >= WIDE:
            beside = self.query_one("#card-beside")
            self._card_beside = not beside.display
            beside.display = self._card_beside
        else:
            self.app.push_screen(CardScreen(self._cast.persona.scenario.card))

    @work(group="correct", exclusive=True)
    async def action_correct(self) -> None:
        """Put the last transcription right."""
        last = self._view.last_heard
        if last is None or last.turn is None or self._call is None:
            self.notify("There is nothing to correct yet.")
            return
        text = await self.app.push_screen_wait(CorrectScreen(last.text))
        if text:
            self._call.controls.correct(last.turn, text)

    def action_captions(self) -> None:
        """Show or hide the captions."""
        self._captions = not self._captions
        self._show_captions()

    def action_freeze(self) -> None:
        """The call stands still until a key is pressed."""
        begun = self._view.state not in (State.CONNECTING, State.ENDED)
        if not (self._coaching and self._call and begun) or self._frozen_at is not None:
            return
        self._frozen_at = time.monotonic()
        self._talk_is(talk_key.TalkKey())
        self._call.controls.freeze(True)
        self.app.push_screen(
            StillScreen(
                self._customer.split()[0], self._view.cue, self._view.hint, self._call.think
            ),
            self._go_on,
        )

    def _go_on(self, _: None) -> None:
        if self._frozen_at is not None and self._began is not None:
            self._began += time.monotonic() - self._frozen_at
        self._frozen_at = None
        if self._call:
            self._call.controls.freeze(False)

    def action_end(self) -> None:
        """End the call; pressed twice, so that a slip of the finger ends nothing."""
        now = time.monotonic()
        if self._call is None:
            self.action_stop()
        elif now - self._end_asked < AGAIN_S:
            self._call.controls.end()
        else:
            self._end_asked = now
            key = "F8" if self._typed else "e"
            self._view = replace(self._view, notice=f"Press {key} again to end the call.")
            self._noticed = now - NOTICE_S + AGAIN_S
            self._show()

    def action_stop(self) -> None:
        """Stop at once, unscored, whatever is going on."""
        if self._call:
            self._call.controls.stop()
            self.set_timer(STOP_S, lambda: self._leave("aborted"))
        else:
            self._running_call.cancel()
            self._leave("aborted")

    def action_scroll(self, direction: int) -> None:
        """Move within the captions."""
        self.query_one(Captions).scroll_relative(y=direction * 4, animate=False, immediate=True)

    async def ask_to_leave(self) -> bool:
        """The app wants to quit: stop the call first, if that is meant."""
        answer = await self.app.push_screen_wait(
            ChoiceScreen(
                "A call is running",
                "Quitting stops it at once. It will not be scored.",
                "",
                (("q", "Stop and quit", "quit"), ("Esc", "Stay", "stay")),
            )
        )
        if answer == "quit":
            self._left = True
            if self._call:
                self._call.controls.stop()
                await asyncio.wait(
                    [asyncio.ensure_future(self._running_call.wait())], timeout=STOP_S
                )
        return answer == "quit"
