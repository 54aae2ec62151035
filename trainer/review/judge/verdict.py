"""What the samples of one behaviour come to: a level, how sure, and the words that show it.

Level: the median of the samples that have one; at least two of three must, so that no single answer
decides. How sure: by the spread of their levels, by how many samples could be used, and by how many
of their quotes were found. It stays under 1: no listener was asked. The numbers are proposals.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median_high

from pydantic import BaseModel, ConfigDict, Field

from trainer.review.judge.quotes import Quote

SAMPLES = 3
TEMPERATURE = 0.4
"""Samples differ where the transcript leaves room for it."""

_LEAST = 2
"""So many samples must have a level."""

_SURE = {0: 0.8, 1: 0.6}
"""Confidence by the spread of levels, highest minus lowest."""

_UNSURE = 0.3
"""Confidence at a larger spread."""

_MOST_SHOWN = 4


class Shown(BaseModel):
    """Words of an agent turn, as they stand in the transcript."""

    model_config = ConfigDict(frozen=True)

    turn: int
    quote: str


class Verdict(BaseModel):
    """What a judge says of one behaviour.

    `why`: without a level, the name of the reason; see `Notes.why`.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    level: int | None
    confidence: float
    levels: list[int] = Field(description="Of the samples that have one.")
    evidence: list[Shown]
    remark: str = ""
    why: str = ""


@dataclass(frozen=True)
class Sample:
    """One usable answer.

    Attributes:
        level: None where the model saw too little.
        quotes: those that were found.
        given: how many quotes it gave.
        remark: its reason, where that may be shown.
    """

    level: int | None
    quotes: tuple[Quote, ...]
    given: int
    remark: str


def of(behaviour: str, samples: Sequence[Sample], why: str = "unusable") -> Verdict:
    """The verdict on one behaviour.

    Args:
        behaviour: its id.
        samples: the usable answers.
        why: the reason where there are too few of them.
    """
    levelled = [sample for sample in samples if sample.level is not None and sample.quotes]
    levels = sorted(sample.level for sample in levelled if sample.level is not None)
    if len(levelled) < _LEAST:
        if len(samples) >= _LEAST:
            why = "no_quote" if any(sample.level is not None for sample in samples) else "unseen"
        return Verdict(id=behaviour, level=None, confidence=0, levels=levels, evidence=[], why=why)
    level = median_high(levels)
    near = [sample for sample in levelled if sample.level == level]
    quotes = dict.fromkeys(quote for sample in near for quote in sample.quotes)
    sure = _SURE.get(levels[-1] - levels[0], _UNSURE) * len(levelled) / SAMPLES
    sure *= sum(len(s.quotes) for s in levelled) / max(1, sum(s.given for s in levelled))
    return Verdict(
        id=behaviour,
        level=level,
        confidence=round(sure, 2),
        levels=levels,
        evidence=[Shown(turn=q.turn, quote=q.text) for q in list(quotes)[:_MOST_SHOWN]],
        remark=next((sample.remark for sample in near if sample.remark), ""),
    )
