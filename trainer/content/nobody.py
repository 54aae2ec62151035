"""Takes what somebody real may have out of a text, and puts what nobody has in its place."""

import re
from collections.abc import Mapping
from typing import Any

from trainer.content import fictional

_STREETS = (
    "Street|St|Road|Rd|Lane|Ln|Avenue|Ave|Close|Drive|Row|Terrace|Court|Crescent|Gardens|Grove|"
    "Hill|Park|Place|Square|Way|Walk|Mews|Boulevard|Blvd|Green|Rise"
)
_WORDS = "zero|oh|nought|one|two|three|four|five|six|seven|eight|nine|double|triple"

_ADDRESS = re.compile(
    r"\b(?:(?:[Ff]lat|[Aa]partment|[Aa]pt|[Uu]nit)\.? \w+,? )?\d+[a-z]?,? "
    rf"(?:(?:[A-Z][\w'’]+ ){{1,3}}(?:{_STREETS})"
    r"|(?!the |this |that )[a-z]+ (?:street|road|lane|avenue))\b"
)
"""A house number and a street; in small letters only what can hardly be anything else."""
_LONG = re.compile(r"(?<![£$€\d.,])\+?\(?\b[A-Z]{0,3}-?\d(?:[ ()./-]{0,2}\d){5,}\b")
_SPELLED = re.compile(rf"\b(?:{_WORDS})(?:[ ,-]+(?:{_WORDS})){{4,}}\b", re.IGNORECASE)
_STATE_ZIP = re.compile(r"\b(?<=[A-Z]{2} )\d{5}(?:-\d{4})?\b")

MASKS = {
    "email": "(removed)",
    "address": "(address)",
    "postcode": "(postcode)",
    "number": "(number)",
}
"""What stands in a text for what was taken out, by what it was."""


def masked(text: str) -> str:
    """`text` without mail addresses, links, streets with their number, postcodes, long numbers."""
    text = re.sub(r"\S+@\S+\.\w+|https?://\S+|www\.\S+", MASKS["email"], text)
    text = _ADDRESS.sub(MASKS["address"], text)
    for postcode in (_STATE_ZIP, fictional.UK_POSTCODE):
        text = postcode.sub(MASKS["postcode"], text)
    text = re.sub(r"\+?\d(?:[ ./-]?\d){5,}", MASKS["number"], text)
    return _SPELLED.sub(MASKS["number"], text)


def replaced(value: Any, invented: Mapping[str, str]) -> Any:
    """`value` (text, list, mapping, nested) with what nobody has where somebody's may stand.

    Args:
        value: what a model wrote; quotes in it stay as they are.
        invented: `email`, `address`, `postcode`, `phone` and `number` to put in.
    """
    if isinstance(value, dict):
        kept = ("quote", "quotes")
        return {key: one if key in kept else replaced(one, invented) for key, one in value.items()}
    if isinstance(value, list):
        return [replaced(one, invented) for one in value]
    return _replaced(value, invented) if isinstance(value, str) else value


def _replaced(text: str, invented: Mapping[str, str]) -> str:
    for address in fictional.emails(text):
        if fictional.email(address):
            text = text.replace(address, invented["email"])
    text = _ADDRESS.sub(lambda found: invented["address"].split(",")[0], text)
    for postcode in (_STATE_ZIP, fictional.UK_POSTCODE):
        text = postcode.sub(
            lambda found: invented["postcode"] if fictional.postcode(found[0]) else found[0], text
        )
    text = _LONG.sub(lambda found: _number(found[0], invented), text)
    text = _SPELLED.sub(lambda found: invented["number"], text)
    for kind, mask in MASKS.items():
        text = text.replace(mask, invented[kind].split(",")[0])
    return text


def _number(found: str, invented: Mapping[str, str]) -> str:
    if not fictional.phone(found):
        return found
    return invented["phone"] if re.match(r"[+(]|0", found) else invented["number"]
