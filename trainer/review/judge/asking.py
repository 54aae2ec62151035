"""Asking for one behaviour: three samples at once, each repaired at most once."""

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from trainer.domain.errors import EngineFailed
from trainer.ports.judge import Judge
from trainer.review.judge import answer, plain_words, prompt, quotes, verdict
from trainer.review.judge.answer import Reply, Unusable
from trainer.review.judge.prompt import Messages
from trainer.review.judge.quotes import Quote
from trainer.review.judge.verdict import SAMPLES, TEMPERATURE, Sample, Verdict
from trainer.review.log import Log

Paid = Callable[[float | None], None]
"""Told what each answer cost, US dollars; None where no price is known."""


@dataclass(frozen=True)
class Asking:
    """What all questions about one call share.

    Attributes:
        within_s: seconds that one answer may take.
        addressed: what speaks to the marker.
        paid: told what each answer cost.
    """

    judge: Judge
    call: Log
    extra: Sequence[Path]
    within_s: float
    addressed: tuple[re.Pattern[str], ...]
    paid: Paid


async def behaviour(name: str, asked: Messages, asking: Asking) -> Verdict:
    """The verdict on the behaviour called `name`.

    Raises:
        EngineFailed: the model did not answer even once.
        EngineMissing: it cannot be asked at all.
    """
    samples = await asyncio.gather(
        *(_sample(asked, asking) for _ in range(SAMPLES)), return_exceptions=True
    )
    usable = [one for one in samples if isinstance(one, Sample)]
    broken = [one for one in samples if isinstance(one, BaseException)]
    for fault in broken:
        if not isinstance(fault, EngineFailed | Unusable):
            raise fault
    failed = [one for one in broken if isinstance(one, EngineFailed)]
    if failed and not usable and len(failed) == len(samples):
        raise failed[0]
    return verdict.of(name, usable, "failed" if failed else "unusable")


async def _sample(asked: Messages, asking: Asking) -> Sample:
    """One answer; asked once more with what was wrong with it.

    Raises:
        Unusable: the second one is no better.
    """
    text = await _ask(asked, asking)
    try:
        reply, found = _looked_up(text, asking)
    except Unusable as wrong:
        better = prompt.again(asked, text, str(wrong), asking.extra)
        reply, found = _looked_up(await _ask(better, asking), asking, final=True)
    return Sample(reply.level, found, len(reply.evidence), plain_words.remark(reply.reason))


async def _ask(asked: Messages, asking: Asking) -> str:
    came = await asking.judge.ask(asked, temperature=TEMPERATURE, within_s=asking.within_s)
    asking.paid(came.cost_usd)
    return came.text


def _looked_up(text: str, asking: Asking, final: bool = False) -> tuple[Reply, tuple[Quote, ...]]:
    reply = answer.read(text)
    found = quotes.found(reply.evidence, asking.call, asking.addressed)
    if reply.level is not None and not found and not final:
        raise Unusable
    return reply, found
