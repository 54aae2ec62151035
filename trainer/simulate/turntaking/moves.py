"""What an agent does in a test of turn-taking, one move at a time, and the room they do it in."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from trainer.domain.audio import Samples

Kind: TypeAlias = Literal[
    "clean",
    "pause",
    "filler",
    "backchannel",
    "interruption",
    "cough",
    "keyboard",
    "background_talk",
    "room_noise",
    "echo",
    "phone_band",
    "snr_20",
    "snr_10",
]
"""Turns: clean, pause, filler, echo, phone_band, snr_*. Over the customer: backchannel,
interruption, cough, keyboard. Into the agent's silence: cough, keyboard, background_talk,
room_noise.
"""

NO_TURN = frozenset({"backchannel", "cough", "keyboard", "background_talk", "room_noise"})
"""What takes no floor and wants no answer."""


@dataclass(frozen=True)
class Move:
    """One thing the agent does, or that happens in their room.

    Attributes:
        kind: what it puts to the test.
        sound: what the microphone gets of it, shape (n,), first and last sample audible.
        over: it begins while the customer speaks, `after_s` after their first sample; else when
            they have been silent for `after_s`.
        after_s: seconds, see `over`.
        human: a person spoke, not a machine.
        said: the words, or what it is, for reports.
        pause_s: the longest silence inside it, seconds.
    """

    kind: Kind
    sound: Samples
    over: bool = False
    after_s: float = 1.3
    human: bool = False
    said: str = ""
    pause_s: float = 0.0

    @property
    def speech(self) -> bool:
        """Whether it is a turn and wants an answer."""
        return self.kind not in NO_TURN


@dataclass(frozen=True)
class Room:
    """Where the agent sits.

    Attributes:
        noise_db: level of the room itself, dBFS (RMS).
        echo_db: level of the loudspeaker in the microphone against what left it, dB; None: a
            headset.
        delay_s: how late it comes, seconds.
        phone: the microphone is a telephone.
        lively: the room has steps, keys and a chair in it besides its hum.
    """

    noise_db: float = -70.0
    echo_db: float | None = None
    delay_s: float = 0.08
    phone: bool = False
    lively: bool = False


@dataclass(frozen=True)
class Case:
    """One call: a room, what the agent does in it, and how patient the call is set to be.

    Attributes:
        chatty: the customer tells a story after each answer, so that there is something to speak
            over.
    """

    moves: tuple[Move, ...]
    room: Room = Room()
    patience: float = 1.0
    chatty: bool = False


@dataclass(frozen=True)
class Done:
    """A move as it was carried out: its first and last sample on the call clock."""

    move: Move
    start: int
    end: int
