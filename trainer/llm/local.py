"""The model on this machine: llama.cpp serves a GGUF file in its own process; litellm asks it."""

import asyncio
import multiprocessing
import os
import secrets
from collections.abc import AsyncIterator
from importlib.util import find_spec
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from trainer import models
from trainer.domain.errors import EngineFailed, EngineMissing
from trainer.llm.litellm import LiteLLM
from trainer.llm.local_server import serve
from trainer.ports.wording import Prompt

_READ_S = 30.0
"""Seconds that reading a prompt may take; a live turn gives up long before, when it is due."""

_DEATH_S = 0.5
"""Seconds to tell a dead server from one that refused a request."""

_LOAD_S = 60.0
"""Seconds that loading a model may take from a slow disk."""


def create() -> "Local":
    """The local model, not loaded yet.

    Raises:
        EngineMissing: its weights or llama.cpp are not here.
    """
    if find_spec("xllamacpp") is None:
        raise EngineMissing(
            "llama.cpp, which runs the local model, is not installed.",
            "pip install 'voice-trainer[local-llm]'",
        )
    return Local(models.find("local-llm"))


class Local:
    """Implements `trainer.ports.wording.Wording` for one model file."""

    leaves_machine = False
    small = True

    def __init__(self, weights: Path, threads: int | None = None) -> None:
        self.name = f"local/{weights.stem}"
        self._weights = weights
        self._threads = threads or spare_cores()
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._address = ""
        self._model: LiteLLM | None = None
        self._starting: asyncio.Task[LiteLLM] | None = None
        self._closed = False

    @property
    def pid(self) -> int | None:
        """Process id of the server, while there is one."""
        return self._process.pid if self._process else None

    @property
    def address(self) -> str:
        """Where the server listens, on this machine only; empty while there is none."""
        return self._address

    async def warm(self) -> None:
        """Start the server and ask it once. Raises EngineMissing when the file cannot be loaded."""
        try:
            model = await self._up()
        except EngineFailed as fault:
            raise EngineMissing(fault.message, "trainer models verify") from None
        await model.warm()

    async def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        """See the port. A server that died is started again; this request does not wait for it."""
        if self._model is not None and not self._alive():
            raise self._fallen()
        pieces = (await self._up()).stream(prompt)
        try:
            async for piece in pieces:
                yield piece
        except EngineFailed:
            if self._process is not None:
                await asyncio.to_thread(self._process.join, _DEATH_S)
            if not self._alive():
                raise self._fallen() from None
            raise
        finally:
            await pieces.aclose()  # type: ignore[attr-defined]  # it is a generator

    def _fallen(self) -> EngineFailed:
        """Start a new server in the background, and say so."""
        self._model = None
        self._begin()
        return EngineFailed("The local model had stopped; it is being started again.")

    async def close(self) -> None:
        """End the server's process, also one that is just starting. Safe to call twice."""
        self._closed = True
        await asyncio.to_thread(self._end)
        if self._starting is not None:
            await asyncio.wait({self._starting})
        self._model = None

    def _alive(self) -> bool:
        return self._process is not None and self._process.is_alive()

    async def _up(self) -> LiteLLM:
        if self._closed:
            raise EngineFailed(f"{self.name} has been closed.")
        if self._model is None or not self._alive():
            self._model = await asyncio.shield(self._begin())
        return self._model

    def _begin(self) -> "asyncio.Task[LiteLLM]":
        if self._starting is None or self._starting.done():
            self._starting = asyncio.create_task(self._start())
            self._starting.add_done_callback(lambda task: task.cancelled() or task.exception())
        return self._starting

    async def _start(self) -> LiteLLM:
        key = secrets.token_urlsafe(24)
        address = await asyncio.to_thread(self._spawn, key)
        if not address:
            await asyncio.to_thread(self._end)
            raise EngineFailed(f"{self.name} could not be loaded.")
        self._address = address
        self._model = LiteLLM(
            "openai/local", f"{address}/v1", name=self.name, key=key, small=True, first_s=_READ_S
        )
        return self._model

    def _spawn(self, key: str) -> str:
        self._end()
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(
            target=serve,
            args=(str(self._weights), self._threads, key, theirs),
            name="trainer local model",
            daemon=True,
        )
        process.start()  # one that did not start cannot be joined: nobody may see it before
        theirs.close()
        self._pipe, self._process = ours, process
        if self._closed:  # `close` did not see it either
            self._end()
        try:
            return str(ours.recv()) if ours.poll(_LOAD_S) else ""
        except (EOFError, OSError):  # it died, or was closed from here
            return ""

    def _end(self) -> None:
        pipe, self._pipe = self._pipe, None
        process, self._process = self._process, None
        if pipe is not None:
            pipe.close()
        if process is not None:
            process.join(2)
            if process.is_alive():
                process.kill()
                process.join()


def spare_cores() -> int:
    """Physical cores but one, at least one: the other is for sound, recognition and voice.

    With a thread on every core, one busy neighbour slows all of them to a crawl.
    """
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    siblings = {
        file.read_text("ascii")
        for file in Path("/sys/devices/system/cpu").glob("cpu[0-9]*/topology/thread_siblings_list")
    }
    return max(1, min(usable or 1, len(siblings) or usable or 1) - 1)
