"""The stereo recording: 16-bit, 16 kHz, left = agent, right = customer, valid after every write.

The 44-byte header is brought up to date after each piece of sound, never before it: whenever the
program dies, the header promises only what is there. Layout after Microsoft and IBM, *Multimedia
Programming Interface and Data Specifications 1.0*.
"""

import struct
from typing import BinaryIO

import numpy as np

from trainer.domain.audio import RATE, Samples

HEADER = 44
"""Bytes before the sound."""

FRAME = 4
"""Bytes per moment: two channels of 16 bits."""

_LAYOUT = struct.Struct("<4sI4s4sIHHIIHH4sI")
_FULL = 32768.0


NOTHING: tuple[Samples, Samples] = (np.zeros(0, np.float32), np.zeros(0, np.float32))
"""The channels of a recording that is not there."""


def header(file_bytes: int) -> bytes:
    """The header of a recording that is so many bytes long, header and sound together."""
    size = max(0, min(file_bytes, 0xFFFFFFFF) - HEADER) // FRAME * FRAME
    bytes_a_second = RATE * FRAME
    return _LAYOUT.pack(
        b"RIFF", size + HEADER - 8, b"WAVE",
        b"fmt ", 16, 1, 2, RATE, bytes_a_second, FRAME, 16,
        b"data", size,
    )  # fmt: skip


def interleaved(agent: Samples, customer: Samples) -> bytes:
    """Two channels of equal length, shape (n,), as 16-bit sound.

    Raises:
        ValueError: the lengths differ.
    """
    if agent.shape != customer.shape or agent.ndim != 1:
        raise ValueError(f"channels must be equally long: {agent.shape}, {customer.shape}")
    both = np.stack([agent, customer], axis=1) * _FULL
    sound: bytes = np.clip(np.rint(both), -_FULL, _FULL - 1).astype("<i2").tobytes()
    return sound


def channels(file: BinaryIO) -> tuple[Samples, Samples]:
    """Both channels of a recording, each shape (n,); empty when it is damaged beyond reading.

    The sizes in the header are not believed: after a crash they may be older than the sound.
    """
    head = file.read(HEADER)
    if len(head) < HEADER or head[:4] + head[8:40] != header(0)[:4] + header(0)[8:40]:
        return NOTHING
    sound = file.read()
    both = np.frombuffer(sound[: len(sound) // FRAME * FRAME], "<i2").reshape(-1, 2)
    agent, customer = (both.T.astype(np.float32)) / np.float32(_FULL)
    return agent, customer
