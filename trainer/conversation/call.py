"""What both kinds of call, spoken and typed, offer to a screen or a script."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from trainer.domain.events import Event
from trainer.domain.mood import Status


@dataclass(frozen=True)
class Level:
    """Loudness right now, dBFS (0 is the loudest a device can take, -90 is nothing)."""

    mic_db: float
    customer_db: float


@dataclass(frozen=True)
class Notice:
    """Something to tell the agent in plain words."""

    text: str


Observer = Callable[[Event | Level | Notice], None]


class Controls(Protocol):
    """A running call.

    Every method but `run` may be called at any time; a wish that makes no sense now is ignored.
    """

    async def run(self) -> Status:
        """The whole call, from connecting to the last word. Returns how it ended.

        Raises:
            TrainerError: the call could not begin, or its recording could not be written.
        """

    def talk(self, down: bool) -> None:
        """Hold the floor (True) until released (False): no pause ends the turn; it also interrupts
        the customer.
        """

    def mute(self, on: bool) -> None:
        """Close or open the microphone; while closed nothing of it is heard or recorded."""

    def hold(self, on: bool) -> None:
        """Put the customer on hold as soon as nobody is in mid-sentence, or take them back."""

    def freeze(self, on: bool) -> None:
        """Make the call stand still on both sides, or let it go on where it stood."""

    def say(self, text: str) -> None:
        """Typed call: one agent turn."""

    def correct(self, turn: int, text: str) -> None:
        """The agent said something else than what was understood; moods are recomputed from that
        turn on.
        """

    def end(self) -> None:
        """The agent hangs up."""

    def stop(self) -> None:
        """Stop at once; the call does not count."""
