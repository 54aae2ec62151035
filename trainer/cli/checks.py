"""What the program needs, looked at one by one. Each check says its state and how to mend it.

A check that fails in a way nobody foresaw is a line like any other, never the end of the list.
"""

import asyncio
import importlib.util
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from trainer import backends
from trainer.domain.errors import EngineMissing, TrainerError
from trainer.models import find, manifest, shelf
from trainer.models.arriving import arriving
from trainer.models.progress import size
from trainer.settings import Settings

if TYPE_CHECKING:
    from trainer.llm.measured import Measurement

State = Literal["ok", "degraded", "missing"]

_CALL_BYTES = 200_000_000
"""Disk for about fifty minutes of calls: stereo, 16 bit, 16 kHz."""
_ROOM_BYTES = 1_000_000_000


@dataclass(frozen=True)
class Finding:
    """One line of `trainer doctor`."""

    name: str
    state: State
    detail: str
    mend: str = ""
    """What to type or do; empty when all is well."""
    required: bool = True
    """Without it not even a typed call works, or what the settings ask for does not."""
    seconds: float = 0.0


Check = Callable[[Settings], Finding]


def all_of(settings: Settings) -> list[Finding]:
    """Every check, in the order of a call."""
    return [_one(name, check, settings) for name, check in _CHECKS.items()]


def _one(name: str, check: Check, settings: Settings) -> Finding:
    began = time.perf_counter()
    try:
        found = check(settings)
    except TrainerError as error:
        found = Finding(name, "missing", error.message, error.hint, name in _REQUIRED)
    except Exception as error:  # the list goes on, whatever breaks
        detail = f"the check itself failed: {type(error).__name__}: {error}"
        found = Finding(name, "missing", detail, "Set up again: make run", name in _REQUIRED)
    return Finding(**{**vars(found), "seconds": round(time.perf_counter() - began, 2)})


def _microphone(settings: Settings) -> Finding:
    from trainer.audio.devices import list_devices

    found = {each.name: each.default_input for each in list_devices() if each.inputs}
    return _device("microphone", found, settings.input_device, "input_device")


def _speaker(settings: Settings) -> Finding:
    from trainer.audio.devices import list_devices

    found = {each.name: each.default_output for each in list_devices() if each.outputs}
    return _device("speaker", found, settings.output_device, "output_device")


def _device(name: str, found: dict[str, bool], wanted: str, setting: str) -> Finding:
    """`found`: the devices by name, and whether each is the system's choice."""
    if not found:
        mend = "Plug one in. Without one: trainer practice --typed"
        return Finding(name, "missing", "none found", mend, required=False)
    named = [device for device in found if wanted.lower() in device.lower()]
    if wanted and not named:
        mend = f"Plug it in, or: trainer config unset {setting}"
        return Finding(name, "degraded", f"“{wanted}” is not there", mend, required=False)
    usual = [device for device, default in found.items() if default]
    chosen = (named if wanted else [*usual, *found])[0]
    return Finding(name, "ok", chosen, required=False)


def _voice_activity(settings: Settings) -> Finding:
    import numpy as np

    from trainer.audio.vad import Silero
    from trainer.domain.audio import BLOCK

    heard = Silero().speech(np.zeros(BLOCK, np.float32))
    if heard > 0.5:
        mend = "Set up again: make run"
        return Finding("turn ends", "degraded", "silence counts as speech", mend)
    return Finding("turn ends", "ok", "voice activity detection")


def _speech_to_text(settings: Settings) -> Finding:
    engine = backends.speech_to_text(settings)
    if "/" not in settings.stt:
        if importlib.util.find_spec("whisper") is None:
            raise EngineMissing("openai-whisper is not installed.", "Set up again: make run")
        find(f"whisper-{settings.stt}")
    return Finding("speech to text", "ok", engine.name)


def _embeddings(settings: Settings) -> Finding:
    engine = backends.make("embed", "minilm")
    vectors = engine.embed(["I am sorry to hear that."])
    return Finding("reading your words", "ok", f"{engine.name}, {vectors.shape[1]} numbers a line")


def _wording(settings: Settings) -> Finding:
    name = "the customer's words"
    engine = backends.wording(settings)
    if engine is not None:
        if engine.leaves_machine:
            asyncio.run(_ready(engine))  # the key and the address show only when they are used
        where = "words leave this machine" if engine.leaves_machine else "on this machine"
        return Finding(name, "ok", f"{engine.name}, {where}")
    if settings.wording == "authored":
        return Finding(name, "ok", "authored lines")
    if not shelf.is_here(manifest.get("local-llm")):
        mend = "For a local model: trainer models pull local-llm"
        return Finding(name, "degraded", "authored lines only", mend)
    measured = _measured()
    if measured is None:
        mend = "trainer setup"
        return Finding(name, "degraded", "authored lines; the local model is not tried yet", mend)
    in_time = f"{measured.accepted} of {measured.asked} lines usable in time"
    return Finding(name, "ok", f"authored lines; the local model is too slow here ({in_time})")


def _measured() -> "Measurement | None":
    from trainer.llm import measured

    return measured.last(f"local/{shelf.path(manifest.get('local-llm')).stem}")


