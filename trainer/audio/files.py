"""Audio files, whatever a person brings: any format libsndfile reads, any rate and channels."""

from pathlib import Path
from typing import Any

import numpy as np

from trainer.domain.audio import RATE, Samples
from trainer.domain.errors import BadInput

LONGEST_TURN_S = 600
"""Seconds. Nobody speaks for longer in one turn; a whole recorded call was given by mistake."""

LONGEST_CALL_S = 2 * 3600
"""Seconds. A longer recording does not fit into memory on a small machine."""

_PIECE = 1 << 16
"""Frames read at a time, so that a long 192 kHz file does not have to fit into memory first."""


def load_turn(path: Path) -> Samples:
    """One agent turn from a file, shape (n,), n > 0, 16 kHz mono.

    Channels are averaged, peaks above 1 are cut.

    Raises:
        BadInput: missing, a folder, unreadable, empty, not audio, damaged, or longer than
            `LONGEST_TURN_S`.
    """
    import soundfile

    _check_readable(path)
    try:
        with soundfile.SoundFile(path) as file:
            if file.frames > LONGEST_TURN_S * file.samplerate:
                raise _too_long(path, file.frames / file.samplerate, LONGEST_TURN_S)
            sound = _resampled(file, path, 1, LONGEST_TURN_S)[:, 0]
    except (soundfile.LibsndfileError, RuntimeError) as cause:
        raise BadInput(
            f"{path} cannot be read as audio: it is damaged or not an audio file.",
            "Give a WAV, FLAC, OGG or MP3 file; play it once to see that it is whole.",
        ) from cause
    if not len(sound):
        raise BadInput(f"{path} holds no sound: its length is zero.", "Record the turn again.")
    if not np.isfinite(sound).all():
        raise BadInput(
            f"{path} is damaged: it holds values that are not sound.", "Export it again."
        )
    return np.clip(sound, -1.0, 1.0)


def load_call(path: Path) -> list[Samples]:
    """The channels of a recorded call, each shape (n,), n > 0, 16 kHz; one or two of them.

    Raises:
        BadInput: as `load_turn`, longer than `LONGEST_CALL_S`, or with more than two channels.
    """
    import soundfile

    _check_readable(path, "Give the recording of one call.")
    try:
        with soundfile.SoundFile(path) as file:
            if file.channels > 2:
                raise BadInput(
                    f"{path} has {file.channels} channels; a call has one or two.",
                    "Export the agent and the customer as the two channels of one file.",
                )
            sound = _resampled(file, path, file.channels, LONGEST_CALL_S)
    except (soundfile.LibsndfileError, RuntimeError) as cause:
        raise BadInput(
            f"{path} cannot be read as audio: it is damaged or not an audio file.",
            "Give a WAV, FLAC, OGG or MP3 file; other kinds can be converted with ffmpeg.",
        ) from cause
    if not len(sound):
        raise BadInput(f"{path} holds no sound: its length is zero.")
    if not np.isfinite(sound).all():
        raise BadInput(
            f"{path} is damaged: it holds values that are not sound.", "Export it again."
        )
    clipped = np.clip(sound, -1.0, 1.0)
    return [np.ascontiguousarray(clipped[:, side]) for side in range(clipped.shape[1])]


def save_wav(path: Path, sound: Samples) -> None:
    """Write 16-bit mono WAV at 16 kHz, readable by its owner only."""
    import soundfile

    path.touch(mode=0o600)
    soundfile.write(path, sound, RATE, subtype="PCM_16", format="WAV")


def _check_readable(path: Path, wanted: str = "Give one audio file per agent turn.") -> None:
    if path.is_dir():
        raise BadInput(f"{path} is a folder, not an audio file.", wanted)
    try:
        if not path.exists():
            raise BadInput(f"There is no file {path}.", f"Check the name. {wanted}")
        if not path.is_file():
            raise BadInput(f"{path} is not a regular file.", "Give a WAV, FLAC, OGG or MP3 file.")
        with path.open("rb") as file:
            if not file.read(1):
                raise BadInput(f"{path} is empty.", "Record the turn again.")
    except OSError as cause:
        raise BadInput(
            f"{path} cannot be opened: {cause.strerror}.", "Check its permissions."
        ) from cause


def _resampled(file: Any, path: Path, channels: int, longest_s: float) -> Samples:
    """Everything in an open `SoundFile` at 16 kHz, shape (n, channels), read to its end.

    One channel: the mean of all. Raises BadInput when it is longer than `longest_s`.
    """
    import soxr

    rate = int(file.samplerate)
    try:
        stream = soxr.ResampleStream(rate, RATE, channels, dtype="float32", quality="HQ")
    except (ValueError, RuntimeError) as cause:
        raise BadInput(f"{path} has a sample rate of {rate} Hz, which is not usable.") from cause
    pieces: list[Samples] = []
    frames = 0
    while len(piece := file.read(_PIECE, dtype="float32", always_2d=True)):
        frames += len(piece)
        if frames > longest_s * rate:
            raise _too_long(path, frames / rate, longest_s)
        kept = piece.mean(axis=1, keepdims=True) if channels == 1 else piece
        pieces.append(stream.resample_chunk(np.ascontiguousarray(kept)).reshape(-1, channels))
    rest = stream.resample_chunk(np.zeros((0, channels), np.float32), last=True)
    pieces.append(rest.reshape(-1, channels))
    return np.concatenate(pieces)


def _too_long(path: Path, length_s: float, longest_s: float) -> BadInput:
    if longest_s == LONGEST_CALL_S:
        return BadInput(
            f"{path} is longer than {longest_s / 3600:.0f} hours.", "Cut it into single calls."
        )
    return BadInput(
        f"{path} is {length_s / 60:.0f} minutes long; "
        f"an agent turn is at most {longest_s / 60:.0f} minutes.",
        "Cut the recording into one file per agent turn.",
    )
