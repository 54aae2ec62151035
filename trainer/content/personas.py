"""Personas: their names, one cast for a call, and every mistake in a file."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from trainer.content import checks, knowledge, problems, reach, roots, slots, source
from trainer.content.problems import Problem
from trainer.content.source import Source
from trainer.domain.errors import BadInput
from trainer.domain.mood import Mood
from trainer.domain.persona import Cast, Persona, StartMood, Temper, Temperament

_Model = TypeVar("_Model", bound=BaseModel)

_PERSONAS = "personas"
_TEMPERAMENTS = "personas/temperaments"


def names(extra: Sequence[Path]) -> list[str]:
    """Names of all customers in the shipped folder and in `extra`, sorted."""
    return roots.stems(_PERSONAS, extra)


def temperaments(extra: Sequence[Path]) -> list[str]:
    """Names of all temperaments, sorted."""
    return roots.stems(_TEMPERAMENTS, extra)


def locate(name_or_path: str, extra: Sequence[Path]) -> Path:
    """The file of one customer.

    Args:
        name_or_path: a name such as "olsen-outage", or the path of a YAML file.
        extra: extra content roots, later ones first in line.

    Raises:
        BadInput: there is none.
    """
    text = str(name_or_path)
    if "/" in text or "\\" in text or Path(text).suffix in {".yaml", ".yml"}:
        path = Path(text).expanduser()
        if not path.is_file():
            raise BadInput(
                f"There is no customer file {text}.", "Names are listed by: trainer persona list"
            )
        return path
    found = roots.find(_PERSONAS, f"{text}.yaml", extra) if roots.is_name(text) else None
    if found is None:
        near = problems.closest(text, names(extra))
        raise BadInput(
            f"There is no customer called “{text}”." + (f" Did you mean “{near}”?" if near else ""),
            "Names are listed by: trainer persona list",
        )
    return found


def read(name_or_path: str, extra: Sequence[Path]) -> tuple[Persona, Source]:
    """One persona as written: nothing merged, no slot filled.

    Raises:
        BadInput: not found, or not valid; the message names file, line and column.
    """
    origin = source.read(locate(name_or_path, extra))
    return problems.valid(Persona, origin), origin


def load(name_or_path: str, extra: Sequence[Path], seed: int) -> Cast:
    """A customer ready for one call: temperament merged in, one variant chosen, slots filled.

    Args:
        name_or_path: name, or path of a YAML file.
        extra: extra content roots, later ones first in line.
        seed: chooses the variant; consecutive seeds go through all of them.

    Raises:
        BadInput: not found or not valid; the message names file, line and column.
    """
    persona, origin = read(name_or_path, extra)
    temperament, temperament_origin = _temperament(persona, origin, extra)
    variant = persona.scenario.variants[seed % len(persona.scenario.variants)]
    values = filling(persona, variant.slots)
    filled = slots.fill(persona.model_dump(mode="json", by_alias=True), values)
    scenario = filled["scenario"]
    scenario["facts"] = [fact for fact in scenario["facts"] if fact["id"] not in variant.hidden]
    for remedy in scenario["remedies"]:
        remedy["needs"] = [need for need in remedy["needs"] if need not in variant.hidden]
    if not scenario["facts"]:
        raise problems.bad_input(
            [
                problems.at(
                    origin, ("scenario", "variants"), f"variant “{variant.id}” hides every fact."
                )
            ]
        )
    stock = slots.fill(temperament.model_dump(mode="json")["lines"], values)
    _all_filled(filled, origin)
    _all_filled({"lines": stock}, temperament_origin)
    ready = Persona.model_validate(filled)
    return Cast(
        name=origin.path.stem,
        persona=ready,
        temperament=persona.extends,
        variant=variant.id,
        mood=_start(temperament.mood, persona.mood, variant.mood),
        temper=_merge(Temper, temperament.temper, persona.temper),
        lines=ready.lines,
        stock=Temperament.model_validate(
            {**temperament.model_dump(mode="json"), "lines": stock}
        ).lines,
        digest=hashlib.sha256((origin.text + "\0" + temperament_origin.text).encode()).hexdigest(),
    )


def check(path: Path, extra: Sequence[Path]) -> list[Problem]:
    """Every mistake in one persona or temperament file; an empty list when it is fit for a call."""
    try:
        origin = source.read(path)
    except BadInput as error:
        return [_from_message(path, error)]
    model: type[BaseModel] = Temperament if is_temperament(origin) else Persona
    try:
        written = model.model_validate(origin.data)
    except ValidationError as error:
        return problems.from_validation(origin, model, error)
    if isinstance(written, Temperament):
        return checks.temperament(written, origin) + reach.temperament(origin)
    assert isinstance(written, Persona)
    found = checks.persona(written, origin) + knowledge.persona(written, filling, origin)
    try:
        stock, _ = _temperament(written, origin, extra)
    except BadInput as error:
        return [*found, problems.at(origin, ("extends",), error.message.split(": ", 2)[-1])]
    found += checks.merged(written, stock, filling, origin)
    return found + reach.persona(written, stock, origin)


def notes(path: Path) -> list[Problem]:
    """What a customer will not be able to say; none for a file that cannot be read as one."""
    try:
        origin = source.read(path)
        written = Persona.model_validate(origin.data)
    except (BadInput, ValidationError):
        return []
    return knowledge.notes(written, origin)


def is_temperament(origin: Source) -> bool:
    """Whether the file holds a temperament rather than a customer."""
    return origin.path.resolve().parent.name == "temperaments" or not {"extends", "scenario"} & set(
        origin.data
    )


def filling(persona: Persona, variant_slots: Mapping[str, str]) -> dict[str, str]:
    """Values of all slots: the variant's, and `name` and `company`, which every persona has."""
    built_in = {"name": persona.identity.name, "company": persona.scenario.card.company}
    own = dict(variant_slots)
    return {key: slots.fill(value, own) for key, value in built_in.items()} | own


