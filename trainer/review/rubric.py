"""The rubric: which behaviours are read, by what anchors, weights and thresholds. All data."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from trainer.content import problems, roots, source
from trainer.domain.errors import BadInput

Level = Literal[1, 2, 3, 4, 5]
Evidence = Literal["acoustic", "timing", "rule", "judge", "human"]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Behaviour(_Strict):
    """One behaviour with its anchors."""

    id: str
    name: str
    dimension: str
    weight: Annotated[float, Field(gt=0, le=1)]
    source: list[Evidence] = Field(min_length=1)
    anchors: dict[Level, str]
    listener: dict[Level, str]
    least: dict[str, float] = Field(default_factory=dict, description="Evidence it needs.")
    thresholds: dict[str, float | list[float]] = Field(default_factory=dict)
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


class Dimension(_Strict):
    """One of the four dimensions."""

    id: str
    name: str


class Band(_Strict):
    """The name of a range of scores: under `below`."""

    below: float
    name: str


class Critical(_Strict):
    """Something that caps a dimension, whatever else was done well."""

    id: str
    name: str
    dimension: str


class Rubric(_Strict):
    """A whole rubric."""

    name: str
    version: int
    title: str
    bands: list[Band] = Field(min_length=1)
    not_enough_below: Annotated[float, Field(ge=0, le=1)]
    critical_cap: float
    critical: list[Critical]
    dimensions: list[Dimension] = Field(min_length=1)
    behaviours: list[Behaviour] = Field(min_length=1)

    @model_validator(mode="after")
    def _complete(self) -> "Rubric":
        known = {dimension.id for dimension in self.dimensions}
        for behaviour in self.behaviours:
            if behaviour.dimension not in known:
                raise ValueError(f"{behaviour.id}: there is no dimension “{behaviour.dimension}”")
            for name, anchors in (("anchors", behaviour.anchors), ("listener", behaviour.listener)):
                if set(anchors) != {1, 2, 3, 4, 5}:
                    raise ValueError(f"{behaviour.id}: {name} must hold the levels 1 to 5")
        for error in self.critical:
            if error.dimension not in known:
                raise ValueError(f"{error.id}: there is no dimension “{error.dimension}”")
        for dimension in known:
            total = sum(b.weight for b in self.behaviours if b.dimension == dimension)
            if abs(total - 1) > 0.01:
                raise ValueError(f"the weights of {dimension} add up to {total:.2f}, not to 1")
        return self

    def find(self, behaviour: str) -> Behaviour:
        """One behaviour by id.

        Raises:
            KeyError: the rubric has none of that id.
        """
        return next(b for b in self.behaviours if b.id == behaviour)

    def band(self, score: float) -> str:
        """The name of the band a score lies in."""
        return next((b.name for b in self.bands if score < b.below), self.bands[-1].name)


def load(extra: Sequence[Path], name: str = "core") -> Rubric:
    """The rubric called `name`; a team's own shadows the shipped one.

    Raises:
        BadInput: there is none, or it has a mistake; the message names file, line and column.
    """
    path = roots.find("rubrics", f"{name}.yaml", extra) if roots.is_name(name) else None
    if path is None:
        raise BadInput(f"There is no rubric called “{name}”.", "The shipped one is called core.")
    origin = source.read(path)
    try:
        return Rubric.model_validate(origin.data)
    except ValidationError as error:
        found = problems.from_validation(origin, Rubric, error)
        raise BadInput("\n".join(str(problem) for problem in found[:3])) from None
