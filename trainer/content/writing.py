"""A customer's data as the file a trainer goes on with: explained, and never over another."""

import textwrap
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from trainer.content import roots, schema
from trainer.content.problems import described
from trainer.content.source import Loc
from trainer.domain.errors import BadInput
from trainer.domain.persona import Persona

_WIDE = 100

Mark = Callable[[Loc], str]


def compose(
    data: Mapping[str, Any],
    head: str,
    mark: Mark = lambda loc: "",
    occasions: Mapping[str, str] | None = None,
) -> str:
    """The text of a customer's file.

    Args:
        data: the customer, as a file holds it.
        head: what stands above it, in plain words.
        mark: a few words that stand behind the value at a place; empty: none.
        occasions: what each occasion of `lines` is, by name.

    Returns:
        YAML whose data is `data`, with a comment above each field that has something to explain.
    """
    comments = _Comments(occasions or {})
    lines = [schema.FIRST_LINE.format(file="persona.schema.json"), *_comment(head, 0)]
    lines += _mapping(data, (), 0, comments, mark)
    text = "\n".join(lines) + "\n"
    assert yaml.safe_load(text) == data, "the file would not say what it was made from"
    return text


def save(folder: Path, name: str, text: str) -> Path:
    """Keep a new customer, with the schema for editors beside it.

    Args:
        folder: the personas folder.
        name: the customer's name, without .yaml.
        text: the file's text.

    Raises:
        BadInput: the name cannot be one, the file is there already, or the folder cannot be
            written to.
    """
    check_free(folder, name)
    file = folder / f"{name}.yaml"
    schema.put(folder)
    try:
        with file.open("x", encoding="utf-8") as fresh:
            file.chmod(0o600)
            fresh.write(text)
    except FileExistsError:
        check_free(folder, name)
        raise
    except OSError as error:
        raise BadInput(f"{file} cannot be written: {error.strerror}.") from None
    return file


def check_free(folder: Path, name: str) -> None:
    """Raise BadInput unless a new customer may be called `name`."""
    if not roots.is_name(name):
        raise BadInput(
            f"“{name}” cannot be the name of a customer.",
            "A name is made of letters, digits and hyphens, e.g. merrin-order.",
        )
    if (folder / f"{name}.yaml").exists():
        raise BadInput(
            f"There is a file {folder / f'{name}.yaml'} already; it is not overwritten.",
            "Choose another name, or open that file in your editor.",
        )


class _Comments:
    """Each explanation stands once: above the field where it is met first.

    Fields of one name and meaning, such as `is` of every slot of the sheet, are met together.
    """

    def __init__(self, occasions: Mapping[str, str]) -> None:
        self._occasions = occasions
        self._given: set[tuple[str, ...]] = set()
        self._told: set[tuple[str, str]] = set()

    def above(self, loc: Loc) -> str:
        path = tuple(part for part in loc if isinstance(part, str))
        if path in self._given:
            return ""
        self._given.add(path)
        if len(path) == 2 and path[0] == "lines":
            return self._occasions.get(path[1], "")
        text = described(Persona, loc)
        if (str(loc[-1]), text) in self._told:
            return ""
        self._told.add((str(loc[-1]), text))
        return text


def _mapping(
    data: Mapping[str, Any],
    loc: Loc,
    indent: int,
    comments: _Comments,
    mark: Mark,
) -> list[str]:
    lines: list[str] = []
    block = False
    for key, value in data.items():
        here = (*loc, key)
        before, block = block, isinstance(value, dict | list)
        if not indent and lines and (block or before):
            lines.append("")
        lines += _comment(comments.above(here), indent)
        lines += _entry(f"{_scalar(key)}:", value, here, indent, comments, mark)
    return lines


def _entry(
    start: str,
    value: Any,
    loc: Loc,
    indent: int,
    comments: _Comments,
    mark: Mark,
) -> list[str]:
    """The lines of one value, the first of which begins with `start` ("key:" or "-")."""
    margin = " " * indent
    if isinstance(value, dict) and value:
        return [f"{margin}{start}", *_mapping(value, loc, indent + 2, comments, mark)]
    if isinstance(value, list) and value:
        lines = [f"{margin}{start}"]
        for index, item in enumerate(value):
            lines += _item(item, (*loc, index), indent + 2, comments, mark)
        return lines
    behind = mark(loc)
    tail = f"  # {behind}" if behind else ""
    if isinstance(value, str) and len(value) > _WIDE - indent and _folds(value):
        room = max(_WIDE - indent - 2, 40)
        folded = textwrap.wrap(value, room, break_long_words=False, break_on_hyphens=False)
        return [f"{margin}{start} >-{tail}", *(f"{margin}  {line}" for line in folded)]
    return [f"{margin}{start} {_scalar(value)}{tail}"]


def _item(value: Any, loc: Loc, indent: int, comments: _Comments, mark: Mark) -> list[str]:
    """One entry of a list; what explains its first field stands above its dash."""
    if not isinstance(value, dict):
        return _entry("-", value, loc, indent, comments, mark)
    lines = _mapping(value, loc, indent + 2, comments, mark)
    first = next(n for n, line in enumerate(lines) if not line.lstrip().startswith("#"))
    above = [line[2:] for line in lines[:first]]
    return [*above, f"{' ' * indent}- {lines[first].lstrip()}", *lines[first + 1 :]]


def _folds(text: str) -> bool:
    """Whether a folded block gives the text back exactly."""
    return text == " ".join(text.split()) and text.isprintable()


def _comment(text: str, indent: int) -> Iterator[str]:
    margin = " " * indent
    for paragraph in text.splitlines():
        for line in textwrap.wrap(paragraph, _WIDE - indent - 2):
            yield f"{margin}# {line}"


def _scalar(value: Any) -> str:
    """One value on one line, in quotes where YAML would read it as something else."""
    dumped = yaml.safe_dump(value, allow_unicode=True, width=float("inf"), default_flow_style=True)
    return dumped.removesuffix("\n").removesuffix("\n...")
