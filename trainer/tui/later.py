"""What a thread finds out after its screen was left is of no use, and no mistake."""

from collections.abc import Callable
from typing import ParamSpec

from textual.widget import Widget

P = ParamSpec("P")


def tell(screen: Widget, what: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
    """From a thread: call `what` on the app's loop, if `screen` is still there by then."""

    def arrive() -> None:
        if screen.is_attached:
            what(*args, **kwargs)

    screen.app.call_from_thread(arrive)
