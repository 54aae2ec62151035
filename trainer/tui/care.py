"""What looks after the agent: the warm-up, the private tap, and a break after hard calls.

Every method may block: screens call them from threads.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from trainer.domain.errors import TrainerError
from trainer.settings import Settings

if TYPE_CHECKING:  # heavy, and not needed for the first paint
    from trainer.domain.baseline import WarmUp
    from trainer.review.delivery.warm_up_words import Texts as WarmUpTexts
    from trainer.review.load import Taken, Texts
    from trainer.review.self_rating import Breathing
    from trainer.store.taps import When


class Found(Protocol):
    """A warm-up in words. `louder` asks for another try; empty: it is as it should be."""

    @property
    def made(self) -> WarmUp: ...
    @property
    def rows(self) -> tuple[tuple[str, str], ...]: ...
    @property
    def holds(self) -> str: ...
    @property
    def ends(self) -> str: ...
    @property
    def louder(self) -> str: ...


class Taking(Protocol):
    """A warm-up under way on an open microphone."""

    def texts(self) -> WarmUpTexts:
        """What is read, and what is said on the way."""

    def levels(self) -> AsyncIterator[float]:
        """The microphone's level, dB relative to full scale, about ten per second."""

    def part(self, name: str) -> None:
        """What is heard from now on is `room`, `first`, `second` or `talk`; "": nothing."""

    async def made(self) -> Found:
        """The warm-up of what was heard. Raises TrainerError: it must be repeated, and why."""

    async def keep(self, one: Any) -> None:
        """Keep it. Raises BadInput."""

    async def close(self) -> None:
        """Release the devices. Safe to call twice."""


@dataclass(frozen=True)
class Note:
    """Something to say at home; `kind` says which keys go with it."""

    kind: Literal["break", "warm_up"]
    text: str


class Care:
    """One person's, by the settings in force."""

    def __init__(self, settings: Callable[[], Settings], root: Callable[[], Any]) -> None:
        """`root` imports the composition root, which reaches the devices."""
        self._settings = settings
        self._root = root
        self._dismissed: Path | None = None
        self._latest: Path | None = None

    def texts(self) -> Texts:
        """The words of the tap.

        Raises:
            BadInput: a text file with a mistake.
        """
        from trainer.review import load

        return load.texts(self._settings().content_roots())

    def breathing(self) -> Breathing:
        """The words of the breathing card.

        Raises:
            BadInput: a text file with a mistake.
        """
        from trainer.review import self_rating

        return self_rating.load(self._settings().content_roots()).breathing

    # --- the warm-up ---

    def warm_up(self) -> Taking:
        """A new one; nothing is open yet."""
        taking: Taking = self._root().warm_up(self._settings())
        return taking

    def standing(self) -> str:
        """How it stands with the warm-up of the microphone in use; empty: there is none."""
        said: str = self._root().warm_up_standing(self._settings())
        return said

    def forget_warm_ups(self) -> int:
        """Delete all of them; how many there were. Raises BadInput."""
        from trainer.store import baselines

        return baselines.delete(self._settings().data_dir, self._settings().profile)

    # --- the tap ---

    def tap(self, when: When, value: int) -> None:
        """Keep how loaded one is, 1..5. Raises BadInput."""
        from trainer.store import taps

        now = datetime.now(UTC)
        given = taps.Tap(at=now, when=when, value=value)
        taps.add(self._settings().data_dir, self._settings().profile, given)

    def forget_taps(self) -> int:
        """Delete all of them; how many there were. Raises BadInput."""
        from trainer.store import taps

        return taps.delete(self._settings().data_dir, self._settings().profile)

    # --- at home ---

    def note(self) -> Note | None:
        """What to say at home now; None: nothing. A break comes before a warm-up."""
        from trainer.review import load
        from trainer.store import calls

        settings = self._settings()
        folders = calls.folders(settings.data_dir)[:_LOOKED_AT]
        self._latest = folders[0] if folders else None
        with suppress(TrainerError):
            if self._latest != self._dismissed and self._break_due(folders):
                return Note("break", self.texts().break_)
            if settings.offer_warm_up and self._wants_warm_up(folders):
                return Note("warm_up", load.texts(settings.content_roots()).offer)
        return None

    def dismiss_break(self) -> None:
        """Not again before another call."""
        self._dismissed = self._latest

    def _break_due(self, folders: list[Path]) -> bool:
        from trainer.review import load

        taken = []
        for folder in folders:
            one = self._taken(folder)
            if one is not None:
                taken.append(one)
            if len(taken) == load.IN_A_ROW:
                break
        return load.break_due(taken, datetime.now(UTC))

    def _taken(self, folder: Path) -> Taken | None:
        """A practice call of this person; None for any other."""
        from trainer.domain.audio import RATE
        from trainer.review import load
        from trainer.store import reading

        with suppress(TrainerError, ValueError):
            meta = reading.meta(folder)
            profile = self._settings().profile
            if meta.get("mode") == "imported" or meta.get("profile", profile) != profile:
                return None
            began = datetime.fromisoformat(str(meta.get("started", ""))).astimezone()
            events = reading.events(folder)
            length = timedelta(seconds=max((event.t for event in events), default=0) / RATE)
            return load.Taken(began, began + length, load.hostile(events))
        return None

    def _wants_warm_up(self, folders: list[Path]) -> bool:
        """After the first debrief of a spoken call, while there is no warm-up at all."""
        from trainer.store import baselines, reading

        settings = self._settings()
        if not (settings.tone or settings.pacing):
            return False
        if baselines.latest(settings.data_dir, settings.profile) is not None:
            return False
        return any(
            (folder / "review.json").is_file() and reading.meta(folder).get("mode") == "spoken"
            for folder in folders
        )


_LOOKED_AT = 20
"""Calls that are looked at, at most."""
