"""Patterns as trainers write them in prompts/acts/, made into regular expressions.

A pattern is a regular expression with two comforts: a blank also passes a comma, and `...` stands
for up to four
words. Pattern and text are both brought to long forms first (“i'm”, “im” and “i am” are the same).
"""

import re
from collections.abc import Sequence
from functools import lru_cache

_CLASS = re.compile(r"(\[[^\]]*\])")
_GAP = r",?\s+(?:[\w'-]+,?\s+){0,4}?"
_BLANK = r",?\s+"
_MAYBE = r"(?:,?\s+)?"

_IS = "it|that|this|there|what|here|how|who|where|he|she|everything|nobody|one|name|which"
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
        (r"\b(you|they|it|that|this|there)'?ll\b", r"\1 will"),
        (r"\b(i|we|you|he|she|they|it|that)'d\b", r"\1 would"),
        (rf"\b({_IS})'s\b", r"\1 is"),
        (r"\b(that|there|what|here)s\b", r"\1 is"),
        (
            r"\bits (?=a\b|an\b|the\b|not\b|just\b|only\b|our\b|my\b|your\b|all\b|so\b|no\b)",
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


def compile_all(patterns: Sequence[str]) -> re.Pattern[str] | None:
    """One expression that finds any of `patterns` as whole words in a `normal` text; None for none.

    Raises:
        re.error: a pattern is not a regular expression.
    """
    if not patterns:
        return None
    return re.compile("|".join(rf"(?:(?<!\w)(?:{_expand(pattern)})(?!\w))" for pattern in patterns))


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
