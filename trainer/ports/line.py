"""The telephone line: microphone and speaker on one sample clock."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from trainer.domain.audio import Samples


@dataclass(frozen=True)
class Frame:
    """One block of the call clock.

    Attributes:
        mic: what the agent's microphone heard, shape (BLOCK,).
        played: exactly what left the speaker in the same time, shape (BLOCK,).
        held: the agent holds the floor whatever the silence (talk key down; a scripted turn still
            running).
        gap: samples of silence that stand for a device gap before this frame, so that the clock
            stays true.
        echo: `mic` may hold the customer's own voice: recorded, but not taken for the agent.
    """

    mic: Samples
    played: Samples
    held: bool = False
    gap: int = 0
    echo: bool = False


class Line(Protocol):
    """A full-duplex line at `RATE`.

    One thread calls `read` and `write`; meanwhile another may call `drop`, `queued` and `status`.
    """

    name: str
    paced: bool
    """True when blocks arrive at the pace of real time; False when `read` returns at once (fast).
    """

    def open(self) -> None:
        """Start the clock. Raises EngineMissing when no device can be had."""

    def read(self) -> Frame | None:
        """The next frame; waits for it when paced. None when the line has ended for good."""

    def write(self, block: Samples) -> None:
        """Queue one block for playing after what is queued already, shape (BLOCK,)."""

    def drop(self) -> int:
        """Forget what is queued and not yet played; returns how many samples that was."""

    def queued(self) -> int:
        """Samples queued and not yet played."""

    def status(self) -> str:
        """What is wrong with the devices right now, in plain words; empty while all is well."""

    def close(self) -> None:
        """Release the devices. Safe to call twice."""


@runtime_checkable
class ScriptedLine(Line, Protocol):
    """A line whose agent is a script: the call cues the next turn when the floor is the agent's."""

    def cue(self) -> bool:
        """Start the agent's next turn now. False when the turns have run out."""


class Meter(Protocol):
    """Voice-activity detection."""

    def speech(self, block: Samples) -> float:
        """Probability that this block, shape (BLOCK,), holds speech. Keeps state between blocks."""

    def reset(self) -> None:
        """Forget the blocks seen so far."""
