"""What an invented person may be reached by: numbers, postcodes and domains that are nobody's."""

import re
from datetime import date

PHONES = (
    "Write one that is kept for fiction: 07700 900000 to 900999, 01632 960000 to 960999, "
    "or in the US and Canada (555) 555-0100 to 555-0199."
)
EMAILS = "Write one at a domain that is kept for examples: .example, .test, .invalid, example.com."
POSTCODES = (
    "Write one that was never given out: in the UK area ZZ (ZZ11 4QD), in the US 00001 to 00199."
)
BIRTH_DATES = "Write year, month and day: 1974-03-12."

_UK = re.compile(
    r"07700900\d{3}|01632960\d{3}|01(?:1[3-8]|[2-6]1)4960\d{3}|01914980\d{3}|02079460\d{3}"
    r"|02896496\d{3}|02920180\d{3}|03069990\d{3}|08081570\d{3}|09098790\d{3}"
)
"""Ofcom's numbers for drama: mobile, no area, the cities, and those of no place."""
_US = re.compile(r"(?:(?!8(?:00|33|44|55|66|77|88))[2-9]\d\d)?555(?:01\d\d)|8\d\d5550199")
"""555-0100 to 555-0199; of the freephone numbers the last only."""

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@.]+|[^\s@]+@localhost", re.IGNORECASE)
_RESERVED = re.compile(
    r"(?:.+\.)?(?:example|test|invalid|localhost|example\.(?:com|net|org))", re.IGNORECASE
)
"""RFC 2606 and RFC 6761."""
UK_POSTCODE = re.compile(r"\b([A-Z]{1,2})\d[A-Z\d]? ?\d[A-Z]{2}\b", re.IGNORECASE)
US_ZIP = re.compile(r"\b(\d{5})(?:-\d{4})?\b")
_DATE = re.compile(r"\d{4}-\d\d?-\d\d?")
_NUMBER = re.compile(r"[+(]?\d[\d\s()./-]{5,}")

_FIRST_SHEETS = 2026
_YEARS = 5
"""An age is written once and stays; the birth date beside it has to fit it in one of these years
or when the first sheets were written."""

KINDS = {
    "birth_date": "a date",
    "email": "an e-mail address",
    "postcode": "a postcode",
    "phone": "a telephone number",
}
"""What a value can be seen to be, by the slot it belongs in."""


def phone(text: str) -> str:
    """What is wrong with a telephone number; empty when nothing is."""
    if not _NUMBER.fullmatch(text.strip()):
        return f"is not a telephone number. {PHONES}"
    digits = re.sub(r"\D", "", text)
    british = re.sub(r"^(?:0044|44)0?", "0", digits)
    american = digits[1:] if len(digits) == 11 and digits[0] == "1" else digits
    if _UK.fullmatch(british) or _US.fullmatch(american):
        return ""
    return f"somebody may have this number. {PHONES}"


def email(text: str) -> str:
    """What is wrong with an e-mail address; empty when nothing is."""
    if not _EMAIL.fullmatch(text.strip()):
        return f"is not an e-mail address. {EMAILS}"
    if not _RESERVED.fullmatch(text.strip().rpartition("@")[2]):
        return f"somebody may have this address. {EMAILS}"
    return ""


def emails(text: str) -> list[str]:
    """E-mail addresses in a text."""
    return [found.rstrip(".,;:!?") for found in _EMAIL.findall(text)]


def postcode(text: str) -> str:
    """What is wrong with a postcode; empty when nothing is."""
    plain = text.strip()
    if british := UK_POSTCODE.fullmatch(plain):
        return "" if british[1].upper() == "ZZ" else f"somebody lives there. {POSTCODES}"
    if american := US_ZIP.fullmatch(plain):
        return "" if 1 <= int(american[1]) <= 199 else f"somebody lives there. {POSTCODES}"
    return f"is not a postcode. {POSTCODES}"


def birth_date(text: str, age: int, today: date | None = None) -> str:
    """What is wrong with a date of birth, given an age that was written some years ago at most."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return f"is not a date as it is written here. {BIRTH_DATES}"
    try:
        born = date.fromisoformat(text)
    except ValueError:
        return f"there is no such day. {BIRTH_DATES}"
    now = (today or date.today()).year
    years = {_FIRST_SHEETS, *range(now - _YEARS, now + 1)}
    # within a year they are two ages, and a birthday may have passed since the file was written
    if not any(
        age - 1 <= year - born.year - before <= age + 1 for year in years for before in (0, 1)
    ):
        return f"does not fit the age, {age}: born in {min(years) - age} to {max(years) - age}."
    return ""


def kind(text: str) -> str:
    """The slot a value can be seen to belong in; empty when it might be anything."""
    plain = text.strip()
    for name, form in (
        ("email", _EMAIL),
        ("birth_date", _DATE),
        ("postcode", UK_POSTCODE),
        ("postcode", US_ZIP),
        ("phone", _NUMBER),
    ):
        if form.fullmatch(plain):
            return name
    return ""
