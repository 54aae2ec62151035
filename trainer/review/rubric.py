"""The rubric: which behaviours are read, by what anchors, weights and thresholds. All data."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, WithJsonSchema

from trainer.content import problems, roots, source
from trainer.content.problems import Problem
from trainer.domain.errors import BadInput

Level = Literal[1, 2, 3, 4, 5]
Evidence = Literal["acoustic", "timing", "rule", "judge", "human"]

LEVELS = (1, 2, 3, 4, 5)
SCHEMA_FILE = "rubric.schema.json"
"""Lies beside the rubrics, so that editors complete and explain."""

_RUBRICS = "rubrics"
_FIVE: dict[str, Any] = {
    "type": "object",
    "properties": {str(level): {"type": "string"} for level in LEVELS},
    "required": [str(level) for level in LEVELS],
    "additionalProperties": False,
}
Anchors = Annotated[dict[Level, str], WithJsonSchema(_FIVE)]
"""What each level looks like; an editor knows keys as texts only."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Behaviour(_Strict):
    """One behaviour with its anchors."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,31}$")] = Field(
        description="How reports and prompts call it, e.g. E1. The program's own readers go by it."
    )
    name: str = Field(description="What people read.")
    dimension: str = Field(description="The id of its dimension.")
    weight: Annotated[float, Field(gt=0, le=1)] = Field(
        description="Its share of the dimension; those of one dimension add up to 1."
    )
    source: list[Evidence] = Field(
        min_length=1,
        description="Where its level may come from. A behaviour that the program has no reader "
        "for needs judge (a language model) or human.",
    )
    anchors: Anchors = Field(description="What each level 1..5 is, for the program and a judge.")
    listener: Anchors = Field(description="The same for a person who marks by ear.")
    least: dict[str, float] = Field(
        default_factory=dict,
        description="Evidence it needs: turns, hot, called_for, customer_s, gaps.",
    )
    thresholds: dict[str, float | list[float]] = Field(
        default_factory=dict, description="Numbers that its reader goes by; see the shipped rubric."
    )
    rule_limit: Level = Field(5, description="Highest level that rules alone may give.")

    def steps(self, name: str) -> list[float]:
        """A row of thresholds.

        Raises:
            BadInput: the rubric has none of that name.
        """
        if name not in self.thresholds:
            raise BadInput(
                f"{self.id}: the rubric has no threshold “{name}”.",
                "Copy the line `thresholds:` of this behaviour from the shipped rubrics/core.yaml.",
            )
        value = self.thresholds[name]
        return value if isinstance(value, list) else [value]

    @property
    def measured(self) -> tuple[Evidence, ...]:
        """Its sources that the program reads by itself."""
        return tuple(one for one in self.source if one not in ("judge", "human"))


class Dimension(_Strict):
    """One of the dimensions."""

    id: str = Field(description="How behaviours name it.")
    name: str = Field(description="What people read.")


class Band(_Strict):
    """The name of a range of scores: under `below`."""

    below: float = Field(description="Scores under this; the last band goes over 5.")
    name: str


class Critical(_Strict):
    """Something that caps a dimension, whatever else was done well."""

    id: str = Field(description="One that the program can find; see the shipped rubric.")
    name: str
    dimension: str = Field(description="The id of the dimension that it caps.")


class Rubric(_Strict):
    """A whole rubric."""

    name: str = Field(description="The file's name without .yaml.")
    version: int = Field(description="Goes up with every change; kept with each result.")
    title: str
    bands: list[Band] = Field(min_length=1, description="From low to high.")
    not_enough_below: Annotated[float, Field(ge=0, le=1)] = Field(
        description="Share of a dimension's weight that must carry a level."
    )
    critical_cap: Annotated[float, Field(ge=1, le=5)] = Field(
        description="Highest score of a dimension with a critical error."
    )
    critical: list[Critical]
    dimensions: list[Dimension] = Field(min_length=1)
    behaviours: list[Behaviour] = Field(min_length=1)

    def find(self, behaviour: str) -> Behaviour:
        """One behaviour by id.

        Raises:
            KeyError: the rubric has none of that id.
        """
        for one in self.behaviours:
            if one.id == behaviour:
                return one
        raise KeyError(behaviour)

    def band(self, score: float) -> str:
        """The name of the band a score lies in."""
        return next((b.name for b in self.bands if score < b.below), self.bands[-1].name)


def names(extra: Sequence[Path]) -> list[str]:
    """Names of all rubrics in the shipped folder and in `extra`, sorted."""
    return roots.stems(_RUBRICS, extra)


def locate(name_or_path: str, extra: Sequence[Path]) -> Path:
    """The file of one rubric; a team's own shadows the shipped one.

    Args:
        name_or_path: a name such as "core", or the path of a YAML file.
        extra: extra content roots, later ones first in line.

    Raises:
        BadInput: there is none.
    """
    path = Path(name_or_path).expanduser()
    if "/" in name_or_path or "\\" in name_or_path or path.suffix in {".yaml", ".yml"}:
        if not path.is_file():
            raise BadInput(
                f"There is no rubric file {name_or_path}.",
                "They are listed by: trainer rubric list",
            )
        return path
    named = roots.is_name(name_or_path)
    found = roots.find(_RUBRICS, f"{name_or_path}.yaml", extra) if named else None
    if found is None:
        near = problems.closest(name_or_path, names(extra))
        maybe = f" Did you mean “{near}”?" if near else ""
        raise BadInput(
            f"There is no rubric called “{name_or_path}”.{maybe}",
            "They are listed by: trainer rubric list",
        )
    return found


def load(extra: Sequence[Path], name: str = "core") -> Rubric:
    """The rubric called `name` (or in the file of that path), fit for a review.

    Raises:
        BadInput: there is none, or it has a mistake; the message names file, line and column.
    """
    path = locate(name, extra)
    read, found = _read(path)
    if read is None or found:
        raise problems.bad_input(found, f"Check it with: trainer rubric check {path}")
    return read


def check(path: Path) -> list[Problem]:
    """Every mistake in one rubric file; an empty list when it is fit for a review.

    Raises:
        BadInput: the file cannot be read as YAML.
    """
    return _read(path)[1]


def _read(path: Path) -> tuple[Rubric | None, list[Problem]]:
    from trainer.review import rubric_check  # it goes by what this module describes

    origin = source.read(path)
    try:
        read = Rubric.model_validate(origin.data)
    except ValidationError as error:
        return None, problems.from_validation(origin, Rubric, error)
    return read, rubric_check.mistakes(read, origin, _known(roots.shipped()))


@lru_cache(maxsize=2)
def _known(shipped: Path) -> Rubric:
    """The rubric that the program's readers were written for."""
    return Rubric.model_validate(source.read(shipped / _RUBRICS / "core.yaml").data)
