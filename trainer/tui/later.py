"""What a thread finds out after its screen was left is of no use, and no mistake."""

from collections.abc import Awaitable, Callable
from typing import ParamSpec

from textual.css.query import NoMatches
from textual.widget import MountError, Widget

P = ParamSpec("P")


def tell(screen: Widget, what: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
    """From a thread: call `what` on the app's loop, if `screen` is still there by then."""

    def arrive() -> None:
        if screen.is_attached:
            what(*args, **kwargs)

    screen.app.call_from_thread(arrive)


async def fill(screen: Widget, work: Awaitable[None]) -> None:
    """Put what was found on `screen`, piece by piece; the rest is dropped once it was left."""
    try:
        await work
    except (NoMatches, MountError):
        if screen.is_attached:
            raise
