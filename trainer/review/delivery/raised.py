"""One index: how far a voice is raised above the same speaker's usual voice.

Mean of the changes in pitch, balance and, where it can be compared, level, each counted in units of
at least the variation between neutral sentences of one speaker. `trainer bench delivery` measures
it against acted speech.
"""

from dataclasses import dataclass

import numpy as np

from trainer.domain.baseline import Baseline
from trainer.review.delivery.voice import Voice

_UNITS = {"pitch": 1.0, "effort": 1.2, "level": 2.5}
"""Semitones, dB, dB: what neutral sentences of one speaker differ by."""

_LOWEST, _HIGHEST = -3.0, 6.0

_WITH_THE_VOICE = 3.0
"""Units that level may differ from the mean of pitch and balance: it moves the index by one."""

RAISED = 1.0
"""Above it a voice is raised, above `CLEARLY` clearly so."""

CLEARLY = 2.0


@dataclass(frozen=True)
class Raised:
    """`z`: the index; `parts`: what it is the mean of."""

    z: float
    parts: dict[str, float]


def raised(voice: Voice, calm: Baseline, *, level: bool = True) -> Raised:
    """How far `voice` lies above the usual one, in units of usual variation.

    A voice that gets louder by effort gets higher and brighter, too. What is louder beyond that is
    a microphone that came nearer or was turned up, and counts one unit of the index at most.

    `level`: whether both were recorded on the same device at the same distance.
    """
    changes = {
        "pitch": (voice.loud_pitch_st - calm.pitch_st, calm.pitch_sd),
        "effort": (voice.effort_db - calm.effort_db, calm.effort_sd),
    }
    if level and voice.quality.level_counts:
        changes["level"] = (voice.level_db - calm.level_db, calm.level_sd)
    parts = {
        name: float(
            np.clip(
                change / (max(_UNITS[name], spread) * voice.quality.widening), _LOWEST, _HIGHEST
            )
        )
        for name, (change, spread) in changes.items()
    }
    if "level" in parts:
        middle = (parts["pitch"] + parts["effort"]) / 2
        least, most = middle - _WITH_THE_VOICE, middle + _WITH_THE_VOICE
        parts["level"] = float(np.clip(parts["level"], least, most))
    return Raised(float(np.mean(list(parts.values()))), parts)
