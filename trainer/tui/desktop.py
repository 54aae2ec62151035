"""What another program of the person shows."""

import os
import sys
import webbrowser
from pathlib import Path


def open_file(path: Path) -> bool:
    """Over a remote shell, or without a desktop, there is nothing to open it with."""
    desktop = (
        sys.platform in ("darwin", "win32")
        or "DISPLAY" in os.environ
        or "WAYLAND_DISPLAY" in os.environ
    )
    return desktop and webbrowser.open(path.resolve().as_uri())
