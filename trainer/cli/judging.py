"""A language model beside the rules: who is asked, when, what is kept of it, and where words go.

What it said is kept in `judge.json` beside the call, so that nobody is asked the same twice. It
counts as long as the settings name that model; without it a debrief is by rules alone.
"""

import asyncio
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from trainer import backends
from trainer.domain.errors import BadInput
from trainer.domain.record import CallRecord
from trainer.ports.judge import Judge
from trainer.providers.address import is_here
from trainer.review import log, rubric
from trainer.review.judge import merge, run, texts
from trainer.review.judge.run import Judged, Questions, Step
from trainer.review.log import Log
from trainer.review.model import Review
from trainer.review.rubric import Rubric
from trainer.settings import Settings
from trainer.store import reading
from trainer.store.inside import open_inside, write_private

FILE = "judge.json"
_LARGEST = 1 << 20

Before = Callable[[Judge, int], None]
"""Told who is asked and how many words of the call go there, before they go."""


@dataclass(frozen=True)
class _Case:
    """One call, and what to ask about it."""

    call: Log
    marks: Rubric
    wanted: Questions


def with_kept(
    result: Review, record: CallRecord, roots: Sequence[Path], settings: Settings
) -> Review:
    """`result` with what the model of the settings said of this call, if it was asked.

    Raises:
        BadInput: a file of a content root has a mistake.
    """
    if settings.judge == "off" or result.judge is not None:
        return result
    why = _unfit(record, roots, settings, named=False)
    if why and not (record.folder / FILE).exists():
        return merge.unasked(result, why, log.read(record), roots)
    case = _case(result, record, roots, settings)
    kept = _kept(record.folder)
    if kept is None or kept.key != case.wanted.key(settings.judge):
        return result
    return merge.merge(result, kept, case.marks, case.call, roots)


def ask(
    result: Review,
    record: CallRecord,
    roots: Sequence[Path],
    settings: Settings,
    *,
    named: bool,
    before: Before = lambda model, words: None,
    progress: Callable[[Step], None] = lambda step: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Review:
    """`result` with what the model of the settings says of this call. Blocks; Ctrl-C stops it.

    Args:
        result: the debrief by rules alone.
        record: the call.
        roots: extra content roots, later ones first in line.
        settings: name the model.
        named: it was named for this call; a real call leaves the machine for no other.
        before: told who is asked, before anything is sent.
        progress: told how far it is.
        cancelled: asked again and again whether somebody wants to stop.

    Raises:
        BadInput: the setting does not say whose model it is, or a file of a content root has a
            mistake.
    """
    if why := _unfit(record, roots, settings, named):
        return merge.unasked(result, why, log.read(record), roots)
    model = backends.judge(settings)
    if model is None:
        return result
    case = _case(result, record, roots, settings)
    said = texts.notes(roots)
    if not case.wanted.asked:
        return merge.unasked(result, said.thin.replace("{model}", model.name), case.call, roots)
    before(model, case.wanted.words)
    if model.leaves_machine:
        _note_leaving(record.folder, model.name)
    try:
        judged = asyncio.run(
            run.judge(case.call, case.wanted, model, roots, progress=progress, cancelled=cancelled)
        )
    except KeyboardInterrupt:
        return merge.unasked(result, said.stopped, case.call, roots)
    if judged.status != "stopped":
        write_private(record.folder / FILE, judged.model_dump_json(indent=1) + "\n")
    return merge.merge(result, judged, case.marks, case.call, roots)


def _unfit(record: CallRecord, roots: Sequence[Path], settings: Settings, named: bool) -> str:
    """Why the model of the settings is not asked about this call; empty when it may be."""
    from trainer.llm.judge import too_small

    if too_small(settings.judge):
        return texts.notes(roots).small.replace("{model}", settings.judge)
    real = record.meta.get("mode") == "imported"
    if real and not named and not is_here(settings.judge, settings.judge_api_base):
        return texts.notes(roots).real_call
    return ""


def _case(result: Review, record: CallRecord, roots: Sequence[Path], settings: Settings) -> _Case:
    call, marks = log.read(record), rubric.load(roots, settings.rubric)
    facts = merge.settled(roots)
    return _Case(call, marks, run.questions(call, marks, result.behaviours, facts, roots))


def _kept(folder: Path) -> Judged | None:
    with suppress(BadInput, ValidationError):
        file = open_inside(folder, FILE, _LARGEST)
        if file is not None:
            with file:
                return Judged.model_validate_json(file.read())
    return None


def _note_leaving(folder: Path, model: str) -> None:
    """The record of a call says whether anything of it went to another machine."""
    facts = reading.meta(folder) | {"leaves_machine": True, "judged_by": model}
    write_private(folder / "meta.json", json.dumps(facts, ensure_ascii=False, indent=1) + "\n")
