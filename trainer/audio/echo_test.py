"""Is the customer heard in the microphone, and does cancelling take them out? One short sound
played and listened to.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from trainer.audio.echo import AUDIBLE, WARM_S, Canceller
from trainer.audio.vad import Silero
from trainer.domain.audio import BLOCK, RATE, Samples, samples
from trainer.domain.errors import TrainerError
from trainer.ports.line import Line

Way: TypeAlias = Literal["headset", "cancel", "half_duplex"]
"""How a call keeps the customer from hearing themselves: nothing to do; cancelling; not listening
while they speak.
"""

_ROOM_S = 0.8
_AFTER_S = 0.5
_FAINT_DB = 3.0
"""An echo that lifts the room's own level by less than this is none."""

_SILENT_DB = -90.0


@dataclass(frozen=True)
class Echo:
    """What an echo test found.

    Attributes:
        room_db: the microphone's level before the sound, dBFS.
        echo_db: its level while the sound played, dBFS.
        left_db: the same after cancelling, dBFS; None when cancelling is not installed.
        fooled_s: seconds of what was left that would be taken for an agent who speaks.
        way: what suits these devices.
    """

    room_db: float
    echo_db: float
    left_db: float | None
    fooled_s: float
    way: Way


def listen(
    line: Line,
    sound: Samples,
    start_p: float,
    start_s: float,
    progress: Callable[[float], None] = lambda share: None,
) -> Echo:
    """Play speech and judge what the microphone hears of it. `line` is opened and closed here.

    Args:
        line: the devices.
        sound: four seconds or more, shape (n,).
        start_p: speech probability from which a block counts as the agent's, and
        start_s: for how many seconds in a row until it interrupts.
        progress: told the share done.

    Raises:
        TrainerError: no device, or it went away in the middle.
    """
    mic, played, echo_free = _played(line, sound, progress)
    while_playing = _loud(played) & (np.arange(len(played) // BLOCK) * BLOCK > echo_free)
    room_db = _level(mic[:echo_free].reshape(-1, BLOCK), slice(None))
    echo_db = _level(mic.reshape(-1, BLOCK), while_playing)
    try:
        canceller = Canceller()
    except TrainerError:
        way: Way = "half_duplex" if echo_db - room_db > _FAINT_DB else "headset"
        return Echo(room_db, echo_db, None, _fooled_s(mic, echo_free, start_p), way)
    cleaned = np.concatenate(
        [canceller.clean(m, p)[0] for m, p in zip(_blocks(mic), _blocks(played), strict=True)]
    )
    left_db = _level(cleaned.reshape(-1, BLOCK), while_playing)
    fooled = _fooled_s(cleaned, echo_free + samples(WARM_S), start_p)
    if echo_db - room_db <= _FAINT_DB:
        way = "headset"
    else:
        way = "half_duplex" if fooled >= start_s else "cancel"
    return Echo(room_db, echo_db, left_db, fooled, way)


def _played(
    line: Line, sound: Samples, progress: Callable[[float], None]
) -> tuple[Samples, Samples, int]:
    """What the microphone heard, what left the speaker, and where the sound began."""
    before = samples(_ROOM_S) // BLOCK * BLOCK
    whole = np.concatenate([np.zeros(before, np.float32), sound, np.zeros(samples(_AFTER_S))])
    whole = np.pad(whole, (0, -len(whole) % BLOCK)).astype(np.float32)
    heard: list[Samples] = []
    left: list[Samples] = []
    line.open()
    try:
        for number, block in enumerate(_blocks(whole)):
            line.write(block)
            frame = line.read()
            if frame is None or frame.gap:
                raise TrainerError("The sound device went away during the test.", "Try it again.")
            heard.append(frame.mic)
            left.append(frame.played)
            progress((number + 1) * BLOCK / len(whole))
    finally:
        line.close()
    return np.concatenate(heard), np.concatenate(left), before


def _blocks(sound: Samples) -> list[Samples]:
    return list(sound.reshape(-1, BLOCK))


def _loud(played: Samples) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.asarray(np.abs(played.reshape(-1, BLOCK)).max(axis=1) > AUDIBLE)


def _level(blocks: Samples, which: object) -> float:
    """Median level of these blocks, dBFS."""
    chosen = blocks[which]  # type: ignore[call-overload]  # a mask or a slice
    if not len(chosen):
        return _SILENT_DB
    power = np.median(np.mean(np.square(chosen), axis=1))
    return max(_SILENT_DB, round(10 * float(np.log10(power + 1e-12)), 1))


def _fooled_s(mic: Samples, start: int, start_p: float) -> float:
    """Longest stretch after `start` that would open the turn gate, seconds."""
    meter, longest, run = Silero(), 0, 0
    for at, block in enumerate(_blocks(mic)):
        taken = meter.speech(block) >= start_p and at * BLOCK >= start
        run = run + 1 if taken else 0
        longest = max(longest, run)
    return longest * BLOCK / RATE
