"""What the echo test found, by microphone and speaker: `echo.json` in the data folder."""

import json
from pathlib import Path

from trainer.store.inside import private_folder, write_private


def known(data_dir: Path, microphone: str, speaker: str) -> str:
    """How calls on these devices keep the customer from hearing themselves; empty: never tested.

    A file that cannot be read counts as no test: the next one writes it anew.
    """
    return _all(data_dir).get(_pair(microphone, speaker), "")


def remember(data_dir: Path, microphone: str, speaker: str, way: str) -> None:
    """Keep the result for these devices.

    Raises:
        BadInput: it cannot be written.
    """
    found = _all(data_dir) | {_pair(microphone, speaker): way}
    private_folder(data_dir)
    write_private(data_dir / "echo.json", json.dumps(found, ensure_ascii=False, indent=1))


def _pair(microphone: str, speaker: str) -> str:
    return f"{microphone} | {speaker}"


def _all(data_dir: Path) -> dict[str, str]:
    try:
        found = json.loads((data_dir / "echo.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
