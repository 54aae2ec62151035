"""A language model that marks calls: asked beside the rules, named where it is elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from textual.app import App

from trainer.domain.errors import TrainerError
from trainer.providers.address import is_here
from trainer.settings import Settings
from trainer.tui import mistakes, wishes
from trainer.tui.services import EngineState, Judged, JudgeStep, Part

if TYPE_CHECKING:  # heavy, and not needed for the first paint
    from trainer.domain.record import CallRecord
    from trainer.review.judge.run import Step
    from trainer.review.model import Review

Asker: TypeAlias = (
    "Callable[[Review, CallRecord, Sequence[Path], Callable[[Step], None], Callable[[], bool]],"
    " Review]"
)


def named(engines: dict[Part, EngineState], settings: Settings) -> dict[Part, EngineState]:
    """The engines, and the judge beside them while it is a model on another machine."""
    states = dict(engines)
    states.pop("judge", None)
    model = settings.judge
    if model not in ("off", "local") and not is_here(model, settings.judge_api_base):
        states["judge"] = EngineState("judge", "ready", model, leaves_machine=True)
    return states


def beside(
    app: App[Any],
    judge: Callable[[Path, Judged, Callable[[], bool]], None],
    folder: Path,
    cancelled: Callable[[], bool],
) -> None:
    """From a thread: let `judge` mark a call while the agent goes on, and tell the app of it."""
    marked = False

    def tell(step: JudgeStep) -> None:
        nonlocal marked
        marked = not step.what
        app.post_message(wishes.Judging(step))

    try:
        judge(folder, tell, cancelled)
    except Exception as error:  # the result by rules stands, whatever became of the model
        if folder.exists():
            why = str(error) if isinstance(error, TrainerError) else mistakes.told(error)
            app.notify(why, title="The judge", severity="warning", timeout=10)
    finally:
        app.post_message(wishes.Judging(None))
    if marked:
        app.notify(
            "It is in the report, and in the debrief when you open it again.",
            title="The judge has marked the call",
        )


def mark(
    reviewed: tuple[CallRecord, Review],
    ask: Asker,
    roots: Sequence[Path],
    progress: Judged,
    cancelled: Callable[[], bool],
) -> None:
    """Let the model mark a call; `progress` is told of each behaviour and what it has cost.

    Raises:
        TrainerError: the model cannot be used; the result by rules stands.
    """
    from trainer.review.judge.merge import dollars

    def tell(step: Step) -> None:
        cost = f"${dollars(step.cost_usd)}" if step.cost_usd else ""
        progress(JudgeStep(step.behaviour, step.done, step.of, cost))

    record, review = reviewed
    if not cancelled():
        ask(review, record, roots, tell, cancelled)
