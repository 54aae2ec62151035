"""How the customer's side of the line sounds: a telephone's band, and the place they call from.

Block by block, in step with what goes in: as many samples come out, at most 2 ms late.
"""

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainer.audio import backgrounds
from trainer.domain.audio import RATE, Samples

BAND_HZ = (300.0, 3400.0)
"""What a telephone carries (ITU-T G.712)."""

CEILING = 10 ** (-3 / 20)
"""No sample is larger: -3 dBFS, the ceiling of the voices."""

_KNEE = 0.85 * CEILING
"""From here up to the ceiling, peaks are rounded off."""

_FORGET = 0.998
"""A block's weight in the level match after the next one: some 16 s are remembered."""

_EVEN = 10 ** (-0.3 / 20)
"""At equal energy speech measures 0 to 1 dB louder in the band, its weakest sounds being gone."""

_FIRST = (10.0, 7.0)
"""Energy before and behind the band that the level match begins with: a usual voice loses 1.5 dB.
"""

_SILENT = 1e-6
"""Peak, -120 dBFS, under which the band has rung out."""


class Telephone:
    """300–3400 Hz, companded to 8 bits at 8 kHz (μ-law, ITU-T G.711), and back at 16 kHz."""

    def __init__(self) -> None:
        from scipy.signal import ellip, sosfilt

        self._filter: Any = sosfilt
        self._band: Any = ellip(4, 0.3, 45, BAND_HZ, "bandpass", fs=RATE, output="sos")
        self._smooth: Any = ellip(7, 0.3, 50, BAND_HZ[1], fs=RATE, output="sos")
        self._before, self._behind = _FIRST
        self._in = np.zeros((len(self._band), 2))
        self._out = np.zeros((len(self._smooth), 2))

    def band(self, voice: Samples) -> NDArray[np.float64]:
        """The voice inside the band, as loud as it was without it, shape (n,)."""
        if not voice.any() and float(np.abs(self._in).max()) < _SILENT:
            self._in = np.zeros_like(self._in)
            return np.zeros(len(voice))
        narrow, self._in = self._filter(self._band, voice, zi=self._in)
        self._before = _FORGET * self._before + float(np.square(voice).sum())
        self._behind = _FORGET * self._behind + float(np.square(narrow).sum())
        gain = _EVEN * np.sqrt(min(8.0, self._before / self._behind))
        return narrow * gain  # type: ignore[no-any-return]

    def coded(self, sound: NDArray[np.float64]) -> NDArray[np.float64]:
        """Through the code and back, shape (n,), n even."""
        if not sound.any() and float(np.abs(self._out).max()) < _SILENT:
            self._out = np.zeros_like(self._out)
            return sound
        # the code has 6 dB of room above full scale, so that it never clips
        wide = np.zeros(len(sound))
        wide[::2] = 2 * 2 * _mu_law(sound[::2] / 2)
        smooth, self._out = self._filter(self._smooth, wide, zi=self._out)
        return smooth  # type: ignore[no-any-return]


class LineSound:
    """What becomes of the customer's blocks on their way to the line.

    Args:
        telephone: through the band and the code of a telephone.
        place: what is heard behind them (`backgrounds.loop`), or "none".
        snr_db: how far the place lies under a calm voice, dB.
        voice_dbfs: speech level of a calm voice, dBFS.
        hushed: whether nothing is to be heard of the place now, as on hold.
    """

    def __init__(
        self,
        *,
        telephone: bool,
        place: str,
        snr_db: float,
        voice_dbfs: float,
        hushed: Callable[[], bool] = lambda: False,
    ) -> None:
        self._telephone = Telephone() if telephone else None
        self._hushed = hushed
        self._level = np.float32(10 ** ((voice_dbfs - snr_db) / 20))
        self._place: Samples | None = None
        self._building: threading.Thread | None = None
        if place != "none":  # takes a second, which a screen must not stand still for
            self._building = threading.Thread(target=self._build, args=(place,), daemon=True)
            self._building.start()
        self._at = 0
        self._gain = 0.0
        self._lock = threading.Lock()

    def through(self, voice: Samples) -> Samples:
        """One block as the agent is to hear it; any even length, which stays."""
        sound = voice.astype(np.float64) if self._telephone is None else self._telephone.band(voice)
        if self._building is not None:
            self._building.join()
        if self._place is not None:
            sound = sound + self._behind(len(voice), self._place)
        if self._telephone is not None:
            sound = self._telephone.coded(sound)
        return _under_ceiling(sound).astype(np.float32)

    def taken_back(self, count: int) -> None:
        """The line forgot the last `count` samples: the place goes on where it was last heard."""
        with self._lock:
            self._at -= count

    def _build(self, place: str) -> None:
        self._place = backgrounds.loop(place, self._telephone is not None) * self._level

    def _behind(self, count: int, place: Samples) -> NDArray[np.float64]:
        """The next samples of the place, fading over one block when it comes or goes."""
        before, self._gain = self._gain, 0.0 if self._hushed() else 1.0
        with self._lock:
            where = (self._at + np.arange(count)) % len(place)
            self._at += count
        return place[where] * np.linspace(before, self._gain, count)


def _mu_law(sound: NDArray[np.float64]) -> NDArray[np.float64]:
    """Coded with 8 bits and decoded; the smooth law that G.711 approaches by straight lines."""
    size = np.minimum(np.abs(sound), 1.0)
    code = np.round(127 * np.log1p(255 * size) / np.log(256.0)) / 127
    decoded: NDArray[np.float64] = np.sign(sound) * np.expm1(code * np.log(256.0)) / 255
    return decoded


def _under_ceiling(sound: NDArray[np.float64]) -> NDArray[np.float64]:
    size = np.abs(sound)
    if float(size.max(initial=0.0)) <= _KNEE:
        return sound
    room = CEILING - _KNEE
    rounded = _KNEE + room * np.tanh((size - _KNEE) / room)
    held: NDArray[np.float64] = np.sign(sound) * np.where(size > _KNEE, rounded, size)
    return held
