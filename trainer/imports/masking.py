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
_SCALE = frozenset({"hundred", "thousand", "million", "billion"})
_JOINS = frozenset(",.-–‐‑/")
_MONEY = frozenset("$£€")
_TOKEN = re.compile(r"[^\W\d_]+|\d+|\S")
_AMOUNT = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+\.\d{1,2}")
_DATE = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-](?:\d{2}|\d{4})|\d{4}-\d{2}-\d{2}")
_NAMED = re.compile(
    r"\b(?:pin|cvv|cvc|code|security number|passcode|password|routing"
    r"|(?:account|card) number|last (?:four|4|three|3)|ending (?:in|with)|digits)\b[^.?!]{0,30}$",
    re.IGNORECASE,
)


@dataclass
class _Run:
    """Number words and digits that follow each other, from character `start` to `end`."""

    start: int
    end: int
    digits: str = ""
    singles: int = 0
    zeros: int = 0


def mask(text: str) -> str:
    """The text without card and account digits.

    Masked are: 13 to 19 digits that pass the check of card numbers (ISO/IEC 7812-1, Luhn); six
    digits or more in a row, written or spoken, in groups or not; four single digits said one by
    one; three after words like “PIN” or “ending in”; a turn that is hardly more than digits.
    Amounts of money, dates and times of day stay.
    """
    masked, at = [], 0
    tokens = list(_TOKEN.finditer(text))
    runs = _runs(tokens)
    alone = len([t for t in tokens if t[0].isalpha() and not _is_number(t[0])]) <= 2
    for run in runs:
        cover = _cover(text, run, alone)
        if cover:
            masked += [text[at : run.start], cover]
            at = run.end
    return "".join([*masked, text[at:]])


def is_card(digits: str) -> bool:
    """Whether the digits begin with a number that passes the check of card numbers (Luhn)."""
    return any(_luhn(digits[:length]) for length in range(13, min(19, len(digits)) + 1))


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _cover(text: str, run: _Run, alone: bool) -> str:
    """What stands for a run; empty when it may stay."""
    raw = text[run.start : run.end]
    count = len(run.digits)
    if count >= 13 and is_card(run.digits):
        return CARD
    before, after = text[: run.start], text[run.end :].split()
    money = before.rstrip()[-1:] in _MONEY or bool(after and after[0].lower() in _SCALE)
    if money or _AMOUNT.fullmatch(raw) or _DATE.fullmatch(raw):
        return ""
    spoken = run.singles >= LEAST_SPOKEN and run.singles - run.zeros >= LEAST_NAMED
    digits = count - run.zeros >= LEAST_NAMED
    named = digits and (alone or _NAMED.search(before) is not None)
    return NUMBER if (count >= LEAST and digits) or spoken or named else ""


def _runs(tokens: Sequence[re.Match[str]]) -> list[_Run]:
    runs: list[_Run] = []
    open_run: _Run | None = None
    times, ten, start = 1, False, 0
    for token in tokens:
        word = token[0].lower()
        if not _is_number(word):
            if word not in _TIMES and word not in _BETWEEN and word not in _JOINS:
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