def _temperament(
    persona: Persona, origin: Source, extra: Sequence[Path]
) -> tuple[Temperament, Source]:
    name = persona.extends
    beside = origin.path.parent / "temperaments" / f"{name}.yaml"
    path = roots.find(_TEMPERAMENTS, f"{name}.yaml", extra) if roots.is_name(name) else None
    if roots.is_name(name) and beside.is_file():
        path = beside
    if path is None:
        near = problems.closest(name, temperaments(extra))
        raise problems.bad_input(
            [problems.at(origin, ("extends",), f"there is no temperament called “{name}”.", near)]
        )
    stock_origin = source.read(path)
    return problems.valid(Temperament, stock_origin), stock_origin


def _merge(model: type[_Model], *layers: BaseModel) -> _Model:
    """Later layers win where they say something."""
    values: dict[str, object] = {}
    for layer in layers:
        values |= layer.model_dump(exclude_none=True)
    return model.model_validate(values)


def _start(*layers: StartMood) -> Mood:
    merged = _merge(StartMood, *layers).model_dump(exclude_none=True)
    return Mood(**merged)


def _all_filled(data: dict[str, object], origin: Source) -> None:
    left = [
        problems.at(origin, loc, f"the slot {{{name}}} is filled by no variant.")
        for loc, text in slots.texts(data)
        for name in slots.used(text)
        if name not in slots.in_call(loc)
    ]
    if left:
        raise problems.bad_input(left)


def _from_message(path: Path, error: BadInput) -> Problem:
    place = re.match(
        r"(?P<file>.*?):(?P<line>\d+)(?::(?P<column>\d+))?: (?P<what>.*)", error.message, re.S
    )
    if place is None:
        return Problem(path, 1, 1, "file", error.message)
    return Problem(path, int(place["line"]), int(place["column"] or 1), "file", place["what"])
