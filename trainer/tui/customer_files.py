"""Customers' files as trainers work on them: whose they are, what is wrong with them, who saved."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path

from trainer.content import knowledge, personas, roots, schema, starter, writing
from trainer.content.problems import Problem
from trainer.domain.errors import BadInput
from trainer.settings import Settings
from trainer.tui.listing import behaviours
from trainer.tui.workshop import Entry, Origin, Sheet, Stamp

_NEW = "my-customer"


class CustomerFiles:
    """Reads each file again only when it, or a temperament, was saved since."""

    def __init__(self, settings: Callable[[], Settings]) -> None:
        """`settings`: those in force, which name the folders."""
        self._settings = settings
        self._entries: dict[str, Entry] = {}
        self._problems: dict[tuple[Path, Stamp], tuple[Problem, ...]] = {}

    @property
    def _roots(self) -> Sequence[Path]:
        return self._settings().content_roots()

    def entries(self) -> list[Entry]:
        """All customers, also those whose file has mistakes; by name."""
        manners = self._manners()
        return [self._entry(name, path, manners) for name, path in self._paths()]

    def problems(self, entry: Entry) -> tuple[Problem, ...]:
        """Every mistake in one file."""
        key = (entry.path, entry.stamp)
        if key not in self._problems:
            self._problems[key] = tuple(personas.check(entry.path, self._roots))
        return self._problems[key]

    def look(self, name: str, seed: int) -> Sheet:
        """One file closely.

        Raises:
            BadInput: it is gone.
        """
        entry = self._entry(name, personas.locate(name, self._roots), self._manners())
        cast, trains, missing = None, tuple[str, ...](), tuple[str, ...]()
        if entry.persona:
            names = behaviours(self._roots)
            trains = tuple(names.get(each, each) for each in entry.persona.trains)
            missing = tuple(knowledge.missing(entry.persona))
            with suppress(BadInput):  # the problems say why
                cast = personas.load(name, self._roots, seed)
        return Sheet(entry, seed, cast, self.problems(entry), trains, missing)

    def stamps(self) -> Mapping[str, Stamp]:
        """The stamp of every file."""
        manners = self._manners()
        return {name: _stamp(path, manners) for name, path in self._paths()}

    def copy(self, entry: Entry) -> Path:
        """A copy in the person's own folder, which then replaces the original.

        Raises:
            BadInput: it cannot be written, or there is one already.
        """
        text = roots.read_text(entry.path)
        first = schema.FIRST_LINE.format(file="persona.schema.json")
        if not text.startswith(first):  # so that editors complete and explain
            text = f"{first}\n{text}"
        return writing.save(self._own, entry.name, text)

    def free_name(self) -> str:
        """A name that no customer has yet."""
        taken = set(personas.names(self._roots))
        names = (_NEW if number == 1 else f"{_NEW}-{number}" for number in count(1))
        return next(name for name in names if name not in taken)

    def new(self, name: str) -> Path:
        """A whole customer to begin with, every field explained, in the person's own folder.

        Raises:
            BadInput: the name is taken or cannot be one, or the folder cannot be written to.
        """
        if name in personas.names(self._roots):
            raise BadInput(f"There is a customer called “{name}” already.", "Choose another name.")
        writing.check_free(self._own, name)
        begin = starter.read(self._roots)
        return writing.save(self._own, name, starter.file(begin, {}, self._roots, name))

    @property
    def _own(self) -> Path:
        return self._settings().data_dir / "personas"

    def _paths(self) -> Iterator[tuple[str, Path]]:
        for name in personas.names(self._roots):
            path = roots.find("personas", f"{name}.yaml", self._roots)
            if path is not None:  # a link that leads out of the folder counts for nothing
                yield name, path

    def _entry(self, name: str, path: Path, manners: Stamp) -> Entry:
        stamp = _stamp(path, manners)
        known = self._entries.get(name)
        if known is not None and (known.path, known.stamp) == (path, stamp):
            return known
        persona, mistake = None, ""
        try:
            persona, _ = personas.read(str(path), self._roots)
        except BadInput as error:
            mistake = error.message.partition("\n")[0].removeprefix(f"{path}:")
        entry = Entry(name, path, self._origin(path), stamp, persona, mistake)
        self._entries[name] = entry
        return entry

    def _origin(self, path: Path) -> Origin:
        settings = self._settings()
        if path.is_relative_to(settings.data_dir):
            return "yours"
        if settings.team_dir is not None and path.is_relative_to(settings.team_dir):
            return "team"
        return "ours"

    def _manners(self) -> Stamp:
        """The temperaments, as a stamp: which one a file extends may itself change."""
        found: list[int] = []
        for folder in roots.folders("personas/temperaments", self._roots):
            for file in sorted(folder.glob("*.yaml")):
                found += _stamp(file, ())
        return (hash(tuple(found)),)


def _stamp(path: Path, manners: Stamp) -> Stamp:
    try:
        seen = path.stat()
    except OSError:  # an editor may be replacing it this very moment
        return (0, 0, *manners)
    return (seen.st_mtime_ns, seen.st_size, *manners)
