"""Fields of a customer that change nothing: what a trainer wrote and nobody would ever notice."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from trainer.acts.reader import Reader
from trainer.content import personas, roots, source
from trainer.domain.acts import ActKind
from trainer.domain.mood import Mood
from trainer.domain.moves import TAKEN, OfferState
from trainer.domain.persona import Cast, Fact, Gate, Persona, Temperament
from trainer.simulate.runs import Agent, agent, play

_AGENTS = ("dismissive", "empathic", "silent", "wall", "polite_useless", "canned")
_SEEDS = 2

_MEANT = (*TAKEN, OfferState.CONDITIONAL)
"""How an example of a remedy may be read: as one that is on the table, or hangs on something."""

_RUDE = (
    ("dismissive", 0),
    ("dismissive", 2),
    ("dismissive", 3),
    ("abusive", 1),
    ("wall", 3),
    ("abusive", 2),
    ("dismissive", 4),
)
"""How much of which agent a gate is tried after."""

HEARD = 0.75
"""Share of a list of example phrases that must be recognised as what they are examples of."""


def idle(name: str, reader: Reader) -> list[str]:
    """Fields that change nothing: calls go the same way without them.

    Args:
        name: name or path of the customer.
        reader: reads the agents' turns.

    Returns:
        Names of fields, with a few words where the name alone does not say it. A field that
        repeats its temperament says “same as in its temperament”.

    Raises:
        BadInput: the customer's file is missing or wrong.
    """
    cast = personas.load(name, reader.roots, 0)
    written, origin = personas.read(name, reader.roots)
    stock = _stock(written, origin, reader)
    found = []
    for field, other in _without(cast, written, stock):
        if other == cast:
            found.append(f"{field} (same as in its temperament)")
        elif not any(_differ(cast, other, who, reader) for who in _agents(cast, reader)):
            found.append(field)
    for fact in cast.persona.scenario.facts:
        if fact.gate != Gate() and not any(
            _differ(cast, _open(cast, fact), who, reader) for who in _curious(cast, fact, reader)
        ):
            found.append(f"scenario.facts.{fact.id}.gate")
    return found + list(_deaf(cast, reader))


def _without(cast: Cast, written: Persona, stock: Temperament) -> Iterator[tuple[str, Cast]]:
    """Each number a persona sets beyond its temperament, and the customer without it."""
    variant = written.scenario.variants[0].mood.model_dump(exclude_none=True)
    for name in written.mood.model_dump(exclude_none=True):
        if name not in variant:
            start: dict[str, Any] = {**vars(cast.mood), name: getattr(stock.mood, name)}
            yield f"mood.{name}", replace(cast, mood=Mood(**start))
    for name in written.temper.model_dump(exclude_none=True):
        other = cast.temper.model_copy(update={name: getattr(stock.temper, name)})
        yield f"temper.{name}", replace(cast, temper=other)


def _open(cast: Cast, fact: Fact) -> Cast:
    scenario = cast.persona.scenario
    facts = [
        one.model_copy(update={"gate": Gate()}) if one.id == fact.id else one
        for one in scenario.facts
    ]
    persona = cast.persona.model_copy(
        update={"scenario": scenario.model_copy(update={"facts": facts})}
    )
    return replace(cast, persona=persona)


def _differ(cast: Cast, other: Cast, who: Agent, reader: Reader) -> bool:
    return any(
        play(cast, who, reader, seed) != play(other, who, reader, seed) for seed in range(_SEEDS)
    )


def _agents(cast: Cast, reader: Reader) -> Iterator[Agent]:
    for name in _AGENTS:
        yield agent(name, cast, 0, reader.roots)


def _curious(cast: Cast, fact: Fact, reader: Reader) -> Iterator[Agent]:
    """Ask for a fact before it is earned, and after some rudeness."""
    for name, many in _RUDE:
        rude = agent(name, cast, 0, reader.roots).turns[:many]
        yield Agent("curious", (*rude, fact.asks[0]))


def _deaf(cast: Cast, reader: Reader) -> Iterator[str]:
    """Lists of example phrases that are not recognised as what they are examples of."""
    scenario = cast.persona.scenario
    for remedy in scenario.remedies:
        read = {text: reader.read(text, (), cast) for text in remedy.examples}
        missed = [
            text
            for text, reading in read.items()
            if remedy.id not in {offer.remedy for offer in reading.state(*_MEANT)}
            and (remedy.allowed or not reading.find(ActKind.OVERPROMISE))
        ]
        if len(missed) > (1 - HEARD) * len(remedy.examples):
            yield f"scenario.remedies.{remedy.id}.examples ({_few(missed)} not recognised)"
    for fact in scenario.facts:
        missed = [t for t in fact.asks if fact.id not in reader.read(t, (), cast).asks]
        if len(missed) > (1 - HEARD) * len(fact.asks):
            yield f"scenario.facts.{fact.id}.asks ({_few(missed)} not recognised)"


def _few(texts: Sequence[str]) -> str:
    return ", ".join(f"“{text}”" for text in texts)


def _stock(written: Persona, origin: source.Source, reader: Reader) -> Temperament:
    beside = origin.path.parent / "temperaments" / f"{written.extends}.yaml"
    path = roots.find("personas/temperaments", f"{written.extends}.yaml", reader.roots)
    data = source.read(beside if beside.is_file() or path is None else path).data
    return Temperament.model_validate(data)
