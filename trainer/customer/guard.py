"""What may be spoken: one clause against the plan it is to carry. Pure.

The lists are data in `prompts/guard.yaml`. Whoever wrote the words, a model or an author, they are
checked alike.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from trainer.content import prompts

LONGEST = 28
"""Words in one clause; people who are upset do not speak longer ones."""

NEAR = 0.4
"""Cosine similarity (MiniLM) to the nearest part of the plan; below, it is about something else."""

_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*|\d+(?:[.,:]\d+)*")
_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_NUMBERS = (
    {word: str(value) for value, word in enumerate(_UNITS.split())}
    | {word: str(20 + 10 * step) for step, word in enumerate(_TENS.split())}
    | {"hundred": "100", "thousand": "1000", "million": "1000000", "dozen": "12"}
)


@dataclass(frozen=True)
class Context:
    """What one clause is checked against.

    Attributes:
        known: texts that facts, numbers and names may come from: plan, draft, the call so far.
        locked: strings that betray a fact which may not be told now.
        said: what the customer has said in this call; a clause must not say it again.
        speakers: names under which a transcript would show the customer.
        heard: the agent's last words; a clause must not be an echo of them.
        words_left: how many words the turn may still have.
        may_yield: the plan softens, accepts or says goodbye, so the customer may sound won over.
        nearness: cosine similarity of the clause to the nearest part of the plan; None when nobody
            measured it.
    """

    known: tuple[str, ...] = ()
    locked: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    heard: str = ""
    words_left: int = LONGEST
    may_yield: bool = False
    nearness: float | None = None


@dataclass(frozen=True)
class _Rules:
    never: tuple[tuple[str, tuple[re.Pattern[str], ...]], ...]
    yields: tuple[re.Pattern[str], ...]
    news: frozenset[str]
    phrases: tuple[re.Pattern[str], ...]
    names: frozenset[str]


def check(clause: str, context: Context) -> str | None:
    """Why `clause` may not be spoken, in a few plain words; None when it may."""
    text = _plain(clause)
    words = _WORD.findall(text)
    if not words:
        return "nothing to say"
    return (
        _form(text, context.speakers)
        or ("gives in too soon" if not context.may_yield and yields(text) else None)
        or ("a fact that may not be told yet" if betrays(text, context.locked) else None)
        or ("too long" if len(words) > min(LONGEST, max(context.words_left, 0)) else None)
        or _news(text, _rules(), context.known)
        or _again(text, context)
        or _far(words, context.nearness)
    )


def betrays(text: str, keys: Iterable[str]) -> str | None:
    """The first of `keys` that stands in `text` as whole words in any case, or None."""
    flat = f" {_words_only(text)} "
    return next((key for key in keys if (k := _words_only(key)) and f" {k} " in flat), None)


def same(text: str, other: str) -> bool:
    """Whether two texts are the same words, but for a letter or two."""
    return fuzz.ratio(_plain(text).casefold(), _plain(other).casefold()) > 88


def yields(text: str) -> bool:
    """Whether the words sound won over: thanks, agreement, forgiveness."""
    return any(pattern.search(_plain(text)) for pattern in _rules().yields)


def _form(text: str, speakers: Iterable[str]) -> str | None:
    """What nobody in this role says, whatever the plan."""
    if any(not unicodedata.name(c, "").startswith("LATIN") for c in text if c.isalpha()):
        return "another script"
    for name in speakers:
        if re.match(rf"{re.escape(name)}\s*[:–—]", text, re.IGNORECASE):
            return "speaker label"
    for reason, patterns in _rules().never:
        if any(pattern.search(text) for pattern in patterns):
            return reason
    return None


def _news(text: str, rules: _Rules, known: tuple[str, ...]) -> str | None:
    """A number, a name or a piece of life that nobody has mentioned."""
    told = {
        form
        for part in known
        for word in _WORD.findall(_plain(part).casefold())
        for form in _forms(word)
    }
    for phrase in rules.phrases:
        text = phrase.sub(" ", text)
    words = _WORD.findall(text)
    for place, word in enumerate(words):
        low = word.casefold()
        if told.intersection(_forms(low)):
            continue
        if low != "one" and any(form[0].isdigit() for form in _forms(low)):
            return f"a number that is not in the plan ({word})"
        if rules.news.intersection(_forms(low)):
            return f"news that is not in the plan ({word})"
        name = word.split("'")[0]
        if place and name[0].isupper() and not name.isupper() and name not in rules.names:
            return f"a name that is not in the plan ({word})"
    return None


def _again(text: str, context: Context) -> str | None:
    if len(_WORD.findall(text)) < 3:
        return None
    low = text.casefold()
    if any(same(text, said) for said in context.said):
        return "said before"
    if context.heard and fuzz.partial_ratio(low, _plain(context.heard).casefold()) > 92:
        return "an echo of the agent"
    return None


def _far(words: list[str], nearness: float | None) -> str | None:
    if nearness is None or len(words) < 4 or nearness >= NEAR:
        return None
    return "not what the plan says"


def _forms(word: str) -> set[str]:
    """The word, its singular, its value as a number: "kids" is known where "kid" was said."""
    forms = {word, word.removesuffix("'s"), word.removesuffix("s")} - {""}
    parts = [_NUMBERS[part] for part in word.split("-") if part in _NUMBERS]
    forms.update(parts)
    if word[0].isdigit():
        forms.add(word.replace(",", ""))
    return forms


@lru_cache(maxsize=1024)
def _words_only(text: str) -> str:
    return " ".join(_WORD.findall(_plain(text).casefold()))


@lru_cache(maxsize=1024)
def _plain(text: str) -> str:
    """One spelling to match against: compatibility forms, straight quotes, single spaces."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    text = unicodedata.normalize("NFKC", text).replace("’", "'").replace("‘", "'")
    text = "".join(c for c in text if unicodedata.category(c) not in {"Cf", "Cc"} or c.isspace())
    return " ".join(text.split())


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    raw = prompts.data("guard.yaml", ())

    def compiled(patterns: list[str]) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)

    never = tuple((reason, compiled(patterns)) for reason, patterns in raw["never"].items())
    return _Rules(
        never,
        compiled(raw["yields"]),
        frozenset(raw["news"].split()),
        compiled(raw["phrases"]),
        frozenset(raw["names"].split()),
    )
