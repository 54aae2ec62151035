"""What the agent says was misheard, told after the call: `disputes.jsonl` in its folder.

The recording and its log stay as they were; a debrief takes these events to follow the log's own.
"""

from contextlib import suppress
from pathlib import Path

from pydantic import ValidationError

from trainer.domain.errors import BadInput
from trainer.domain.events import ActsRead, Corrected, Event, from_line, to_line
from trainer.store.inside import open_inside, write_private

FILE = "disputes.jsonl"
_LARGEST = 4 << 20


def told(folder: Path) -> list[Event]:
    """The corrections of a call, oldest first, each followed by what the turn did by them.

    They stand beside a call: what cannot be read is left out, and the call is read all the same.
    """
    found: list[Event] = []
    with suppress(BadInput, OSError):
        file = open_inside(folder, FILE, _LARGEST)
        if file is not None:
            with file:
                for line in file.read().splitlines():
                    with suppress(ValidationError):
                        found.append(from_line(line))
    return [event for event in found if isinstance(event, Corrected | ActsRead)]


def keep(folder: Path, corrected: Corrected, acts: ActsRead) -> None:
    """Add one, readable by its owner only.

    Raises:
        BadInput: the folder cannot be written.
    """
    lines = [*map(to_line, told(folder)), to_line(corrected), to_line(acts)]
    write_private(folder / FILE, "".join(f"{line}\n" for line in lines))
