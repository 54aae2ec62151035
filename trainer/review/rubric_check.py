"""What is wrong with a rubric beyond the shape of its fields, each with its place in the file.

What the program's readers know (behaviours, thresholds, evidence, critical errors) is told by the
shipped rubric, which they were written for.
"""

from collections.abc import Iterator, Sequence

from trainer.content.problems import Problem, at, closest
from trainer.content.source import Loc, Source
from trainer.review.rubric import LEVELS, Behaviour, Rubric

_OPTIONAL = frozenset({"sure"})
"""Thresholds that a behaviour may do without."""

_WEIGHTS_OFF = 0.01


def mistakes(rubric: Rubric, origin: Source, known: Rubric) -> list[Problem]:
    """Every mistake, in the order of the file.

    Args:
        rubric: what `origin` holds, valid by itself.
        origin: for the places.
        known: the rubric that the readers go by.
    """
    found = [
        *_name(rubric, origin),
        *_bands(rubric, origin),
        *_used_twice(rubric, origin),
        *_dimensions(rubric, origin),
        *_critical(rubric, origin, known),
    ]
    for index, behaviour in enumerate(rubric.behaviours):
        place: Loc = ("behaviours", index)
        found += _anchors(behaviour, place, origin)
        found += _sources(behaviour, place, origin, known)
        found += _numbers(behaviour, place, origin, known)
    return sorted(found, key=lambda problem: (problem.line, problem.column))


def _name(rubric: Rubric, origin: Source) -> Iterator[Problem]:
    stem = origin.path.stem
    if rubric.name != stem:
        yield at(origin, ("name",), f"is “{rubric.name}”, but the file is called {stem}.", stem)


def _bands(rubric: Rubric, origin: Source) -> Iterator[Problem]:
    before = 0.0
    for index, band in enumerate(rubric.bands):
        if band.below <= before:
            yield at(origin, ("bands", index, "below"), "bands go from low to high.")
        before = max(before, band.below)
    if before <= max(LEVELS):
        last = len(rubric.bands) - 1
        yield at(origin, ("bands", last, "below"), "a score of 5 has no band: write 5.1 here.")


def _used_twice(rubric: Rubric, origin: Source) -> Iterator[Problem]:
    parts = {
        "dimensions": [one.id for one in rubric.dimensions],
        "behaviours": [one.id for one in rubric.behaviours],
        "critical": [one.id for one in rubric.critical],
    }
    for part, ids in parts.items():
        for index, name in enumerate(ids):
            # prompts and files are named by it, and not everywhere do capitals count
            if name.lower() in {earlier.lower() for earlier in ids[:index]}:
                yield at(origin, (part, index, "id"), f"“{name}” is used twice.")


def _dimensions(rubric: Rubric, origin: Source) -> Iterator[Problem]:
    there = [one.id for one in rubric.dimensions]
    named = {
        "critical": [one.dimension for one in rubric.critical],
        "behaviours": [one.dimension for one in rubric.behaviours],
    }
    for part, dimensions in named.items():
        for index, name in enumerate(dimensions):
            if name not in there:
                wrong = f"there is no dimension “{name}”."
                yield at(origin, (part, index, "dimension"), wrong, closest(name, there))
    for index, dimension in enumerate(there):
        own = [i for i, one in enumerate(rubric.behaviours) if one.dimension == dimension]
        total = sum(rubric.behaviours[i].weight for i in own)
        if not own:
            yield at(origin, ("dimensions", index), f"no behaviour belongs to “{dimension}”.")
        elif abs(total - 1) > _WEIGHTS_OFF:
            parts = " + ".join(f"{rubric.behaviours[i].weight:g}" for i in own)
            wrong = f"the weights of “{dimension}” add up to {total:.2f} ({parts}), not to 1."
            yield at(origin, ("behaviours", own[0], "weight"), wrong)


def _critical(rubric: Rubric, origin: Source, known: Rubric) -> Iterator[Problem]:
    found = [one.id for one in known.critical]
    for index, one in enumerate(rubric.critical):
        if one.id not in found:
            wrong = f"the program finds no error called “{one.id}”; it finds {', '.join(found)}."
            yield at(origin, ("critical", index, "id"), wrong, closest(one.id, found))


def _anchors(behaviour: Behaviour, place: Loc, origin: Source) -> Iterator[Problem]:
    for part, anchors in (("anchors", behaviour.anchors), ("listener", behaviour.listener)):
        missing = [str(level) for level in LEVELS if level not in anchors]
        if missing:
            wrong = f"{behaviour.id}: nothing is said of level {', '.join(missing)}."
            yield at(origin, (*place, part), wrong)
        for level, text in anchors.items():
            if not text.strip():
                yield at(origin, (*place, part, str(level)), "is empty: write a text.")


def _sources(behaviour: Behaviour, place: Loc, origin: Source, known: Rubric) -> Iterator[Problem]:
    readers = {one.id: one for one in known.behaviours}
    reader = readers.get(behaviour.id)
    if reader is None and not {"judge", "human"} & set(behaviour.source):
        yield at(
            origin,
            (*place, "id"),
            f"the program has no reader for “{behaviour.id}”: add judge or human to its source.",
            closest(behaviour.id, list(readers)),
        )
    elif reader is not None and behaviour.measured not in ((), reader.measured):
        read = ", ".join(reader.measured)
        yield at(
            origin,
            (*place, "source"),
            f"the program reads {behaviour.id} by {read}; that part stays so or is left out.",
        )


def _numbers(behaviour: Behaviour, place: Loc, origin: Source, known: Rubric) -> Iterator[Problem]:
    evidence = sorted({name for one in known.behaviours for name in one.least})
    for name in behaviour.least:
        if name not in evidence:
            wrong = f"is not one of: {', '.join(evidence)}."
            yield at(origin, (*place, "least", name), wrong, closest(name, evidence))
    reader = next((one for one in known.behaviours if one.id == behaviour.id), None)
    read = reader.thresholds if reader is not None and behaviour.measured else {}
    for name in behaviour.thresholds:
        if name not in read:
            near = closest(name, list(read))
            yield at(origin, (*place, "thresholds", name), "nothing reads this number.", near)
    for name, shipped in read.items():
        if name not in behaviour.thresholds:
            if name not in _OPTIONAL:
                yield at(origin, (*place, "thresholds"), f"{behaviour.id}: “{name}” is missing.")
        elif _length(behaviour.thresholds[name]) != _length(shipped):
            wrong = f"needs {_length(shipped)} numbers, as in the shipped rubric."
            yield at(origin, (*place, "thresholds", name), wrong)


def _length(numbers: float | Sequence[float]) -> int:
    return len(numbers) if isinstance(numbers, Sequence) else 1
