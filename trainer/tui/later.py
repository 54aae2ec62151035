"""What a thread finds out after its screen was left is of no use, and no mistake."""

from collections.abc import Awaitable, Callable
from typing import Any, ParamSpec

from textual.css.query import NoMatches
from textual.screen import Screen
from textual.widget import MountError

P = ParamSpec("P")


def tell(screen: Screen[Any], what: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
    """From a thread: call `what` on the app's loop, if `screen` is still there by then."""

    def arrive() -> None:
        if _there(screen):
            what(*args, **kwargs)

    screen.app.call_from_thread(arrive)


async def fill(screen: Screen[Any], work: Awaitable[None]) -> None:
    """Put what was found on `screen`, piece by piece; the rest is dropped once it was left."""
    try:
        await work
    except (NoMatches, MountError):
        if _there(screen):
            raise


def _there(screen: Screen[Any]) -> bool:
    """Whether it was not left: what is on it goes before the screen itself does."""
    return screen in screen.app.screen_stack
