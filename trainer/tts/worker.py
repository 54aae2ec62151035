"""A voice that lives in a child process of its own. This side never blocks the event loop.

One thread reads the child's frames and hands each to the request it answers. A child that dies or
hangs fails the clauses it owed and is replaced when the next one is asked for.
"""

import asyncio
import contextlib
import itertools
import subprocess
import sys
import threading
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import IO

from trainer.domain.audio import Samples
from trainer.domain.errors import EngineFailed, TrainerError
from trainer.domain.persona import VoiceChoice
from trainer.domain.plan import VoiceStyle
from trainer.tts import frames

LOAD_S = 60.0
"""Seconds an engine may take to load before it counts as hung."""

STALL_S = 8.0
"""Seconds a loaded engine may keep silent within a clause before it counts as hung."""


@dataclass(eq=False)
class _Owed:
    """One request's answers, on the event loop that waits for them."""

    loop: asyncio.AbstractEventLoop
    answers: asyncio.Queue[frames.Frame | None] = field(default_factory=asyncio.Queue)

    def give(self, frame: frames.Frame | None) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self.loop.call_soon_threadsafe(self.answers.put_nowait, frame)


class _Child:
    """One run of the child process, from start to death."""

    def __init__(self, engine: str) -> None:
        # -P: a module lying in the current folder must not be imported instead of ours
        command = [sys.executable, "-P", "-m", "trainer.tts.child", engine]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.pid = self._process.pid
        self.alive = True
        self.loaded = False
        self._last_words: frames.Frame | None = None
        self._owed: dict[int, _Owed] = {}
        self._waiting: list[_Owed] = []
        self._lock = threading.Lock()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._ask: IO[bytes] = self._process.stdin
        self._told: IO[bytes] = self._process.stdout
        threading.Thread(target=self._read, name="voice", daemon=True).start()

    def _read(self) -> None:
        while (frame := frames.read(self._told)) is not None:  # type: ignore[arg-type]
            with self._lock:
                if frame.request:
                    listeners = [self._owed[frame.request]] if frame.request in self._owed else []
                else:
                    self.loaded = frame.kind == frames.READY
                    self._last_words = frame
                    listeners, self._waiting = self._waiting, []
            for owed in listeners:
                owed.give(frame)
        with self._lock:
            self.alive = False
            left = [*self._owed.values(), *self._waiting]
        for owed in left:
            owed.give(None)
        self._process.wait()
        with contextlib.suppress(OSError):  # what was still to be sent cannot be
            self._ask.close()
        self._told.close()

    def load(self) -> _Owed:
        """Answers with the engine's first frame: ready, or why not."""
        owed = _Owed(asyncio.get_running_loop())
        with self._lock:
            if self._last_words is None and self.alive:
                self._waiting.append(owed)
            else:
                owed.answers.put_nowait(self._last_words)
        return owed

    def request(self, number: int, line: bytes) -> _Owed:
        """Ask for a clause."""
        owed = _Owed(asyncio.get_running_loop())
        with self._lock:
            if self.alive:
                self._owed[number] = owed
            else:
                owed.answers.put_nowait(None)
        self._send(line)
        return owed

    def forget(self, number: int, cancel: bool) -> None:
        """No more answers are wanted; unless the request is over, the child stops working on it."""
        with self._lock:
            self._owed.pop(number, None)
        if cancel:
            self._send(frames.cancel(number))

    def _send(self, line: bytes) -> None:
        with contextlib.suppress(OSError, ValueError):  # dead: the reading thread tells everyone
            self._ask.write(line)
            self._ask.flush()

    def death(self) -> TrainerError:
        """Why there is no answer."""
        if self._last_words is not None and self._last_words.kind == frames.FAULT:
            return self._last_words.error()
        return EngineFailed(
            "The voice stopped unexpectedly.", "It is started again for the next line."
        )

    def kill(self) -> None:
        with self._lock:
            self.alive = False
        self._process.kill()

    def end(self) -> None:
        """Let the child go: it leaves when its input ends. Blocks for up to a second."""
        with contextlib.suppress(OSError, ValueError):
            self._ask.close()
        try:
            self._process.wait(1.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class WorkerVoice:
    """The voice port over a child process.

    Args:
        name: engine and voice, as shown to people.
        engine: "module:class" of the engine the child loads.
    """

    leaves_machine = False

    def __init__(self, name: str, engine: str) -> None:
        self.name = name
        self._engine = engine
        self._child: _Child | None = None
        self._numbers = itertools.count(1)

    @property
    def pid(self) -> int | None:
        """The child's process id while it lives."""
        return self._child.pid if self._child is not None and self._child.alive else None

    def _running(self) -> _Child:
        if self._child is None or not self._child.alive:
            try:
                self._child = _Child(self._engine)
            except OSError as cause:  # no memory for it, or the program was just installed anew
                raise EngineFailed(f"The voice cannot be started: {cause.strerror}.") from cause
        return self._child

    async def warm(self) -> None:
        """Load the engine.

        Raises:
            EngineMissing: the engine, its library or its weights are not here.
            EngineFailed: it died or hung while loading.
        """
        child = self._running()
        frame = await self._next(child, child.load(), LOAD_S)
        if frame.kind == frames.FAULT:
            raise frame.error()

    async def speak(
        self, text: str, choice: VoiceChoice, style: VoiceStyle
    ) -> AsyncGenerator[Samples, None]:
        """Sound of one clause, a piece per sentence as it is made; see `trainer.ports.voice`."""
        child = self._running()
        number = next(self._numbers)
        owed = child.request(number, frames.ask(number, text, choice, style))
        over = False
        try:
            while True:
                frame = await self._next(child, owed, STALL_S if child.loaded else LOAD_S)
                over = frame.kind in (frames.END, frames.FAULT)
                if frame.kind == frames.FAULT:
                    raise frame.error()
                if frame.kind == frames.END:
                    return
                yield frame.samples()
        finally:
            child.forget(number, cancel=not over)

    async def _next(self, child: _Child, owed: _Owed, patience_s: float) -> frames.Frame:
        try:
            frame = await asyncio.wait_for(owed.answers.get(), patience_s)
        except TimeoutError:
            child.kill()
            raise EngineFailed(
                "The voice did not answer in time.", "It is started again for the next line."
            ) from None
        if frame is None:
            raise child.death()
        return frame

    async def close(self) -> None:
        """End the child process."""
        if self._child is not None:
            child, self._child = self._child, None
            await asyncio.to_thread(child.end)
