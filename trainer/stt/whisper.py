"""Speech-to-text by openai-whisper, in a process of its own so that it never stalls the call."""

import asyncio
import contextlib
import itertools
import multiprocessing
import os
import queue
import signal
import threading
from concurrent.futures import Future
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, cast

import numpy as np

from trainer import models
from trainer.domain.audio import Samples
from trainer.domain.errors import BadInput, EngineFailed
from trainer.domain.transcript import Heard, Word
from trainer.settings import cache_dir
from trainer.stt import windows
from trainer.stt.worker import Kind, Request, Setup, run

MODELS = ("base", "tiny.en")

_URGENCY = {"transcribe": 0, "align": 1, "ahead": 2, "warm": 3}
_PATIENCE_S = 120.0  # loading and a long turn on a busy machine stay well below it
_NOTHING = np.zeros(0, np.float32)


def create(
    model: str = "base", *, threads: int | None = None, shortest_s: float = windows.SHORTEST_S
) -> "Whisper":
    """Whisper with the weights of `model`, not loaded yet.

    Args:
        model: "base" or "tiny.en".
        threads: processor threads; None: by the machine.
        shortest_s: shortest window of the encoder, seconds; 30 switches shortening off.

    Raises:
        BadInput: no such model.
        EngineMissing: its weights are not here.
    """
    if model not in MODELS:
        raise BadInput(f"There is no Whisper model “{model}”.", f"Known: {', '.join(MODELS)}.")
    setup = Setup(
        path=models.find(f"whisper-{model}"),
        model=model,
        threads=threads or _threads(),
        shortest_s=shortest_s,
        log=cache_dir() / "logs" / f"whisper-{model}.log",
    )
    return Whisper(setup)


@dataclass(order=True)
class _Job:
    urgency: int
    id: int
    request: Request | None = field(compare=False)  # None: stop
    answer: "Future[Any]" = field(default_factory=Future, compare=False)


class Whisper:
    """One worker process and the thread that talks to it, one request at a time.

    Requests wait in order of urgency (transcribe, align, ahead, warm), then of arrival. A cancelled
    one is skipped while it waits; while it runs, it stops at the next layer or token. The process
    starts with the first request, and again after it died.
    """

    def __init__(self, setup: Setup) -> None:
        self.name = f"whisper {setup.model}"
        self.leaves_machine = False
        self._setup = setup
        self._jobs: queue.PriorityQueue[_Job] = queue.PriorityQueue()
        self._ids = itertools.count(1)
        self._context = multiprocessing.get_context("spawn")
        self._dropped = self._context.RawValue("q", 0)
        self._running = 0
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None
        self._thread: threading.Thread | None = None
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The process, for those who measure it; None before the first request."""
        return self._process.pid if self._process is not None else None

    async def warm(self) -> None:
        """Load the model, decode and align once."""
        await self._ask("warm")

    async def transcribe(self, audio: Samples) -> Heard:
        """The words of one turn; see the port."""
        heard: Heard = await self._ask("transcribe", audio)
        return heard

    async def ahead(self, audio: Samples) -> None:
        """Draft the words of a turn that still goes on; see the port."""
        await self._ask("ahead", audio)

    async def align(self, audio: Samples, text: str) -> tuple[Word, ...]:
        """Word times; see the port. Beyond 30 s only for the last few transcriptions."""
        words: tuple[Word, ...] = await self._ask("align", audio, text)
        return words

    async def close(self) -> None:
        """End the process at once; what is still asked fails. Safe to call twice."""
        self._closed = True
        if self._thread is None:
            return
        self._jobs.put(_Job(-1, 0, None))
        process = self._process  # the thread may let go of it at any moment
        if process is not None:
            process.kill()  # it has nothing to lose
        await asyncio.to_thread(self._thread.join)

    async def _ask(
        self,
        kind: Kind,
        audio: Samples = _NOTHING,
        text: str = "",
    ) -> Any:
        if self._closed:
            raise EngineFailed(f"{self.name} has been closed.")
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name=self.name, daemon=True)
            self._thread.start()
        number = next(self._ids)
        request = Request(number, kind, np.ascontiguousarray(audio, np.float32), text)
        job = _Job(_URGENCY[kind], number, request)
        self._jobs.put(job)
        try:
            return await asyncio.wrap_future(job.answer)
        except asyncio.CancelledError:
            if self._running == number:
                self._dropped.value = number
            raise

    def _serve(self) -> None:
        """Body of the thread: one request after the other, until `close`."""
        if hasattr(signal, "pthread_sigmask"):
            # inherited by the process: Ctrl-C while it starts would print a traceback
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        while (job := self._jobs.get()).request is not None:
            self._running = job.id  # before it can no longer be skipped: who cancels looks here
            if not job.answer.set_running_or_notify_cancel():
                continue
            try:
                status, value = self._exchange(job.request)
            except Exception:  # died, hung, or cannot even start: this thread must outlive it
                self._discard()
                if not self._closed:
                    with contextlib.suppress(Exception):  # then the next request tries again
                        self._start()  # it loads while the call goes on
                job.answer.set_exception(
                    EngineFailed(
                        f"{self.name} stopped in the middle of a turn.", "It has been restarted."
                    )
                )
                continue
            if status == "failed":
                job.answer.set_exception(
                    EngineFailed(f"{self.name} failed: {value}", f"Details: {self._setup.log}")
                )
            else:
                job.answer.set_result(value)
        self._discard()
        while not self._jobs.empty():
            waiting = self._jobs.get().answer
            if waiting.set_running_or_notify_cancel():
                waiting.set_exception(EngineFailed(f"{self.name} has been closed."))

    def _exchange(self, request: Request) -> tuple[str, Any]:
        """Send one request and wait for its answer.

        Raises:
            OSError, EOFError: the process died, or does not answer.
        """
        if self._process is None or not self._process.is_alive():
            self._discard()
            self._start()
        connection = self._connection
        assert connection is not None
        connection.send(request)
        if not connection.poll(_PATIENCE_S):
            raise TimeoutError
        return cast(tuple[str, Any], connection.recv())

    def _start(self) -> None:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(
            target=run, args=(theirs, self._setup, self._dropped), name=self.name, daemon=True
        )
        process.start()  # one that did not start cannot be killed: nobody may see it before
        theirs.close()  # so that the process' death closes the connection
        self._process, self._connection = process, ours
        if self._closed:  # `close` did not see it either
            process.kill()

    def _discard(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join()
        if self._connection is not None:
            self._connection.close()
        self._process = self._connection = None


def _threads() -> int:
    """Physical cores; of more than two, one stays free for the sound. More than four add little."""
    cores = _physical_cores()
    return min(cores if cores <= 2 else cores - 1, 4)


def _physical_cores() -> int:
    """Physical cores this process may use, where the system tells; else half the logical ones."""
    if hasattr(os, "sched_getaffinity"):
        groups = set()
        for cpu in os.sched_getaffinity(0):
            topology = Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list")
            try:
                groups.add(topology.read_text())
            except OSError:
                groups.add(str(cpu))
        return len(groups)
    return max(1, (os.cpu_count() or 2) // 2)
