"""The sheet of what a customer knows: nobody's numbers, no fact given away, one answer a question.

What is gated as a fact, and the {slots} in it, are looked at with all other texts, in `checks`.
"""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache

from trainer.content import checks, fictional, reach, slots
from trainer.content.problems import Problem, at
from trainer.content.source import Loc, Source
from trainer.domain.persona import Gate, IdentitySlots, Persona, Reference, Slot

PLAIN = {
    "name": "name",
    "spelling": "how it is spelled",
    "birth_date": "date of birth",
    "address": "address",
    "postcode": "postcode",
    "phone": "telephone number",
    "email": "e-mail address",
    "references": "a reference number",
    "account_holder": "whose account it is",
}
"""The slots in the order in which agents ask for them, in plain words."""

ENOUGH = 30
"""Items from which on most of what an agent asks meets one."""

_SHEET: Loc = ("scenario", "knows")
_IDENTITY: Loc = (*_SHEET, "identity")
_SLOT = re.compile(r"\{[^{}]*\}")
_FEW_DIGITS = 4
_ALIKE = 0.75
_SMALL = """
a an and any are be been being can could did do does had has have i is me my or our
please so some that the there this us was we were will would you your
"""
_LITTLE = frozenset(_SMALL.split())
"""Words that change without changing what a question asks for."""


def persona(written: Persona, filling: checks.Filling, origin: Source) -> list[Problem]:
    """Every mistake in the sheet; none where there is no sheet."""
    found = [*_gates(written, origin), *_ids(written, origin), *_asks(written, origin)]
    found += _empty(written, origin)
    data = written.model_dump(mode="json", by_alias=True)
    for variant in written.scenario.variants:
        filled = Persona.model_validate(slots.fill(data, filling(written, variant.slots)))
        found += [*_identity(filled, origin), *_references(filled, origin)]
        found += [*_markup(filled, origin), *_given_away(filled, origin)]
    once = {(one.line, one.column, one.field, one.message): one for one in found}
    return [once[place] for place in sorted(once)]


def missing(written: Persona) -> list[str]:
    """What they cannot identify themselves with, in plain words."""
    identity = written.scenario.knows.identity
    return [words for name, words in PLAIN.items() if not getattr(identity, name)]


def notes(written: Persona, origin: Source) -> list[Problem]:
    """What they will not be able to say: nothing to mend, but good to know."""
    lacking, items = missing(written), len(written.scenario.knows.items)
    told = [f"They will not be able to say: {', '.join(lacking)}."] if lacking else []
    if not items:
        told.append("No items: questions about details are answered with not knowing.")
    elif items < ENOUGH:
        told.append(
            f"{items} items: other questions about details are answered with not knowing; "
            f"{ENOUGH} to 50 meet most of them."
        )
    return [at(origin, _SHEET, " ".join(told))] if told else []


def slots_of(identity: IdentitySlots) -> Iterator[tuple[Loc, Slot]]:
    """Every slot that is there, with its place below `identity`."""
    for name in PLAIN:
        value = getattr(identity, name)
        if isinstance(value, list):
            yield from (((name, index), one) for index, one in enumerate(value))
        elif value is not None:
            yield (name,), value


def same_question(one: str, other: str) -> bool:
    """Whether two questions ask for the same thing in (nearly) the same words."""
    first, second = _telling(one), _telling(other)
    return first == second and SequenceMatcher(None, one.lower(), other.lower()).ratio() >= _ALIKE


@lru_cache(maxsize=4096)
def _telling(question: str) -> frozenset[str]:
    words = re.findall(r"[\w']+", question.lower().replace("’", "'"))
    return frozenset(word for word in words if word not in _LITTLE) or frozenset(words)


def _gates(written: Persona, origin: Source) -> Iterator[Problem]:
    knows = written.scenario.knows
    gates: list[tuple[Loc, Gate]] = [
        ((*_IDENTITY, *loc), slot.gate) for loc, slot in slots_of(knows.identity)
    ]
    gates += [((*_SHEET, "items", n), item.gate) for n, item in enumerate(knows.items)]
    for loc, gate in gates:
        for name, bound in reach.shut(gate):
            yield at(
                origin, (*loc, "gate", name), f"no call gets there: it is never said. {bound}."
            )


def _ids(written: Persona, origin: Source) -> Iterator[Problem]:
    facts = {fact.id for fact in written.scenario.facts}
    seen: set[str] = set()
    for index, item in enumerate(written.scenario.knows.items):
        loc: Loc = (*_SHEET, "items", index, "id")
        if item.id in seen:
            yield at(origin, loc, f"“{item.id}” is used twice.")
        elif item.id in facts:
            yield at(origin, loc, f"“{item.id}” is a fact already: give this another name.")
        seen.add(item.id)


def _asks(written: Persona, origin: Source) -> Iterator[Problem]:
    """One question can mean one thing only."""
    scenario = written.scenario
    taken = [
        (text, f"the fact “{fact.id}” already") for fact in scenario.facts for text in fact.asks
    ]
    for index, item in enumerate(scenario.knows.items):
        for place, text in enumerate(item.asks):
            loc: Loc = (*_SHEET, "items", index, "asks", place)
            there = next((owner for other, owner in taken if same_question(text, other)), "")
            if there:
                yield at(origin, loc, f"asks for {there}: it can mean only one.")
        taken += [(text, f"the item “{item.id}” already") for text in item.asks]


