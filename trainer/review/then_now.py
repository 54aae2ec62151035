"""A call and its retry side by side: both curves on one time axis, and the words then and now."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from trainer.domain.audio import seconds
from trainer.domain.record import CallRecord
from trainer.review import curve, log, phrases
from trainer.review.log import Log
from trainer.review.model import CurvePoint


@dataclass(frozen=True)
class Step:
    """One agent turn and what came of it.

    Attributes:
        turn: its number; the same number then and now is the same place.
        said: the agent's words.
        before: the lead feeling before it, 0..1.
        after: and after it.
        answer: what the customer said to it; empty when they said nothing.
    """

    turn: int
    said: str
    before: float
    after: float
    answer: str


@dataclass(frozen=True)
class ThenNow:
    """What the retry is held against.

    Attributes:
        feeling: name of the lead feeling.
        turn: the agent turn that was retried.
        asked: the customer's line it answers.
        curve_then: the whole call.
        curve_now: the retry on the call's clock; it begins on the call's curve.
        then: steps of the call from `turn` on, as many as the retry has.
        now: steps of the retry.
        status_then: how the call ended.
        status_now: how the retry ended; `open` when its turns were over.
    """

    feeling: str
    turn: int
    asked: str
    curve_then: list[CurvePoint]
    curve_now: list[CurvePoint]
    then: list[Step]
    now: list[Step]
    status_then: str
    status_now: str


def compare(call: CallRecord, retry: CallRecord, roots: Sequence[Path]) -> ThenNow:
    """Both as they were logged; nothing is worked out anew.

    Args:
        call: the call.
        retry: one of its retries.
        roots: extra content roots.

    Raises:
        BadInput: the texts of the debrief have a mistake.
    """
    texts = phrases.load(roots)
    was, now = log.read(call), log.read(retry)
    turn = int(retry.meta.get("turn", 0))
    curve_then = curve.points(was, texts)
    first = next((p for p in reversed(curve_then) if p.turn < turn), curve_then[0])
    late = _start(was, turn) - _start(now, turn)
    return ThenNow(
        feeling=was.lead.value,
        turn=turn,
        asked=next((t.text for t in was.customer_turns if t.turn == turn - 1), ""),
        curve_then=curve_then,
        curve_now=[
            first,
            *(
                p.model_copy(update={"t_s": round(p.t_s + late, 3)})
                for p in curve.points(now, texts)[1:]
            ),
        ],
        then=_steps(was, turn)[: len(now.agent_turns)],
        now=_steps(now, turn),
        status_then=was.status,
        status_now=now.status,
    )


def _start(read: Log, turn: int) -> float:
    return next((seconds(t.start) for t in read.agent_turns if t.turn == turn), 0.0)


def _steps(read: Log, turn: int) -> list[Step]:
    answers = {t.turn: t.text for t in read.customer_turns}
    return [
        Step(e.turn.turn, e.turn.text, e.before, e.after, answers.get(e.turn.turn + 1, ""))
        for e in read.exchanges
        if e.turn.turn >= turn
    ]
