"""A recorded call as the debrief screen tells it: from its own log, and from its review."""

from collections.abc import Iterator
from typing import Any

from trainer.domain.audio import seconds
from trainer.domain.events import (
    CallEnded,
    CallStarted,
    ClauseSpoken,
    Event,
    Happened,
)
from trainer.domain.mood import Feeling
from trainer.domain.record import CallRecord
from trainer.store.summary import moods, summary, turns
from trainer.tui.services import Debrief, Line, Point, Remark
from trainer.tui.words import MARKS

_LEAD_IN_S = 1.0
"""A moment is played from this long before the agent's turn."""


def tell(record: CallRecord, review: dict[str, Any], who: str, lead: str) -> Debrief:
    """Everything the screen shows.

    Args:
        record: the call.
        review: the review's JSON; keys as in `trainer review --json`. Missing keys show nothing.
        who: the customer's name.
        lead: the feeling they lead with, as in `Feeling`; empty: read off the first mood.
    """
    events = record.events
    facts = summary(record)
    began = next((event for event in events if isinstance(event, CallStarted)), None)
    ended = [event for event in events if isinstance(event, CallEnded)]
    feeling = lead or _lead(began)
    typed = began is not None and began.mode == "typed"
    feedback = review.get("feedback") or {}
    return Debrief(
        folder=record.folder,
        title=str(record.meta.get("title", "")),
        customer=who,
        status=str(facts["status"]),
        seconds=seconds(max((event.t for event in events), default=0)),
        spoken=not typed,
        csat=facts["csat"],
        start_lead=began.mood.get(feeling, 0.0) if began else 0.0,
        feeling=feeling,
        story=tuple(ended[-1].story if ended else ()),
        points=tuple(_points(events, feeling)),
        went_well=_remarks(feedback.get("went_well")),
        improve=_remarks(feedback.get("improve")),
        action=next(iter(_remarks([feedback["action"]])), None) if feedback.get("action") else None,
        measures=tuple(_measured(review, typed)),
        not_measured=tuple(_not_measured(review, typed)),
        transcript=tuple(
            Line(
                turn.turn, turn.who, turn.text, seconds(turn.start), seconds(turn.end), turn.source
            )
            for turn in turns(events)
        ),
        engines=tuple(_engines(began, events)),
        files=tuple(
            (what, record.folder / name)
            for what, name in (("Report", "report.html"), ("Recording", "call.wav"), ("Folder", ""))
            if (record.folder / name).exists()
        ),
    )


def _lead(began: CallStarted | None) -> str:
    names = [str(feeling) for feeling in Feeling]
    return max(names, key=lambda name: began.mood.get(name, 0.0)) if began else names[0]


def _points(events: tuple[Event, ...], feeling: str) -> Iterator[Point]:
    began = next((event for event in events if isinstance(event, CallStarted)), None)
    if began is None:
        return
    taken = {turn.turn: turn for turn in turns(events)}
    marks: dict[int, list[str]] = {}
    for event in events:
        if isinstance(event, Happened) and event.kind in MARKS:
            marks.setdefault(event.turn, []).append(MARKS[event.kind])
    first = next((turn for turn in taken.values() if turn.who == "customer"), None)
    yield Point(
        turn=1,
        t_s=0.0,
        lead=began.mood.get(feeling, 0.0),
        trust=began.mood.get("trust", 0.0),
        start_s=0.0,
        end_s=seconds(first.end) if first else 0.0,
        marks=("how they rang up",),
    )
    before = began.mood.get(feeling, 0.0)
    for moved in moods(events):
        turn = taken.get(moved.turn)
        now = moved.mood.get(feeling, before)
        cause = max(moved.cause, key=lambda one: one.weight, default=None)
        last = taken.get(moved.turn + 1) or turn
        yield Point(
            turn=moved.turn,
            t_s=seconds(turn.end if turn else moved.t),
            lead=now,
            trust=moved.mood.get("trust", 0.0),
            cause=cause.appraisal.replace("_", " ") if cause else "",
            good=cause.good if cause else None,
            quote=(cause.quote if cause and cause.quote else turn.text if turn else ""),
            start_s=max(0.0, seconds(turn.start) - _LEAD_IN_S) if turn else seconds(moved.t),
            end_s=seconds(last.end if last else moved.t),
            marks=tuple(
                dict.fromkeys([*marks.get(moved.turn, ()), *marks.get(moved.turn + 1, ())])
            ),
        )
        before = now


def _remarks(items: Any) -> tuple[Remark, ...]:
    return tuple(
        Remark(
            heading=str(item.get("title") or item.get("behaviour") or ""),
            quote=str(item.get("quote") or ""),
            number=str(item.get("number") if item.get("number") is not None else ""),
            effect=str(item.get("effect") or ""),
            say_instead=str(item.get("say_instead") or ""),
            turn=item.get("turn"),
            start_s=item.get("start_s"),
            end_s=item.get("end_s"),
        )
        for item in items or ()
    )


def _measured(review: dict[str, Any], typed: bool) -> Iterator[tuple[str, str]]:
    timing = (review.get("measures") or {}).get("timing") or {}
    rows = (
        ("median_gap_s", "You answered after", "{:.1f} s (median)"),
        ("talk_share", "Your share of the talk", "{:.0%}"),
        ("longest_stretch_s", "Longest stretch of yours", "{:.0f} s"),
        ("interruptions", "You interrupted", "{} times"),
        ("backchannels", "“Mm-hm” and the like", "{}"),
    )
    for key, name, form in rows:
        if timing.get(key) is not None:
            yield name, form.format(timing[key])


def _not_measured(review: dict[str, Any], typed: bool) -> Iterator[tuple[str, str]]:
    if typed:
        yield "Pace and tone", "this call was typed"
    for part, name in (("delivery", "Voice"), ("timing", "Timing")):
        reasons = ((review.get("measures") or {}).get(part) or {}).get("not_measured")
        if isinstance(reasons, dict) and not typed:
            for why in dict.fromkeys(str(reason) for reason in reasons.values()):
                yield name, why


def _engines(began: CallStarted | None, events: tuple[Event, ...]) -> Iterator[tuple[str, str]]:
    if began is None:
        return
    for part, name in (("stt", "Heard you"), ("voice", "Spoke"), ("wording", "Words")):
        if began.engines.get(part):
            yield name, began.engines[part]
    clauses = [event for event in events if isinstance(event, ClauseSpoken)]
    by_model = sum(event.source == "llm" for event in clauses)
    if clauses:
        yield "Clauses", f"{by_model} by the model, {len(clauses) - by_model} authored"
