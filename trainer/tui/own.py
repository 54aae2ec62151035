"""What concerns the agent alone: their own view of a call, and the debrief made ready meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from trainer.domain.errors import BadInput
from trainer.domain.self_rating import SelfRating
from trainer.store import self_rating as kept

if TYPE_CHECKING:  # heavy, and not needed for the first paint
    from trainer.domain.record import CallRecord
    from trainer.review.model import Review
    from trainer.review.progress import Progress
    from trainer.review.progress_text import Section
    from trainer.review.self_rating import Asked

Reviewed: TypeAlias = "tuple[CallRecord, Review]"
Settle: TypeAlias = "Callable[[Review, CallRecord], Review]"
Gather: TypeAlias = "Callable[[Callable[[Path], Review], Callable[[int, int], None]], Progress]"


class Own:
    """Keeps what the agent says of a call. Every method may block: screens call from threads."""

    def __init__(
        self,
        roots: Callable[[], Sequence[Path]],
        review: Callable[[Path], Reviewed],
        settle: Settle,
        gather: Gather | None = None,
        rubric: Callable[[], str] = lambda: "core",
    ) -> None:
        """`review` reviews a call from its sound, which takes a while.

        `settle` puts the agent's own view beside a result that is there, and keeps both.
        `gather` puts the results of all calls together: it is given what reviews a call once more
        and whom to tell how far it is. `rubric`: the name of the one in force.
        """
        self._rubric = rubric
        self._roots = roots
        self._review = review
        self._settle = settle
        self._gather = gather
        self._ready: dict[Path, Future[Reviewed]] = {}
        self._lock = threading.Lock()

    def asked(self, folder: Path) -> Asked | None:
        """What to ask about a call; None where there is nothing to ask, or it was answered.

        Raises:
            BadInput: not a call, or a text file with a mistake.
        """
        from trainer.review import self_rating
        from trainer.store import reading

        if self.view(folder) is not None:
            return None
        return self_rating.asked(reading.words(folder), self._roots(), self._rubric())

    def journal_asks(self) -> tuple[str, str]:
        """The two questions of the journal.

        Raises:
            BadInput: a text file with a mistake.
        """
        from trainer.review import self_rating

        return self_rating.load(self._roots()).journal

    def view(self, folder: Path) -> SelfRating | None:
        """What the agent said of a call."""
        return kept.load(folder)

    def keep(self, folder: Path, rating: SelfRating) -> None:
        """Keep what they say of it.

        Raises:
            BadInput: the folder cannot be written.
        """
        kept.save(folder, rating)

    def note(self, folder: Path, lines: tuple[str, str]) -> tuple[tuple[str, str], ...]:
        """Keep two lines of a journal, and bring the debrief on disk up to date.

        Returns:
            the own view for reading.

        Raises:
            BadInput: the folder cannot be written, or its debrief is damaged.
        """
        from pydantic import ValidationError

        from trainer.review.model import Review
        from trainer.review.self_rating import rows
        from trainer.store import calls

        rating = self.view(folder) or SelfRating(made=datetime.now(UTC))
        self.keep(folder, rating.model_copy(update={"journal": lines}))
        try:
            known = Review.model_validate_json((folder / "review.json").read_bytes())
        except (OSError, ValidationError) as error:
            raise BadInput(
                f"{folder / 'review.json'} cannot be read.", "Open the debrief again."
            ) from error
        view = self._settle(known, calls.load(folder)).self_rating
        return tuple(rows(view)) if view is not None else ()

    def progress(self, told: Callable[[int, int], None]) -> Callable[[int], Sequence[Section]]:
        """The results of all calls; what is returned draws them so many columns wide.

        Raises:
            BadInput: a rubric or text file has a mistake, or the calls cannot be read.
        """
        from trainer.review import phrases, progress_text

        if self._gather is None:
            raise BadInput("There is no progress here.", "See it with: trainer progress")
        words, texts = progress_text.load(self._roots()), phrases.load(self._roots())
        found = self._gather(lambda folder: self._review(folder)[1], told)
        return lambda width: progress_text.sections(found, words, texts, width)

    def prepare(self, folder: Path) -> None:
        """Review a call while the agent is asked about it; `debrief` then has nothing to wait for.

        A fault is kept for whoever asks for the debrief.
        """
        with self._lock:
            if folder in self._ready:
                return
            future = self._ready[folder] = Future()
        try:
            future.set_result(self._review(folder))
        except BaseException as error:
            future.set_exception(error)

    def ready(self, folder: Path) -> Reviewed:
        """What `prepare` makes, waited for; it stays ready for the debrief.

        Raises:
            TrainerError: as reviewing does.
        """
        self.prepare(folder)
        with self._lock:
            future = self._ready.get(folder)
        return self._review(folder) if future is None else future.result()

    def debrief(self, folder: Path) -> Reviewed:
        """A call and its review, with the agent's own view beside it.

        Raises:
            TrainerError: as reviewing does.
        """
        with self._lock:
            future = self._ready.pop(folder, None)
        if future is None:
            return self._review(folder)
        record, review = future.result()
        if self.view(folder) is not None:
            review = self._settle(review, record)
        return record, review
