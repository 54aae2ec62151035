"""What a language model may propose for a customer, part by part, and how its words are cleaned.

Nothing of it is trusted: each part has a closed form, and texts lose whatever could mean something
to a file, a template or a voice.
"""

import json
import re
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from trainer.content.checks import MARKUP
from trainer.domain.mood import Feeling
from trainer.domain.persona import ItemKind, Need

Part = Literal["person", "story", "facts", "offers", "sheet", "lines"]

_LONGEST = 400


def clean(text: str) -> str:
    """`text` without markup, braces, quotes around it and line breaks; at most 400 characters."""
    flat = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    bare = MARKUP.sub("", re.sub(r"[{}`|\\]", "", flat)).strip(" \"“”'-•")
    return bare[:_LONGEST].rsplit(" ", 1)[0] if len(bare) > _LONGEST else bare


def plain(text: str) -> str:
    """Words as they are compared: small letters, single blanks, no punctuation."""
    return " ".join(re.findall(r"[\w']+", text.lower().replace("’", "'")))


def _filled(text: str) -> str:
    if not text:
        raise ValueError("a text is missing")
    return text


def _greeting(text: Any) -> Any:
    """A greeting may name its speaker; everything else in braces goes."""
    if not isinstance(text, str):
        return text
    return clean(text.replace("{name}", "NAMEHERE")).replace("NAMEHERE", "{name}")


Text = Annotated[
    str, BeforeValidator(lambda v: clean(v) if isinstance(v, str) else v), AfterValidator(_filled)
]


def _one_of(kind: type[StrEnum]) -> BeforeValidator:
    """The one valid name that stands in what was answered; models like to add words to it."""

    def found(value: Any) -> Any:
        words = re.findall(r"[a-z_]+", str(value).lower().replace(" ", "_").replace("-", "_"))
        named = {one for one in kind if any(one.value in word for word in words)}
        return named.pop() if len(named) == 1 else value

    return BeforeValidator(found)


def _kind(value: Any) -> Any:
    """The first kind that is named; an object when none is."""
    words = re.findall(r"[a-z]+", str(value).lower())
    return next((word for word in words if word in set(ItemKind)), ItemKind.OBJECT)


def _or_nothing(value: Any) -> str:
    return clean(value) if isinstance(value, str) else ""


Texts = Annotated[list[Text], Field(max_length=12)]
Quotes = Annotated[
    dict[str, str],
    BeforeValidator(
        lambda v: {k: q for k, q in v.items() if isinstance(q, str)} if isinstance(v, dict) else {}
    ),
]


class _Open(BaseModel):
    """Models add fields of their own; those are dropped."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Person(_Open):
    """Who the customer is."""

    title: Text
    name: Text
    age: Annotated[int, Field(ge=16, le=110)]
    about: Text
    speech: Text
    temperament: str
    lead: Annotated[Feeling, _one_of(Feeling)]
    need: Annotated[Need, _one_of(Need)]
    difficulty: Annotated[int, Field(ge=1, le=5)]
    quotes: Quotes = {}


class Story(_Open):
    """Why they ring."""

    company: Text
    agent_role: Text
    thing: Text
    situation: Text
    demand: Text
    greet: Annotated[str, BeforeValidator(_greeting), AfterValidator(_filled)]
    quotes: Quotes = {}


class Known(_Open):
    """Something the customer knows."""

    text: Text
    line: Text
    asks: Annotated[Texts, Field(min_length=1)]
    secret: bool = True
    quote: str = ""


class Facts(_Open):
    """What they know."""

    facts: Annotated[list[Known], Field(min_length=1, max_length=4)]


class May(_Open):
    """Something an agent might do."""

    do: Text
    solves: Annotated[float, Field(ge=0, le=1)] = 0.6


class Offers(_Open):
    """What may be done, and what not."""

    may: Annotated[list[May], Field(min_length=1, max_length=4)]
    may_not: Annotated[list[May], Field(min_length=1, max_length=3)]


class Thing(_Open):
    """One plain thing they know."""

    kind: Annotated[ItemKind, BeforeValidator(_kind)]
    topic: Text
    asks: Annotated[Texts, Field(min_length=1)]
    says: Text
    quote: str = ""


class Sheet(_Open):
    """The sheet of what they know beside the facts."""

    account_holder: Annotated[str, BeforeValidator(_or_nothing)] = ""
    items: Annotated[list[Thing], Field(min_length=1, max_length=16)]


class Lines(_Open):
    """What they say."""

    vent: Annotated[Texts, Field(min_length=2)]
    answer: Texts = []
    push: Texts = []
    soften: Texts = []
    hurt: Texts = []
    close_glad: Texts = []
    sayings: Texts = []


PARTS: dict[Part, type[_Open]] = {
    "person": Person,
    "story": Story,
    "facts": Facts,
    "offers": Offers,
    "sheet": Sheet,
    "lines": Lines,
}
"""The parts in the order in which they are asked for."""

Proposed = dict[Part, Any]
"""What was usable, by part."""


def read(part: Part, answer: str) -> tuple[BaseModel | None, list[str]]:
    """One part from what a model answered.

    Returns:
        The part, or None and what is wrong with the answer, in words for the model.
    """
    try:
        data = json.loads(_object(answer))
    except ValueError:
        return None, ["It was not one complete JSON object."]
    try:
        return PARTS[part].model_validate(data), []
    except ValidationError as error:
        return None, [
            f"{'.'.join(str(place) for place in one['loc']) or 'The object'}: {one['msg']}."
            for one in error.errors()[:4]
        ]


def _object(answer: str) -> str:
    """What stands between the first and the last brace."""
    first, last = answer.find("{"), answer.rfind("}")
    return answer[first : last + 1] if 0 <= first < last else ""
