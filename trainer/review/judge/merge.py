"""A debrief with a judge's marks in it.

Where the judge has a level with quotes that stand in the transcript, it counts, within what rules
and log know better (`bounds`), and its source is `judge`. Everything else stays as it was: what the
voice or the clock showed is never replaced by who only read the words, and neither is a reason
that is a fact of the log (`settled`).
"""

from collections.abc import Sequence
from pathlib import Path

from trainer.review import debrief, levels, moment, phrases
from trainer.review.judge import bounds, texts
from trainer.review.judge.run import Judged
from trainer.review.judge.texts import Notes
from trainer.review.judge.verdict import Shown, Verdict
from trainer.review.levels import Scored
from trainer.review.log import Exchange, Log
from trainer.review.model import BehaviourLevel, EvidenceShown, JudgeNote, Review
from trainer.review.phrases import Phrases
from trainer.review.rubric import Rubric

_FACTS = ("stopped", "cut_short", "imported")


def settled(extra: Sequence[Path]) -> frozenset[str]:
    """Reasons for having no level that nobody can judge away."""
    why = phrases.load(extra).not_measured
    return frozenset(why[name] for name in _FACTS)


def merge(
    result: Review, judged: Judged, marks: Rubric, call: Log, extra: Sequence[Path]
) -> Review:
    """`result` with what a judge marked.

    Args:
        result: the debrief by rules.
        judged: what the judge said of the same call.
        marks: the rubric of both.
        call: the call.
        extra: extra content roots, later ones first in line.

    Raises:
        BadInput: a text file of a content root has a mistake.
    """
    said, words = texts.notes(extra), phrases.load(extra)
    if judged.status == "stopped":
        return unasked(result, said.stopped, call, extra)
    verdicts = {verdict.id: verdict for verdict in judged.verdicts}
    both = [
        _behaviour(one, verdicts[one.id], marks, call) if one.id in verdicts else one
        for one in result.behaviours
    ]
    counted = [one.id for one in both if one.source == "judge"]
    scored = [
        Scored(marks.find(one.id), one.level, one.confidence, None, one.n, one.reason)
        for one in both
    ]
    return result.model_copy(
        update={
            "behaviours": both,
            "dimensions": debrief.dimensions(marks, scored, result.critical, words),
            "engines": {**result.engines, "judge": judged.model} if counted else result.engines,
            "note": _note(result, _told(judged, len(counted), said), words, call),
            "judge": JudgeNote(
                model=judged.model,
                leaves_machine=judged.leaves_machine,
                status=judged.status,
                marked=counted,
                not_marked={
                    one.id: said.why.get(one.why, one.why) for one in judged.verdicts if one.why
                },
                requests=judged.requests,
                cost_usd=judged.cost_usd,
                seconds=judged.seconds,
                message=judged.message,
            ),
        }
    )


def unasked(result: Review, told: str, call: Log, extra: Sequence[Path]) -> Review:
    """`result`, saying why no judge was asked.

    Raises:
        BadInput: a text file of a content root has a mistake.
    """
    return result.model_copy(update={"note": _note(result, told, phrases.load(extra), call)})


def _note(result: Review, told: str, words: Phrases, call: Log) -> str:
    """The debrief's own note, with what is to be told in place of “found by rules”."""
    if levels.stopped(call):
        return result.note
    return result.note.replace(words.closing["rules"], told, 1)


def _behaviour(rules: BehaviourLevel, verdict: Verdict, marks: Rubric, call: Log) -> BehaviourLevel:
    exchanges = {exchange.turn.turn: exchange for exchange in call.exchanges}
    evidence = [
        _shown(one, exchanges[one.turn], call)
        for one in verdict.evidence
        if one.turn in exchanges and one.quote in exchanges[one.turn].turn.text
    ]
    measured = rules.level is not None and rules.source != "rule"
    if verdict.level is None or measured or not evidence:
        return rules
    level = bounds.held(verdict, call, rules)
    if level is None:
        return rules
    return rules.model_copy(
        update={
            "level": level,
            "confidence": verdict.confidence,
            "source": "judge",
            "n": len({one.turn for one in evidence}),
            "reason": "",
            "anchor": marks.find(rules.id).anchors[level],  # type: ignore[index]
            "evidence": evidence,
            # a remark explains the level that was given, not the one it was held to
            "remark": verdict.remark if level == verdict.level else "",
            "by_rules": rules.level,
        }
    )


def _shown(one: Shown, exchange: Exchange, call: Log) -> EvidenceShown:
    start, end = moment.quote(call, exchange.turn, one.quote)
    return EvidenceShown(turn=one.turn, quote=one.quote, number=None, start_s=start, end_s=end)


def _told(judged: Judged, counted: int, said: Notes) -> str:
    fill = {"model": judged.model, "n": str(counted), "of": str(len(judged.verdicts))}
    fill |= {"seconds": f"{judged.seconds:.0f}", "price": price(judged.cost_usd, said)}
    fill |= {"message": judged.message}
    if counted:
        told = _filled(said.judged, fill)
        return f"{told} {_filled(said.late, fill)}" if judged.status == "late" else told
    kind = {"failed": said.failed, "late": said.late}.get(judged.status, said.nothing)
    return _filled(kind, fill)


def price(cost_usd: float | None, said: Notes) -> str:
    """What it cost, in words."""
    if cost_usd is None:
        return said.no_price
    return said.price.replace("{cost}", dollars(cost_usd)) if cost_usd else said.free


def dollars(cost_usd: float) -> str:
    """Two places, four for what is under a cent: "0.27", "0.0031"."""
    return f"{cost_usd:.2f}" if cost_usd >= 0.01 else f"{max(cost_usd, 0.0001):.4f}"


def _filled(text: str, fill: dict[str, str]) -> str:
    for name, value in fill.items():
        text = text.replace("{" + name + "}", value)
    return text
