"""The app on a terminal of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from trainer.domain.errors import EngineFailed
from trainer.settings import Settings
from trainer.tui.app import TrainerApp
from trainer.tui.judging import Asker
from trainer.tui.program import Gather, Program, Reviewer, Settle
from trainer.tui.terminal import own_terminal


def run(
    settings: Settings,
    root: Callable[[], Any],
    review: Reviewer,
    settle: Settle,
    gather: Gather,
    persona: str | None = None,
    *,
    typed: bool = False,
    seed: int | None = None,
    judge: Asker | None = None,
) -> None:
    """The app on this terminal, until the person leaves.

    Args:
        root: imports the module that puts calls together.
        review: reviews a recorded call and keeps the result beside it.
        settle: puts the agent's own view beside a result that is there, and keeps both.
        gather: puts the results of all calls of the settings' profile together.
        persona: go straight to this customer's card.
        judge: asks a language model about a finished call, and keeps what it says.

    Raises:
        BadInput: no such customer, or a data folder that cannot be written; told before the
            screen is taken over.
    """
    program = Program(
        settings, root, review, seed=seed, typed=typed, settle=settle, gather=gather, judge=judge
    )
    start = program.cast(persona) if persona else None
    log = settings.data_dir / "terminal.log"
    with own_terminal(log):
        app = TrainerApp(settings, program.services(), start=start, typed=typed, log=log)
        app.run()
    if app.broken_by:
        raise EngineFailed(
            f"The app stopped: {app.broken_by}", "What was recorded is kept: trainer calls list"
        )
