"""Card and account digits out of a transcript: written, spoken, and dictated piece by piece.

In doubt it masks: a number too many is a lesser harm than a card number kept.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

CARD = "[card number]"
NUMBER = "[number]"

LEAST = 6
"""Digits in a row from which a number is taken for one of a customer, card or account."""

LEAST_SPOKEN = 4
"""Single digits said one by one: nobody counts apples like that."""

LONG = 10
"""So many digits are no amount, whatever stands around them."""

LEAST_NAMED = 3
"""Digits that are masked where a word before them says what they are."""

_UNITS = {
    "zero": "0", "oh": "0", "o": "0", "nought": "0", "naught": "0", "one": "1", "two": "2",
    "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
_TEENS = {
    "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14",
    "fifteen": "15", "sixteen": "16", "seventeen": "17", "eighteen": "18", "nineteen": "19",
}  # fmt: skip
_TENS = {
    "twenty": "2", "thirty": "3", "forty": "4", "fifty": "5", "sixty": "6", "seventy": "7",
    "eighty": "8", "ninety": "9",
}  # fmt: skip
_TIMES = {"double": 2, "triple": 3, "treble": 3}
_BETWEEN = frozenset({"uh", "um", "er", "erm", "dash", "hyphen", "space", "slash", "then"})
_JOINS = frozenset(",.-–‐‑/")
_MONEY = frozenset("$£€")
_TOKEN = re.compile(r"[^\W\d_]+|\d+|\S")
_AMOUNT = re.compile(r"\d{1,3}(?:,\d{3}){1,2}(?:\.\d{1,2})?|\d+\.\d{1,2}")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = rf"(?:{'|'.join(_MONTHS)})[a-z]{{0,6}}\.?"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_YEAR = re.compile(r"(?:19|20)\d{2}")
_STAYS = re.compile(
    r"(?<![\d./-])(?:"
    rf"(?:{_DAY}[/.-](?:0?[1-9]|1[0-2])|(?:0?[1-9]|1[0-2])[/.-]{_DAY})[/.-](?:\d{{2}}|{_YEAR.pattern})"
    rf"|{_YEAR.pattern}-(?:0[1-9]|1[0-2])-{_DAY}"
    rf"|{_DAY}(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? {_YEAR.pattern})?"
    rf"|\b{_MONTH} {_DAY}(?:st|nd|rd|th)?(?:,? {_YEAR.pattern})?"
    r"|(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?"
    r"|24/7"
    r")(?![\d/-]|\.\d)",
    re.IGNORECASE,
)
"""Dates and times of day."""

_COUNTED = re.compile(
    r"\W{0,2}(?:%|o'?clock|[ap]\.?m\b|(?:hundred|thousand|million|billion|pound|quid|dollar|buck|euro"
    r"|pence|cent|per ?cent|second|minute|hour|day|week|month|year|night|time|mile)s?\b)",
    re.IGNORECASE,
)
"""What comes after a number that counts something."""

_YEAR_SAID = re.compile(r"\b(?:in|since|of|until|till|from|before|after|year)\W+$", re.IGNORECASE)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_SORT = re.compile(r"\bsort code\b[^.?!\d]{0,15}$", re.IGNORECASE)
_ASKED = re.compile(
    r"\b(?:pin|cvv|cvc|iban|sort code|security (?:code|number)|passcode|password|routing"
    r"|(?:account|card|long) number|card details|number on (?:it|the|your)"
    r"|last (?:four|4|three|3)|ending (?:in|with)|digits)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(rf"(?:{_ASKED.pattern}|\bcode\b)[^.?!]{{0,30}}$", re.IGNORECASE)
_NEXT_TO = re.compile(r"\b(?:account|card)(?:'s| is|:)?\W{0,2}(?:[A-Z]\W?)?$", re.IGNORECASE)
_GOES_ON = re.compile(
    r"(?:\W|\b(?:and|then|next|okay|ok|yeah|yes|so|um|uh|er|erm|is|it's|after that)\b)*",
    re.IGNORECASE,
)
"""What may stand between the parts of one number."""


@dataclass
class _Run:
    """Number words and digits that follow each other, from character `start` to `end`."""

    start: int
    end: int
    digits: str = ""
    singles: int = 0
    zeros: int = 0


def mask(text: str, *, asked: bool = False) -> str:
    """The text without card and account digits.

    Masked are: 13 to 19 digits that pass the check of card numbers (ISO/IEC 7812-1, Luhn); account
    numbers as banks print them (IBAN, ISO 13616); six digits or more in a row, written or spoken,
    in groups or not; four single digits said one by one; three after words like “PIN” or “ending
    in”, and where a number was `asked` for just before; a turn that is hardly more than digits.
    Amounts of money, dates and times of day stay.
    """
    masked, at = [], 0
    tokens = list(_TOKEN.finditer(text))
    stays = [m.span() for m in _STAYS.finditer(text) if not _SORT.search(text[: m.start()])]
    banks = [m.span() for m in _IBAN.finditer(text) if sum(c.isdigit() for c in m[0]) >= LEAST]
    runs = _runs(tokens, [*stays, *banks])
    alone = len([t for t in tokens if t[0].isalpha() and not _is_number(t[0])]) <= 2
    found = [(*span, NUMBER) for span in banks]
    last = -1
    for run in runs:
        more = last >= 0 and _GOES_ON.fullmatch(text, last, run.start) is not None
        cover = _cover(text, run, alone=alone or asked, more=more)
        if cover:
            found.append((run.start, run.end, cover))
            last = run.end
    for start, end, cover in sorted(found):
        masked += [text[at:start], cover]
        at = end
    return "".join([*masked, text[at:]])


def asks(text: str) -> bool:
    """Whether digits that are to be masked are asked for, or read out, in a turn."""
    return _ASKED.search(text) is not None


def is_card(digits: str) -> bool:
    """Whether the digits begin with a number that passes the check of card numbers (Luhn)."""
    return any(_luhn(digits[:length]) for length in range(13, min(19, len(digits)) + 1))


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _cover(text: str, run: _Run, *, alone: bool, more: bool) -> str:
    """What stands for a run; empty when it may stay.

    `alone`: a turn of digits, or one that answers who asked for some. `more`: it goes on with a
    number whose first part was masked.
    """
    raw, before, after = text[run.start : run.end], text[: run.start], text[run.end :]
    count = len(run.digits)
    if count >= 13 and is_card(run.digits):
        return CARD
    spoken = run.singles >= LEAST_SPOKEN and run.singles - run.zeros >= LEAST_NAMED
    money = before.rstrip()[-1:] in _MONEY or _AMOUNT.fullmatch(raw) is not None
    counted = not spoken and _COUNTED.match(after) is not None
    year = not run.singles and _YEAR.fullmatch(run.digits) and _YEAR_SAID.search(before)
    if count < LONG and (money or counted or year):
        return ""
    digits = count - run.zeros >= LEAST_NAMED
    named = alone or more or _NAMED.search(before) or _NEXT_TO.search(before)
    return NUMBER if spoken or (digits and (count >= LEAST or named)) else ""


def _runs(tokens: Sequence[re.Match[str]], apart: Sequence[tuple[int, int]] = ()) -> list[_Run]:
    runs: list[_Run] = []
    open_run: _Run | None = None
    times, ten, start = 1, False, 0
    for token in tokens:
        word = token[0].lower()
        inside = any(start_ <= token.start() < end for start_, end in apart)
        if inside or not _is_number(word):
            if inside or (word not in _TIMES and word not in _BETWEEN and word not in _JOINS):
                open_run = None
            times, ten, start = _TIMES.get(word, 1), False, token.start()
            continue
        if open_run is None:
            open_run = _Run(start if times > 1 else token.start(), token.end())
            runs.append(open_run)
        open_run.end = token.end()
        unit = word if word.isdigit() and len(word) == 1 else _UNITS.get(word, "")
        if ten and unit:
            open_run.digits = open_run.digits[:-1] + unit
        elif unit:
            open_run.digits += unit * times
            open_run.singles += times
            open_run.zeros += times * (word in ("oh", "o"))
        elif word in _TENS:
            open_run.digits += _TENS[word] + "0"
        else:
            open_run.digits += _TEENS.get(word, word)
        times, ten = 1, word in _TENS
    return runs


def _is_number(word: str) -> bool:
    word = word.lower()
    return (word.isascii() and word.isdigit()) or word in _UNITS or word in _TENS or word in _TEENS
