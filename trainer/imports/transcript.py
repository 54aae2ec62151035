"""A transcript that a person brings: WebVTT, SubRip, JSON, or lines that begin with a name.

Every turn must say who speaks. Times are taken where they are there.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from trainer.domain.errors import BadInput

LARGEST = 8 << 20
"""Bytes. A transcript of a day; anything larger is something else."""

_ROLES = {
    "agent": "agent advisor adviser representative rep operator assistant employee you staff",
    "customer": "customer caller client guest user patient member",
}
_ROLE = {name: role for role, names in _ROLES.items() for name in names.split()}
_TURNS = "Each turn has “who” and “text”."
_HINT = "Each line begins with who speaks, e.g. “Agent: Good morning.” and “Customer: Hello.”"

_TIMES = re.compile(
    r"((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})\s*-->\s*((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})"
)
_JSON = re.compile(r"\s*(?:\{|\[\s*\{)")
_VOICE = re.compile(r"<v(?:\.[^ >]*)? ([^>]+)>")
_TIME = r"(?:\d+:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?"
_NAMED = re.compile(
    r"^\s*[\[(]?([^\W_][\w .'-]{0,39}?(?: ?[\[(][\w .'-]{1,39}[\])])?)[\])]?"
    rf"(?:\s*[\[(]?{_TIME}[\])]?)?\s*:\s*(.*)$"
)
"""A name, perhaps with another one or a time in brackets after it, a colon, and what they said."""

_CLOCK = re.compile(rf"^\s*[\[(]?{_TIME}[\])]?\s*[-–]?\s*")


@dataclass(frozen=True)
class Said:
    """One piece of a transcript. `name` as written; times in seconds, or None."""

    name: str
    text: str
    start_s: float | None = None
    end_s: float | None = None


def load(path: Path) -> list[Said]:
    """Read a transcript file, consecutive pieces of one speaker kept apart.

    Raises:
        BadInput: missing, not text, without speakers, or with more than two of them.
    """
    text = _text(path)
    if path.suffix.lower() == ".json" or _JSON.match(text):
        said = list(_from_json(text, path))
    elif _TIMES.search(text):
        said = list(_from_cues(text, path))
    else:
        said = list(_from_lines(text, path))
    said = [piece for piece in said if any(letter.isalnum() for letter in piece.text)]
    if not said:
        raise BadInput(f"{path} holds no words.", _HINT)
    names = list(dict.fromkeys(role(piece.name) or piece.name for piece in said))
    if len(names) > 2:
        some = ", ".join(f"“{name}”" for name in names[:4])
        raise BadInput(f"{path} has more than two speakers: {some}.", "Name them agent, customer.")
    for before, after in pairwise(piece for piece in said if piece.start_s is not None):
        if (after.start_s or 0) < (before.start_s or 0):
            said.sort(key=lambda piece: piece.start_s or 0.0)
            break
    return said


def role(name: str) -> str | None:
    """What a speaker's name says about them: agent, customer, or nothing."""
    return next(
        (_ROLE[word] for word in re.findall(r"[a-z]+", name.lower()) if word in _ROLE), None
    )


def timed(said: list[Said]) -> bool:
    """Whether every piece says from when to when."""
    return all(piece.start_s is not None and piece.end_s is not None for piece in said)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise BadInput(f"{path} is far too large for a transcript.")
        return path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise BadInput(f"There is no file {path}.", "Check the name.") from None
    except UnicodeDecodeError:
        raise BadInput(f"{path} is not a text file.", _HINT) from None
    except OSError as cause:
        raise BadInput(f"{path} cannot be read: {cause.strerror}.") from None


def _from_json(text: str, path: Path) -> Iterator[Said]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as cause:
        raise BadInput(f"{path} is not valid JSON: {cause}.") from None
    if isinstance(data, dict):
        kinds = ("transcript", "turns", "segments", "utterances")
        data = next((data[kind] for kind in kinds if isinstance(data.get(kind), list)), None)
    if not isinstance(data, list):
        raise BadInput(f"{path} has no list of turns.", _TURNS)
    for number, turn in enumerate(data, start=1):
        fields: dict[str, Any] = turn if isinstance(turn, dict) else {}
        who = fields.get("who", fields.get("speaker"))
        words = fields.get("text")
        if not isinstance(who, str) or not isinstance(words, str):
            raise BadInput(f"{path}: turn {number} is not one.", _TURNS)
        start, end = (_number(fields, key) for key in ("start", "end"))
        yield Said(who.strip(), words.strip(), start, end)


def _number(fields: dict[str, Any], key: str) -> float | None:
    value = fields.get(f"{key}_s", fields.get(key))
    number = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e6
    return float(value) if number else None  # type: ignore[arg-type]


def _from_cues(text: str, path: Path) -> Iterator[Said]:
    """WebVTT and SubRip: blocks with a line of times, then words."""
    last = ""
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        times = _TIMES.search(block)
        if times is None:
            continue
        words = block[times.end() :].partition("\n")[2]
        voice = _VOICE.search(words)
        plain = " ".join(re.sub(r"<[^>]*>", " ", words).split())
        named = _NAMED.match(plain)
        name = voice[1] if voice else named[1] if named else last
        if not name:
            raise BadInput(f"{path}: nobody is named at {times[1]}.", _HINT)
        last = name
        spoken = plain if voice or not named else named[2]
        yield Said(name.strip(), spoken, _clock(times[1]), _clock(times[2]))


def _from_lines(text: str, path: Path) -> Iterator[Said]:
    last = ""
    for number, line in enumerate(text.splitlines(), start=1):
        plain = _CLOCK.sub("", line).strip()
        if not plain:
            continue
        named = _NAMED.match(plain)
        if named is None and not last:
            raise BadInput(f"{path}:{number}: nobody is named here.", _HINT)
        last = named[1].strip() if named else last
        yield Said(last, named[2] if named else plain)


def _clock(time: str) -> float:
    seconds = 0.0
    for part in time.replace(",", ".").split(":"):
        seconds = seconds * 60 + float(part)
    return seconds
