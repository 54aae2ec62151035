"""The words of a transcript given to the turns that were found in the sound."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from trainer.domain.audio import RATE
from trainer.imports.transcript import Said
from trainer.review.timing import Part


def by_time(said: Sequence[Said], parts: Sequence[Part]) -> list[str]:
    """What one party said in each of their turns, by the times of the transcript.

    A piece's words are spread evenly over its time; each goes to the turn that is nearest.
    """
    words: list[list[str]] = [[] for _ in parts]
    for piece in said:
        own = piece.text.split()
        start, end = piece.start_s or 0.0, piece.end_s or 0.0
        for index, word in enumerate(own):
            at = (start + (end - start) * (index + 0.5) / len(own)) * RATE
            near = min(range(len(parts)), key=lambda n: _away(parts[n], at), default=None)
            if near is not None:
                words[near].append(word)
    return [" ".join(turn) for turn in words]


def by_likeness(said: Sequence[Said], heard: Sequence[str]) -> list[str]:
    """What one party said in each of their turns, by what was heard there.

    Words of the transcript that were heard, too, show where the others between them belong.
    """
    theirs = [word for piece in said for word in piece.text.split()]
    found = [(turn, word) for turn, text in enumerate(heard) for word in text.split()]
    if not found:
        return ["" for _ in heard]
    match = SequenceMatcher(
        None, [_bare(word) for word in theirs], [_bare(word) for _, word in found], autojunk=False
    )
    place: dict[int, int] = {}
    for block in match.get_matching_blocks():
        for offset in range(block.size):
            place[block.a + offset] = found[block.b + offset][0]
    words: list[list[str]] = [[] for _ in heard]
    turn = min(place.values(), default=0)
    for index, word in enumerate(theirs):
        turn = place.get(index, turn)
        words[turn].append(word)
    return [" ".join(own) for own in words]


def _away(part: Part, at: float) -> float:
    return max(part.start - at, at - part.end, 0.0)


def _bare(word: str) -> str:
    return re.sub(r"[^a-z0-9']", "", word.lower())
