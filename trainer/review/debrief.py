"""The debrief: a recorded call in, a `Review` out. The same record gives the same review."""

from collections.abc import Sequence
from pathlib import Path

from trainer.domain.acts import ActKind
from trainer.domain.audio import seconds
from trainer.domain.events import Imported, TurnTaken
from trainer.domain.mood import Status
from trainer.domain.record import CallRecord
from trainer.review import (
    curve,
    feedback,
    heard,
    levels,
    log,
    measures,
    phrases,
    rubric,
    sound,
    track,
)
from trainer.review.heard import Person
from trainer.review.levels import Scored
from trainer.review.log import Log
from trainer.review.measures import Timed
from trainer.review.model import (
    BehaviourLevel,
    CriticalError,
    DeadAir,
    DimensionScore,
    EvidenceShown,
    HoldTaken,
    Measures,
    Review,
    TimingMeasures,
    TurnShown,
)
from trainer.review.phrases import Phrases
from trainer.review.rubric import Rubric

NOBODY = Person()
"""Nothing is known of the person: no warm-up, nothing switched off."""

_BOUND_TO_SAY = (
    ActKind.BOUNDARY,
    ActKind.THANKS,
    ActKind.WARMTH,
    ActKind.NEXT_STEP,
    ActKind.TIMEFRAME,
    ActKind.ACTION,
    ActKind.ESCALATE,
    ActKind.REFUSE_REASONED,
    ActKind.CHOICE,
)
"""One of these in the last two turns is a closing word."""

_CERTAIN = 0.8
"""Confidence of an act from which it may cap a dimension."""


def review(
    record: CallRecord,
    extra: Sequence[Path] = (),
    person: Person = NOBODY,
    by: str = "core",
) -> Review:
    """Review a recorded call. Reads the recording, never changes it.

    Args:
        record: the call, as read back from its folder.
        extra: extra content roots, later ones first in line (see `Settings.content_roots`).
        person: the agent's warm-up, and what of their voice may be looked at.
        by: the rubric's name.

    Raises:
        BadInput: a rubric or text file of a content root has a mistake.
    """
    marks, texts = rubric.load(extra, by), phrases.load(extra)
    call = log.read(record)
    why = texts.not_measured
    timed = measures.time(record, call, "" if person.pacing else why["pacing_off"])
    voice = heard.listen(record, call, person, why)
    scored = levels.score(marks, call, timed, voice, why)
    errors = critical(call, marks)
    acts = measures.count_acts(call)
    ended = call.ended
    return Review(
        call=record.folder.name,
        persona=call.started.persona if call.started else "",
        title=str(record.meta.get("title", "")),
        mode="imported" if call.imported else "typed" if call.typed else "spoken",
        status=call.status.value,
        rubric={"name": marks.name, "version": marks.version},
        feeling=call.lead.value,
        length_s=seconds(call.length),
        measures=Measures(
            timing=_timing(timed, call.imported),
            delivery=sound.delivery(voice, call, why),
            language=dict(acts) if acts is not None else {kind.value: None for kind in ActKind},
            language_not_measured="" if acts is not None else _wordless(call, texts),
        ),
        behaviours=[_behaviour(one) for one in scored],
        dimensions=dimensions(marks, scored, errors, texts),
        critical=errors,
        feedback=feedback.feedback(call, timed, scored, texts),
        curve=curve.points(call, texts) if call.imported is None else [],
        marks=track.marks(timed, call),
        csat=ended.csat if ended is not None else None,
        story=list(ended.story) if ended is not None else [],
        ground=ended.ground if ended is not None else None,
        transcript=[_turn(call, turn) for turn in call.heard],
        engines=dict(began.engines) if (began := call.started or call.imported) else {},
        note=_note(call, person, texts),
    )


def _wordless(call: Log, texts: Phrases) -> str:
    unknown = bool(call.heard) and not call.turns
    return texts.not_measured["one_channel" if unknown else "few"]


def _note(call: Log, person: Person, texts: Phrases) -> str:
    if levels.stopped(call):
        return texts.not_measured["stopped"]
    off = [
        texts.not_measured[name]
        for name, kept in (("tone_off", person.tone), ("pacing_off", person.pacing))
        if not kept
    ]
    if call.imported is not None:
        off.append(texts.not_measured["imported"])
    return " ".join([texts.closing["rules"], *off])


def critical(call: Log, marks: Rubric) -> list[CriticalError]:
    """What caps a dimension: named, with the turn and the words that show it."""
    if levels.stopped(call):
        return []
    found: dict[str, tuple[int, str]] = {}
    belittled = 0
    for exchange in call.exchanges:
        certain = [act for act in exchange.acts if act.confidence >= _CERTAIN]
        if act := next((a for a in certain if a.act == ActKind.INSULT), None):
            found.setdefault("insult", (exchange.turn.turn, act.quote))
        if act := next((a for a in certain if a.act == ActKind.OVERPROMISE), None):
            found.setdefault("false_promise", (exchange.turn.turn, act.quote))
        for act in certain:
            if act.act == ActKind.DISMISS and "calm down" in act.quote.lower():
                belittled += 1
                if belittled == 2:
                    found["calm_down_twice"] = exchange.turn.turn, act.quote
    last = call.exchanges[-2:]
    left = call.status is Status.AGENT_ENDED and len(call.exchanges) >= 3
    if left and last[-1].after >= log.HOT and not any(e.act(*_BOUND_TO_SAY) for e in last):
        found["left_without_a_word"] = last[-1].turn.turn, last[-1].turn.text
    return [
        CriticalError(
            id=error.id,
            name=error.name,
            dimension=error.dimension,
            turn=found[error.id][0],
            quote=found[error.id][1],
        )
        for error in marks.critical
        if error.id in found
    ]


