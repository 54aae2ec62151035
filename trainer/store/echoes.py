"""What the echo test found, by microphone and speaker: `echo.json` in the data folder."""

import json
from pathlib import Path


def known(data_dir: Path, microphone: str, speaker: str) -> str:
    """How calls on these devices keep the customer from hearing themselves; empty: never tested.

    A file that cannot be read counts as no test: the next one writes it anew.
    """
    return _all(data_dir).get(_pair(microphone, speaker), "")


def remember(data_dir: Path, microphone: str, speaker: str, way: str) -> None:
    """Keep the result for these devices."""
    found = _all(data_dir) | {_pair(microphone, speaker): way}
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = data_dir / ".echo.json"
    draft.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
    draft.chmod(0o600)
    draft.replace(data_dir / "echo.json")


def _pair(microphone: str, speaker: str) -> str:
    return f"{microphone} | {speaker}"


def _all(data_dir: Path) -> dict[str, str]:
    try:
        found = json.loads((data_dir / "echo.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
