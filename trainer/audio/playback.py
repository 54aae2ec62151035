"""Playing recorded sound on the speaker, outside of a call."""

import threading
from collections.abc import Callable

import numpy as np

from trainer.audio.devices import hushed, pick_speaker, portaudio
from trainer.domain.audio import RATE, Samples
from trainer.domain.errors import EngineMissing

_PIECE_S = 0.05


def play(
    sound: Samples,
    output_name: str = "",
    *,
    progress: Callable[[float], None] = lambda played_s: None,
    stop: threading.Event | None = None,
) -> None:
    """Play sound, shape (n,) at 16 kHz, and wait until it has been heard.

    Args:
        sound: what to play.
        output_name: the speaker, or "" for the system's choice.
        progress: told the seconds played so far, about twenty times a second.
        stop: set it from another thread to end early.

    Raises:
        EngineMissing: no PortAudio, no speaker, or one that does not take the sound.
        BadInput: no speaker of that name.
    """
    import soxr

    sounddevice = portaudio()
    number = pick_speaker(output_name)
    rate = int(sounddevice.query_devices()[number]["default_samplerate"])
    piece = round(RATE * _PIECE_S)
    loud = np.clip(soxr.resample(sound, RATE, rate), -1.0, 1.0).astype(np.float32)
    step = round(rate * _PIECE_S)
    try:
        with hushed():
            stream = sounddevice.OutputStream(
                device=number, samplerate=rate, channels=1, dtype="float32", latency="high"
            )
        with stream:
            for count, start in enumerate(range(0, len(loud), step)):
                if stop is not None and stop.is_set():
                    stream.abort()
                    return
                stream.write(loud[start : start + step])
                progress(min(len(sound), (count + 1) * piece) / RATE)
            # what the driver still holds is cut off when the stream is closed at once
            stream.write(np.zeros(round(rate * 2 * stream.latency), np.float32))
    except sounddevice.PortAudioError as cause:
        why = str(cause).splitlines()[0]
        raise EngineMissing(f"The speaker does not take the sound: {why}.") from cause
