"""The person's own text editor: which one it is, and a file opened in it at a line."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from textual.app import App, SuspendNotSupported

from trainer.domain.errors import BadInput

_USUAL = ("nano", "micro", "vim", "vi")
"""Looked for, in this order, where nothing is named."""

_PLUS = {"nano", "micro", "vim", "nvim", "vi", "view", "emacs", "emacsclient", "kak", "joe", "mg"}
"""Editors that go to line 12 when told +12."""


def command(environment: Mapping[str, str] = os.environ) -> list[str]:
    """The editor as the shell would start it: VISUAL, EDITOR, else the first usual one found.

    Raises:
        BadInput: the one named is not here, or none is named and none found.
    """
    named = next((name for name in ("VISUAL", "EDITOR") if environment.get(name, "").strip()), "")
    if not named:
        found = next((name for name in _USUAL if shutil.which(name)), "")
        if not found:
            raise BadInput(
                "No editor was found.", "Name yours before you start, e.g.: export EDITOR=nano"
            )
        return [found]
    try:
        words = shlex.split(environment[named])
    except ValueError:
        words = []
    if not words or shutil.which(words[0]) is None:
        raise BadInput(
            f"{named} names “{environment[named]}”, and there is no such editor here.",
            "Name one that is, e.g.: export EDITOR=nano",
        )
    return words


def opening(editor: Sequence[str], path: Path, line: int = 0) -> list[str]:
    """What to run: the file, at a line where the editor is known to understand that."""
    name = Path(editor[0]).name
    if line > 0 and name in _PLUS:
        return [*editor, f"+{line}", str(path)]
    if line > 0 and name in {"hx", "helix"}:
        return [*editor, f"{path}:{line}"]
    return [*editor, str(path)]


def edit(app: App[Any], path: Path, line: int = 0) -> None:
    """Lend the terminal to the editor until it is left.

    Raises:
        BadInput: there is no editor, it failed, or this terminal cannot be lent.
    """
    yourself = f"Or open it in another window; it is read again when you save: {path}"
    try:
        words = opening(command(), path, line)
        with app.suspend():
            _run(words)
    except SuspendNotSupported:
        raise BadInput("This window cannot be lent to an editor.", yourself) from None
    except BadInput as error:
        raise BadInput(error.message, f"{error.hint} {yourself}".strip()) from None


def _run(words: Sequence[str]) -> None:
    # File descriptors 1 and 2 lead to a log while the app has the screen (trainer.tui.terminal).
    screen = sys.__stdout__
    try:
        done = subprocess.run(list(words), stdout=screen, stderr=screen, check=False)
    except OSError as error:
        raise BadInput(f"“{words[0]}” could not be started: {error.strerror}.") from None
    if done.returncode:
        raise BadInput(
            f"“{words[0]}” ended with an error ({done.returncode}).",
            "What it saved is read again; if it saved nothing, the file is as it was.",
        )
