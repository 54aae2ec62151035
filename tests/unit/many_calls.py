"""Many finished calls on disk with their reviews, made of one small call."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from tests.unit.test_review import ended, exchange, record, started
from trainer.domain.events import to_line
from trainer.domain.mood import Status
from trainer.review.debrief import review
from trainer.review.model import BehaviourLevel, CurvePoint, DimensionScore, Review

EVENTS = [
    started(),
    *(e for n in (1, 3, 5) for e in exchange(n, n * 8.0, "I can do that today.", 0.5)),
]


@lru_cache(maxsize=1)
def plain() -> Review:
    """The review of that call."""
    return review(record([*EVENTS, ended(Status.SATISFIED)]))


def made(
    levels: Mapping[str, int | None] | None = None,
    scores: Mapping[str, float | None] | None = None,
    **update: Any,
) -> Review:
    """That review with other levels and scores."""

    def level(one: BehaviourLevel) -> BehaviourLevel:
        return one.model_copy(update={"level": (levels or {}).get(one.id)})

    def score(one: DimensionScore) -> DimensionScore:
        return one.model_copy(update={"score": (scores or {}).get(one.id)})

    changed = {
        "behaviours": [level(one) for one in plain().behaviours],
        "dimensions": [score(one) for one in plain().dimensions],
    }
    return plain().model_copy(update=changed | update)


def curve(*values: float, happened: Mapping[int, Sequence[str]] | None = None) -> list[CurvePoint]:
    """A mood curve: the beginning, then the lead feeling after each agent turn (2, 4, 6 …)."""
    before = [values[0], *values[:-1]]
    return [
        CurvePoint.model_validate(
            {
                "turn": 2 * number,
                "t_s": 10.0 * number,
                "value": value,
                "before": was,
                "why": "",
                "quote": "",
                "good": None,
                "start_s": 0,
                "end_s": 0,
                "happened": list((happened or {}).get(number, ())),
            }
        )
        for number, (value, was) in enumerate(zip(values, before, strict=True))
    ]


def keep(
    data: Path,
    number: int,
    result: Review | None,
    *,
    status: Status = Status.SATISFIED,
    **meta: object,
) -> Path:
    """Call number `number`; `result` None: its debrief was never made."""
    folder = (
        data / "calls" / f"2026{1 + number // 28:02d}{1 + number % 28:02d}T080000Z-p-{number:06x}"
    )
    folder.mkdir(parents=True)
    lines = [*EVENTS, ended(status)]
    (folder / "events.jsonl").write_text("".join(to_line(event) + "\n" for event in lines))
    month, day = 1 + number // 28, 1 + number % 28
    facts = {"started": f"2026-{month:02d}-{day:02d}T08:00:00+00:00", "profile": "default"} | meta
    (folder / "meta.json").write_text(json.dumps(facts))
    if result is not None:
        (folder / "review.json").write_text(result.model_dump_json())
    return folder
