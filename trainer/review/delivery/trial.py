"""How well a raised voice is told from a calm one, on acted speech with labels."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from trainer.domain.audio import RATE, Samples
from trainer.domain.baseline import Baseline
from trainer.review.delivery.raised import CLEARLY, RAISED, raised
from trainer.review.delivery.voice import Voice

_DRAWS = 200


@dataclass(frozen=True)
class Clip:
    """One labelled sentence. `raised`: acted anger; else calm or neutral."""

    actor: str
    sex: str
    neutral: bool
    raised: bool
    voice: Voice


@dataclass(frozen=True)
class Case:
    """One clip against a baseline it is not part of."""

    actor: str
    sex: str
    raised: bool
    z: float


def gain(sound: Samples) -> Samples:
    """20 dB quieter."""
    return np.asarray(sound * np.float32(0.1))


def phone(sound: Samples) -> Samples:
    """Through a telephone's band, 300 to 3400 Hz."""
    from scipy.signal import butter, sosfilt

    band = butter(4, [300, 3400], "bandpass", fs=RATE, output="sos")
    filtered: Samples = np.asarray(sosfilt(band, sound), dtype=np.float32)
    return filtered


def noise(sound: Samples) -> Samples:
    """With pink noise 10 dB under the speech."""
    white = np.fft.rfft(np.random.default_rng(len(sound)).normal(size=len(sound)))
    pink = np.fft.irfft(white / np.sqrt(np.maximum(np.arange(len(white)), 1)), len(sound))
    loud = np.sqrt(np.mean(np.square(sound)))
    scaled = pink / np.sqrt(np.mean(np.square(pink))) * loud * 10 ** (-10 / 20)
    noisy: Samples = (sound + scaled).astype(np.float32)
    return noisy


CHAINS: dict[str, Callable[[Samples], Samples]] = {
    "as recorded": lambda sound: sound,
    "20 dB quieter": gain,
    "telephone band": phone,
    "noise at 10 dB": noise,
}


def cases(clips: Sequence[Clip], *, level: bool) -> list[Case]:
    """Every clip against every pair of its actor's neutral clips that it is not one of."""
    found = []
    for actor in sorted({clip.actor for clip in clips}):
        own = [clip for clip in clips if clip.actor == actor]
        for pair in combinations([clip for clip in own if clip.neutral], 2):
            calm = Baseline.of([clip.voice for clip in pair])
            found += [
                Case(actor, clip.sex, clip.raised, raised(clip.voice, calm, level=level).z)
                for clip in own
                if clip not in pair
            ]
    return found


OFF_PACE = 0.15
"""A turn so much off the usual pace counts against an easy speed; see the rubric's P2."""

FLAT = 0.65
"""Under so much of the usual range a voice counts as flat; see the rubric's T3."""


def by_sex(clips: Sequence[Clip]) -> dict[str, dict[str, float]]:
    """Every measure on its own, for women (F) and men (M).

    `pitch_auc`, `effort_auc`, `level_auc`: raised told from unraised by it alone. `pace_off` and
    `flat`: share of unraised sentences that would count against the speaker, acted neutral as the
    baseline was, or acted calm.
    """
    parts: dict[str, list[Case]] = {}
    off: dict[str, list[tuple[str, bool]]] = {}
    for actor in sorted({clip.actor for clip in clips}):
        own = [clip for clip in clips if clip.actor == actor]
        for pair in combinations([clip for clip in own if clip.neutral], 2):
            usual = Baseline.of([clip.voice for clip in pair])
            for clip in own:
                if clip in pair:
                    continue
                for name, z in raised(clip.voice, usual).parts.items():
                    case = Case(actor, clip.sex, clip.raised, z)
                    parts.setdefault(f"{name}_auc", []).append(case)
                if clip.raised:
                    continue
                how = "neutral" if clip.neutral else "calm"
                pace = abs(clip.voice.rate / usual.rate - 1) > OFF_PACE
                off.setdefault(f"pace_off_{how}", []).append((clip.sex, pace))
                flat = clip.voice.range_st / usual.range_st < FLAT
                off.setdefault(f"flat_{how}", []).append((clip.sex, flat))
    found = {
        name: {sex: round(auc([c for c in cases if c.sex == sex]), 3) for sex in ("F", "M")}
        for name, cases in parts.items()
    }
    for name, told in off.items():
        found[name] = {
            sex: round(float(np.mean([is_off for one, is_off in told if one == sex])), 3)
            for sex in ("F", "M")
        }
    return found


def auc(found: Sequence[Case]) -> float:
    """Chance that a raised clip lies above a calm one (Hanley & McNeil 1982, Radiology 143:29)."""
    from scipy.stats import rankdata

    ranks = rankdata([case.z for case in found])
    high = np.array([case.raised for case in found])
    hits, misses = int(high.sum()), int((~high).sum())
    if not hits or not misses:
        return float("nan")
    return float((ranks[high].sum() - hits * (hits + 1) / 2) / (hits * misses))


def interval(found: Sequence[Case]) -> tuple[float, float]:
    """95 % of the AUC when actors are drawn again with replacement."""
    actors = sorted({case.actor for case in found})
    by_actor = {actor: [case for case in found if case.actor == actor] for actor in actors}
    draw = np.random.default_rng(0)
    values: NDArray[np.float64] = np.array(
        [
            auc([case for actor in draw.choice(actors, len(actors)) for case in by_actor[actor]])
            for _ in range(_DRAWS)
        ]
    )
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)


def summary(found: Sequence[Case]) -> dict[str, float | list[float]]:
    """AUC, by sex, with interval, hits and false alarms above 1 and 2."""
    low, high = interval(found)

    def share(threshold: float, *, among_raised: bool, sex: str = "") -> float:
        z = [c.z for c in found if c.raised == among_raised and sex in ("", c.sex)]
        return float(np.mean(np.array(z) > threshold))

    sexes = {sex: [case for case in found if case.sex == sex] for sex in ("F", "M")}
    return {
        "auc": round(auc(found), 3),
        "interval": [round(low, 3), round(high, 3)],
        "auc_women": round(auc(sexes["F"]), 3),
        "auc_men": round(auc(sexes["M"]), 3),
        "hits_above_1": round(share(RAISED, among_raised=True), 3),
        "hits_above_1_women": round(share(RAISED, among_raised=True, sex="F"), 3),
        "hits_above_1_men": round(share(RAISED, among_raised=True, sex="M"), 3),
        "hits_above_2": round(share(CLEARLY, among_raised=True), 3),
        "false_alarms_above_1": round(share(RAISED, among_raised=False), 3),
        "false_alarms_above_2": round(share(CLEARLY, among_raised=False), 3),
        "false_alarms_above_2_women": round(share(CLEARLY, among_raised=False, sex="F"), 3),
        "false_alarms_above_2_men": round(share(CLEARLY, among_raised=False, sex="M"), 3),
    }
