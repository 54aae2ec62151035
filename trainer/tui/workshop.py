"""What the trainer's screens need from the rest of the program: customers' files, a bench, a try.

`trainer.tui.program` fills a `Workshop`. Like `Services`, it keeps engines, folders and formats out
of the screens.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:  # heavy, and not needed for the first paint
    from trainer.content.problems import Problem
    from trainer.domain.persona import Cast, Persona
    from trainer.simulate.verdict import Verdict
    from trainer.tui.session import Controls, Observer

Origin = Literal["ours", "team", "yours"]
"""Whose folder a file lies in: shipped with the program, the team's, the person's own."""

Stamp = tuple[int, ...]
"""Changes whenever a file or the temperament behind it is saved."""


@dataclass(frozen=True)
class Entry:
    """One customer's file in the list.

    Attributes:
        persona: as written; None when the file cannot be read as a customer.
        mistake: why it cannot; else empty.
    """

    name: str
    path: Path
    origin: Origin
    stamp: Stamp
    persona: Persona | None = None
    mistake: str = ""

    @property
    def who(self) -> str:
        """The customer's own name, or the file's."""
        return self.persona.identity.name if self.persona else self.name


@dataclass(frozen=True)
class Sheet:
    """One customer's file, looked at closely.

    Attributes:
        seed: chose the telling.
        cast: ready for a call with that seed; None when mistakes prevent it.
        problems: every mistake found.
        trains: what a call exercises, in words.
        missing: what they cannot identify themselves with, in words.
    """

    entry: Entry
    seed: int
    cast: Cast | None
    problems: tuple[Problem, ...]
    trains: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def tellings(self) -> int:
        """How many variants there are to go through."""
        return len(self.entry.persona.scenario.variants) if self.entry.persona else 1


class Files(Protocol):
    """The customers' files. Every method reads the disk and belongs in a thread."""

    def entries(self) -> list[Entry]:
        """All customers, also those whose file has mistakes; by name."""

    def problems(self, entry: Entry) -> tuple[Problem, ...]:
        """Every mistake in one file."""

    def look(self, name: str, seed: int) -> Sheet:
        """One file closely. Raises BadInput when it is gone."""

    def stamps(self) -> Mapping[str, Stamp]:
        """The stamp of every file: compare two of these to see what was saved."""

    def copy(self, entry: Entry) -> Path:
        """A copy in the person's own folder, which then replaces the original.

        Raises:
            BadInput: it cannot be written, or there is one already.
        """

    def free_name(self) -> str:
        """A name that no customer has yet."""

    def new(self, name: str) -> Path:
        """A whole customer to begin with, in the person's own folder.

        Raises:
            BadInput: the name is taken or cannot be one, or the folder cannot be written to.
        """


@dataclass(frozen=True)
class Workshop:
    """The program behind the trainer's screens.

    Attributes:
        files: the customers' files.
        bench: scripted agents against one customer, in processes of their own; takes the name and
            a callable that is told how far it is and may raise to stop it. Raises TrainerError.
        open_try: a typed call in the author's words that leaves nothing behind. Raises
            EngineMissing, BadInput.
    """

    files: Files
    bench: Callable[[str, Callable[[int, int], None]], Verdict]
    open_try: Callable[[Cast, int, Observer], Awaitable[Controls]]
