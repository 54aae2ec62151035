"""A few words from the microphone, outside of a call."""

import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainer.audio.devices import hushed, pick_microphone, portaudio
from trainer.domain.audio import RATE, Samples
from trainer.domain.errors import EngineMissing

LONGEST_S = 60.0
"""After so many seconds nothing more is kept."""


class Recording:
    """The microphone from now on until `stop`.

    Args:
        input_name: the microphone, or "" for the system's choice.

    Raises:
        EngineMissing: no PortAudio, no microphone, or one that does not open.
        BadInput: no microphone of that name.
    """

    def __init__(self, input_name: str = "") -> None:
        sounddevice = portaudio()
        number = pick_microphone(input_name)
        self._rate = int(sounddevice.query_devices()[number]["default_samplerate"])
        self._pieces: list[NDArray[np.float32]] = []
        self._left = int(LONGEST_S * self._rate)
        self._lock = threading.Lock()
        try:
            with hushed():
                self._stream: Any = sounddevice.InputStream(
                    samplerate=self._rate,
                    device=number,
                    channels=1,
                    dtype="float32",
                    callback=self._heard,
                )
                self._stream.start()
        except sounddevice.PortAudioError as cause:
            raise EngineMissing(
                f"The microphone cannot be opened: {str(cause).splitlines()[0]}.",
                "Plug one in and try again, or type the line.",
            ) from cause

    def stop(self) -> Samples:
        """Release the microphone; what was heard, shape (n,), 16 kHz. Empty when called again."""
        import soxr

        with hushed():
            self._stream.close(ignore_errors=True)
        with self._lock:
            pieces, self._pieces, self._left = self._pieces, [], 0
        if not pieces:
            return np.zeros(0, np.float32)
        sound: Samples = soxr.resample(np.concatenate(pieces), self._rate, RATE)
        return np.clip(sound, -1.0, 1.0).astype(np.float32)

    def _heard(self, block: NDArray[np.float32], *_: object) -> None:
        with self._lock:
            kept = block[: self._left, 0].copy()
            self._left -= len(kept)
            if len(kept):
                self._pieces.append(kept)
