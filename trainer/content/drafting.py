"""A draft of a customer from a text that somebody wrote: asked part by part, checked, marked.

The text is material, never an instruction. What a model proposes is used where it fits; where it
does not, what every new customer begins with stands in. Whatever is not in the text says so.
"""

import tempfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from trainer.content import nobody, personas, prompts, proposal, slots, starter
from trainer.content.assembly import Whole
from trainer.content.problems import Problem
from trainer.content.proposal import Part, Proposed
from trainer.domain.errors import BadInput, EngineFailed, TrainerError

Ask = Callable[[str, str], Awaitable[str]]
"""Asks a model: (system message, message) to its whole answer. Raises EngineFailed."""

Told = Callable[[Part, str], None]
"""Told how far it is: (part, what went wrong with it; empty: it begins)."""

_TRIES = 2
_SILENT = 2
"""Parts in a row without any answer, after which the model is asked no more."""

_COPIED = 4
"""Words from which a text that stands in the form was copied from there."""

_OWNERS: tuple[tuple[str, Part], ...] = (
    ("scenario.facts", "facts"),
    ("scenario.knows", "sheet"),
    ("scenario.remedies", "offers"),
    ("scenario", "story"),
    ("lines", "lines"),
    ("sayings", "lines"),
    ("", "person"),
)


@dataclass(frozen=True)
class Draft:
    """A draft ready to be kept.

    Attributes:
        text: the file.
        used: parts that the model proposed.
        left: parts that stand as in every new customer, with the reason.
    """

    text: str
    used: tuple[Part, ...]
    left: dict[Part, str]


def material(text: str, most: int) -> str:
    """What of a text may be sent: no subtitles' times, mail addresses, streets or long numbers.

    Args:
        text: a comment, or a transcript.
        most: characters; the rest is cut off.

    Raises:
        BadInput: nothing is left to make a customer from.
    """
    kept = [
        line
        for line in text.splitlines()
        if "-->" not in line and not line.strip().isdecimal() and line.strip() != "WEBVTT"
    ]
    plain = "\n".join(kept).replace("<", " ").replace(">", " ")
    plain = nobody.masked(plain)
    plain = "".join(c for c in plain if c.isprintable() or c == "\n").strip()
    if len(plain.split()) < 8:
        raise BadInput(
            "There is too little text to make a customer from.",
            "A few sentences are needed: what happened, and how somebody felt about it.",
        )
    return plain[:most]


async def draft(
    text: str,
    name: str,
    ask: Ask,
    extra: Sequence[Path],
    unfit: Callable[[str], str | None] = lambda line: None,
    told: Told = lambda part, wrong: None,
) -> Draft:
    """Ask for every part, put them together, check the whole, ask once more for what is wrong.

    Args:
        text: what `material` left of a text.
        name: what the file is to be called.
        ask: the model.
        extra: extra content roots, later ones first in line.
        unfit: why nobody may be played a line; None: it may be.
        told: told how far it is.

    Raises:
        EngineFailed: the model proposed nothing that can be used.
    """
    begin = starter.read(extra)
    proposed: Proposed = {}
    left: dict[Part, str] = {}
    again: dict[Part, list[str]] = {}
    silent = 0
    for part in proposal.PARTS:
        if silent == _SILENT:
            left[part] = "The model was not asked for it any more."
            continue
        told(part, "")
        found, wrong, answered = await _part(part, text, ask, extra, [])
        silent = 0 if answered else silent + 1
        if found is None:
            left[part] = wrong
            told(part, wrong)
        else:
            proposed[part] = found
    if not proposed:
        raise EngineFailed(
            "The model proposed nothing that can be used; nothing was written.",
            f"{next(iter(left.values()))} Or begin with: trainer persona new",
        )
    while True:
        whole = Whole(begin, proposed, text, extra, unfit)
        problems = _check(whole.file(name), name, extra)
        if not problems:
            used = tuple(part for part in proposed if part not in whole.dropped)
            return Draft(whole.file(name), used, {**left, **whole.dropped})
        for part, mistakes in _blamed(problems, proposed).items():
            told(part, mistakes[0])
            found, wrong = None, mistakes[0]
            if part not in again:
                again[part] = mistakes
                found, wrong, _ = await _part(part, text, ask, extra, mistakes)
            if found is None:
                del proposed[part]
                left[part] = wrong
            else:
                proposed[part] = found


async def _part(
    part: Part, text: str, ask: Ask, extra: Sequence[Path], mistakes: list[str]
) -> tuple[Any, str, bool]:
    """One part, asked for at most twice: the part or None, why not, whether there was an answer."""
    why = ""
    for _ in range(1 if mistakes else _TRIES):
        system, message = prompts.render(
            "persona_draft.md",
            extra,
            part=part,
            text=text,
            temperaments=personas.temperaments(extra),
            mistakes=mistakes,
        ).split("\n---\n", 1)
        try:
            answer = await ask(system.strip(), message.strip())
        except TrainerError as error:
            return None, error.message, False
        found, mistakes = proposal.read(part, answer)
        if found is not None:
            mistakes = _copied(found, message.rpartition("</text>")[2])
        if not mistakes:
            return found, "", True
        why = f"The answer could not be used: {mistakes[0]}"
    return None, why, True


def _copied(found: BaseModel, form: str) -> list[str]:
    """Small models give back what the form itself says as if it were an answer."""
    asked = proposal.plain(form)
    return [
        f"“{text}” stands in the form; write what is true of this customer."
        for _, text in slots.texts(found.model_dump(mode="json"))
        if len(text.split()) >= _COPIED and proposal.plain(text) in asked
    ]


def _check(text: str, name: str, extra: Sequence[Path]) -> list[Problem]:
    with tempfile.TemporaryDirectory(prefix="trainer-draft-") as folder:
        file = Path(folder) / f"{name}.yaml"
        file.write_text(text, "utf-8")
        return personas.check(file, extra)


def _blamed(problems: Sequence[Problem], proposed: Proposed) -> dict[Part, list[str]]:
    """Mistakes by the part that has to be asked for again; all parts, when it is none of them."""
    found: dict[Part, list[str]] = {}
    for problem in problems:
        part = next(owner for start, owner in _OWNERS if problem.field.startswith(start))
        found.setdefault(part, []).append(f"{problem.field}: {problem.message}")
    theirs = {part: mistakes for part, mistakes in found.items() if part in proposed}
    if not theirs and not proposed:
        raise EngineFailed(f"The draft does not hold: {problems[0]}", "trainer persona check --all")
    mistakes = [str(problem.message) for problem in problems]
    return theirs or {next(iter(reversed(proposed))): mistakes}
