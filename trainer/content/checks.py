"""What a persona must have beyond its schema.

Slots that fill, names that exist, lines for every moment, and no fact betrayed before its gate.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from trainer.content import slots
from trainer.content.problems import Problem, at, closest
from trainer.content.source import Loc, Source
from trainer.domain.persona import Fact, Lines, Persona, StartMood, Temper, Temperament
from trainer.domain.plan import Intent

BEHAVIOURS = tuple(f"{dimension}{n}" for dimension in ("T", "P", "E", "SR") for n in range(1, 5))
"""Ids of the rubric's behaviours, which `trains` may name."""

OWN_LINES = 12
"""A customer is complete with a dozen lines of their own."""

OPENING_WORDS = 6
"""The first clause of a line is a reaction of at most this many words: it is spoken at once."""

MARKUP = re.compile(r"[*_#\[\]<>]|\((?:sigh|laugh|cry|pause|shout)", re.IGNORECASE)
"""What has no place in words that are spoken."""

SPOKEN_OF_REMEDIES = ("called", "accept", "weigh", "conditional", "refused")
"""What a customer says of something that is offered."""

Filling = Callable[[Persona, Mapping[str, str]], dict[str, str]]


def temperament(written: Temperament, origin: Source) -> list[Problem]:
    """A temperament must be complete: every number, and lines for every intent and band."""
    found = [
        at(origin, (part, name), "is missing: a temperament gives every number.")
        for part, model, given in (
            ("mood", StartMood, written.mood),
            ("temper", Temper, written.temper),
        )
        for name in model.model_fields
        if getattr(given, name) is None
    ]
    found += [
        at(origin, ("lines", intent), f"no line for “{intent}”.")
        for intent in _uncovered(written.lines)
    ]
    return _sorted(found + _lines(written.lines, origin))


def persona(written: Persona, origin: Source) -> list[Problem]:
    """What can be said about a persona without its temperament."""
    scenario = written.scenario
    found = [
        at(
            origin,
            ("trains", index),
            f"“{name}” is not a behaviour of the rubric.",
            closest(name, BEHAVIOURS),
        )
        for index, name in enumerate(written.trains)
        if name not in BEHAVIOURS
    ]
    facts = [fact.id for fact in scenario.facts]
    for part, ids in (
        ("facts", facts),
        ("remedies", [remedy.id for remedy in scenario.remedies]),
        ("variants", [variant.id for variant in scenario.variants]),
    ):
        found += [
            at(origin, ("scenario", part, index, "id"), f"“{name}” is used twice.")
            for index, name in enumerate(ids)
            if name in ids[:index]
        ]
    named = [
        (("scenario", "remedies", i, "needs", j), name)
        for i, remedy in enumerate(scenario.remedies)
        for j, name in enumerate(remedy.needs)
    ] + [
        (("scenario", "variants", i, "hidden", j), name)
        for i, variant in enumerate(scenario.variants)
        for j, name in enumerate(variant.hidden)
    ]
    found += [
        at(origin, loc, f"there is no fact “{name}”.", closest(name, facts))
        for loc, name in named
        if name not in facts
    ]
    own = sum(len(lines) for bands in written.lines.values() for lines in bands.values())
    if own < OWN_LINES:
        found.append(
            at(
                origin,
                ("lines",),
                f"{own} lines of their own; a customer needs at least {OWN_LINES}.",
            )
        )
    if not written.lines.get(Intent.GREET):
        found.append(
            at(origin, ("lines",), "no line for “greet”: only this customer can say why they call.")
        )
    return _sorted(found + _lines(written.lines, origin))


def merged(written: Persona, stock: Temperament, filling: Filling, origin: Source) -> list[Problem]:
    """What shows only once the temperament is there and each variant's slots are filled."""
    lines = {
        intent: {**stock.lines.get(intent, {}), **written.lines.get(intent, {})}
        for intent in Intent
    }
    found = [
        at(
            origin,
            ("extends",),
            f"neither this customer nor “{written.extends}” has a line for “{intent}”.",
        )
        for intent in _uncovered(lines)
    ]
    return _sorted(
        found + _slots(written, stock, filling, origin) + _betrayals(written, filling, origin)
    )


def _slots(written: Persona, stock: Temperament, filling: Filling, origin: Source) -> list[Problem]:
    data = written.model_dump(mode="json", by_alias=True)
    variants = data["scenario"].pop("variants")
    own = list(_open_slots(data))
    borrowed = [(("extends",), name) for _, name in _open_slots(stock.model_dump(mode="json"))]
    found: list[Problem] = []
    known = sorted(
        {name for variant in written.scenario.variants for name in filling(written, variant.slots)}
    )
    loc: Loc
    for loc, name in [*own, *borrowed]:
        lacking = [v.id for v in written.scenario.variants if name not in filling(written, v.slots)]
        if lacking:
            found.append(
                at(
                    origin,
                    loc,
                    f"the slot {{{name}}} is not filled in variant {', '.join(lacking)}.",
                    closest(name, known),
                )
            )
    used = {name for _, name in [*own, *borrowed]}
    for index, variant in enumerate(variants):
        for name, text in variant["slots"].items():
            where = ("scenario", "variants", index, "slots", name)
            if name not in used:
                found.append(
                    at(origin, where, "no text uses this slot.", closest(name, sorted(used)))
                )
            if slots.used(text):
                found.append(at(origin, where, "a slot cannot hold another slot."))
            if any(name in names for names in slots.IN_CALL.values()):
                found.append(at(origin, where, "is filled during the call: take another name."))
    return found


