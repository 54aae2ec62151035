"""`trainer` and `trainer practice`: the terminal app.

Nothing slow is imported before the first screen is painted: the rest loads from threads.
"""

from typing import TYPE_CHECKING

import click

from trainer import settings as preferences
from trainer.domain.errors import BadInput
from trainer.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from trainer.domain.record import CallRecord
    from trainer.review.judge.run import Step
    from trainer.review.model import Review
    from trainer.review.progress import Progress


@click.command("practice")
@click.argument("persona", required=False)
@click.option("--typed", is_flag=True, help="By keyboard, without a microphone.")
@click.option("--profile", help="Whose baseline, progress and used lines these are.")
@click.option("--seed", type=int, help="The same seed gives the same customer again.")
@click.option("--wording", help="auto, authored, local, or a litellm model.")
@click.option("--voice", help="auto, piper, pyttsx3, cloud or none.")
@click.option("--stt", help="base, tiny.en, or a litellm transcription model.")
def command(
    persona: str | None,
    typed: bool,
    profile: str | None,
    seed: int | None,
    wording: str | None,
    voice: str | None,
    stt: str | None,
) -> None:
    """Take a call from PERSONA (a name or a path); without one, choose on the home screen."""
    settings = preferences.load(profile=profile, wording=wording, voice=voice, stt=stt)
    _run(settings, persona, typed=typed, seed=seed)


def home() -> None:
    """The app's home screen."""
    _run(preferences.load(), None, typed=False, seed=None)


def _run(settings: Settings, persona: str | None, *, typed: bool, seed: int | None) -> None:
    import sys

    if not (sys.stdin.isatty() and (sys.stdout.isatty() or sys.stderr.isatty())):
        raise BadInput(
            "The app needs a terminal.",
            "Without one: trainer demo, or trainer call PERSONA --agent-text FILE",
        )
    from trainer.tui.start import run

    run(
        settings,
        _composition_root,
        _review,
        _settle,
        _progress,
        persona,
        typed=typed,
        seed=seed,
        judge=_judge,
    )


def _composition_root() -> object:
    """The module that puts calls together; importing it takes a second, so a thread does it."""
    from trainer.cli import compose

    return compose


def _review(record: "CallRecord", extra: "Sequence[Path]") -> "Review":
    """The review of a call; kept beside it, with the report."""
    from trainer.cli.review import keep

    return keep(record, extra)


def _settle(review: "Review", record: "CallRecord", extra: "Sequence[Path]") -> "Review":
    """The agent's own view beside a result that is there; both kept."""
    from trainer.cli.review import settle

    return settle(review, record, extra)


def _judge(
    review: "Review",
    record: "CallRecord",
    extra: "Sequence[Path]",
    progress: "Callable[[Step], None]",
    cancelled: "Callable[[], bool]",
) -> "Review":
    """What a language model says of a call, beside the rules; kept."""
    from trainer.cli import judging
    from trainer.cli.review import settle

    given = preferences.load()
    marked = judging.ask(
        review, record, extra, given, named=False, progress=progress, cancelled=cancelled
    )
    return settle(marked, record, extra, given)


def _progress(
    settings: Settings, redo: "Callable[[Path], Review]", told: "Callable[[int, int], None]"
) -> "Progress":
    """The results of all calls together."""
    from trainer.cli.progress import gather

    return gather(settings, redo, told)
