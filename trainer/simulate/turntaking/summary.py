"""Many calls' turn-taking as a handful of figures."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from trainer.simulate.turntaking.score import Outcome, Seen

_OVER = ("cough", "keyboard")
_THINKING = ("pause", "filler")


def summary(calls: Sequence[Seen]) -> dict[str, Any]:
    """What `trainer bench turntaking --json` prints of calls at one patience.

    Figures that nothing was measured for are None. Human speech stands apart under `human`, and in
    no other figure.
    """
    outcomes = [one for call in calls for one in call.outcomes]
    made = [one for one in outcomes if not one.human]
    phantoms = Counter(kind for call in calls for kind, _ in call.phantoms)
    said = _said(made)
    return {
        "n": dict(Counter(one.kind for one in made)),
        **said,
        "self_interruptions": sum(len(call.self_interruptions) for call in calls),
        "phantom_turns": sum(phantoms.values()),
        "missed_turns": sum(bool(one.missed) for one in made),
        "cut_ins_by_pause": cut_ins_by_pause(made),
        "gap_by_kind": _by_kind(made),
        "missed_by_kind": dict(Counter(one.kind for one in made if one.missed)),
        "phantoms_by_kind": dict(phantoms),
        "undisturbed_by": {
            kind: _rate(one.undisturbed for one in made if one.kind == kind) for kind in _OVER
        },
        "waits_between_clauses_s": spread(wait for call in calls for wait in call.waits),
        "untried": sum(call.untried for call in calls),
        "customer_turns": sum(call.customer_turns for call in calls),
        "human": {
            "n": dict(Counter(one.kind for one in outcomes if one.human)),
            **_said([one for one in outcomes if one.human]),
            "missed_turns": sum(bool(one.missed) for one in outcomes if one.human),
        },
    }


def _said(made: Sequence[Outcome]) -> dict[str, Any]:
    thinking = [one.cut_in for one in made if one.kind in _THINKING]
    clean = [one for one in made if one.kind == "clean"]
    return {
        "response_gap_s": spread(one.gap_s for one in clean),
        "yield_rate": _rate(one.yielded for one in made),
        "yield_latency_s": spread(one.yield_s for one in made),
        "backchannel_selectivity": _rate(
            one.undisturbed for one in made if one.kind == "backchannel"
        ),
        "backchannel_quiet_s": spread(one.quiet_s for one in made if one.kind == "backchannel"),
        "cut_ins_per_turn": _rate(thinking),
        "cut_ins_per_clean_turn": _rate(one.cut_in for one in clean),
        "cut_in_s": spread(one.cut_in_s for one in made),
    }


def curve_point(patience: float, calls: Sequence[Seen]) -> dict[str, Any]:
    """One point of cut-ins against delay."""
    made = [one for call in calls for one in call.outcomes if not one.human]
    return {
        "patience": patience,
        "cut_ins_per_turn": _rate(one.cut_in for one in made if one.kind in _THINKING),
        "cut_ins_per_clean_turn": _rate(one.cut_in for one in made if one.kind == "clean"),
        "p50_s": spread(one.gap_s for one in made)["p50"],
        "n": sum(one.cut_in is not None for one in made),
    }


def cut_ins_by_pause(made: Iterable[Outcome]) -> dict[str, float | None]:
    """Cut-ins per turn by the length of the pause in it, seconds."""
    thinking = [one for one in made if one.kind in _THINKING and one.cut_in is not None]
    lengths = sorted({one.pause_s for one in thinking})
    return {str(s): _rate(one.cut_in for one in thinking if one.pause_s == s) for s in lengths}


def spread(figures: Iterable[float | None]) -> dict[str, float | None]:
    """Median and 90th percentile of the figures that are there."""
    there = [one for one in figures if one is not None]
    if not there:
        return {"p50": None, "p90": None}
    return {f"p{q}": round(float(np.percentile(there, q)), 3) for q in (50, 90)}


def _by_kind(made: Sequence[Outcome]) -> dict[str, dict[str, float | None]]:
    kinds = dict.fromkeys(one.kind for one in made if one.gap_s is not None)
    return {kind: spread(one.gap_s for one in made if one.kind == kind) for kind in kinds}


def _rate(answers: Iterable[bool | None]) -> float | None:
    there = [bool(one) for one in answers if one is not None]
    return round(sum(there) / len(there), 3) if there else None
