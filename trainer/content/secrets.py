"""The few words of a secret by which a leak is noticed."""

import re
from collections.abc import Sequence

from trainer.content.checks import says

MOST = 3
"""Keys of one fact."""

_LETTERS = 5
"""A key has at least so many."""

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SHORT = 3
_COMMON = """
about all also and any are been but can could did does doesn't don't for from get got had has have
haven't her him his how into it's its just know like more not now one our out over said say says she
some something still than that that's the their them then there they this though too very was well
were what when where which who why will with would yes you your you're never
"""
_EMPTY = frozenset(_COMMON.split())
"""Words that say nothing by themselves, beside all that are shorter than `_SHORT`."""


def keys(line: str, heard: Sequence[str]) -> list[str]:
    """Words of `line` that betray it: pairs of neighbours that nobody hears otherwise.

    Args:
        line: the secret in the customer's own words.
        heard: texts that anybody may hear; a key stands in none of them.

    Returns:
        At most `MOST` keys, the most telling first; none when all its words are heard anyway.
    """
    found: list[tuple[int, int, str]] = []
    for sentence in re.split(r"[.,;:!?…–—]+", re.sub(r"\{[^{}]*\}", ".", line)):
        words = _WORD.findall(sentence)
        for size in (2, 3, 1):
            for start in range(len(words) - size + 1):
                part = words[start : start + size]
                letters = sum(len(word) for word in part)
                if tells(part[0]) and tells(part[-1]) and letters >= _LETTERS:
                    # pairs first: one word is said by chance, three are easily said otherwise
                    found.append(((2, 1, 3).index(size), -letters, " ".join(part)))
    chosen: list[str] = []
    for _, _, key in sorted(found):
        taken = {word for one in chosen for word in one.split()}
        if len(chosen) == MOST:
            break
        if not taken & set(key.split()) and not any(says(text, key) for text in heard):
            chosen.append(key)
    return chosen


def tells(word: str) -> bool:
    """Whether a word says something by itself."""
    return len(word) >= _SHORT and word.lower().replace("’", "'") not in _EMPTY
