"""Patterns as trainers write them in prompts/acts/, made into regular expressions.

A pattern is a regular expression with two comforts: a blank also passes a comma, and `...` stands
for up to four
words. Pattern and text are both brought to long forms first (“i'm”, “im” and “i am” are the same).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

_CLASS = re.compile(r"(\[[^\]]*\])")
_GAP = r",?\s+(?:[\w'-]+,?\s+){0,4}?"
_BLANK = r",?\s+"
_MAYBE = r"(?:,?\s+)?"

_IS = "it|that|this|there|what|here|how|who|where|he|she|everything|nobody|one|name|which"
_DOING = (
    "add|arrange|ask|be|book|bring|call|cancel|change|chase|check|come|confirm|connect|contact|correct"
    "|credit|deal|do|email|explain|fix|follow|find|get|give|go|have|help|keep|leave|let|look|make|note"
    "|open|order|organi[sz]e|pass|pay|process|pull|put|raise|refund|remove|replace|resend|reset|ring"
    "|say|see|send|set|show|sort|speak|stay|stop|take|talk|tell|text|transfer|try|update|wait|waive"
    "|write"
)
"""Verbs after which “ill” is “I'll”, not a state of health."""

_NOT = "do|does|did|is|are|was|were|have|has|had|would|could|should|must|need|might"

_LONG = tuple(
    (re.compile(short), long)
    for short, long in (
        (r"\b(?:can'?t|cannot)\b", "can not"),
        (r"\b(?:won't|wont)\b", "will not"),
        (rf"\b({_NOT})n'?t\b", r"\1 not"),
        (r"\b(i)'?m\b", r"\1 am"),
        (r"\b(you|they)'?re\b", r"\1 are"),
        (r"\b(we)'re\b", r"\1 are"),
        (r"\b(i|you|we|they|would|could|should|must|might)'?ve\b", r"\1 have"),
        (r"\b(i|we|he|she)'ll\b", r"\1 will"),
        (rf"\bill (?=(?:(?:just|also|then|now|personally|gladly) )?(?:{_DOING})\b)", "i will "),
        (r"\bi gonna\b", "i am going to"),
        (r"\bgonna\b", "going to"),
        (r"\bwanna\b", "want to"),
        (r"\b(you|they|it|that|this|there)'?ll\b", r"\1 will"),
        (r"\b(i|we|you|he|she|they|it|that)'d\b", r"\1 would"),
        (rf"\b({_IS})'s\b", r"\1 is"),
        (r"\b(that|there|what|here)s\b", r"\1 is"),
        (
            r"\bits (?=(?:a|an|the|not|just|only|our|my|your|all|so|no|up to|on (?:us|me|its|the)"
            r"|been|because|very|really|fine|ok|okay)\b)",
            "it is ",
        ),
        (r"\b(let)'s\b", r"\1 us"),
        (r"(?<!\w)'s\b", "is"),
        (r"(?<!\w)'m\b", "am"),
        (r"(?<!\w)'re\b", "are"),
        (r"(?<!\w)'ve\b", "have"),
        (r"(?<!\w)'ll\b", "will"),
        (r"(?<!\w)'d\b", "would"),
    )
)


_FILLER = re.compile(
    r"\[[^\]]{0,40}\]|(?:(?<=^)|(?<=\s)|(?<=[,.-]))(?:u+h+m*|u+m+|e+rm+|e+r|ah+m)\b(?!-)[,.]?\s*-?\s*"
)
"""Sounds of thinking, and what a transcriber put in brackets."""

_STUTTER = (
    (re.compile(r"\b(\w{1,3})-+\s?(?=\1)"), ""),
    (re.compile(r"\b([\w']+)(?:-+\s?\1\b)+"), r"\1"),
    (
        re.compile(
            r"\b(i|you|we|it|the|a|an|and|so|to|of|in|is|was|what|how|why|your|my|if|but|can|would"
            r"|do|i'm|it's|that's|with|for)(?:,?\s+\1\b)+"
        ),
        r"\1",
    ),
)
"""A word begun twice: “wh-what”, “what-what”, “the the”."""


PATIENCE_S = 0.05
"""Seconds that a pattern from somebody's own file may take on one piece of a turn."""

_PROBES = (
    "a" * 40 + "!",
    "the " * 60,
    "i am so sorry that " * 12,
    " ".join(["word", "and", "another", "one"] * 20) + " 4711",
)
"""What a pattern that backtracks without end gets lost in."""


@lru_cache(maxsize=512)
def normal(text: str) -> str:
    """`text` as patterns see it: lower case, long forms, without hesitations and stutters.

    Offsets are not kept.
    """
    plain = text.lower().replace("’", "'").replace("‘", "'").replace("—", "-").replace("–", "-")
    plain = _FILLER.sub(" ", plain)
    for again, once in _STUTTER:
        plain = again.sub(once, plain)
    return _long(re.sub(r"[ \t]+", " ", plain).strip(" ,-"))


@dataclass(frozen=True)
class Found:
    """Where an expression was found."""

    start: int
    end: int


@dataclass(frozen=True)
class Finder:
    """Looks for an expression in a `normal` text; None where it is not, or took too long."""

    search: Callable[[str], Found | None]
    fullmatch: Callable[[str], Found | None]


def compile_all(patterns: Sequence[str], trusted: bool = True) -> Finder | None:
    """Finds any of `patterns` as whole words in a `normal` text; None for none.

    Args:
        patterns: as written in prompts/acts/.
        trusted: they are ours. Anybody else's may take at most `PATIENCE_S` on a piece.

    Raises:
        re.error: a pattern is not a regular expression.
        TimeoutError: a pattern that is not ours takes for ever on plain sentences.
    """
    if not patterns:
        return None
    whole = "|".join(rf"(?:(?<!\w)(?:{_expand(pattern)})(?!\w))" for pattern in patterns)
    return _ours(whole) if trusted else _theirs(whole)


def _ours(whole: str) -> Finder:
    pattern = re.compile(whole)
    return Finder(
        lambda text: _place(pattern.search(text)), lambda text: _place(pattern.fullmatch(text))
    )


def _theirs(whole: str) -> Finder:
    import regex

    try:
        pattern = regex.compile(whole)
    except regex.error as error:
        raise re.error(str(error)) from None
    for probe in _PROBES:
        pattern.search(probe, timeout=PATIENCE_S)

    def search(text: str) -> Found | None:
        try:
            return _place(pattern.search(text, timeout=PATIENCE_S))
        except TimeoutError:
            return None

    def fullmatch(text: str) -> Found | None:
        try:
            return _place(pattern.fullmatch(text, timeout=PATIENCE_S))
        except TimeoutError:
            return None

    return Finder(search, fullmatch)


def _place(match: Any) -> Found | None:
    return Found(match.start(), match.end()) if match else None


def _expand(pattern: str) -> str:
    parts = _CLASS.split(_long(pattern))
    return "".join(
        part
        if index % 2
        else part.replace(" ... ", _GAP).replace(" ?", _MAYBE).replace(" ", _BLANK)
        for index, part in enumerate(parts)
    )


def _long(text: str) -> str:
    for short, long in _LONG:
        text = short.sub(long, text)
    return text
