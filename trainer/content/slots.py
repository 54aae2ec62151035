"""{slots}: places in a persona's texts that the chosen variant fills."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

IN_CALL = {
    "pick": ("pick", "Pick"),
    "still_open": ("open",),
    "unknown": ("topic", "Topic"),
}
"""Slots of lines that are filled while a call goes on, by occasion: what is asked about, one of two
things, what nobody has answered. Those with a capital stand at the beginning of a sentence."""

NEEDED = ("pick", "still_open")
"""Occasions whose lines say nothing without their slot."""

_SLOT = re.compile(r"\{([^{}]*)\}")


def used(text: str) -> list[str]:
    """Names of the slots in `text`, in order."""
    return [name.strip() for name in _SLOT.findall(text)]


def in_call(loc: tuple[int | str, ...]) -> tuple[str, ...]:
    """Names of the slots that a text at `loc` may leave open until it is spoken."""
    return IN_CALL.get(str(loc[1]), ()) if len(loc) > 1 and loc[0] == "lines" else ()


def fill(value: Any, slots: Mapping[str, str]) -> Any:
    """`value` (text, list, mapping, nested) with every known {slot} filled; unknown ones stay."""
    if isinstance(value, str):
        return _SLOT.sub(lambda match: slots.get(match[1].strip(), match[0]), value)
    if isinstance(value, list):
        return [fill(item, slots) for item in value]
    if isinstance(value, dict):
        return {key: fill(item, slots) for key, item in value.items()}
    return value


def texts(
    value: Any, loc: tuple[int | str, ...] = ()
) -> Iterator[tuple[tuple[int | str, ...], str]]:
    """Every text inside nested data, with its path."""
    if isinstance(value, str):
        yield loc, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from texts(item, (*loc, str(key)))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from texts(item, (*loc, index))
