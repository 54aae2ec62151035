"""How a turn and its candidates stand in one line of tokens: the same for fitting and for use.

`[CLS] before [SEP] turn [SEP] [MASK] candidate [MASK] candidate … [SEP]`; what the model makes of a
candidate is read at its `[MASK]`, what it makes of the turn at `[CLS]`. All candidates stand in one
line, so that they compete.
"""

from collections.abc import Callable, Sequence

CLS, SEP, MASK = 101, 102, 103
"""Token numbers of the uncased BERT vocabulary."""

BEFORE, TURN, CANDIDATE, ALL = 40, 200, 40, 508
"""Tokens of each part that are looked at: the last of what was said before, the first of others."""


def line(
    tokens: Callable[[str], list[int]], before: str, text: str, candidates: Sequence[str]
) -> tuple[list[int], list[int], list[int]]:
    """Token numbers, segments (0 for what was said, 1 for candidates) and where candidates begin.

    Args:
        tokens: token numbers of a text, without special ones.
        before, text, candidates: as `CrossEncoder.compare` takes them; candidates that find no room
            are left out, so that fewer places may come back than candidates were given.
    """
    ids = [CLS, *tokens(before)[-BEFORE:], SEP, *tokens(text)[:TURN], SEP]
    said = len(ids)
    places = []
    for candidate in candidates:
        own = tokens(candidate)[:CANDIDATE]
        if len(ids) + 1 + len(own) > ALL:
            break
        places.append(len(ids))
        ids += [MASK, *own]
    ids.append(SEP)
    return ids, [0] * said + [1] * (len(ids) - said), places