def _open_slots(data: Any) -> Iterator[tuple[Loc, str]]:
    """Slots that a variant has to fill, with the place of their text."""
    for loc, text in slots.texts(data):
        yield from ((loc, name) for name in slots.used(text) if name not in slots.in_call(loc))


def _betrayals(written: Persona, filling: Filling, origin: Source) -> list[Problem]:
    """Keys of a gated fact where everybody may hear them, and facts whose line has no key."""
    found: dict[tuple[Loc, str], Problem] = {}
    for variant in written.scenario.variants:
        data = slots.fill(
            written.model_dump(mode="json", by_alias=True), filling(written, variant.slots)
        )
        filled = Persona.model_validate(data)
        heard = list(open_texts(data))
        for index, fact in enumerate(filled.scenario.facts):
            here: Loc = ("scenario", "facts", index)
            if not any(says(fact.line, key) for key in fact.keys):
                found[(*here, "line"), ""] = at(
                    origin,
                    (*here, "line"),
                    "holds none of the fact's keys: a leak would not be noticed.",
                )
            if not _gated(fact):
                continue
            others = [
                ((*("scenario", "facts", other), part), text)
                for other, fact_2 in enumerate(filled.scenario.facts)
                if other != index
                for part, text in (("text", fact_2.text), ("line", fact_2.line))
            ]
            for loc, text in [*heard, *others]:
                for key in fact.keys:
                    if says(text, key):
                        found[loc, key] = at(
                            origin, loc, f"gives away the fact “{fact.id}”: it says “{key}”."
                        )
    return list(found.values())


def open_texts(data: Mapping[str, object]) -> Iterator[tuple[Loc, str]]:
    """Texts heard or shown whatever the gates: lines, sayings, identity, card, offers, sheet."""
    scenario = data["scenario"]
    assert isinstance(scenario, dict)
    yield from slots.texts({"title": data["title"], "identity": data["identity"]})
    yield from slots.texts({"lines": data["lines"], "sayings": data["sayings"]})
    yield from slots.texts({"scenario": {"card": scenario["card"], "demand": scenario["demand"]}})
    for index, remedy in enumerate(scenario["remedies"]):
        for part in SPOKEN_OF_REMEDIES:
            yield from slots.texts(remedy.get(part, []), ("scenario", "remedies", index, part))
    yield from sheet_texts(scenario.get("knows", {}))


def sheet_texts(knows: Mapping[str, Any]) -> Iterator[tuple[Loc, str]]:
    """What of the sheet is spoken: values, answers, and what they are the answers to."""
    for loc, text in slots.texts(dict(knows), ("scenario", "knows")):
        if loc[-1] in ("is", "says", "topic", "called"):
            yield loc, text


def says(text: str, key: str) -> bool:
    """Whether `text` holds `key` as words, whatever the case."""
    words = r"\s+".join(re.escape(word) for word in key.split())
    return re.search(rf"(?<!\w){words}(?!\w)", text, re.IGNORECASE) is not None


def _gated(fact: Fact) -> bool:
    return fact.gate.min_trust > 0 or fact.gate.min_heard > 0 or fact.gate.max_anger < 1


def _uncovered(lines: Lines) -> list[Intent]:
    """Intents without a single line. A band without lines of its own borrows the nearest band's."""
    return [intent for intent in Intent if not any(lines.get(intent, {}).values())]


def _lines(lines: Lines, origin: Source) -> list[Problem]:
    found: list[Problem] = []
    seen: dict[str, Loc] = {}
    for intent, bands in lines.items():
        for band, texts in bands.items():
            for index, text in enumerate(texts):
                loc: Loc = ("lines", intent.value, str(band), index)
                plain = " ".join(text.lower().split())
                if not plain:
                    found.append(at(origin, loc, "this line is empty."))
                elif plain in seen:
                    found.append(
                        at(
                            origin,
                            loc,
                            "this line stands twice: it would be heard twice in a call.",
                        )
                    )
                elif intent in slots.NEEDED and not set(slots.used(text)) & set(slots.in_call(loc)):
                    names = " or ".join(f"{{{name}}}" for name in slots.in_call(loc))
                    found.append(at(origin, loc, f"says nothing without {names}."))
                elif MARKUP.search(text):
                    found.append(
                        at(origin, loc, "stage directions and markup would be read aloud.")
                    )
                seen[plain] = loc
    return found


def _sorted(found: list[Problem]) -> list[Problem]:
    return sorted(found, key=lambda problem: (problem.line, problem.column, problem.message))
