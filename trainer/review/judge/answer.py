"""What a judge answers, and why an answer cannot be used."""

import json
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

_MOST_QUOTES = 8


class Unusable(Exception):  # a reason to ask again, not a fault
    """The answer cannot be used; says what is wrong with its form. Empty: no quote was found."""


class Quoted(BaseModel):
    """A piece of evidence as the model gives it: not looked up yet."""

    model_config = ConfigDict(frozen=True)

    turn: Annotated[int, Field(strict=True)]
    quote: Annotated[str, Field(max_length=600)]


class Reply(BaseModel):
    """The whole answer. Evidence comes before the level, so that the level follows from it."""

    model_config = ConfigDict(frozen=True)

    evidence: list[Quoted]
    counter_evidence: list[Any] = Field(default_factory=list)
    reason: str = ""
    level: Annotated[int, Field(ge=1, le=5, strict=True)] | None


def read(text: str) -> Reply:
    """The first JSON object in `text`.

    Raises:
        Unusable: there is none, or it is not of the right form.
    """
    start = text.find("{")
    if start < 0:
        raise Unusable("There is no JSON object in the answer.")
    try:
        data, _ = json.JSONDecoder().raw_decode(text[start:])
        reply = Reply.model_validate(data)
    except (ValueError, RecursionError) as error:
        raise Unusable(_what(error)) from None
    return reply.model_copy(update={"evidence": reply.evidence[:_MOST_QUOTES]})


def _what(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"The answer is not valid JSON: {error.msg}."
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        return f"{where or 'The answer'}: {first['msg'].lower()}."
    return "The answer is not valid JSON."
