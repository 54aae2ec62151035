"""One call through the judge: behaviour after behaviour, with progress, a limit, and a way to stop.

Whatever happens, what was not marked stays as rules have it.
"""

import asyncio
import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from trainer.domain.errors import EngineFailed, TrainerError
from trainer.ports.judge import Judge
from trainer.review.evidence import counted
from trainer.review.judge import asking, prompt, texts, transcript
from trainer.review.judge.asking import Asking
from trainer.review.judge.prompt import Messages
from trainer.review.judge.verdict import Verdict
from trainer.review.levels import stopped
from trainer.review.log import Log
from trainer.review.model import BehaviourLevel
from trainer.review.rubric import Behaviour, Rubric

WITHIN_S = 180.0
"""Seconds that the whole call may take."""

ANSWER_S = 45.0
"""Seconds that one answer may take."""

_DEAF = 2
"""Behaviours in a row without any answer, after which the model is asked no more."""

_LOOK_S = 0.1
"""Between two looks at whether somebody wants to stop."""

Status = Literal["done", "late", "failed", "stopped"]


@dataclass(frozen=True)
class Step:
    """How far it is.

    Attributes:
        behaviour: what is being asked now, in words; empty at the end.
        done: behaviours asked.
        of: behaviours in all.
        cost_usd: so far; None where no price is known.
        seconds: so far.
    """

    behaviour: str
    done: int
    of: int
    cost_usd: float | None
    seconds: float


class Judged(BaseModel):
    """What came of it; kept beside the call.

    `key`: of everything that was asked: the same key, the same questions to the same model.
    `message`: why it failed, in plain words.
    """

    model_config = ConfigDict(frozen=True)

    version: int = 1
    key: str
    model: str
    leaves_machine: bool
    status: Status
    verdicts: list[Verdict]
    requests: int
    cost_usd: float | None = Field(description="US dollars; None where no price is known.")
    seconds: float
    message: str = ""


@dataclass(frozen=True)
class Questions:
    """What one call is asked about.

    Attributes:
        asked: behaviours with their messages, in the order of the rubric.
        thin: ids of behaviours for which there is too little in the call.
        words: words of the call that are sent with each question.
    """

    asked: tuple[tuple[Behaviour, Messages], ...]
    thin: tuple[str, ...]
    words: int

    def key(self, model: str) -> str:
        """Of these questions to this model."""
        whole = hashlib.sha256(model.encode())
        for behaviour, messages in self.asked:
            whole.update(f"\0{behaviour.id}\0{messages}".encode())
        return whole.hexdigest()


def questions(
    call: Log,
    marks: Rubric,
    rules: Sequence[BehaviourLevel],
    settled: frozenset[str],
    extra: Sequence[Path],
) -> Questions:
    """What to ask about a call; nothing of one that was stopped.

    Args:
        call: the call.
        marks: the rubric; behaviours with `judge` among their sources are asked about.
        rules: what rules made of it.
        settled: reasons for having no level that are facts of the log, which nobody can judge away.
        extra: extra content roots, later ones first in line.

    Raises:
        BadInput: a prompt file of a content root has a mistake.
    """
    said = texts.notes(extra)
    written = transcript.write(call, texts.addressed(), said.gap, said.unclear)
    reasons = {one.id: one.reason for one in rules}
    there = {"turns": 0.0} if stopped(call) else counted(call)
    asked, thin = [], []
    for behaviour in marks.behaviours:
        if "judge" not in behaviour.source or reasons.get(behaviour.id) in settled:
            continue
        least = {"turns": 1.0} | behaviour.least
        if any(there.get(name, 0) < wanted for name, wanted in least.items() if name in there):
            thin.append(behaviour.id)
        else:
            asked.append((behaviour, prompt.write(behaviour, written, extra)))
    return Questions(tuple(asked), tuple(thin), written.words)


async def judge(
    call: Log,
    wanted: Questions,
    model: Judge,
    extra: Sequence[Path],
    *,
    progress: Callable[[Step], None] = lambda step: None,
    cancelled: Callable[[], bool] = lambda: False,
    within_s: float = WITHIN_S,
    answer_s: float = ANSWER_S,
) -> Judged:
    """Ask about every behaviour.

    Args:
        call: the call.
        wanted: what to ask.
        model: who is asked.
        extra: extra content roots, later ones first in line.
        progress: told before each behaviour, and at the end.
        cancelled: asked again and again; when it says yes, nothing that was marked counts.
        within_s: seconds for all of it.
        answer_s: seconds for one answer.
    """
    course = _Course(wanted, model, progress)
    shared = Asking(model, call, extra, answer_s, texts.addressed(), course.pay)
    task = asyncio.create_task(course.go(shared))
    until = time.monotonic() + within_s
    try:
        while not task.done():
            if cancelled():
                return course.result("stopped")
            if time.monotonic() >= until:
                return course.result("late")
            await asyncio.wait({task}, timeout=_LOOK_S)
        status, message = task.result()
        return course.result(status, message)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class _Course:
    """One run: what was marked so far, and what it cost."""

    def __init__(self, wanted: Questions, model: Judge, progress: Callable[[Step], None]) -> None:
        self._wanted = wanted
        self._model = model
        self._progress = progress
        self._verdicts: list[Verdict] = []
        self._requests = 0
        self._cost: float | None = 0.0
        self._began = time.monotonic()

    def pay(self, cost_usd: float | None) -> None:
        """One answer came."""
        self._requests += 1
        known = self._cost is not None and cost_usd is not None
        self._cost = (self._cost or 0.0) + (cost_usd or 0.0) if known else None

    async def go(self, shared: Asking) -> tuple[Status, str]:
        """All behaviours; how it ended, and why it did not go well."""
        deaf, message = 0, ""
        for done, (behaviour, messages) in enumerate(self._wanted.asked):
            self._tell(behaviour.name, done)
            try:
                self._verdicts.append(await asking.behaviour(behaviour.id, messages, shared))
                deaf = 0
            except TrainerError as fault:
                message = f"{fault.message} {fault.hint}".strip()
                deaf += 1 if isinstance(fault, EngineFailed) else _DEAF
                self._verdicts.append(_none(behaviour.id, "failed"))
            if deaf >= _DEAF:
                return "failed", message
        self._tell("", len(self._wanted.asked))
        heard = any(one.why != "failed" for one in self._verdicts) or not self._verdicts
        return ("done", "") if heard else ("failed", message)

    def result(self, status: Status, message: str = "") -> Judged:
        """What counts: nothing of a run that somebody stopped."""
        marked = [] if status == "stopped" else self._verdicts
        there = {one.id for one in marked}
        rest = [b.id for b, _ in self._wanted.asked if b.id not in there]
        why = "failed" if status == "failed" else "late"
        left = [_none(one, why) for one in rest if status != "stopped"]
        thin = [_none(one, "thin") for one in self._wanted.thin if status != "stopped"]
        return Judged(
            key=self._wanted.key(self._model.name),
            model=self._model.name,
            leaves_machine=self._model.leaves_machine,
            status=status,
            verdicts=[*marked, *left, *thin],
            requests=self._requests,
            cost_usd=None if self._cost is None else round(self._cost, 6),
            seconds=round(time.monotonic() - self._began, 1),
            message=message,
        )

    def _tell(self, behaviour: str, done: int) -> None:
        spent = time.monotonic() - self._began
        self._progress(Step(behaviour, done, len(self._wanted.asked), self._cost, spent))


def _none(behaviour: str, why: str) -> Verdict:
    return Verdict(id=behaviour, level=None, confidence=0, levels=[], evidence=[], why=why)
