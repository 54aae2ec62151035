"""The app: which screen follows which, and the state of the engines that all screens show."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.screen import ModalScreen, Screen
from textual.worker import get_current_worker

from trainer.domain.errors import TrainerError
from trainer.settings import Settings
from trainer.tui import judging, mistakes, palette, themes, wishes
from trainer.tui.screens.choice import problem
from trainer.tui.screens.help import HelpScreen
from trainer.tui.screens.home import HomeScreen
from trainer.tui.services import EngineState, JudgeStep, Part, Services
from trainer.tui.terminal import shorten

if TYPE_CHECKING:  # heavy, and not needed for the first paint
    from trainer.domain.persona import Cast
    from trainer.store.taps import When
    from trainer.tui.care import Care
    from trainer.tui.own import Own
    from trainer.tui.screens.call import CallScreen
    from trainer.tui.screens.warm_up import WarmUpScreen
    from trainer.tui.workshop import Workshop

CLOSE_S = 3.0
"""How long engines may take to end; their processes end with this one in any case."""


class TrainerApp(App[None]):
    """Shows screens, keeps the engines' states, and passes wishes on."""

    CSS_PATH = "app.tcss"
    TITLE = "Voice trainer"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (140, "-wide")]  # noqa: RUF012 - an instance variable of App
    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-usual"), (32, "-tall")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,f1", "help", "Help"),
        Binding("ctrl+q", "quit", "Quit", priority=True),
        Binding("f10", "stop_call", "Stop at once", priority=True),
    ]

    engines: reactive[dict[Part, EngineState]] = reactive(dict)
    judging: reactive[JudgeStep | None] = reactive(None)

    def __init__(
        self,
        settings: Settings,
        services: Services,
        *,
        start: "Cast | None" = None,
        typed: bool = False,
        log: Path | None = None,
    ) -> None:
        """`start` opens the card of one customer at once; `typed` takes calls by keyboard.

        `log`: where native libraries write; kept short.
        """
        super().__init__()
        self.settings = settings
        self._services = services
        self._start = start
        self._typed = typed
        self.broken_by = ""
        self._tapped = False
        self._loads = False
        self._log_file = log
        self.register_theme(themes.DARK)
        self.register_theme(themes.LIGHT)
        self.theme = settings.theme

    def get_default_screen(self) -> Screen[None]:
        """Home."""
        return HomeScreen(self._services, self.settings.avoid)

    def on_mount(self) -> None:
        """A call that was asked for loads its engines at once; else the customers come first."""
        self.engines = judging.named(self.engines, self.settings)
        if self._start:
            self._show_card(self._start, self._typed)
            self._loads = True
            self.call_after_refresh(self._warm)
        if self._log_file:
            self.set_interval(60, partial(shorten, self._log_file))

    def on_listed(self) -> None:
        """Home is filled; engines, which would have held it up, load now."""
        if not self._loads:
            self._loads = True
            self._warm()

    @work(group="warm", exclusive=True)
    async def _warm(self) -> None:
        try:
            await self._services.warm(self._engine_moved)
        except TrainerError as error:
            self.notify(str(error), title="Engines", severity="warning", timeout=10)
        except Exception as error:  # a call by keyboard may still work, and says so if it does not
            self.notify(mistakes.told(error), title="Engines", severity="error", timeout=10)

    def _engine_moved(self, state: EngineState) -> None:
        self.post_message(wishes.EngineMoved(state))

    def on_engine_moved(self, moved: wishes.EngineMoved) -> None:
        """All screens show it."""
        self.engines = {**self.engines, moved.state.part: moved.state}

    def _handle_exception(self, error: Exception) -> None:
        self.broken_by = self.broken_by or mistakes.told(error)
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        # The framework would print a traceback with every local variable: with what was said.
        self._close_messages_no_wait()

    # --- from screen to screen ---

    @work(thread=True, exclusive=True, group="cast")
    def on_take_call(self, wish: wishes.TakeCall) -> None:
        """The card of a customer, before the call."""
        try:
            cast = self._services.cast(wish.customer)
        except TrainerError as error:
            self.call_from_thread(self.push_screen, problem(error))
            return
        self.call_from_thread(self._show_card, cast, wish.typed or self._typed)

    def _show_card(self, cast: "Cast", typed: bool) -> None:
        from trainer.tui.screens.brief import BriefScreen

        asks = None
        if self._services.care is not None:
            with suppress(TrainerError):  # a team's own texts: the call is worth more
                asks = self._services.care.texts()
        self._open(BriefScreen(cast, typed=typed, asks=asks))

    def _open(self, screen: Screen[Any]) -> None:
        """Put it on top, unless one of its kind is there: a key pressed twice opens it once."""
        if type(self.screen) is not type(screen):
            self.push_screen(screen)

    def on_tapped(self, tapped: wishes.Tapped) -> None:
        """Before a call; whoever answers is asked once more after it."""
        self._tapped = True
        self._keep_tap("before", tapped.value)

    @work(thread=True, group="tap")
    def _keep_tap(self, when: "When", value: int) -> None:
        try:
            if self._services.care is not None:
                self._services.care.tap(when, value)
        except TrainerError as error:
            self.call_from_thread(self.push_screen, problem(error))

    def _tap_after(self) -> None:
        tapped, self._tapped = self._tapped, False
        care = self._services.care
        if not tapped or care is None:
            return
        from trainer.tui.screens.loads import TapScreen

        with suppress(TrainerError):
            self.push_screen(TapScreen(care.texts()), self._tapped_after)

    def _tapped_after(self, value: int | None) -> None:
        if value is not None:
            self._keep_tap("after", value)

    def on_pick_up(self, wish: wishes.PickUp) -> None:
        """The call itself, in place of the card (or of a call that could not be spoken)."""
        from trainer.tui.screens.call import CallScreen

        while isinstance(self.screen, ModalScreen):  # help, opened before the call failed
            self.pop_screen()
        self.switch_screen(
            CallScreen(
                wish.cast,
                self._services,
                typed=wish.typed,
                captions=self.settings.captions,
                coaching=self.settings.coaching != "off",
            )
        )

    def on_call_over(self, over: wishes.CallOver) -> None:
        """A debrief follows, unless the call was stopped or never began."""
        if over.status == "check":
            self._to_home()
            self.action_device_check()
        elif over.status in ("aborted", "failed") or over.folder is None:
            self._to_home()
            if over.status == "aborted":
                self.notify("The call was stopped. It is not scored.", title=over.customer)
        else:
            self._mark(over.folder)
            if self._services.own is None:
                self._open_debrief(over.folder)
            else:
                self._rate_first(over.folder, self._services.own)
        if over.status not in ("check", "failed"):
            self._tap_after()

    @work(thread=True, group="judge")
    def _mark(self, folder: Path) -> None:
        """A language model marks the call, if one is set, while the agent goes on."""
        judge, asked = self._services.judge, get_current_worker()
        if judge is not None and self.settings.judge != "off":
            judging.beside(self, judge, folder, lambda: asked.is_cancelled or not folder.exists())

    def on_judging(self, moved: wishes.Judging) -> None:
        """All screens show it."""
        self.judging = moved.step

    def action_stop_judge(self) -> None:
        """Leave the call as rules have it."""
        self.workers.cancel_group(self, "judge")

    def _rate_first(self, folder: Path, own: "Own") -> None:
        """How they saw it, before any result stands between them and the call."""
        from trainer.tui.screens.self_rating import SelfRatingScreen

        self._to_home()
        self.push_screen(SelfRatingScreen(folder, own), lambda _: self._open_debrief(folder))

    def on_show_debrief(self, wish: wishes.ShowDebrief) -> None:
        """The debrief of an earlier call."""
        self._open_debrief(wish.folder)

    def on_call_deleted(self, gone: wishes.CallDeleted) -> None:
        """Nothing is left of it."""
        self._to_home()
        self.notify("The call is deleted: sound, words and debrief.")

    def on_keep(self, wish: wishes.Keep) -> None:
        """One setting, in force at once and kept on disk."""
        from trainer.tui.screens.settings import SettingsScreen

        if getattr(self.settings, wish.name) == wish.value:
            return
        try:
            self._services.save(wish.name, wish.value)
        except TrainerError as error:
            self.push_screen(problem(error))
            return
        self.settings = self.settings.model_copy(update={wish.name: wish.value})
        for screen in self.screen_stack:
            if isinstance(screen, SettingsScreen):
                screen.kept(wish.name, wish.value)
            elif isinstance(screen, HomeScreen) and wish.name == "avoid":
                screen.avoid(self.settings.avoid)
        if wish.name == "theme":
            self.theme = self.settings.theme
        elif wish.name in ("stt", "wording", "wording_api_base", "voice", "voice_model"):
            self.engines = judging.named({}, self.settings)
            self._warm()
        elif wish.name == "judge":
            self.engines = judging.named(self.engines, self.settings)

    def _open_debrief(self, folder: Path) -> None:
        from trainer.tui.screens.debrief import DebriefScreen

        self._to_home()
        self.push_screen(DebriefScreen(folder, self._services))

    def _to_home(self) -> None:
        while len(self.screen_stack) > 1:
            self.pop_screen()

    @property
    def call(self) -> "CallScreen | None":
        """The running call, whatever stands over it."""
        from trainer.tui.screens.call import CallScreen

        return next((one for one in self.screen_stack if isinstance(one, CallScreen)), None)

    # --- keys and the command palette ---

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without a call there is none to stop: the key is the screen's own."""
        return self.call is not None if action == "stop_call" else True

    def action_stop_call(self) -> None:
        """Stop the call at once, unscored, whatever screen stands over it."""
        if self.call is not None:
            self.call.action_stop()

    def action_help(self) -> None:
        """What the keys do."""
        at_work = any(one.id == "at-work" for one in self.screen_stack)
        self._open(HelpScreen(in_call=self.call is not None, at_work=at_work))

    def action_workshop(self) -> None:
        """Where trainers work on customers."""
        from trainer.tui.screens.workshop import WorkshopScreen

        self._open(WorkshopScreen(self._workshop))

    @cached_property
    def _workshop(self) -> "Workshop":
        return self._services.workshop()

    def on_files_changed(self) -> None:
        """A customer's file was saved: home lists them anew."""
        for screen in self.screen_stack:
            if isinstance(screen, HomeScreen):
                screen.reload()

    def on_try_out(self, wish: wishes.TryOut) -> None:
        """A typed call with the mood visible."""
        from trainer.tui.screens.tryout import TryOutScreen

        self._open(TryOutScreen(self._workshop, wish.customer, wish.seed))

    def action_progress(self) -> None:
        """What the calls show together."""
        if self._services.own is not None:
            from trainer.tui.screens.progress import ProgressScreen

            self._open(ProgressScreen(self._services.own))

    def action_settings(self) -> None:
        """Change what may be changed."""
        from trainer.tui.screens.settings import SettingsScreen

        self._open(SettingsScreen(self.settings, self._services))

    def action_device_check(self) -> None:
        """Microphone and speaker."""
        from trainer.tui.screens.device_check import DeviceCheckScreen

        self._open(DeviceCheckScreen(self._services))

    def action_warm_up(self) -> None:
        """One's usual voice, for the debrief to compare with."""
        if self._services.care is not None:
            self._open_warm_up(self._services.care)

    @work(thread=True, group="warm-up", exclusive=True)
    def _open_warm_up(self, care: "Care") -> None:
        from trainer.tui.screens.warm_up import WarmUpScreen

        try:
            taking = care.warm_up()
            screen = WarmUpScreen(care, taking, taking.texts())
        except TrainerError as error:
            self.call_from_thread(self.push_screen, problem(error))
            return
        self.call_from_thread(self._show_warm_up, screen)

    def _show_warm_up(self, screen: "WarmUpScreen") -> None:
        from trainer.tui.screens.device_check import DeviceCheckScreen

        if isinstance(self.screen, DeviceCheckScreen):  # it holds the microphone
            self.switch_screen(screen)
        else:
            self._open(screen)

    def action_breathe(self) -> None:
        """A minute to breathe."""
        from trainer.tui.screens.breathing import BreathingScreen

        if self._services.care is not None:
            try:
                self._open(BreathingScreen(self._services.care.breathing()))
            except TrainerError as error:
                self.push_screen(problem(error))

    def action_light_or_dark(self) -> None:
        """The other look."""
        self.post_message(
            wishes.Keep("theme", "light" if self.settings.theme == "dark" else "dark")
        )

    async def action_quit(self) -> None:
        """Leave; a running call is stopped first, if that is meant."""
        self.run_worker(self._leave(), group="quit", exclusive=True)

    async def _leave(self) -> None:
        call = self.call
        if call is None or await call.ask_to_leave():
            if self._services.close is not None:
                self.notify("Leaving…", timeout=CLOSE_S)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._services.close(), CLOSE_S)
            self.exit()

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """What the command palette offers."""
        return palette.commands(self, self.call)
