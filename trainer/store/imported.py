"""The folder of an imported call: written whole or not at all, without sound unless it is kept."""

import shutil
from pathlib import Path

from trainer.domain.errors import BadInput
from trainer.store.call_folder import CallFolder
from trainer.store.call_folder import create as _create


def create(data_dir: Path, out: Path | None = None) -> CallFolder:
    """A new folder, as for a call that is being taken.

    Raises:
        BadInput: as `call_folder.create`.
    """
    return _create(data_dir, "real-call", out)


def finish(folder: CallFolder, keep_sound: bool) -> None:
    """Write what is left; without `keep_sound` there is no `call.wav`.

    Raises:
        BadInput: not everything could be written.
    """
    folder.close()
    if folder.fault():
        raise BadInput(folder.fault(), "Make room or name another place with --out, and try again.")
    if not keep_sound:
        (folder.folder / "call.wav").unlink(missing_ok=True)


def discard(folder: CallFolder) -> None:
    """Leave nothing behind of an import that was broken off."""
    folder.close()
    shutil.rmtree(folder.folder, ignore_errors=True)
