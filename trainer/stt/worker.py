"""The process that Whisper lives in. Takes one request at a time, answers, ends with its parent.

In: `Request`s on a connection. Out: one `(status, value)` each: "done" with the result, "dropped"
when nobody wants it any more, "failed" with the reason.
"""

import os
import signal
import sys
import traceback
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Literal

import numpy as np

from trainer.domain.audio import RATE, Samples
from trainer.stt.decoding import Decoder

Kind = Literal["warm", "transcribe", "ahead", "align"]


@dataclass(frozen=True)
class Request:
    """One thing to do; `id` is unique for the life of the worker."""

    id: int
    kind: Kind
    audio: Samples
    text: str = ""


@dataclass(frozen=True)
class Setup:
    """What the worker needs to start."""

    path: Path
    model: str
    threads: int
    shortest_s: float
    log: Path


class _Dropped(Exception):
    """Nobody waits for this result any more."""


def run(connection: Connection, setup: Setup, dropped: Any) -> None:
    """Main function of the process.

    Args:
        connection: requests come in, answers go out; the parent's end closes when it dies.
        setup: which model, and how.
        dropped: shared integer, the id of the request to give up.
    """
    _go_quiet(setup.log)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    # Both must stand before torch and numba load. Waiting threads sleep instead of spinning, which
    # with a busy second core is four times faster. The alignment's numba code compiles for 4 s
    # and then saves less than 0.3 s a turn: it runs as plain Python.
    os.environ["OMP_WAIT_POLICY"] = "PASSIVE"
    os.environ["NUMBA_DISABLE_JIT"] = "1"
    current = 0

    def check() -> None:
        if dropped.value == current:
            raise _Dropped

    decoder: Decoder | None = None
    try:
        while True:
            request: Request = connection.recv()
            current = request.id
            try:
                if decoder is None:
                    decoder = Decoder(setup.path, setup.model, setup.threads, setup.shortest_s)
                    decoder.before_each_step(check)
                connection.send(("done", _answer(decoder, request)))
            except _Dropped:
                connection.send(("dropped", None))
            except Exception as why:
                traceback.print_exc()
                connection.send(("failed", f"{type(why).__name__}: {why}"[:300]))
    except (EOFError, OSError):
        sys.exit(0)  # the parent is gone


def _answer(decoder: Decoder, request: Request) -> Any:
    if request.kind == "warm":
        noise = np.random.default_rng(0).normal(0, 0.01, RATE).astype(np.float32)
        decoder.transcribe(noise)
        return decoder.align(noise, "hello") and None
    if request.kind == "ahead":
        return decoder.ahead(request.audio)
    if request.kind == "align":
        return decoder.align(request.audio, request.text)
    return decoder.transcribe(request.audio)


def _go_quiet(log: Path) -> None:
    """Nothing may reach the terminal: native libraries write to its descriptors, too."""
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for descriptor in (1, 2):
        os.dup2(out, descriptor)
    os.close(out)
