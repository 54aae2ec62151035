"""Talk key without key-up: terminals report presses only, so holding is read off the auto-repeat.

A tap takes the floor and the next tap gives it back. A key that repeats is being held down: the
floor is given back when the repeats stop. Pure: time comes in as seconds on any clock.
"""

from dataclasses import dataclass

FIRST_REPEAT_S = 0.75
"""A second press within this time may be the keyboard's first auto-repeat (usual: 0.25–0.66 s)."""
RELEASE_S = 0.2
"""Repeats come every 0.03–0.1 s; when none has come for this long, the key is up."""


@dataclass(frozen=True)
class TalkKey:
    """Where the key is.

    Attributes:
        down: the agent holds the floor.
        since: when the floor was taken.
        until: when the floor is given back unless another repeat comes; None: at the next tap.
    """

    down: bool = False
    since: float = 0.0
    until: float | None = None


def press(key: TalkKey, now: float) -> TalkKey:
    """The key was pressed, or repeated itself."""
    if not key.down:
        return TalkKey(down=True, since=now)
    repeating = key.until is not None or now - key.since < FIRST_REPEAT_S
    return TalkKey(down=True, since=key.since, until=now + RELEASE_S) if repeating else TalkKey()


def tick(key: TalkKey, now: float) -> TalkKey:
    """Time has passed; call it a few times a second."""
    return TalkKey() if key.until is not None and now > key.until else key
