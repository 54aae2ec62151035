"""`trainer progress`: what one person's calls show together, with how sure that is."""

import shutil
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress as Bar

from trainer import settings as preferences
from trainer.review import phrases, progress_text, rubric
from trainer.review.model import Review
from trainer.review.progress import Progress, progress, read
from trainer.settings import Settings
from trainer.store import results
from trainer.store.calls import load

_SOON_S = 1.0
"""A bar is shown when it takes longer."""


@click.command("progress")
@click.option("--profile", help="Whose calls; else the profile of the settings.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def command(profile: str | None, as_json: bool) -> None:
    """Behaviours over calls, your own marks against the results, hard moments.

    Every finished call of this profile counts; retries, stopped calls and scripted agents do not.
    A call without an up-to-date debrief is reviewed first.
    """
    given = preferences.load(profile=profile)
    with _bar() as told:
        found = gather(given, _again, told)
    if as_json:
        click.echo(found.model_dump_json(indent=1))
        return
    width = max(72, min(160, shutil.get_terminal_size((80, 24)).columns))
    click.echo(text(found, given, width))


def gather(
    given: Settings,
    redo: Callable[[Path], Review],
    told: Callable[[int, int], None] = lambda done, of: None,
) -> Progress:
    """The progress of the settings' profile; `told`: calls done, of how many.

    Raises:
        BadInput: the rubric has a mistake, or the calls cannot be read.
    """
    calls = results.of(given.data_dir, given.profile)
    marks = rubric.load(given.content_roots(), given.rubric)
    found, damaged = read(calls.finished, marks, redo, lambda done: told(done, len(calls.finished)))
    left_out = dict(calls.left_out)
    if damaged:
        left_out["damaged"] = left_out.get("damaged", 0) + damaged
    return progress(found, marks, given.profile, left_out)


def text(found: Progress, given: Settings, width: int) -> str:
    """For reading, no colour needed."""
    roots = given.content_roots()
    words, texts = progress_text.load(roots), phrases.load(roots)
    lines: list[str] = []
    for section in progress_text.sections(found, words, texts, width):
        lines += [section.title, "─" * len(section.title)]
        lines += [*textwrap.wrap(section.about, width), *([""] if section.about else [])]
        lines += [*section.lines, ""]
    left = ", ".join(f"{n} {why}" for why, n in found.left_out.items())
    return "\n".join([*lines, f"Not counted: {left}."] if left else lines[:-1])


def _again(folder: Path) -> Review:
    from trainer.cli.review import keep

    return keep(load(folder), preferences.load().content_roots())


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error, once it takes longer than a moment."""
    began = time.monotonic()
    shown: list[Bar] = []
    with ExitStack() as after:

        def told(done: int, of: int) -> None:
            if not shown and time.monotonic() - began > _SOON_S:
                shown.append(Bar(console=Console(stderr=True), transient=True))
                after.enter_context(shown[0])
                shown[0].add_task("Reading calls", total=of)
            for bar in shown:
                bar.update(bar.task_ids[0], completed=done)

        yield told
