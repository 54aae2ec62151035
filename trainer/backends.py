"""Engines by name. Listing names imports nothing heavy; an engine's module is imported when it is
made.

Names come from the entry points `trainer.stt`, `trainer.tts`, `trainer.llm` and `trainer.embed`, so
that an engine
is added by adding one file (or one installed package).
"""

from importlib.metadata import entry_points
from typing import Any, Literal

from trainer.domain.errors import BadInput

Port = Literal["stt", "tts", "llm", "embed"]


def names(port: Port) -> list[str]:
    """The names of the engines that can be made for `port`."""
    return sorted(point.name for point in entry_points(group=f"trainer.{port}"))


def make(port: Port, name: str, **options: Any) -> Any:
    """Make one engine; `options` go to the adapter's `create`.

    Raises:
        BadInput: no engine of that name is installed.
        EngineMissing: the engine is known but something it needs is not here.
    """
    for point in entry_points(group=f"trainer.{port}", name=name):
        return point.load()(**options)
    known = ", ".join(names(port))
    raise BadInput(f"There is no {port} engine called “{name}”.", f"Known: {known}.")
