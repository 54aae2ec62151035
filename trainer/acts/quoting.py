"""Where words that a model gives as a quote stand in what was said; nowhere: it made them up.

Case, punctuation and spaces do not count. A slip of a letter is forgiven in a quote that is long
enough not to fit by chance.
"""

import re

from rapidfuzz import fuzz

LIKE = 92
"""Likeness of letters, 0..100, from which a quote is in the turn, if it has `QUOTE_WORDS` words."""

QUOTE_WORDS = 4

_WHOLE = 0.9
"""Share of the quote that must lie in the turn: a short turn inside a long quote is no proof."""


def place(quote: str, text: str) -> tuple[int, int] | None:
    """Start and end of the quote in `text`, whole words; None when it is not there."""
    quote, text = _one_mark(quote), _one_mark(text)
    words = re.findall(r"[\w']+", quote)
    if not words:
        return None
    exact = re.search(
        r"(?<!\w)" + r"\W+".join(map(re.escape, words)) + r"(?!\w)", text, re.IGNORECASE
    )
    if exact:
        return exact.start(), exact.end()
    if len(words) < QUOTE_WORDS:
        return None
    near = fuzz.partial_ratio_alignment(quote.lower(), text.lower(), score_cutoff=LIKE)
    if near is None or near.src_end - near.src_start < _WHOLE * len(quote):
        return None
    return _whole_words(text, near.dest_start, near.dest_end)


def _one_mark(text: str) -> str:
    """One kind of apostrophe; the length stays."""
    return text.replace("’", "'").replace("‘", "'")


def _whole_words(text: str, start: int, end: int) -> tuple[int, int] | None:
    """From the first to the last word that any of it touches."""
    touched = [
        word.span()
        for word in re.finditer(r"[\w']+", text)
        if word.start() < end and word.end() > start
    ]
    return (touched[0][0], touched[-1][1]) if touched else None
