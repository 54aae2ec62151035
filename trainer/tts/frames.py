"""What a voice and its child process say: requests as JSON lines, answers as binary frames."""

import json
import struct
from dataclasses import asdict
from typing import Any, BinaryIO, NamedTuple

import numpy as np

from trainer.domain.audio import Samples
from trainer.domain.errors import EngineFailed, EngineMissing, TrainerError
from trainer.domain.persona import VoiceChoice
from trainer.domain.plan import VoiceStyle

READY, SOUND, END, FAULT = b"R", b"S", b"E", b"F"
_HEAD = struct.Struct("<cII")


class Frame(NamedTuple):
    """One answer: its kind, the request it answers (0: the engine itself), and its bytes."""

    kind: bytes
    request: int
    body: bytes

    def samples(self) -> Samples:
        """The sound of a `SOUND` frame, 16 kHz mono float32."""
        return np.frombuffer(self.body, dtype="<f4").astype(np.float32)

    def error(self) -> TrainerError:
        """The error of a `FAULT` frame."""
        told = json.loads(self.body)
        kind = EngineMissing if told["missing"] else EngineFailed
        return kind(told["message"], told["hint"])


def write(pipe: BinaryIO, kind: bytes, request: int, body: bytes = b"") -> None:
    """Send one frame."""
    pipe.write(_HEAD.pack(kind, request, len(body)) + body)
    pipe.flush()


def write_sound(pipe: BinaryIO, request: int, sound: Samples) -> None:
    """Send samples."""
    write(pipe, SOUND, request, sound.astype("<f4").tobytes())


def write_fault(pipe: BinaryIO, request: int, error: TrainerError) -> None:
    """Send an error, keeping its kind, message and hint."""
    told = {
        "message": error.message,
        "hint": error.hint,
        "missing": isinstance(error, EngineMissing),
    }
    write(pipe, FAULT, request, json.dumps(told).encode())


def read(pipe: BinaryIO) -> Frame | None:
    """The next frame, or None when the other side is gone."""
    head = pipe.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    kind, request, length = _HEAD.unpack(head)
    body = pipe.read(length)
    return Frame(kind, request, body) if len(body) == length else None


def ask(number: int, text: str, choice: VoiceChoice, style: VoiceStyle) -> bytes:
    """The line that asks for one clause."""
    asked = {
        "id": number,
        "text": text,
        "choice": choice.model_dump(by_alias=True),
        "style": asdict(style),
    }
    return json.dumps(asked).encode() + b"\n"


def cancel(number: int) -> bytes:
    """The line that takes a request back."""
    return json.dumps({"cancel": number}).encode() + b"\n"


def asked(line: bytes) -> dict[str, Any]:
    """A request line, with `choice` and `style` as their own types again."""
    told: dict[str, Any] = json.loads(line)
    if "id" in told:
        told["choice"] = VoiceChoice.model_validate(told["choice"])
        told["style"] = VoiceStyle(**told["style"])
    return told