def _empty(written: Persona, origin: Source) -> Iterator[Problem]:
    for loc, slot in slots_of(written.scenario.knows.identity):
        if not slot.is_.strip() and not slot.says.strip():
            yield at(
                origin,
                (*_IDENTITY, *loc),
                "says nothing: write `is` (the value), `says` (their words), or both.",
            )


def _markup(filled: Persona, origin: Source) -> Iterator[Problem]:
    knows = filled.scenario.knows.model_dump(mode="json", by_alias=True)
    for loc, text in checks.sheet_texts(knows):
        if loc[-1] != "is" and checks.MARKUP.search(_SLOT.sub("", text)):
            yield at(origin, loc, "stage directions and markup would be read aloud.")


def _identity(filled: Persona, origin: Source) -> Iterator[Problem]:
    """Values of the right kind that are nobody's."""
    for loc, slot in slots_of(filled.scenario.knows.identity):
        here: Loc = (*_IDENTITY, *loc)
        value, name = slot.is_.strip(), str(loc[0])
        if not slots.used(value + slot.says):  # else a variant lacks the {slot}; said elsewhere
            if wrong := _wrong(name, value, filled) if value else "":
                yield at(origin, (*here, "is"), wrong)
            if wrong := _said(name, value, slot.says):
                yield at(origin, (*here, "says"), wrong)


def _wrong(name: str, value: str, filled: Persona) -> str:
    """What is wrong with the value of a slot; empty when nothing is."""
    kind = fictional.kind(value)
    if kind and kind != name and name not in ("references", "account_holder"):
        return f"this is {fictional.KINDS[kind]}: write it under `{kind}`."
    who = filled.identity
    if name == "name" and _letters(value) != _letters(who.name):
        return f"is another name than identity.name, “{who.name}”."
    if name == "spelling" and _letters(value) not in _letters(who.name):
        return f"is no part of the name “{who.name}”; write the part that is to be spelled."
    if name == "birth_date":
        return fictional.birth_date(value, who.age)
    if name == "address":
        found = fictional.UK_POSTCODE.search(value) or fictional.US_ZIP.search(value)
        return fictional.postcode(found[0]) if found else ""
    checked = {"postcode": fictional.postcode, "phone": fictional.phone, "email": fictional.email}
    return checked[name](value) if name in checked else ""


def _said(name: str, value: str, says: str) -> str:
    """What is wrong with the words for a value; empty when nothing is."""
    digits, said = (re.sub(r"\D", "", text) for text in (value, says))
    if name == "phone" and not value and len(said) > _FEW_DIGITS:
        return f"write the number under `is`, where it can be checked. {fictional.PHONES}"
    numbered = name in ("phone", "postcode", "references") and len(digits) >= _FEW_DIGITS
    if numbered and len(said) >= len(digits) and digits not in said:
        return f"they say another number than the one under `is`: “{value}”."
    return next((wrong for one in fictional.emails(says) if (wrong := fictional.email(one))), "")


def _references(filled: Persona, origin: Source) -> Iterator[Problem]:
    """Numbers that are there twice, or stand otherwise on the agent's card."""
    shown = list(slots.texts(filled.scenario.card.model_dump(mode="json"), ("scenario", "card")))
    seen: list[str] = []
    for index, one in enumerate(filled.scenario.knows.identity.references):
        here: Loc = (*_IDENTITY, "references", index)
        if one.called.lower() in seen:
            yield at(origin, (*here, "called"), f"“{one.called}” is here twice.")
        seen.append(one.called.lower())
        for loc, text in shown:
            other = _on_card(one, text)
            if other:
                where = ".".join(str(part) for part in loc[1:])
                yield at(origin, (*here, "is"), f"is “{other}” on the agent's card ({where}).")


def _on_card(reference: Reference, text: str) -> str:
    """The number that the card shows under the same name, if it is another one."""
    if not reference.is_ or slots.used(reference.is_):
        return ""
    after = rf"\b{re.escape(reference.called)}\b:?(?: is| no\.?)? ((?:[A-Z\d-]*\d[A-Z\d-]*|[A-Z]+)"
    found = re.search(rf"{after}(?: [A-Z\d-]*\d[A-Z\d-]*)*)", text, re.IGNORECASE)
    number = found[1] if found else ""
    if not any(c.isdigit() for c in number) or _bare(number) == _bare(reference.is_):
        return ""
    return number


def _given_away(filled: Persona, origin: Source) -> Iterator[Problem]:
    """Keys of facts that everybody is told: an answer with one counts as the fact, told."""
    knows = filled.scenario.knows.model_dump(mode="json", by_alias=True)
    spoken = list(checks.sheet_texts(knows))
    for fact in filled.scenario.facts:
        if fact.gate != Gate():
            continue  # `checks` looks for these in whatever is heard
        for loc, text in spoken:
            for key in fact.keys:
                if checks.says(text, key):
                    yield at(origin, loc, f"tells the fact “{fact.id}”: it says “{key}”.")


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalpha())


def _bare(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())
