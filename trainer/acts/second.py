"""A second reading of a turn by a language model: adds acts, and decides where likeness is unsure.

Never inside a call: a model takes seconds. What it says counts only with words that are in the
turn; when it fails in any way, the first reading stands.
"""

import asyncio
import json
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from trainer.acts import library, quoting
from trainer.acts.history import Context
from trainer.content import prompts
from trainer.domain.acts import Act, ActKind, Reading
from trainer.domain.errors import EngineFailed, EngineMissing
from trainer.ports.wording import Message, Prompt, Wording

WITHIN_S = 20.0
"""Seconds that the whole answer may take."""

UNSURE = 0.7
"""Confidence under which an act found by likeness alone goes when the model does not see it."""

SURE = 0.75
"""Confidence of an act that only the model sees; its words were found in the turn."""

_TOKENS = 400
_BY_HISTORY = frozenset({ActKind.REPEAT_ASK, ActKind.PREMATURE_ADVICE})
"""What hangs on the turns before is told by rules alone."""


async def read_again(
    first: Reading,
    text: str,
    context: Context,
    model: Wording,
    roots: Sequence[Path] = (),
    within_s: float = WITHIN_S,
) -> Reading:
    """`first` with what `model` adds and takes away.

    Args:
        first: what rules and likeness found in `text`.
        text: the agent's turn.
        context: what was said before.
        model: any wording model; its name and where words go are the caller's to tell.
        roots: extra content roots, later ones first in line.
        within_s: seconds after which the first reading stands.
    """
    try:
        async with asyncio.timeout(within_s):
            answer = await _ask(text, context, model, roots, within_s)
    except (EngineFailed, EngineMissing, TimeoutError):
        return first
    seen = _seen(answer, text)
    return first if seen is None else replace(first, acts=_together(first.acts, seen))


async def _ask(
    text: str, context: Context, model: Wording, roots: Sequence[Path], within_s: float
) -> str:
    labels = [
        (kind.value, known.about)
        for kind, known in library.load(tuple(roots)).items()
        if kind not in _BY_HISTORY
    ]
    whole = prompts.render(
        "acts/second_reader.md",
        roots,
        labels=labels,
        customer=_data(context.customer[-1] if context.customer else ""),
        turn=_data(text),
    )
    system, _, message = whole.partition("\n---\n")
    prompt = Prompt(
        (Message(role="system", content=system), Message(role="user", content=message)),
        max_tokens=_TOKENS,
        temperature=0.0,
        within_s=within_s,
    )
    pieces = []
    async for piece in model.stream(prompt):
        pieces.append(piece)
    return "".join(pieces)


def _data(text: str) -> str:
    return re.sub(r"[<>]", " ", text)


def _seen(answer: str, text: str) -> list[Act] | None:
    """The acts of an answer whose words are in the turn; None when it is no answer."""
    found = re.search(r"\[.*\]", answer, re.DOTALL)
    rows = None
    with suppress(ValueError):
        rows = json.loads(found[0]) if found else None
    if not isinstance(rows, list):
        return None
    acts = []
    for row in rows:
        if not isinstance(row, dict):
            continue
        with suppress(ValueError):
            kind = ActKind(str(row.get("act")))
            place = quoting.place(str(row.get("quote", "")), text)
            if place is not None and kind not in _BY_HISTORY:
                start, end = place
                acts.append(Act(kind, text[start:end], start, end, SURE, "llm"))
    return acts


def _together(first: Sequence[Act], seen: Sequence[Act]) -> tuple[Act, ...]:
    """Rules stand; likeness that is unsure stands if the model agrees; the rest it adds."""
    named = {act.kind for act in seen}
    kept = [
        act
        for act in first
        if act.method == "rule" or act.confidence >= UNSURE or act.kind in named
    ]
    have = {act.kind for act in kept}
    added = {act.kind: act for act in reversed(seen) if act.kind not in have}
    order = list(ActKind)
    return tuple(
        sorted([*kept, *added.values()], key=lambda act: (act.start, order.index(act.kind)))
    )
