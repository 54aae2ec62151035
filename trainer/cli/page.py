"""`report.html` of a call: written anew, with or without moments to hear in it."""

from collections.abc import Sequence
from pathlib import Path

from trainer.domain.record import CallRecord
from trainer.review import clips, report
from trainer.review.model import Review
from trainer.store.inside import open_inside, write_private

NAME = "report.html"
_LARGEST = 64 << 20


def write(
    result: Review, record: CallRecord, roots: Sequence[Path], sound: bool | None = None
) -> clips.Clips:
    """Write the page; returns the sound that is in it.

    Args:
        result: the review.
        record: the call.
        roots: content roots.
        sound: whether there are moments to hear in it; None: if the page that is there has them.

    Raises:
        BadInput: the folder cannot be written.
    """
    if sound is None:
        sound = _has_sound(record.folder)
    heard = clips.clips(record, result.feedback) if sound else {}
    write_private(record.folder / NAME, report.html(result, record, roots, heard))
    return heard


def told(folder: Path, heard: clips.Clips, asked: bool) -> str:
    """Where the page is and what can be heard in it, for people."""
    where = f"The same as a page: {folder / NAME}"
    if not asked:
        return where
    if not heard:
        return f"{where}\nNothing can be heard in it: the call holds no sound of those moments."
    size = sum(clip.size for clip in heard.values()) / 1e6
    moments = f"{len(heard)} moment{'s' * (len(heard) > 1)}"
    return f"{where}\n{moments} can be heard in it, {size:.1f} MB: whoever is given it hears you."


def _has_sound(folder: Path) -> bool:
    if (folder / NAME).is_symlink():
        return False
    file = open_inside(folder, NAME, _LARGEST)
    if file is None:
        return False
    with file:
        return b"<audio " in file.read()
