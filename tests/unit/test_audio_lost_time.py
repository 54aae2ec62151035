import numpy as np
import pytest

from trainer.audio.lost_time import LostTime


def run(sound_per_second: float, holes: dict[float, float], length_s: float = 60.0) -> list[float]:
    """Losses found in a stream of pieces that arrive shakily; `holes`: when, seconds swallowed."""
    shaky = np.random.default_rng(3)
    lost, sound, found = LostTime(), 0.0, []
    left = dict(holes)
    for piece in range(int(length_s * 100)):
        at = piece * 0.01
        sound += 0.01 * sound_per_second
        for when in [when for when in left if when <= at]:
            sound -= left.pop(when)
        missing = lost.missing(1000 + at + shaky.exponential(0.02), sound)
        if missing:
            found.append(missing)
    return found


def test_late_callbacks_are_not_lost_sound() -> None:
    assert run(1.0, {}) == []


@pytest.mark.parametrize("swallowed", [0.2, 0.7, 5.0])
def test_swallowed_sound_is_found_once_and_to_the_block(swallowed: float) -> None:
    found = run(1.0, {20.0: swallowed})
    assert found == [pytest.approx(swallowed, abs=0.032)]


def test_two_losses_are_both_found() -> None:
    assert run(1.0, {10.0: 0.3, 30.0: 0.5}) == [
        pytest.approx(0.3, abs=0.032),
        pytest.approx(0.5, abs=0.032),
    ]


@pytest.mark.parametrize("rate", [0.9995, 1.0005])
def test_two_clocks_that_drift_apart_lose_nothing(rate: float) -> None:
    assert run(rate, {}, length_s=1200) == []
