"""What a trainer wrote and no call could ever come to."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from trainer.content import slots
from trainer.content.checks import says
from trainer.content.problems import Problem, at
from trainer.content.source import Loc, Source
from trainer.domain.mood import Band, band
from trainer.domain.persona import Exit, Gate, Persona, StartMood, Temperament
from trainer.domain.plan import Intent

HIGHEST = Gate(min_trust=0.95, min_heard=0.97, max_anger=0.02)
"""A gate beyond these opens in no call: the best agent comes near them, not past them."""

ENDINGS = (Exit.HANGS_UP, Exit.WITHDRAWS, Exit.LEAVES_POLITELY)
"""Exits that end the call: the first of them is the one that is taken."""

_ONLY_WITH = {
    Intent.CRY: (Exit.CRIES,),
    Intent.SUPERVISOR: (Exit.SUPERVISOR,),
    Intent.HANG_UP: (Exit.HANGS_UP,),
}
"""Occasions that come up only for customers with one of these exits."""


def persona(written: Persona, stock: Temperament, origin: Source) -> list[Problem]:
    """Parts of a customer that no call can reach, and parts that say the same twice."""
    found = [
        *_blank(origin),
        *_exits(written, origin),
        *_facts(written, origin),
        *_twice(written, origin),
        *_moods(written, origin),
        *_occasions(written, origin),
        *_greetings(written, stock, origin),
        *_given_away(written, stock, origin),
    ]
    return sorted(found, key=lambda problem: (problem.line, problem.column, problem.message))


def temperament(origin: Source) -> list[Problem]:
    """The same for a temperament, whose lines serve customers with any exits."""
    return list(_blank(origin))


def _blank(origin: Source) -> Iterator[Problem]:
    for loc, text in slots.texts(origin.data):
        in_lines = loc[0] == "lines"  # said of lines elsewhere, with the same place
        if not text.strip() and not in_lines and loc[-1] not in ("speech", "espeak", "cloud"):
            yield at(origin, loc, "is empty: write something, or leave the field out.")


def _exits(written: Persona, origin: Source) -> Iterator[Problem]:
    for index, name in _again(written.exits):
        yield at(origin, ("exits", index), f"“{name}” stands here twice.")
    leaving = [way for way in written.exits if way in ENDINGS]
    for way in dict.fromkeys(leaving[1:]):
        if way is not leaving[0]:
            index = written.exits.index(way)
            yield at(origin, ("exits", index), f"no call ends so: “{leaving[0]}” stands before it.")
    for index, name in _again(written.trains):
        yield at(origin, ("trains", index), f"“{name}” stands here twice.")


def shut(gate: Gate) -> Iterator[tuple[str, str]]:
    """Conditions that no call meets, each with the number that it could be."""
    if gate.min_trust > HIGHEST.min_trust:
        yield "min_trust", f"At most {HIGHEST.min_trust:g}"
    if gate.min_heard > HIGHEST.min_heard:
        yield "min_heard", f"At most {HIGHEST.min_heard:g}"
    if gate.max_anger < HIGHEST.max_anger:
        yield "max_anger", f"At least {HIGHEST.max_anger:g}"


def _facts(written: Persona, origin: Source) -> Iterator[Problem]:
    scenario = written.scenario
    everywhere = set.intersection(*(set(one.hidden) for one in scenario.variants))
    for index, fact in enumerate(scenario.facts):
        here: Loc = ("scenario", "facts", index)
        if fact.id in everywhere:
            yield at(origin, here, f"“{fact.id}” is hidden in every variant: no call tells it.")
        for name, bound in shut(fact.gate):
            yield at(
                origin,
                (*here, "gate", name),
                f"no call gets there: the fact is never told. {bound}.",
            )
    for index, variant in enumerate(scenario.variants):
        if {fact.id for fact in scenario.facts} <= set(variant.hidden):
            yield at(
                origin,
                ("scenario", "variants", index, "hidden"),
                f"variant “{variant.id}” hides every fact.",
            )
    for index, remedy in enumerate(scenario.remedies):
        for place, need in enumerate(remedy.needs):
            if need in everywhere:
                yield at(
                    origin,
                    ("scenario", "remedies", index, "needs", place),
                    f"no call tells “{need}”: it is hidden in every variant.",
                )


def _twice(written: Persona, origin: Source) -> Iterator[Problem]:
    """One question or offer can mean one thing only."""
    scenario = written.scenario
    asks = [
        (("scenario", "facts", n, "asks", i), text, fact.id)
        for n, fact in enumerate(scenario.facts)
        for i, text in enumerate(fact.asks)
    ]
    offers = [
        (("scenario", "remedies", n, "examples", i), text, remedy.id)
        for n, remedy in enumerate(scenario.remedies)
        for i, text in enumerate(remedy.examples)
    ]
    for phrases in (asks, offers):
        seen: dict[str, str] = {}
        for loc, text, owner in phrases:
            plain = " ".join(text.lower().split())
            if plain in seen:
                yield at(origin, loc, f"stands at “{seen[plain]}” already: it can mean only one.")
            seen.setdefault(plain, owner)


def _moods(written: Persona, origin: Source) -> Iterator[Problem]:
    """Numbers of the customer that every variant replaces."""
    for name in written.mood.model_dump(exclude_none=True):
        if all(getattr(one.mood, name) is not None for one in written.scenario.variants):
            yield at(origin, ("mood", name), "has no effect: every variant sets its own.")


def _occasions(written: Persona, origin: Source) -> Iterator[Problem]:
    for intent, exits in _ONLY_WITH.items():
        if written.lines.get(intent) and not set(exits) & set(written.exits):
            yield at(
                origin,
                ("lines", intent.value),
                f"no call comes to these lines: “{exits[0].value}” is not among the exits.",
            )
    end = next((way for way in written.exits if way in ENDINGS), None)
    if end is Exit.HANGS_UP and written.lines.get(Intent.WITHDRAW):
        yield at(
            origin,
            ("lines", "withdraw"),
            "no call comes to these lines: this customer hangs up instead.",
        )


def _greetings(written: Persona, stock: Temperament, origin: Source) -> Iterator[Problem]:
    """The first words are said once, in the mood that the call begins with."""
    begins = {
        band(_strength(written, stock, variant.mood)) for variant in written.scenario.variants
    }
    for shown in written.lines.get(Intent.GREET, {}):
        if isinstance(shown, Band) and shown not in begins:
            moods = ", ".join(sorted(one.value for one in begins))
            yield at(
                origin,
                ("lines", "greet", shown.value),
                f"no call comes to these lines: they begin {moods}.",
            )


def _strength(written: Persona, stock: Temperament, variant: StartMood) -> float:
    layers = (getattr(one, written.lead.value) for one in (variant, written.mood, stock.mood))
    return next((value for value in layers if value is not None), 0.0)


def _given_away(written: Persona, stock: Temperament, origin: Source) -> Iterator[Problem]:
    """Keys of a gated fact that stand in a borrowed line: whoever says it seems to leak."""
    borrowed = [text for _, text in slots.texts(stock.model_dump(mode="json")["lines"])]
    for index, fact in enumerate(written.scenario.facts):
        if fact.gate == Gate():
            continue
        for place, key in enumerate(fact.keys):
            where = next((text for text in borrowed if says(text, key)), "")
            if key.strip() and where:
                yield at(
                    origin,
                    ("scenario", "facts", index, "keys", place),
                    f"a line of “{written.extends}” says it too: “{where}”. "
                    "Take words that only this fact has.",
                )


def _again(values: Sequence[Any]) -> Iterable[tuple[int, str]]:
    return [(n, str(value)) for n, value in enumerate(values) if value in values[:n]]
