"""A recorded call and its review as the debrief screen tells them; nothing is worked out anew."""

from collections.abc import Iterator
from statistics import median

from trainer.domain.events import CallStarted, ClauseSpoken, Coached, Frozen
from trainer.domain.record import CallRecord
from trainer.review import agreed, report, reveal, self_rating, track
from trainer.review.answers import answers
from trainer.review.judge.merge import dollars
from trainer.review.model import Item, Review
from trainer.tui.services import Debrief, Line, Point, Remark

_STEPS = {
    "vad": "noticing silence",
    "commit": "making sure",
    "stt": "words",
    "plan": "deciding",
    "first_clause": "wording",
    "first_pcm": "voice",
    "first_sample_out": "speaker",
}
_LEAD_IN_S = 0.5
"""A moment is played from this long before it."""


def tell(record: CallRecord, review: Review, who: str) -> Debrief:
    """Everything the screen shows; `who` is the customer's name."""
    names = {behaviour.id: behaviour.name for behaviour in review.behaviours}
    said = review.feedback
    numbers = report.numbers(review)
    own = track.track(review)
    bars = {bar.turn: bar for bar in own.bars} if own is not None else {}
    return Debrief(
        folder=record.folder,
        title=review.title,
        customer=who or review.persona,
        status=review.status,
        seconds=review.length_s,
        spoken=review.mode != "typed",
        csat=review.csat,
        feeling=review.feeling,
        story=tuple(review.story),
        points=tuple(
            Point(
                turn=point.turn,
                t_s=point.t_s,
                value=point.value,
                before=point.before,
                cause=point.why,
                quote=point.quote,
                start_s=max(0.0, point.start_s - _LEAD_IN_S),
                end_s=point.end_s,
                marks=tuple(point.marks),
                voice=track.voice(bars[point.turn].z) if point.turn in bars else "",
                pace=track.pace(bars[point.turn].pace) if point.turn in bars else "",
            )
            for point in review.curve
        ),
        track=own,
        went_well=tuple(_remark(item, names) for item in said.went_well),
        improve=tuple(_remark(item, names) for item in said.improve),
        action=_remark(said.action, names) if said.action else None,
        note=said.note,
        measures=tuple(
            (name, f"{value}  {note}".rstrip())
            for name, value, note in numbers
            if value != "not measured"
        ),
        not_measured=tuple(_not_measured(review, numbers)),
        scores=tuple(
            (dimension.name, f"{dimension.score:.1f} of 5 · {dimension.band}", dimension.reason)
            if dimension.score is not None
            else (dimension.name, "not enough evidence", dimension.reason)
            for dimension in review.dimensions
        ),
        critical=tuple((error.name, error.quote) for error in review.critical),
        own=tuple(self_rating.rows(review.self_rating)) if review.self_rating else (),
        agreed=tuple(agreed.rows(review.ground)),
        behind=tuple(reveal.rows(review.reveal)) if review.reveal else (),
        transcript=tuple(
            Line(
                turn.turn,
                turn.who,
                turn.text,
                turn.start_s,
                turn.end_s,
                turn.source,
            )
            for turn in review.transcript
        ),
        engines=(*_engines(record), *_judge(review)),
        files=tuple(
            (what, record.folder / name)
            for what, name in (("Report", "report.html"), ("Recording", "call.wav"))
            if (record.folder / name).exists()
        ),
    )


def _remark(item: Item, names: dict[str, str]) -> Remark:
    return Remark(
        heading=item.what,
        behaviour=names.get(item.behaviour, item.behaviour),
        theirs=item.theirs if item.say_instead else "",
        quote=item.quote or "",
        number=item.number or "",
        effect=item.effect,
        say_instead=item.say_instead or "",
        turn=item.turn,
        start_s=item.start_s,
        end_s=item.end_s,
    )


def _not_measured(review: Review, numbers: list[tuple[str, str, str]]) -> Iterator[tuple[str, str]]:
    """What is missing and why; one line where everything is missing for one reason."""
    missing = [(name, why) for name, value, why in numbers if value == "not measured"]
    if len(missing) == len(numbers) and len({why for _, why in missing}) == 1:
        missing = [("Timing", missing[0][1])]
    yield from missing
    for why in dict.fromkeys(review.measures.delivery.not_measured.values()):
        if ("Voice", why) not in missing:
            yield "Voice", why
    if review.measures.language_not_measured:
        yield "Words", review.measures.language_not_measured


def _engines(record: CallRecord) -> Iterator[tuple[str, str]]:
    began = next((event for event in record.events if isinstance(event, CallStarted)), None)
    for part, name in (("stt", "Heard you"), ("voice", "Spoke"), ("wording", "Found words")):
        if began and began.engines.get(part):
            yield name, began.engines[part]
    clauses = [event for event in record.events if isinstance(event, ClauseSpoken)]
    by_model = sum(event.source == "llm" for event in clauses)
    if clauses:
        yield "Their words", f"{by_model} clauses by the model, {len(clauses) - by_model} written"
    if helped := coached(record):
        yield "Coaching", helped
    yield from _answered(record)


def _judge(review: Review) -> Iterator[tuple[str, str]]:
    """Who marked the words beside the rules, and what came of it."""
    judge = review.judge
    if judge is None:
        return
    if not judge.marked:
        yield "Marks the words", f"{judge.model}: nothing came of it. {judge.message}".rstrip()
        return
    told = [judge.model, f"{len(judge.marked)} behaviours", f"{judge.seconds:.0f} s"]
    if judge.cost_usd:
        told.append(f"${dollars(judge.cost_usd)}")
    yield "Marked the words", " · ".join(told)


def coached(record: CallRecord) -> str:
    """What help there was in the call; empty when there was none."""
    hints = sum(isinstance(event, Coached) and bool(event.say) for event in record.events)
    stood = [
        event.wall.get("stood_s", 0.0)
        for event in record.events
        if isinstance(event, Frozen) and not event.on
    ]
    parts = [f"{hints} hint{'s' * (hints > 1)} shown"] if hints else []
    if stood:
        often = "once" if len(stood) == 1 else f"{len(stood)} times"
        parts.append(f"stood still {often}, {sum(stood):.0f} s that count nowhere")
    return " · ".join(parts)


def _answered(record: CallRecord) -> Iterator[tuple[str, str]]:
    """How long the answers took, and where the time went; medians over the call."""
    found = answers(record)
    if not found:
        return
    first = median(answer.first_s for answer in found)
    yield "Answered", f"{first:.1f} s after you, half of the {len(found)} sooner"
    parts = [
        (words, median(times))
        for part, words in _STEPS.items()
        if (times := [answer.parts[part] for answer in found if part in answer.parts])
    ]
    if parts:
        yield "Time went to", " · ".join(f"{words} {seconds:.2f} s" for words, seconds in parts)
