"""The child process of a voice: its main thread owns one engine and turns clauses into sound.

Native speech libraries print, block, crash and keep global state; here they can, and only a pipe
notices. The process ends when its parent does, because its standard input ends then.

Started as `python -m trainer.tts.child MODULE:ENGINE`.
"""

import importlib
import os
import queue
import signal
import sys
import threading
from collections.abc import Iterator
from typing import Any, BinaryIO, Protocol

from trainer.domain.audio import Samples
from trainer.domain.errors import EngineFailed, TrainerError
from trainer.domain.persona import VoiceChoice
from trainer.domain.plan import VoiceStyle
from trainer.tts import frames
from trainer.tts.level import finish
from trainer.tts.text import speakable


class Engine(Protocol):
    """What an engine's module offers. Its constructor loads everything or raises EngineMissing."""

    def sentences(self, text: str, choice: VoiceChoice, style: VoiceStyle) -> Iterator[Samples]:
        """Raw sound, a sentence or breath at a time: 16 kHz mono, styled, at any level."""


class _Requests:
    """Lines from the parent, read by a thread of their own so that a cancel overtakes the work."""

    def __init__(self, pipe: BinaryIO) -> None:
        self._pipe = pipe
        self._waiting: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._cancelled: set[int] = set()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self._pipe:
            request = frames.asked(line)
            if "cancel" in request:
                self._cancelled.add(request["cancel"])
            else:
                self._waiting.put(request)
        os._exit(0)  # the parent is gone; native code must not keep the process alive

    def next(self) -> dict[str, Any]:
        return self._waiting.get()

    def cancelled(self, number: int) -> bool:
        return number in self._cancelled

    def done(self, number: int) -> None:
        self._cancelled.discard(number)


def _private_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The pipes to the parent on private descriptors; from here on 0, 1 and 2 lead nowhere."""
    asked, told = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    return os.fdopen(asked, "rb"), os.fdopen(told, "wb")


def _speak(engine: Engine, request: dict[str, Any], requests: _Requests, told: BinaryIO) -> None:
    number, style = request["id"], request["style"]
    text = speakable(request["text"])
    if text and not requests.cancelled(number):
        for sound in engine.sentences(text, request["choice"], style):
            if requests.cancelled(number):
                return
            frames.write_sound(told, number, finish(sound, style))


def serve(name: str) -> int:
    """Load the engine `module:class`, then answer requests until the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent
    incoming, told = _private_pipes()
    requests = _Requests(incoming)
    module, _, kind = name.partition(":")
    try:
        engine: Engine = getattr(importlib.import_module(module), kind)()
    except TrainerError as error:
        frames.write_fault(told, 0, error)
        return 1
    except Exception as error:
        frames.write_fault(told, 0, EngineFailed(f"The voice did not start: {error}"))
        return 1
    frames.write(told, frames.READY, 0)
    while True:
        request = requests.next()
        try:
            _speak(engine, request, requests, told)
        except BrokenPipeError:
            return 0
        except TrainerError as error:
            frames.write_fault(told, request["id"], error)
        except Exception as error:
            fault = EngineFailed(f"The voice could not speak a clause: {type(error).__name__}.")
            frames.write_fault(told, request["id"], fault)
        else:
            frames.write(told, frames.END, request["id"])
        requests.done(request["id"])


if __name__ == "__main__":
    sys.exit(serve(sys.argv[1]))
