"""The questions of `trainer review --rate`, line by line in a terminal; every one may be left out.

Questions go to standard error, so that `--json` stays JSON.
"""

import textwrap
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from trainer.domain.errors import BadInput
from trainer.domain.record import CallRecord
from trainer.domain.self_rating import LONGEST, NONE, SelfRating
from trainer.review import self_rating
from trainer.review.scale import clock
from trainer.review.self_rating import Asked
from trainer.store import self_rating as kept


def rate(record: CallRecord, roots: Sequence[Path], rubric: str = "core") -> None:
    """Ask about a call and keep the answers; the end of the input keeps nothing.

    Raises:
        BadInput: there is nothing to rate in this call, or the folder cannot be written.
    """
    asked = self_rating.asked(record, roots, rubric)
    if asked is None:
        raise BadInput(
            "There is nothing to rate here: the call was stopped, is a real one, or holds no word"
            " of yours."
        )
    try:
        answers = _ask(asked)
    except click.Abort:
        click.echo("\nNot this time. Nothing was kept.", err=True)
        return
    earlier = kept.load(record.folder)
    if earlier is not None and not any(answers.journal):
        answers = answers.model_copy(update={"journal": earlier.journal})
    kept.save(record.folder, answers)
    click.echo("", err=True)


def _ask(asked: Asked) -> SelfRating:
    words = asked.words
    click.echo("Before the result. Enter leaves a question out, Ctrl-D all of them.", err=True)
    click.echo("  ".join(f"{step} {label}" for step, label in words.scale.items()), err=True)
    dimensions: dict[str, int] = {}
    for name, label, sentence in asked.dimensions:
        mark = _line(f"\n{label}. {sentence} 1-5", {str(step) for step in words.scale})
        if mark:
            dimensions[name] = int(mark)
    moment = _moment(asked)
    body = None
    if isinstance(moment, int):
        body = _one(words.body, words.places, words.nowhere)
    felt = _one(words.felt, {str(k): v for k, v in words.feelings.items()}, words.unsure)
    needed = _one(words.needed, {str(k): v for k, v in words.needs.items()}, words.unsure)
    return SelfRating.model_validate(
        {
            "made": datetime.now(UTC),
            "dimensions": dimensions,
            "moment": moment,
            "body": body,
            "felt": felt,
            "needed": needed,
            "reframe": _line(f"\n{words.reframe} (one line)"),
            "journal": tuple(_line(line) for line in words.journal),
        }
    )


def _moment(asked: Asked) -> int | str | None:
    if not asked.moments:
        return None
    said = {
        str(moment.turn): f"{clock(moment.start_s)}  “{textwrap.shorten(moment.text, 60)}”"
        for moment in asked.moments
    }
    chosen = _one(asked.words.moment, said, asked.words.no_moment)
    return int(chosen) if chosen is not None and chosen != NONE else chosen


def _one(question: str, options: Mapping[str, str], none: str) -> str | None:
    """One of the options by number, 0 for none of them, nothing at all for Enter."""
    click.echo(f"\n{question}", err=True)
    names = list(options)
    for number, name in enumerate(names, start=1):
        click.echo(f"{number:>3}  {options[name]}", err=True)
    click.echo(f"  0  {none}", err=True)
    given = _line("Number", {str(number) for number in range(len(names) + 1)})
    return None if not given else NONE if given == "0" else names[int(given) - 1]


def _line(question: str, allowed: set[str] | None = None) -> str:
    """What was typed; asked again until it is one of what is allowed."""
    while True:
        given: str = click.prompt(question, default="", show_default=False, err=True).strip()
        if not given or allowed is None or given in allowed:
            return given[:LONGEST]
        click.echo("One of the numbers, or just Enter.", err=True)
