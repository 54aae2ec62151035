"""Mistakes of the program itself, told in a line: where, never with the values of the moment."""

from pathlib import Path
from traceback import extract_tb

from textual.worker import WorkerFailed

_PROGRAM = Path(__file__).parents[1]


def told(error: BaseException) -> str:
    """What kind of mistake, and in which line. Nothing that was said or typed can be in it."""
    if isinstance(error, WorkerFailed):  # the framework's wrapper says nothing
        error = error.error
    frames = extract_tb(error.__traceback__)
    if not frames:
        return f"a mistake in the program ({type(error).__name__})."
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(_PROGRAM)]
    last = (ours or frames)[-1]  # where a library gave up says less than where it was asked
    where = f"{Path(last.filename).name}:{last.lineno}"
    return f"a mistake in the program ({type(error).__name__} in {where})."
