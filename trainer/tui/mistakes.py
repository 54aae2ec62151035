"""Mistakes of the program itself, told in a line: where, never with the values of the moment."""

from pathlib import Path
from traceback import extract_tb


def told(error: BaseException) -> str:
    """What kind of mistake, and in which line. Nothing that was said or typed can be in it."""
    frames = extract_tb(error.__traceback__)
    if not frames:
        return f"a mistake in the program ({type(error).__name__})."
    last = frames[-1]
    where = f"{Path(last.filename).name}:{last.lineno}"
    return f"a mistake in the program ({type(error).__name__} in {where})."
