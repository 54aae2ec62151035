"""The customer's side of the story.

Three or four sentences from the causes that were logged. No language model.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from trainer.content import prompts
from trainer.domain.mood import Cause, Mood, Status
from trainer.domain.persona import Cast

_TELLING = {
    "outcome": 1.3,
    "reflection": 1.2,
    "action": 0.9,
    "time_frame": 0.7,
    "open_question": 0.5,
    "warmth": 0.5,
}
"""Which of several causes of one turn the customer would name; the others count as they are."""

WORTH = 0.02
"""A turn moved them when the lead feeling changed by at least this much."""


@dataclass(frozen=True)
class Moment:
    """One agent turn in the log: the mood before and after it, and why it moved."""

    before: Mood
    after: Mood
    causes: tuple[Cause, ...]


@lru_cache(maxsize=8)
def phrases(roots: tuple[Path, ...]) -> Mapping[str, Any]:
    """prompts/story.yaml."""
    return prompts.data("story.yaml", roots)


def tell(
    cast: Cast,
    moments: Sequence[Moment],
    status: Status,
    words: Mapping[str, Any],
    fooled: bool = False,
) -> list[str]:
    """Three or four sentences in the customer's voice.

    Args:
        cast: the customer.
        moments: the agent's turns.
        status: how the call ended.
        words: prompts/story.yaml.
        fooled: they were promised what policy forbids, and nobody took it back in the call.
    """
    lead = cast.persona.lead
    told = [str(words["start"][lead.value])]
    moved = [
        (moment.after.of(lead) - moment.before.of(lead), index)
        for index, moment in enumerate(moments)
    ]
    worst = max(moved, default=(0.0, 0))
    best = min(moved, default=(0.0, 0))
    turning = []
    if worst[0] >= WORTH and (cause := _cause(moments[worst[1]], good=False)):
        turning.append((worst[1], _say(words["hurt"], cause)))
    if best[0] <= -WORTH and (cause := _cause(moments[best[1]], good=True)):
        turning.append((best[1], _say(words["helped"], cause)))
    told += [sentence for _, sentence in sorted(turning)]
    if not turning:
        told.append(str(words["flat"]))
    if moments and moments[-1].after.heard < 0.3 and best[0] > -WORTH and turning:
        told.append(str(words["unheard"]))
    told.append(str(words["fooled"] if fooled else words["end"][status.value]))
    return told[:4]


def _cause(moment: Moment, good: bool) -> Cause | None:
    of_kind = [cause for cause in moment.causes if cause.good is good]
    return max(
        of_kind, key=lambda cause: cause.weight * _TELLING.get(cause.appraisal, 1.0), default=None
    )


def _say(templates: Mapping[str, Any], cause: Cause) -> str:
    quote = " ".join(cause.quote.split()[:14]).strip(" ,.;:")
    if len(cause.quote.split()) > 14:
        quote += " …"
    pair = templates.get(cause.appraisal, templates["other"])
    return (
        str(pair["quoted"]).replace("{quote}", quote)
        if quote and "quoted" in pair
        else str(pair["plain"])
    )
