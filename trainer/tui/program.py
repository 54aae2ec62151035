"""The real program behind the screens: engines that load once, calls put together from them.

The commands' composition root is handed in, so that the screens import no command.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from trainer.domain.errors import BadInput, TrainerError
from trainer.settings import Settings
from trainer.tui import arrival
from trainer.tui.care import Care
from trainer.tui.choices import CHOICES
from trainer.tui.desktop import open_file
from trainer.tui.own import Own
from trainer.tui.services import (
    CallItem,
    CustomerItem,
    Debrief,
    DeviceNames,
    EngineState,
    Judged,
    Progress,
    Services,
    SoundCheck,
)

if TYPE_CHECKING:
    from trainer.domain.audio import Samples
    from trainer.domain.persona import Cast
    from trainer.domain.record import CallRecord
    from trainer.review.model import Review
    from trainer.review.progress import Progress as Results
    from trainer.tui.again import TakenUp
    from trainer.tui.judging import Asker
    from trainer.tui.session import Controls, Observer, OpenCall
    from trainer.tui.workshop import Workshop

Reviewer: TypeAlias = "Callable[[CallRecord, Sequence[Path]], Review]"
Settle: TypeAlias = "Callable[[Review, CallRecord, Sequence[Path]], Review]"
Gather: TypeAlias = (
    "Callable[[Settings, Callable[[Path], Review], Callable[[int, int], None]], Results]"
)


class Program:
    """Holds the settings in force and the engines; closes what it opened."""

    def __init__(
        self,
        settings: Settings,
        root: Callable[[], Any],
        review: Reviewer,
        *,
        seed: int | None,
        typed: bool,
        settle: Settle = lambda review, record, roots: review,
        gather: Gather | None = None,
        judge: Asker | None = None,
    ) -> None:
        """`root` imports the composition root, `review` reviews a call and keeps the result.

        `typed` starts without speech-to-text. `settle` puts the agent's own view beside a result
        that is there, and keeps both. `gather` puts the results of all calls together.
        `judge` asks a language model about a call, too.
        """
        self._settings = settings
        self._root = root
        self._review = review
        self._seed = seed
        self._listen = not typed
        self._seeds: dict[str, int] = {}
        self._loading: asyncio.Task[Any] | None = None
        self._progress: Progress = lambda state: None
        self._arriving: asyncio.Task[None] | None = None
        self._closing: set[asyncio.Task[None]] = set()
        self._customers: list[CustomerItem] = []
        self._listing = threading.RLock()
        self._settle = settle
        self._ask = judge
        together = None if gather is None else lambda *given: gather(self._settings, *given)
        self._own = Own(
            self._roots, self._reviewed, self._settled, together, lambda: self._settings.rubric
        )
        self._care = Care(lambda: self._settings, self._root)

    def _roots(self) -> list[Path]:
        return self._settings.content_roots()

    def services(self) -> Services:
        """What the screens may ask for."""
        return Services(
            customers=self._list_customers,
            calls=self._list_calls,
            cast=self.cast,
            warm=self.warm,
            open_call=self.open_call,
            debrief=self.debrief,
            delete=_delete,
            play=self._play,
            open_file=open_file,
            sound_check=self._sound_check,
            echo_test=self._echo_test,
            devices=_devices,
            save=self._save,
            workshop=self.workshop,
            choices=dict(CHOICES),
            close=self.close,
            judge=self.judge if self._ask is not None else None,
            again=self._again().again(),
            own=self._own,
            care=self._care,
        )

    # --- what is there ---

    def _list_customers(self) -> list[CustomerItem]:
        from trainer.tui import listing

        with self._listing:
            self._customers = listing.customers(self._settings)
            return self._customers

    def _list_calls(self) -> list[CallItem]:
        from trainer.tui import listing

        with (
            self._listing
        ):  # home asks for both at once; reading the files twice takes twice as long
            known = {item.name: item.who for item in self._customers or self._list_customers()}
        return listing.recent(self._settings, known)

    def cast(self, persona: str) -> Cast:
        """One customer, ready for a call.

        Raises:
            BadInput: no such customer, or the file has mistakes.
        """
        import secrets

        from trainer.content import personas

        seed = secrets.randbelow(2**31) if self._seed is None else self._seed
        who = personas.load(persona, self._settings.content_roots(), seed)
        self._seeds[who.name] = seed
        return who

    # --- engines ---

    async def warm(self, progress: Progress) -> None:
        """Load the engines of the settings in force; those of earlier settings are closed."""
        self._progress = progress
        await self.close()
        self._loading = asyncio.create_task(self._load())
        await asyncio.shield(self._loading)

    async def _load(self) -> Any:
        states: dict[str, EngineState] = {}

        def told(part: Any, phase: Any, detail: str) -> None:
            name, _, hint = detail.partition("\n")
            states[part] = EngineState(part, phase, name, hint)
            self._progress(states[part])

        compose = await asyncio.to_thread(self._root)
        engines = await compose.load(self._settings, listen=self._listen, told=told)
        if not self._listen:
            self._progress(EngineState("stt", "off", "not needed: this call is typed"))
        voices = engines.voices[:1]
        parts = {
            "stt": engines.stt,
            "wording": engines.wording,
            "voice": voices[0] if voices else None,
        }
        for part, engine in parts.items():
            if part in states and engine is not None and engine.leaves_machine:
                self._progress(replace(states[part], leaves_machine=True))
        if engines.wording is None and self._settings.wording in ("auto", "local"):
            self._arriving = asyncio.create_task(arrival.watch(self._progress))
        return engines

    async def _engines(self, *, listen: bool) -> Any:
        if listen and not self._listen:
            self._listen = True
            await self.warm(self._progress)
        if self._loading is None:
            await self.warm(self._progress)
        assert self._loading is not None
        return await asyncio.shield(self._loading)

    async def close(self) -> None:
        """End every worker process; whoever stops waiting for that does not stop it."""
        if self._arriving is not None:
            self._arriving.cancel()
        loading, self._loading = self._loading, None
        if loading is not None:
            closing = asyncio.create_task(_end(loading))
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)
            await asyncio.shield(closing)

    # --- calls ---

    async def open_call(self, who: Cast, typed: bool, see: Observer) -> OpenCall:
        """A call ready to run.

        Raises:
            EngineMissing: something it cannot do without is not here.
            BadInput: it cannot be recorded.
        """
        from trainer.tui import listing, practised
        from trainer.tui.session import Notice, OpenCall
        from trainer.tui.taken import Recorded

        engines = await self._engines(listen=not typed)
        compose = await asyncio.to_thread(self._root)
        engines.require("words", *(() if typed else ("stt",)))
        seed = self._seeds.get(who.name, 0)
        recent = await asyncio.to_thread(listing.said_lately, self._settings.data_dir)
        line = None if typed else await asyncio.to_thread(self._line)
        play = await asyncio.to_thread(self._aloud) if typed else None
        used = engines
        if typed:  # nobody listens, and without a speaker nobody speaks
            used = replace(engines, stt=None, voices=engines.voices if play else [])
        level = await asyncio.to_thread(practised.level, self._settings)
        sink = compose.open_record(self._settings, who, seed, "typed" if typed else "spoken")
        try:
            compose.note_engines(sink, used)
            if line is None:
                call = compose.typed(
                    self._settings, who, used, sink, seed, see, play=play, recent=recent
                )
            else:
                call = compose.spoken(
                    self._settings, who, used, line, sink, seed, see, recent=recent
                )
            think: tuple[str, ...] = ()
            try:
                think = compose.coach(self._settings, who, call, sink, level)
            except BadInput as mistake:  # a team's own texts: the call is worth more than its hints
                see(Notice(f"No hints in this call: {mistake.message}"))
        except BaseException:
            sink.close()
            raise
        for part, what in (("voice", "There is no voice: read the captions."), ("wording", "")):
            if part in engines.missing and (not typed or part != "voice"):
                see(Notice(what or f"Written lines only: {engines.missing[part].message}"))
        return OpenCall(Recorded(call, sink), sink.folder, think)

    def _aloud(self) -> Callable[[Samples], Awaitable[None]] | None:
        """How a typed call is made audible; None where there is no speaker."""
        from trainer.audio.devices import pick_speaker
        from trainer.tui import sound

        speaker = self._settings.output_device
        try:
            pick_speaker(speaker)
        except TrainerError:
            return None
        return partial(sound.play, speaker=speaker)

    def _line(self) -> Any:
        from trainer.audio.device_line import DeviceLine

        return DeviceLine(self._settings.input_device, self._settings.output_device)

    def debrief(self, folder: Path) -> Debrief:
        """The debrief of a recorded call.

        Raises:
            BadInput: not a call, or damaged.
        """
        from trainer.content import personas
        from trainer.tui import told

        record, review = self._own.debrief(folder)
        if review.judge is None and self._settings.judge != "off":
            review = self._settled(review, record)  # it may have been marked meanwhile
        who = ""
        with suppress(TrainerError):
            cast = personas.load(review.persona, self._settings.content_roots(), 0)
            who = cast.persona.identity.name
        return told.tell(record, review, who)

    def judge(self, folder: Path, progress: Judged, cancelled: Callable[[], bool]) -> None:
        """Let a language model mark a finished call beside the rules, if one is set.

        Raises:
            TrainerError: the call or the model's name cannot be used; the result by rules stands.
        """
        if self._ask is not None and self._settings.judge != "off":
            from trainer.tui import judging

            roots = self._settings.content_roots()
            judging.mark(self._own.ready(folder), self._ask, roots, progress, cancelled)

    def _reviewed(self, folder: Path) -> tuple[CallRecord, Review]:
        from trainer.store import calls

        record = calls.load(folder)
        return record, self._review(record, self._settings.content_roots())

    def _settled(self, review: Review, record: CallRecord) -> Review:
        return self._settle(review, record, self._settings.content_roots())

    def _again(self) -> TakenUp:
        from trainer.tui.again import TakenUp

        return TakenUp(
            lambda: self._settings,
            self._root,
            lambda listen: self._engines(listen=listen),
            self._line,
            self._aloud,
            self._review,
        )

    # --- for trainers ---

    def workshop(self) -> Workshop:
        """What trainers work with; made once, so that what was read stays read."""
        from trainer.tui.bench_run import bench
        from trainer.tui.customer_files import CustomerFiles
        from trainer.tui.workshop import Workshop

        return Workshop(
            files=CustomerFiles(lambda: self._settings),
            bench=lambda name, told: bench(name, self._settings.content_roots(), told),
            open_try=self._open_try,
        )

    async def _open_try(self, who: Cast, seed: int, see: Observer) -> Controls:
        """In the author's words, silent and unrecorded: the same words give the same call again."""
        from trainer.tui.unkept import Unkept

        engines = await self._engines(listen=False)
        compose = await asyncio.to_thread(self._root)
        used = replace(engines, stt=None, voices=[], wording=None)
        controls: Controls = compose.typed(self._settings, who, used, Unkept(), seed, see)
        return controls

    # --- sound, files, settings ---

    async def _play(self, folder: Path, start_s: float, end_s: float) -> None:
        from trainer.store import calls
        from trainer.tui import sound

        record = await asyncio.to_thread(calls.load, folder)
        moment = record.both(start_s, end_s)
        if not moment.size:
            imported = record.meta.get("mode") == "imported"
            why = "This real call was brought in without --keep-audio."
            hint = why if imported else "It may have been deleted."
            raise BadInput(f"{folder} holds no sound there.", hint)
        await sound.play(moment, self._settings.output_device)

    def _sound_check(self) -> SoundCheck:
        from trainer.tui.sound import DeviceCheck

        return DeviceCheck(self._settings.input_device, self._settings.output_device)

    def _echo_test(self) -> tuple[bool, str]:
        found: tuple[bool, str] = self._root().echo.told(self._settings)
        return found

    def _save(self, key: str, value: Any) -> None:
        from trainer.settings_store import save

        save(key, value)
        self._settings = self._settings.model_copy(update={key: value})


async def _end(loading: asyncio.Task[Any]) -> None:
    with suppress(TrainerError):
        await (await loading).close()


def _delete(folder: Path) -> None:
    from trainer.store import calls

    calls.delete(folder)


def _devices() -> DeviceNames:
    from trainer.tui.sound import device_names

    return device_names()
