"""Behaviours, dimensions, own marks and hard moments over the calls of one person.

In: finished calls with their reviews. Out: a `Progress`. A mean never stands without its n and its
interval, and under three calls there is none.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from trainer.domain.errors import TrainerError
from trainer.domain.record import Finished
from trainer.review import hot_events, uncertain
from trainer.review.hot_events import HotEvent, Recoveries
from trainer.review.model import VERSION, Review
from trainer.review.rubric import Rubric


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True)


class Point(_Model):
    """One call. `value` is None where the call gave too little evidence."""

    call: str
    started: str
    value: float | None


class Moved(_Model):
    """The later half of the calls against the earlier one, with the 99 % interval."""

    by: float
    low: float
    high: float
    earlier: int = Field(description="Calls in the earlier half.")
    later: int


class Series(_Model):
    """One thing over calls, oldest first. No mean under three calls; no change by chance."""

    id: str
    name: str
    dimension: str = ""
    n: int = Field(description="Calls with a value.")
    mean: float | None
    low: float | None = Field(description="95 % interval of the mean.")
    high: float | None
    change: Moved | None
    points: list[Point]


class GapSeries(Series):
    """Own mark minus result; `closer` is the change of their distance, without its sign."""

    closer: Moved | None


class Progress(_Model):
    """What `trainer progress --json` prints."""

    profile: str
    rubric: str
    calls: int
    first: str
    last: str
    left_out: dict[str, int]
    dimensions: list[Series]
    behaviours: list[Series]
    self_rating: list[GapSeries]
    hot_events: list[HotEvent]
    recoveries: Recoveries


def read(
    calls: Sequence[Finished],
    marks: Rubric,
    redo: Callable[[Path], Review],
    told: Callable[[int], None] = lambda done: None,
) -> tuple[list[tuple[Finished, Review]], int]:
    """The review of every call, and how many calls could not be reviewed.

    Args:
        calls: oldest first.
        marks: the rubric in force: levels by another one are not put beside these.
        redo: reviews a call anew, where its review is missing, old or by another rubric.
        told: how many calls are done.
    """
    found, damaged = [], 0
    for done, call in enumerate(calls, start=1):
        try:
            found.append((call, _known(call, marks) or redo(call.folder)))
        except TrainerError:
            damaged += 1
        told(done)
    return found, damaged


def _known(call: Finished, marks: Rubric) -> Review | None:
    if call.review is None:
        return None
    try:
        review = Review.model_validate_json(call.review)
    except ValidationError:
        return None
    same = review.rubric.get("name") == marks.name and review.rubric.get("version") == marks.version
    return review if same and review.version == VERSION else None


def progress(
    found: Sequence[tuple[Finished, Review]], marks: Rubric, profile: str, left_out: dict[str, int]
) -> Progress:
    """All of it, from reviewed calls, oldest first."""
    reviews = [review for _, review in found]

    def points(value: Callable[[Review, str], float | None], id_: str) -> list[Point]:
        return [
            Point(call=call.folder.name, started=call.started, value=value(review, id_))
            for call, review in found
        ]

    return Progress(
        profile=profile,
        rubric=marks.name,
        calls=len(found),
        first=found[0][0].started if found else "",
        last=found[-1][0].started if found else "",
        left_out=left_out,
        dimensions=[series(one.id, one.name, points(_score, one.id)) for one in marks.dimensions],
        behaviours=[
            series(one.id, one.name, points(_level, one.id), one.dimension)
            for one in marks.behaviours
        ],
        self_rating=[gaps(one.id, one.name, points(_gap, one.id)) for one in marks.dimensions],
        hot_events=hot_events.table(reviews),
        recoveries=hot_events.recoveries(reviews),
    )


def series(id_: str, name: str, points: Sequence[Point], dimension: str = "") -> Series:
    """One thing over calls, with what can be said of it."""
    values = _values(points)
    mean = uncertain.mean(values)
    return Series(
        id=id_,
        name=name,
        dimension=dimension,
        n=len(values),
        mean=mean and round(mean.mean, 2),
        low=mean and round(mean.low, 2),
        high=mean and round(mean.high, 2),
        change=_moved(values),
        points=list(points),
    )


def gaps(id_: str, name: str, points: Sequence[Point]) -> GapSeries:
    """The same for gaps."""
    closer = _moved([abs(value) for value in _values(points)])
    return GapSeries(**dict(series(id_, name, points)), closer=closer)


def _moved(values: Sequence[float]) -> Moved | None:
    found = uncertain.change(values)
    if found is None:
        return None
    return Moved(
        by=round(found.by, 2),
        low=round(found.low, 2),
        high=round(found.high, 2),
        earlier=found.earlier,
        later=found.later,
    )


def _values(points: Sequence[Point]) -> list[float]:
    return [point.value for point in points if point.value is not None]


def _level(review: Review, behaviour: str) -> float | None:
    return next((one.level for one in review.behaviours if one.id == behaviour), None)


def _score(review: Review, dimension: str) -> float | None:
    return next((one.score for one in review.dimensions if one.id == dimension), None)


def _gap(review: Review, dimension: str) -> float | None:
    own = review.self_rating.gap if review.self_rating is not None else []
    return next((one.gap for one in own if one.dimension == dimension), None)
