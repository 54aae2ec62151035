"""A moment of a recorded call taken up again: retried, or a better line said for it.

`Again` is what the screens ask for; `TakenUp` is the real one. A retry goes on for three turns.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from trainer.domain.errors import TrainerError

if TYPE_CHECKING:
    from trainer.domain.audio import Samples
    from trainer.domain.persona import Cast
    from trainer.review.said import Said
    from trainer.review.then_now import ThenNow
    from trainer.settings import Settings
    from trainer.store.said import KeptLine
    from trainer.tui.program import Reviewer
    from trainer.tui.session import Observer, OpenCall

TURNS = 3
"""Turns of the agent for which a retry goes on."""


class Recorder(Protocol):
    """The microphone, open."""

    def stop(self) -> Samples:
        """Close it; what was heard, shape (n,), 16 kHz."""


@dataclass(frozen=True)
class Again:
    """Callables may block: screens call them from threads.

    Attributes:
        cast: the customer of a recorded call as they were then. Raises BadInput.
        open_retry: the call in a folder from one agent turn on, by keyboard or not, ready to run.
            Raises EngineMissing, BadInput.
        compare: a call and one of its retries side by side; reviews the retry. Raises TrainerError.
        say: what a line, typed or as sound, would have done in place of an agent turn. It is kept
            in the call folder. Raises TrainerError.
        put_right: what the agent really said in a turn of the call. It is kept in the call folder.
            Raises TrainerError.
        said: the lines kept for an agent turn, oldest first.
        record: open the microphone. Raises EngineMissing, BadInput.
        play: play the sound of a kept line; cancelling the task stops it.
    """

    cast: Callable[[Path], Cast]
    open_retry: Callable[[Path, int, bool, Observer], Awaitable[OpenCall]]
    compare: Callable[[Path, Path], ThenNow]
    say: Callable[[Path, int, str | Samples], Awaitable[tuple[Said, KeptLine]]]
    put_right: Callable[[Path, int, str], Awaitable[None]]
    said: Callable[[Path, int], Sequence[KeptLine]]
    record: Callable[[], Recorder]
    play: Callable[[Path], Awaitable[None]]


class TakenUp:
    """Puts a retry together as the program puts a call together."""

    def __init__(
        self,
        settings: Callable[[], Settings],
        root: Callable[[], Any],
        engines: Callable[[bool], Awaitable[Any]],
        line: Callable[[], Any],
        aloud: Callable[[], Callable[[Samples], Awaitable[None]] | None],
        review: Reviewer,
    ) -> None:
        """All of it is the program's: see `Program`. `engines` is told whether to listen."""
        self._settings = settings
        self._root = root
        self._engines = engines
        self._line = line
        self._aloud = aloud
        self._review = review

    def again(self) -> Again:
        """What the screens may ask for."""
        return Again(
            cast=lambda folder: self._root().moments.cast(self._settings(), folder),
            open_retry=self._open_retry,
            compare=self._compare,
            say=self._say,
            put_right=self._put_right,
            said=_said,
            record=self._record,
            play=self._play,
        )

    async def _open_retry(self, folder: Path, turn: int, typed: bool, see: Observer) -> OpenCall:
        from trainer.tui.session import Notice, OpenCall
        from trainer.tui.taken import Recorded

        engines = await self._engines(not typed)
        compose = await asyncio.to_thread(self._root)
        engines.require("words", *(() if typed else ("stt",)))
        given = self._settings()
        moment = await asyncio.to_thread(compose.moment_of, given, folder, turn, engines)
        line = None if typed else await asyncio.to_thread(self._line)
        play = await asyncio.to_thread(self._aloud) if typed else None
        used = engines
        if typed:
            used = replace(engines, stt=None, voices=engines.voices if play else [])
        sink = compose.open_retry(given, folder, moment, "typed" if typed else "spoken")
        try:
            compose.note_engines(sink, used)
            who, seed = moment.cast, moment.seed
            if line is None:
                call = compose.typed(
                    given, who, used, sink, seed, see, play=play, moment=moment, most=TURNS
                )
            else:
                call = compose.spoken(
                    given, who, used, line, sink, seed, see, moment=moment, most=TURNS
                )
        except BaseException:
            sink.close()
            raise
        see(Notice(f"A retry: as it was before your turn {turn}. It goes on for {TURNS} turns."))
        return OpenCall(Recorded(call, sink), sink.folder)

    def _compare(self, folder: Path, retry: Path) -> ThenNow:
        from trainer.review import then_now
        from trainer.store import calls

        roots = self._settings().content_roots()
        retried = calls.load(retry)
        self._review(retried, roots)
        return then_now.compare(calls.load(folder), retried, roots)

    async def _say(self, folder: Path, turn: int, words: str | Samples) -> tuple[Said, KeptLine]:
        engines = await self._engines(not isinstance(words, str))
        compose = await asyncio.to_thread(self._root)
        found: tuple[Said, KeptLine] = await compose.say_now(
            self._settings(), folder, turn, engines, words
        )
        return found

    async def _put_right(self, folder: Path, turn: int, text: str) -> None:
        engines = await self._engines(False)
        compose = await asyncio.to_thread(self._root)
        await asyncio.to_thread(compose.put_right, self._settings(), folder, turn, engines, text)

    def _record(self) -> Recorder:
        from trainer.audio.recording import Recording

        return Recording(self._settings().input_device)

    async def _play(self, clip: Path) -> None:
        from trainer.audio.files import load_turn
        from trainer.tui import sound

        heard = await asyncio.to_thread(load_turn, clip)
        await sound.play(heard, self._settings().output_device)


def _said(folder: Path, turn: int) -> Sequence[KeptLine]:
    from trainer.store import said

    try:
        return said.kept(folder, turn)
    except TrainerError:
        return ()
