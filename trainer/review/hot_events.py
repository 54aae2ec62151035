"""What hard customers did over many calls, and what came of the agent's next turn.

Read from the mood curves of the reviews; nothing is worked out anew.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import median

from pydantic import BaseModel, ConfigDict

from trainer.domain.mood import Happening, Status
from trainer.review.curve import FLAT
from trainer.review.evidence import HEARD
from trainer.review.log import HOT, RISE
from trainer.review.model import CurvePoint, Review

DOWN = 0.4
"""A lead feeling under which a customer who was hot has come down again."""

EVENTS = (
    Happening.SUPERVISOR_DEMAND,
    Happening.COMPLAINT_THREAT,
    Happening.LEAVE_THREAT,
    Happening.SARCASM,
    Happening.CRYING,
    Happening.SILENCE,
    Happening.CUSTOMER_INTERRUPT,
)
"""What may be answered by a next turn."""

_HEARD = frozenset(kind.value for kind in HEARD)


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True)


class HotEvent(_Model):
    """One kind of event over all calls.

    Attributes:
        event: `hot`, or a happening by name.
        n: how often; `calls`: in how many calls.
        answered: how often a next turn of the agent followed whose effect was logged.
        down, same, up: what the customer's lead feeling did at that turn.
        mean_change: in points of 100; None where there was none.
        acknowledged: next turns that showed that the customer had been heard.
    """

    event: str
    n: int
    calls: int
    answered: int
    down: int
    same: int
    up: int
    mean_change: float | None
    acknowledged: int


class Recoveries(_Model):
    """Calls in which the customer got hot, and how they went on.

    Attributes:
        hot_calls: calls with a hard moment.
        recovered: of these, the customer came down under `DOWN` afterwards.
        turns: agent turns from the hottest moment until then, the median of these calls.
        hung_up: calls that ended so; `withdrew`: calls the customer gave up.
    """

    hot_calls: int
    recovered: int
    turns: float | None
    hung_up: int
    withdrew: int


def table(reviews: Sequence[Review]) -> list[HotEvent]:
    """Every kind of event that happened at all: hard moments first, then by how often."""
    rows = [_row("hot", [list(_hot(review)) for review in reviews])]
    rows += [
        _row(kind.value, [list(_after(review, kind)) for review in reviews]) for kind in EVENTS
    ]
    return sorted((row for row in rows if row.n), key=lambda row: (row.event != "hot", -row.n))


def recoveries(reviews: Sequence[Review]) -> Recoveries:
    """How calls went on after the customer got hot."""
    hot = [review for review in reviews if any(point.value >= HOT for point in review.curve)]
    took = [turns for review in hot if (turns := _until_down(review.curve)) is not None]
    return Recoveries(
        hot_calls=len(hot),
        recovered=len(took),
        turns=float(median(took)) if took else None,
        hung_up=sum(review.status == Status.HUNG_UP for review in reviews),
        withdrew=sum(review.status == Status.WITHDREW for review in reviews),
    )


_Answer = tuple[CurvePoint, bool] | None
"""The agent's next turn, and whether it showed that it had heard; None where none followed."""


def _hot(review: Review) -> Iterator[_Answer]:
    """The turns that answered a hard moment: a hot customer, or one who had just flared up."""
    for before, point in pairwise(review.curve):
        if point.before >= HOT or before.value - before.before >= RISE:
            yield point, _heard(review, point)


def _after(review: Review, kind: Happening) -> Iterator[_Answer]:
    for place, point in enumerate(review.curve):
        for _ in range(point.happened.count(kind)):
            following = review.curve[place + 1 : place + 2]
            yield (following[0], _heard(review, following[0])) if following else None


def _heard(review: Review, point: CurvePoint) -> bool:
    turn = next((turn for turn in review.transcript if turn.turn == point.turn), None)
    return turn is not None and any(act.get("act") in _HEARD for act in turn.acts)


def _row(event: str, calls: Sequence[Sequence[_Answer]]) -> HotEvent:
    found = [answer for call in calls for answer in call]
    answers = [answer for answer in found if answer is not None]
    moves = [point.value - point.before for point, _ in answers]
    return HotEvent(
        event=event,
        n=len(found),
        calls=sum(bool(call) for call in calls),
        answered=len(answers),
        down=sum(move < -FLAT for move in moves),
        same=sum(abs(move) <= FLAT for move in moves),
        up=sum(move > FLAT for move in moves),
        mean_change=round(100 * sum(moves) / len(moves), 1) if moves else None,
        acknowledged=sum(heard for _, heard in answers),
    )


def _until_down(curve: Iterable[CurvePoint]) -> int | None:
    """Agent turns from the hottest moment until the customer is under `DOWN`; None if never."""
    values = [point.value for point in curve]
    top = values.index(max(values))
    return next((turns for turns, value in enumerate(values[top:]) if value < DOWN), None)
