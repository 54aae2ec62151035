"""Who spoke when in a recording: stretches of speech per channel, and turns made of them."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from trainer.domain.audio import BLOCK, Samples, samples, seconds
from trainer.domain.transcript import Who
from trainer.ports.line import Meter
from trainer.review import stretches
from trainer.review.stretches import Stretch
from trainer.review.timing import BACKCHANNEL_S, TURN_GAP_S, Part

SAME = 0.98
"""Correlation from which two channels hold the same sound."""

_SPEECH = 0.5
_BLOCKS = 3
"""So many blocks (96 ms) of speech make a stretch one of speech; a knock or a ring has none."""

_RUN_UP = 8
"""Blocks before a stretch that the detector listens to first."""


def same(one: Samples, other: Samples) -> bool:
    """Whether two channels of equal length hold the same sound: a mono call saved as stereo."""
    energy = float(np.sqrt(np.sum(np.square(one)) * np.sum(np.square(other))))
    return energy > 0 and float(np.dot(one, other)) / energy > SAME


def speech(
    channel: Samples, meter: Meter, progress: Callable[[int], None] = lambda done: None
) -> list[Stretch]:
    """Where somebody speaks in a channel, shape (n,): edges by energy, kept where `meter` agrees.

    `progress` is told the sample reached.
    """
    kept = []
    for stretch in stretches.find(channel):
        if _spoken(channel, stretch, meter):
            kept.append(stretch)
        progress(stretch.end)
    progress(len(channel))
    return kept


def _spoken(channel: Samples, stretch: Stretch, meter: Meter) -> bool:
    meter.reset()
    found = 0
    first = max(0, stretch.start - _RUN_UP * BLOCK)
    for start in range(first, stretch.end, BLOCK):
        block = channel[start : start + BLOCK]
        if len(block) < BLOCK:
            block = np.pad(block, (0, BLOCK - len(block)))
        likely = meter.speech(block) > _SPEECH
        found += likely and start + BLOCK > stretch.start
        if found >= _BLOCKS:
            return True
    return False


def turns(left: Sequence[Stretch], right: Sequence[Stretch]) -> list[Part]:
    """The turns of two channels in order of their beginning, numbered from 1.

    Pauses under 1.5 s without the other party stay inside a turn. Speech of at most .8 s wholly
    inside a turn of the other is listening and no turn. The left channel counts as the agent.
    """
    one, other = _joined(left, right), _joined(right, left)
    sides: list[tuple[Who, list[Stretch]]] = [
        ("agent", _without_nods(one, other)),
        ("customer", _without_nods(other, one)),
    ]
    found = sorted((turn, who) for who, own in sides for turn in own)
    return [
        Part(who, turn.start, turn.end, number) for number, (turn, who) in enumerate(found, start=1)
    ]


def alone(channel: Sequence[Stretch]) -> list[Stretch]:
    """The turns of a channel that holds everybody: speech between pauses of 1.5 s."""
    return stretches.join(channel, samples(TURN_GAP_S))


def _joined(own: Sequence[Stretch], other: Sequence[Stretch]) -> list[Stretch]:
    if not own:
        return []
    joined = [own[0]]
    for before, after in pairwise(own):
        pause = Stretch(before.end, after.start)
        if seconds(pause.length) < TURN_GAP_S and not stretches.overlap([pause], other):
            joined[-1] = Stretch(joined[-1].start, after.end)
        else:
            joined.append(after)
    return joined


def _without_nods(own: Sequence[Stretch], other: Sequence[Stretch]) -> list[Stretch]:
    return [
        turn
        for turn in own
        if seconds(turn.length) > BACKCHANNEL_S
        or not any(o.start < turn.start and turn.end < o.end for o in other)
    ]