def dimensions(
    marks: Rubric, scored: list[Scored], errors: list[CriticalError], texts: Phrases
) -> list[DimensionScore]:
    """Confidence-weighted means; none where too little of a dimension's weight has a level."""
    found = []
    for dimension in marks.dimensions:
        own = [s for s in scored if s.behaviour.dimension == dimension.id and s.level is not None]
        there = sum(s.behaviour.weight for s in own)
        sure = sum(s.behaviour.weight * s.confidence for s in own)
        if there < marks.not_enough_below - 1e-9 or sure == 0:
            why = _too_little(dimension.id, scored, texts)
            found.append(
                DimensionScore(
                    id=dimension.id, name=dimension.name, score=None, band="", reason=why
                )
            )
            continue
        mean = sum(s.behaviour.weight * s.confidence * (s.level or 0) for s in own) / sure
        caps = [error.name for error in errors if error.dimension == dimension.id]
        score = round(min(mean, marks.critical_cap) if caps else mean, 1)
        found.append(
            DimensionScore(
                id=dimension.id,
                name=dimension.name,
                score=score,
                band=marks.band(score),
                reason="; ".join(caps),
            )
        )
    return found


def _too_little(dimension: str, scored: list[Scored], texts: Phrases) -> str:
    """Why a dimension has no score: what the person switched off is said, not called thin."""
    missing = {s.reason for s in scored if s.behaviour.dimension == dimension and s.level is None}
    off = [texts.not_measured[name] for name in ("tone_off", "pacing_off")]
    return next((reason for reason in off if reason in missing), texts.not_measured["few"])


def _behaviour(scored: Scored) -> BehaviourLevel:
    return BehaviourLevel(
        id=scored.behaviour.id,
        name=scored.behaviour.name,
        dimension=scored.behaviour.dimension,
        level=scored.level,
        confidence=scored.confidence,
        source=scored.source,
        n=scored.n,
        reason=scored.reason,
        anchor=scored.behaviour.anchors[scored.level] if scored.level else "",  # type: ignore[index]
        evidence=[EvidenceShown(**vars(shown)) for shown in scored.evidence],
    )


def _timing(timed: Timed, imported: Imported | None) -> TimingMeasures:
    timing = timed.timing
    if timing is None:
        names = [name for name in TimingMeasures.model_fields if name != "not_measured"]
        return TimingMeasures(not_measured=dict.fromkeys(names, timed.reason))
    if not timing.agent_s:
        silent = "Nothing was heard of the agent."
        rest = set(TimingMeasures.model_fields) - {"not_measured", "dead_air", "holds"}
        return TimingMeasures(
            dead_air=[DeadAir(**vars(silence)) for silence in timing.dead_air],
            holds=[HoldTaken(**vars(hold)) for hold in timing.holds],
            not_measured=dict.fromkeys(sorted(rest), silent),
        )
    why: dict[str, str] = {}
    leak = "The customer's voice could be heard in the microphone, or the recording is missing."
    if imported is not None:
        why["holds"] = "Whether the customer was on hold is in no log of a real call."
        leak = "The two voices are not cleanly apart in this recording."
    if timed.leak:
        why |= dict.fromkeys(("backchannels", "overlap_share"), leak)
    if not timing.gaps:
        why |= dict.fromkeys(("median_gap_s", "gaps_s"), "No answer of yours could be timed.")
    for name in ("talk_share", "talk_share_first_half", "longest_stretch_s"):
        if getattr(timing, name) is None:
            why[name] = "Nobody spoke."
    return TimingMeasures(
        talk_share=timing.talk_share,
        talk_share_first_half=timing.talk_share_first_half,
        overlap_share=None if timed.leak else timing.overlap_share,
        median_gap_s=timing.median_gap_s,
        gaps_s=[gap.seconds for gap in timing.gaps] or None,
        interruptions=len(timing.interruptions),
        backchannels=None if timed.leak else timing.backchannels,
        longest_stretch_s=timing.longest_stretch_s,
        dead_air=[DeadAir(**vars(silence)) for silence in timing.dead_air],
        holds=None if imported else [HoldTaken(**vars(hold)) for hold in timing.holds],
        not_measured=why,
    )


def _turn(call: Log, turn: TurnTaken) -> TurnShown:
    acts = next((e.acts for e in call.exchanges if e.turn.turn == turn.turn), ())
    return TurnShown(
        turn=turn.turn,
        who=turn.who,
        text=turn.text,
        start_s=seconds(turn.start),
        end_s=seconds(turn.end),
        source=turn.source,
        confidence=turn.confidence,
        acts=[{"act": act.act, "quote": act.quote} for act in acts],
    )
