"""Whether a turn sounds finished, by Smart Turn v3: its melody and pace, not its words."""

import importlib.util
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainer import models
from trainer.domain.audio import RATE, Samples
from trainer.domain.errors import EngineMissing

_HEARD = 8 * RATE
"""The model listens to the last eight seconds."""

_WINDOW, _HOP = 400, 160
_FLOOR = 1e-10


class SmartTurn:
    """`trainer.ports.line.Ending`; about 0.06 s a question on one core, whatever the length.

    Raises:
        EngineMissing: the weights are not here; the words alone decide then.
    """

    def __init__(self) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session: Any = onnxruntime.InferenceSession(
            str(models.find("smart-turn")), options, providers=["CPUExecutionProvider"]
        )

    def finished(self, sound: Samples) -> float:
        """Probability, 0..1, that the speaker is done; `sound`, shape (n,), at `RATE`."""
        last = sound[-_HEARD:]
        padded = np.pad(last, (_HEARD - len(last), 0)).astype(np.float64)
        level = (padded - padded.mean()) / np.sqrt(padded.var() + 1e-7)
        (answer,) = self._session.run(None, {"input_features": _log_mel(level)[np.newaxis]})
        return float(answer.ravel()[0])


def _log_mel(sound: NDArray[np.float64]) -> NDArray[np.float32]:
    """Whisper's features, shape (80, n / 160): Radford et al. 2022, section 2.2."""
    framed = np.pad(sound, _WINDOW // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(framed, _WINDOW)[::_HOP][:-1]
    power = np.abs(np.fft.rfft(frames * np.hanning(_WINDOW + 1)[:-1])) ** 2
    mel = np.log10(np.maximum(_mel_filters() @ power.T, _FLOOR))
    scaled: NDArray[np.float32] = (np.maximum(mel, mel.max() - 8.0) / 4.0 + 1.0).astype(np.float32)
    return scaled


@cache
def _mel_filters() -> NDArray[np.float32]:
    """The filters that openai-whisper ships, shape (80, 201); read without importing torch."""
    found = importlib.util.find_spec("whisper")
    if found is None or found.origin is None:
        raise EngineMissing("openai-whisper is not installed.", "Run: trainer setup")
    with np.load(Path(found.origin).parent / "assets" / "mel_filters.npz") as filters:
        read: NDArray[np.float32] = filters["mel_80"]
    return read
