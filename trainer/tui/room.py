"""What a device check makes of the levels it hears: the room, then the voice above it. Pure."""

from dataclasses import dataclass, replace

from textual.content import Content

ROOM_LEVELS = 30
"""About three seconds at ten levels per second."""
NO_SOUND_DB = -85.0
"""Below this a microphone gives zeros: muted, or not allowed."""
_QUIET, _OKAY = -50.0, -40.0
_VOICE_ABOVE_DB = 12.0


@dataclass(frozen=True)
class Room:
    """Levels heard so far, dB relative to full scale.

    Attributes:
        first: the first levels, while the agent is asked to be quiet.
        loudest: the loudest level after them.
    """

    first: tuple[float, ...] = ()
    loudest: float | None = None

    @property
    def noise(self) -> float | None:
        """The room's level: the median of the first levels; None while it is being measured."""
        if len(self.first) < ROOM_LEVELS:
            return None
        return sorted(self.first)[ROOM_LEVELS // 2]


def hear(room: Room, db: float) -> Room:
    """One level more."""
    if len(room.first) < ROOM_LEVELS:
        return replace(room, first=(*room.first, db))
    return replace(room, loudest=db if room.loudest is None else max(room.loudest, db))


def room_words(room: Room) -> Content:
    """How loud the room is."""
    noise = room.noise
    if noise is None:
        return Content.from_markup("[$accent]…[/] Measuring: please say nothing for three seconds.")
    if noise < NO_SOUND_DB:
        return Content.from_markup("[$quiet]– Not measured: no sound comes in.[/]")
    sign, colour, words = (
        ("✓", "$success", "a quiet room")
        if noise < _QUIET
        else ("✓", "$success", "some noise, that will do")
        if noise < _OKAY
        else ("!", "$warning", "a noisy room: a headset, or another room, will help")
    )
    return Content.from_markup(
        f"[{colour}]$sign[/] $db dB: $words.", sign=sign, db=f"{noise:.0f}", words=words
    )


def voice_words(room: Room) -> Content:
    """Whether the voice stands out from the room."""
    noise = room.noise
    if noise is not None and noise < NO_SOUND_DB and (room.loudest or noise) < NO_SOUND_DB:
        return Content.from_markup(
            "[$error]✗[/] No sound at all: the microphone is muted, or this program may not use it."
        )
    if noise is None or room.loudest is None:
        return Content.from_markup("[$quiet]Your level appears above.[/]")
    if room.loudest > -3:
        return Content.from_markup(
            "[$warning]![/] Too loud: move away a little, or turn the microphone down."
        )
    if room.loudest - noise < _VOICE_ABOVE_DB:
        return Content.from_markup("[$accent]→[/] Now say a sentence in your usual voice.")
    return Content.from_markup("[$success]✓[/] You are heard well above the room.")
