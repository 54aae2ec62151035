"""How sure a mean over a few calls is, and whether it has moved.

One call says little about a person: a level of a single call is noisy, and customers differ. So a
mean always comes with its interval, and a change counts only when the calls support it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

LEAST = 3
"""Values under which there is no mean, and calls on each side of a change."""

MANY = 10
"""Calls on each side from which half a step counts as a change; under it more than one does."""

_STEP, _HALF = 1.0, 0.5
_SURE, _SURER = 0.975, 0.995
"""Two-sided 95 % for a mean, 99 % for a change: twenty of them stand on one page."""

_ROUNDING = 1 / sqrt(12)
"""Spread of what a whole-number scale rounds away: equal levels are no proof of no spread."""


@dataclass(frozen=True)
class Mean:
    """A mean and its 95 % interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Change:
    """The mean of the later half minus that of the earlier half, with its 99 % interval.

    Attributes:
        earlier: values in the earlier half.
        later: and in the later one.
    """

    by: float
    low: float
    high: float
    earlier: int
    later: int


def mean(values: Sequence[float]) -> Mean | None:
    """The mean with Student's t interval; None for fewer than `LEAST` values.

    m ± t(.975, n − 1) · s / √n (NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.5.2), with s
    at least 1/√12, the spread of rounding to whole steps.
    """
    if len(values) < LEAST:
        return None
    middle = _mean(values)
    half = _t(len(values) - 1, _SURE) * sqrt(_variance(values) / len(values))
    return Mean(middle, middle - half, middle + half)


def change(values: Sequence[float]) -> Change | None:
    """How far the later half lies from the earlier one; None where that may be chance.

    Counts when Welch's 99 % interval of the difference leaves out 0 and the difference is more than
    one step over `LEAST` calls on each side, or half a step over `MANY`.
    d ± t(.995, ν) · √(s₁²/n₁ + s₂²/n₂), ν after Welch and Satterthwaite (e-Handbook 1.3.5.3).
    """
    half = len(values) // 2
    if half < LEAST:
        return None
    first, last = values[:half], values[half:]
    parts = [_variance(side) / len(side) for side in (first, last)]
    freedom = sum(parts) ** 2 / sum(
        part**2 / (len(side) - 1) for part, side in zip(parts, (first, last), strict=True)
    )
    by = _mean(last) - _mean(first)
    reach = _t(freedom, _SURER) * sqrt(sum(parts))
    if abs(by) <= reach or abs(by) <= (_HALF if half >= MANY else _STEP):
        return None
    return Change(by, by - reach, by + reach, len(first), len(last))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _variance(values: Sequence[float]) -> float:
    middle = _mean(values)
    spread = sum((value - middle) ** 2 for value in values) / (len(values) - 1)
    return max(spread, _ROUNDING**2)


def _t(freedom: float, share: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(freedom, share))
