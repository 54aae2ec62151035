"""Written values as people say them on the telephone: dates, digits in groups, letters."""

import re
from datetime import date

from trainer.domain.persona import Cast, IdentitySlots, Reference, Slot

_DIGITS = ("oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_UNITS = (
    "", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth",
    "nine": "ninth", "twelve": "twelfth",
}  # fmt: skip
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_US_ZIP = re.compile(r"\d{5}(-\d{4})?")


def number(value: int) -> str:
    """0..99 in words."""
    if value < 20:
        return _UNITS[value] or "nought"
    tens, rest = divmod(value, 10)
    return f"{_TENS[tens]}-{_UNITS[rest]}" if rest else _TENS[tens]


def ordinal(value: int) -> str:
    """1..99 in words: “twenty-second”."""
    head, dash, last = number(value).rpartition("-")
    if last.endswith("ty"):
        return f"{last[:-1]}ieth"
    return head + dash + _ORDINALS.get(last, f"{last}th")


def year(value: int) -> str:
    """A year in words: “nineteen seventy-four”, “two thousand and three”."""
    century, rest = divmod(value, 100)
    if century == 20 and rest < 10:
        return "two thousand" + (f" and {number(rest)}" if rest else "")
    if not rest:
        return f"{number(century)} hundred"
    return f"{number(century)} {'oh ' if rest < 10 else ''}{number(rest)}"


def day(value: date, american: bool = False) -> str:
    """A date: “the twelfth of March, nineteen seventy-four”; American: “March twelfth, …”."""
    month, nth = _MONTHS[value.month - 1], ordinal(value.day)
    return f"{month} {nth}, {year(value.year)}" if american else (
        f"the {nth} of {month}, {year(value.year)}"
    )  # fmt: skip


def letters(word: str) -> str:
    """A word spelled: “O, L, S, E, N”; a blank between two words is a pause."""
    parts = [", ".join(_spell(part)) for part in word.split()]
    return "; then ".join(parts)


def _spell(word: str) -> list[str]:
    names = {"-": "dash", "'": "apostrophe", "’": "apostrophe", ".": "dot"}
    return [names.get(char, char.upper()) for char in word if char.isalpha() or char in names]


def groups(value: str) -> str:
    """Letters and digits in the groups they are written in: “L K, four four seven one”."""
    said = []
    for part in re.findall(r"[A-Za-z]+|\d+|[/.-]", value):
        if part.isdigit():
            pieces = (
                [part[at : at + 4] for at in range(0, len(part), 4)] if len(part) > 5 else [part]
            )
            said += [" ".join(_DIGITS[int(digit)] for digit in piece) for piece in pieces]
        elif part.isalpha():
            said.append(" ".join(part.upper()) if len(part) <= 3 else part)
    return ", ".join(said)


def address(value: str) -> str:
    """An e-mail address: “pete at olsens dash bakery dot example”."""
    spoken = value.replace("@", " at ").replace(".", " dot ").replace("-", " dash ")
    return " ".join(spoken.replace("_", " underscore ").split())


def slot(cast: Cast, name: str, called: str = "") -> str:
    """How this person says one of their identity slots; empty when they have none.

    Args:
        cast: the customer.
        name: of the slot; `reference` for a number.
        called: the agent's words, to choose among several numbers.
    """
    slots = cast.persona.scenario.knows.identity
    if name == "reference":
        chosen = reference(slots, called)
        return _said("reference", chosen, slots) if chosen else ""
    one = getattr(slots, name)
    if one is None and name == "name":
        return f"{cast.persona.identity.name}."
    if one is None and name == "spelling":
        return f"{letters(cast.persona.identity.name.split()[-1])}."
    return _said(name, one, slots) if one is not None else ""


def reference(slots: IdentitySlots, called: str) -> Reference | None:
    """The number that the agent's words name, else the likeliest; None when there is none."""
    words = set(re.findall(r"\w+", called.lower())) - {"number", "the", "of", "your", "on"}
    fitting = [
        one for one in slots.references if words & set(re.findall(r"\w+", one.called.lower()))
    ]
    return next(iter(fitting or slots.references), None)


def _said(name: str, value: Slot, slots: IdentitySlots) -> str:
    if value.says or not value.is_:
        return value.says
    american = slots.postcode is not None and _US_ZIP.fullmatch(slots.postcode.is_) is not None
    if name == "birth_date":
        said = day(date.fromisoformat(value.is_), american)
    elif name == "spelling":
        said = letters(value.is_)
    elif name == "email":
        said = address(value.is_)
    elif name in ("phone", "postcode", "reference"):
        said = groups(value.is_)
    else:
        said = value.is_
    return f"{said[0].upper()}{said[1:].rstrip('.')}."
