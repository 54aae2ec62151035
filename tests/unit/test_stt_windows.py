"""Windows: no longer than the turn needs, cut where it is quiet, nothing lost."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.domain.audio import RATE, Samples
from trainer.stt import windows


def _noise(seconds: float, level: float = 0.1) -> Samples:
    rng = np.random.default_rng(3)
    return rng.normal(0, level, round(seconds * RATE)).astype(np.float32)


@given(st.integers(0, 95 * RATE))
@settings(max_examples=25, deadline=None)
def test_windows_are_the_whole_turn_in_order_and_never_too_long(samples: int) -> None:
    turn = np.arange(samples, dtype=np.float32)
    parts = windows.split(turn)
    assert np.array_equal(np.concatenate([part for _, part in parts]), turn)
    assert all(len(part) <= windows.LONGEST_S * RATE for _, part in parts)
    assert [offset for offset, _ in parts] == [
        int(part[0]) if len(part) else 0 for _, part in parts
    ]


def test_a_long_turn_is_cut_in_its_pause() -> None:
    turn = _noise(50)
    turn[round(24.0 * RATE) : round(24.4 * RATE)] = 0
    (_, _), (offset, _) = windows.split(turn)
    assert 24.0 <= offset / RATE <= 24.4


def test_the_window_covers_the_turn_and_a_second_of_silence() -> None:
    for seconds in (0.3, 5.0, 11.5, 17.2, 28.9):
        covered_s = windows.positions(round(seconds * RATE)) / 50
        assert covered_s >= seconds + 1.0
        assert covered_s <= max(windows.SHORTEST_S, seconds + 1.02)


def test_the_window_is_never_longer_than_whisper_reads() -> None:
    assert windows.positions(30 * RATE) == 1500
    assert windows.positions(RATE, shortest_s=windows.LONGEST_S) == 1500