async def _ready(engine: object) -> None:
    """Load an engine and let it go. Raises what it raises."""
    try:
        await engine.warm()  # type: ignore[attr-defined]  # every engine port has both
    finally:
        await engine.close()  # type: ignore[attr-defined]


def _voice(settings: Settings) -> Finding:
    name = "the customer's voice"
    engines = backends.voices(settings)
    if not engines:
        return Finding(name, "ok", "switched off; captions only")
    asyncio.run(_ready(engines[0]))
    detail = ", then ".join(engine.name for engine in engines)
    if settings.voice == "auto" and engines[0].name.startswith("pyttsx3"):
        mend = "For the better voice: trainer models pull piper-joe piper-joe-config"
        return Finding(name, "degraded", detail, mend)
    if importlib.util.find_spec("parselmouth") is None and engines[0].name.startswith("piper"):
        mend = "Set up again: make run"
        return Finding(name, "degraded", f"{detail}; one voice for every customer", mend)
    return Finding(name, "ok", detail)


def _weights(settings: Settings) -> Finding:
    lacking = [w for w in manifest.weights().values() if not shelf.is_here(w)]
    if not lacking:
        kept = sum(shelf.path(weight).stat().st_size for weight in manifest.weights().values())
        return Finding("weights", "ok", f"all here and checked, {size(kept)} in {shelf.folder()}")
    coming = {weight.name: arriving(weight.name) for weight in lacking}
    told = [
        name if share is None else f"{name} (arriving, {share:.0%})"
        for name, share in coming.items()
    ]
    names = " ".join(name for name, share in coming.items() if share is None)
    mend = f"trainer models pull {names}" if names else "Wait for the download to end."
    state: State = "degraded" if all(weight.optional for weight in lacking) else "missing"
    return Finding("weights", state, f"not here: {', '.join(told)}", mend, required=False)


def _disk(settings: Settings) -> Finding:
    place = _existing(settings.data_dir)
    free = shutil.disk_usage(place).free
    detail = f"{size(free)} free where calls are kept"
    mend = "Free some space, or: trainer config set data_dir /another/folder"
    if free < _CALL_BYTES:
        return Finding("disk", "missing", detail, mend)
    if free < _ROOM_BYTES:
        return Finding("disk", "degraded", detail, mend)
    return Finding("disk", "ok", detail)


def _data_folder(settings: Settings) -> Finding:
    place = settings.data_dir
    mend = "trainer config set data_dir /a/folder/of/yours"
    try:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=place) as file:
            file.write(b"x")
    except OSError as error:
        return Finding("data folder", "missing", f"{place}: {error.strerror}", mend)
    return Finding("data folder", "ok", str(place))


def _customers(settings: Settings) -> Finding:
    from trainer.content import personas

    found = list(personas.names(settings.content_roots()))
    if not found:
        return Finding("customers", "missing", "none found", "Set up again: make run")
    return Finding("customers", "ok", f"{len(found)}: {', '.join(found)}")


def _rubric(settings: Settings) -> Finding:
    from trainer.review import rubric

    read = rubric.load(settings.content_roots(), settings.rubric)
    detail = f"{read.name}, version {read.version}, {len(read.behaviours)} behaviours"
    return Finding("rubric", "ok", detail)


def _judge(settings: Settings) -> Finding:
    from trainer.llm.judge import too_small

    name = "marking the words"
    if too_small(settings.judge):
        mend = "Name a larger model, or: trainer config unset judge"
        detail = f"{settings.judge} is too small to mark a call; rules alone"
        return Finding(name, "degraded", detail, mend, required=False)
    judge = backends.judge(settings)
    if judge is None:
        return Finding(name, "ok", "rules alone; no model is named", required=False)
    asyncio.run(judge.ready())
    where = "words leave this machine" if judge.leaves_machine else "on this machine"
    return Finding(name, "ok", f"rules and {judge.name}, {where}", required=False)


def _terminal(settings: Settings) -> Finding:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        mend = "Without one: trainer demo, trainer call"
        return Finding("terminal", "degraded", "none here; the app needs one", mend, required=False)
    wide, high = shutil.get_terminal_size()
    if wide < 80 or high < 24:
        mend = "Make the window at least 80 × 24."
        return Finding("terminal", "degraded", f"{wide} × {high} is small", mend, required=False)
    if "utf" not in (sys.stdout.encoding or "").lower():
        mend = "export LANG=C.UTF-8"
        return Finding("terminal", "degraded", "not UTF-8", mend, required=False)
    detail = f"{wide} × {high}, {os.environ.get('TERM', '?')}"
    return Finding("terminal", "ok", detail, required=False)


def _existing(place: Path) -> Path:
    """The folder itself, or the nearest one above it that is there."""
    return next(folder for folder in (place, *place.absolute().parents) if folder.is_dir())


_CHECKS: dict[str, Check] = {
    "microphone": _microphone,
    "speaker": _speaker,
    "turn ends": _voice_activity,
    "speech to text": _speech_to_text,
    "reading your words": _embeddings,
    "the customer's words": _wording,
    "the customer's voice": _voice,
    "customers": _customers,
    "rubric": _rubric,
    "marking the words": _judge,
    "weights": _weights,
    "disk": _disk,
    "data folder": _data_folder,
    "terminal": _terminal,
}
_REQUIRED = set(_CHECKS) - {"microphone", "speaker", "marking the words", "weights", "terminal"}
