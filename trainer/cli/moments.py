"""A recorded call taken up again at one agent turn: who the customer was, and how they stood."""

from pathlib import Path
from typing import Any

from trainer.acts.reader import Reader
from trainer.content import personas
from trainer.conversation.fork import Moment, rebuild
from trainer.domain.errors import BadInput
from trainer.domain.persona import Cast
from trainer.ports.embedding import Embedding
from trainer.settings import Settings
from trainer.store import forks, kept_cast, reading


def cast(settings: Settings, folder: Path) -> Cast:
    """The customer of a recorded call, as they were then.

    Raises:
        BadInput: nobody was simulated in it, it is itself a retry, or their file has changed since
            and no copy was kept.
    """
    reading.check(folder)
    meta = reading.meta(folder)
    if meta.get("mode") == "imported":
        raise BadInput(
            "This is the recording of a real call: there is no simulated customer to go back to.",
            "Calls that you took here can be retried.",
        )
    if (call := forks.parent(folder)) is not None:
        raise BadInput(
            "This is a retry itself.", f"Retry the call that it belongs to: {call.name}"
        )
    return kept_cast.kept(folder) or _as_their_file_says(settings, meta)


def at(settings: Settings, embedding: Embedding | None, folder: Path, turn: int) -> Moment:
    """The call in `folder` as it stood before agent turn `turn`.

    Raises:
        BadInput: as `cast`; or there is no such turn; or it cannot be brought back.
    """
    who = cast(settings, folder)
    meta = reading.meta(folder)
    seed, recent = meta.get("seed"), meta.get("recent")
    if not isinstance(seed, int):
        raise BadInput(f"{folder} does not say how its customer was chosen.", "Retry another call.")
    heard = [line for line in recent if isinstance(line, str)] if isinstance(recent, list) else []
    reader = Reader(embedding, settings.content_roots())
    return rebuild(who, reader, seed, heard, reading.events(folder), turn)


def _as_their_file_says(settings: Settings, meta: dict[str, Any]) -> Cast:
    name, seed = str(meta.get("persona", "")), meta.get("seed")
    who = personas.load(name, settings.content_roots(), seed if isinstance(seed, int) else 0)
    if who.digest != meta.get("digest"):
        raise BadInput(
            f"The file of the customer “{name}” has changed since this call, and no copy of them "
            "was kept with it.",
            "A new call keeps one, and can be retried whatever becomes of the file.",
        )
    return who
