"""A warm-up taken from the line that calls use, held against earlier ones, and kept."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from trainer.audio import devices
from trainer.audio.device_line import DeviceLine
from trainer.cli import echo
from trainer.conversation.pump import loudness
from trainer.domain.audio import BLOCK, Samples
from trainer.domain.baseline import WarmUp
from trainer.domain.errors import TrainerError
from trainer.ports.line import Line
from trainer.review.delivery import warm_up_words
from trainer.review.delivery.pitch import TRACKER
from trainer.review.delivery.warm_up import louder, warm_up
from trainer.settings import Settings
from trainer.store import baselines

_LEAD = 3 * BLOCK
_EVERY = 3
_SILENCE = np.zeros(BLOCK, np.float32)


@dataclass(frozen=True)
class Found:
    """A warm-up, in words. `louder_db`: more than history and room suggest; 0: as they do."""

    made: WarmUp
    rows: tuple[tuple[str, str], ...]
    holds: str
    ends: str
    louder_db: float
    louder: str


def found(settings: Settings, made: WarmUp) -> Found:
    """What is to be said of a warm-up; nothing is kept yet.

    Raises:
        BadInput: a warm_up.yaml of a content root has a mistake.
    """
    texts = warm_up_words.load(settings.content_roots())
    before = baselines.history(settings.data_dir, settings.profile, made.microphone)
    more = louder(made, [one for one in before if one.tracker == made.tracker])
    rows = warm_up_words.heard(made, texts, tone=settings.tone, pacing=settings.pacing)
    return Found(
        made=made,
        rows=tuple(rows),
        holds=texts.holds.format(microphone=made.microphone, days=baselines.VALID.days),
        ends=texts.ends.strip(),
        louder_db=more,
        louder=texts.louder.format(more=f"{more:.0f}").strip() if more else "",
    )


def made_of(room: Samples, read: Sequence[Samples], talk: Samples, microphone: str) -> WarmUp:
    """A warm-up made now of recordings, shape (n,) each at 16 kHz.

    Raises:
        BadInput: it must be repeated, and why.
        EngineMissing: swift-f0 is not installed.
    """
    return warm_up(room, read, talk, microphone=microphone, made=datetime.now(UTC))


def keep(settings: Settings, made: WarmUp) -> None:
    """Keep it beside the earlier ones.

    Raises:
        BadInput: it cannot be written.
    """
    baselines.save(settings.data_dir, settings.profile, made)


def standing(settings: Settings) -> str:
    """How it stands with the warm-up of the microphone in use, in a sentence; empty: none."""
    last = baselines.latest(settings.data_dir, settings.profile)
    if last is None:
        return ""
    day = f"{last.made.astimezone():%d %b %Y}"
    microphone = last.microphone
    with suppress(TrainerError):
        microphone = devices.check(settings.input_device, settings.output_device)[0].name
    now = datetime.now(UTC)
    holds = baselines.valid(
        settings.data_dir, settings.profile, microphone, tracker=TRACKER, at=now
    )
    if holds is not None:
        until = (holds.made + baselines.VALID).astimezone()
        return f"Your warm-up for {microphone} holds until {until:%d %b %Y}."
    if last.microphone != microphone:
        return f"Your warm-up is for {last.microphone} ({day}); {microphone} needs its own."
    if last.tracker != TRACKER:
        return f"Your warm-up ({day}) was measured in an earlier way and no longer serves."
    return f"Your warm-up ({day}) is older than {baselines.VALID.days} days and no longer serves."


class Taking:
    """A warm-up under way on the devices and the chain of a call: echo cancelling as it is set."""

    def __init__(self, settings: Settings, line: Line | None = None, microphone: str = "") -> None:
        """`line` and `microphone`: instead of those in the settings."""
        self._settings = settings
        self._line = line
        self._microphone = microphone
        self._parts: dict[str, list[Samples]] = {}
        self._hears = ""
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    def texts(self) -> warm_up_words.Texts:
        """What is read, and what is said on the way."""
        return warm_up_words.load(self._settings.content_roots())

    async def levels(self) -> AsyncIterator[float]:
        """The microphone's level, dB relative to full scale, about ten per second.

        Raises:
            TrainerError: no microphone, or it went away.
        """
        loop = asyncio.get_running_loop()
        arrived: asyncio.Queue[float | TrainerError] = asyncio.Queue()

        def tell(what: float | TrainerError) -> None:
            with suppress(RuntimeError):  # the screen has closed
                loop.call_soon_threadsafe(arrived.put_nowait, what)

        await asyncio.to_thread(self._begin, tell)
        while not self._ending.is_set():
            heard = await arrived.get()
            if isinstance(heard, TrainerError):
                raise heard
            yield heard

    def part(self, name: str) -> None:
        """What is heard from now on belongs to this part, from its first sample; "": to none."""
        if name:
            self._parts[name] = []
        self._hears = name

    async def made(self) -> Found:
        """The warm-up of the parts `room`, `first`, `second` and `talk`.

        Raises:
            BadInput: it must be repeated, and why.
            EngineMissing: swift-f0 is not installed.
        """
        self.part("")
        room, first, second, talk = (
            np.concatenate([np.zeros(0, np.float32), *self._parts.get(name, ())])
            for name in ("room", "first", "second", "talk")
        )

        def work() -> Found:
            one = made_of(room, [first, second], talk, self._microphone)
            return found(self._settings, one)

        return await asyncio.to_thread(work)

    async def keep(self, one: Found) -> None:
        """Keep it.

        Raises:
            BadInput: it cannot be written.
        """
        await asyncio.to_thread(keep, self._settings, one.made)

    async def close(self) -> None:
        """Release the devices; what was heard is forgotten. Safe to call twice."""
        self._ending.set()
        self._parts.clear()
        if self._thread is not None:
            await asyncio.to_thread(self._thread.join, 2.0)

    def _begin(self, tell: Callable[[float | TrainerError], None]) -> None:
        """Listen; whoever closed this while the devices opened has them released at once."""
        line = self._open()
        self._thread = threading.Thread(
            target=self._listen, args=(line, tell), name="warm-up", daemon=True
        )
        self._thread.start()

    def _open(self) -> Line:
        if self._line is not None:
            line = self._line
        else:
            device = DeviceLine(self._settings.input_device, self._settings.output_device)
            self._microphone = echo.microphone(self._settings, device)
            line, _ = echo.without(self._settings, device)
        line.open()
        return line

    def _listen(self, line: Line, tell: Callable[[float | TrainerError], None]) -> None:
        blocks = 0
        try:
            while not self._ending.is_set():
                while line.queued() < _LEAD:
                    line.write(_SILENCE)
                frame = line.read()
                if frame is None:
                    tell(TrainerError("The microphone is gone.", "Plug it in and try again."))
                    return
                blocks += 1
                kept = self._parts.get(self._hears)
                if kept is not None:
                    kept.append(frame.mic)
                if blocks % _EVERY == 0:
                    tell(loudness(frame.mic))
        except TrainerError as error:
            tell(error)
        finally:
            line.close()
