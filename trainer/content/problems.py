"""A mistake in a content file, said so that its writer can find it."""

import re
import typing
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from rapidfuzz import fuzz, process

from trainer.content.source import Source
from trainer.domain.errors import BadInput

_Model = TypeVar("_Model", bound=BaseModel)

_PLAIN = {
    "int_type": "should be a whole number.",
    "int_parsing": "should be a whole number.",
    "int_from_float": "should be a whole number.",
    "float_type": "should be a number.",
    "float_parsing": "should be a number.",
    "finite_number": "should be a number.",
    "bool_type": "should be true or false.",
    "bool_parsing": "should be true or false.",
    "less_than_equal": "should be at most {le}.",
    "greater_than_equal": "should be at least {ge}.",
    "list_type": "should be a list: lines that begin with “- ”.",
    "tuple_type": "should be a list: lines that begin with “- ”.",
    "dict_type": "should be “key: value” lines.",
    "model_type": "should be “key: value” lines.",
    "model_attributes_type": "should be “key: value” lines.",
    "too_short": "needs at least {min_length}, and has {actual_length}.",
    "too_long": "may have at most {max_length}.",
}
"""What is wrong, by pydantic's name for it, in words for people who write no programs."""


@dataclass(frozen=True)
class Problem:
    """One mistake.

    Attributes:
        file: the file it is in.
        line: from 1.
        column: from 1.
        field: where in the data, e.g. "scenario.facts[1].gate".
        message: what is wrong, in plain words.
        nearest: the valid name that comes closest; empty when there is none.
    """

    file: Path
    line: int
    column: int
    field: str
    message: str
    nearest: str = ""

    def __str__(self) -> str:
        maybe = f" Did you mean “{self.nearest}”?" if self.nearest else ""
        return f"{self.file}:{self.line}:{self.column}: {self.field}: {self.message}{maybe}"


def at(source: Source, loc: Sequence[int | str], message: str, nearest: str = "") -> Problem:
    """A problem at `loc` of `source`."""
    line, column = source.place(loc)
    return Problem(source.path, line, column, _name(loc), message, nearest)


def bad_input(problems: Sequence[Problem], hint: str = "") -> BadInput:
    """The error to raise for a file with problems: the first three, and how many more."""
    shown = "\n".join(str(problem) for problem in problems[:3])
    more = f"\n… and {len(problems) - 3} more." if len(problems) > 3 else ""
    return BadInput(
        shown + more, hint or f"Check it with: trainer persona check {problems[0].file}"
    )


def valid(model: type[_Model], origin: Source, hint: str = "") -> _Model:
    """What a content file holds, as `model`.

    Raises:
        BadInput: it does not fit; file, line, column and nearest name of the first mistakes.
    """
    try:
        return model.model_validate(origin.data)
    except ValidationError as error:
        raise bad_input(from_validation(origin, model, error), hint) from None


def closest(name: str, valid: Sequence[str]) -> str:
    """The valid name that comes closest to `name`, or an empty string when none is near."""
    found = process.extractOne(
        name, valid, scorer=fuzz.WRatio, processor=str.lower, score_cutoff=60
    )
    return str(found[0]) if found else ""


def from_validation(
    source: Source, model: type[BaseModel], error: ValidationError
) -> list[Problem]:
    """Problems for everything pydantic found; one per place."""
    found: dict[tuple[int, int, str], Problem] = {}
    for item in error.errors(include_url=False):
        loc = tuple(part for part in item["loc"] if part != "[key]")
        problem = _explain(source, model, loc, item)
        found.setdefault((problem.line, problem.column, problem.field), problem)
    return sorted(found.values(), key=lambda problem: (problem.line, problem.column))


def _explain(
    source: Source, model: type[BaseModel], loc: tuple[int | str, ...], item: Any
) -> Problem:
    kind, context = item["type"], item.get("ctx", {})
    if item["input"] is None and kind not in ("missing", "string_type"):
        return at(source, loc, "is empty: write a value, or leave the field out.")
    if kind in _PLAIN:
        return at(source, loc, _PLAIN[kind].format(**context))
    last = str(loc[-1]) if loc else ""
    if kind == "extra_forbidden":
        return at(source, loc, "there is no such field.", closest(last, fields_at(model, loc[:-1])))
    if kind == "missing":
        return at(source, loc, "is missing.")
    if kind in {"enum", "literal_error"}:
        expected = str(context.get("expected", ""))
        valid = re.findall(r"'([^']*)'", expected) or re.split(r", | or ", expected)
        if "[key]" in item["loc"] and "any" not in valid and "overwhelmed" in valid:
            valid.append("any")
        loc = tuple(part for part in loc if not _is_tag(part))
        given = str(item["input"])
        return at(
            source, loc, f"“{given}” is not one of: {', '.join(valid)}.", closest(given, valid)
        )
    if kind == "string_type":
        given = item["input"]
        if given is None:
            return at(source, loc, "is empty: write a text.")
        return at(
            source,
            loc,
            f"should be a text, but YAML reads it as {_what(given)}: put quotes around it.",
        )
    return at(source, loc, str(item["msg"]).lower() + ".")


def fields_at(model: Any, loc: Sequence[int | str]) -> list[str]:
    """Names that may stand at `loc` of `model`."""
    here = _at(model, loc)
    if isinstance(here, type) and issubclass(here, BaseModel):
        return [field.alias or name for name, field in here.model_fields.items()]
    return []


def described(model: Any, loc: Sequence[int | str]) -> str:
    """What the field at `loc` of `model` is for; empty where nothing is said of it."""
    if not loc or not isinstance(loc[-1], str):
        return ""
    parent = _at(model, loc[:-1])
    if isinstance(parent, type) and issubclass(parent, BaseModel):
        field = _field(parent, loc[-1])
        return (field.description or "") if field is not None else ""
    return ""


def _at(model: Any, loc: Sequence[int | str]) -> Any:
    """The type that stands at `loc` of `model`; None when there is no such place."""
    here = _strip(model)
    for part in loc:
        if isinstance(here, type) and issubclass(here, BaseModel):
            field = _field(here, part)
            if field is None:
                return None
            here = _strip(field.annotation)
        else:
            arguments = get_args(here)
            if not arguments:
                return None
            here = _strip(arguments[-1])
    return here


def _field(model: type[BaseModel], name: int | str) -> FieldInfo | None:
    return next((f for key, f in model.model_fields.items() if name in (key, f.alias)), None)


def _strip(annotation: Any) -> Any:
    """The type inside Annotated and Optional."""
    while True:
        if get_origin(annotation) is typing.Annotated:
            annotation = get_args(annotation)[0]
        elif type(None) in get_args(annotation):
            annotation = next(a for a in get_args(annotation) if a is not type(None))
        else:
            return annotation


def _is_tag(part: int | str) -> bool:
    """Whether pydantic put this into the path to name a branch of a union; it is in no file."""
    return isinstance(part, str) and part.endswith("]")


def _what(given: Any) -> str:
    if isinstance(given, bool):
        return "yes/no"
    if isinstance(given, (int, float)):
        return "a number"
    if isinstance(given, dict):
        return "“key: value”"
    return "something else"


def _name(loc: Sequence[int | str]) -> str:
    text = ""
    for part in loc:
        if _is_tag(part):
            continue
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text or "file"
