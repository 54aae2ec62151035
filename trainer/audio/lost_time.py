"""How much sound a running device has swallowed, told from the clock on the wall."""

from collections import deque

_WINDOW_S = 0.5
_SETTLE_S = 1.0
_LEAST_S = 0.1
_FOLLOW_S = 30.0


class LostTime:
    """Compares the wall clock with the sound that came.

    The lag between them shakes with every late callback, but its lowest value over half a second
    stands still while nothing is lost. Where that floor jumps by more than a tenth of a second and
    stays, sound is missing. Slow changes are the two clocks drifting apart (some 0.01 %), and are
    followed.
    """

    def __init__(self) -> None:
        self._lags: deque[tuple[float, float]] = deque()
        self._began: float | None = None
        self._base: float | None = None
        self._last = 0.0

    def missing(self, now_s: float, sound_s: float) -> float:
        """Seconds of sound found missing at this call, mostly 0.

        Args:
            now_s: when the device last delivered, monotonic seconds.
            sound_s: sound it has delivered until then.
        """
        if self._began is None:
            self._began = self._last = now_s
        self._lags.append((now_s, now_s - sound_s))
        while self._lags[0][0] < now_s - _WINDOW_S:
            self._lags.popleft()
        floor = min(lag for _, lag in self._lags)
        if now_s - self._began < _SETTLE_S:
            return 0.0
        if self._base is None:
            self._base = floor
        lost = floor - self._base
        if lost > _LEAST_S:
            self._base = floor
            return lost
        self._base += lost * min(1.0, (now_s - self._last) / _FOLLOW_S)
        self._last = now_s
        return 0.0
