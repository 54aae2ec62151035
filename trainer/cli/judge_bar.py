"""How a judge at work shows itself, always on standard error: a bar, or a line a behaviour."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from trainer.ports.judge import Judge
from trainer.review.judge.merge import dollars
from trainer.review.judge.run import Step


def before(model: Judge, words: int) -> None:
    """Who is asked, and whether words leave this machine for it."""
    if model.leaves_machine:
        click.echo(
            f"These words leave this machine: {words} words of the call go to {model.name}.",
            err=True,
        )
    click.echo(f"Asking {model.name}; Ctrl-C leaves the debrief by rules.", err=True)


@contextmanager
def shown() -> Iterator[Callable[[Step], None]]:
    """Yields a function that is told how far it is."""
    if not sys.stderr.isatty():
        yield lambda step: click.echo(f"  {_line(step)}", err=True)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (BarColumn(bar_width=20), TextColumn("{task.description}"))
    progress = Progress(*columns, console=Console(file=sys.stderr), transient=True)
    task = progress.add_task("", total=None)

    def tell(step: Step) -> None:
        progress.start()  # not before it is said who is asked
        progress.update(task, description=_line(step), completed=step.done, total=step.of)

    try:
        yield tell
    finally:
        progress.stop()


def _line(step: Step) -> str:
    told = [step.behaviour or "done", f"{step.seconds:.0f} s"]
    if step.done and step.cost_usd != 0:
        told.insert(1, "cost not known" if step.cost_usd is None else f"${dollars(step.cost_usd)}")
    return f"{step.done}/{step.of} {', '.join(told)}"
