"""Cuts words that are still arriving into clauses a voice can speak, as early as makes sense."""

import re
from collections.abc import AsyncIterator

_END = re.compile(r"[.?!…]+[\"'”’)]*(?=\s)")
_PAUSE = re.compile(r"[;:](?=\s)|\s[—–-](?=\s)|—|,(?=\s)")
_SHORT = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|St|vs|etc|e\.g|i\.e|a\.m|p\.m)|\b[A-Z])\.$")
_CERTAIN = re.compile(r"(?:[?!…]|\b[a-z]{3,}\.)[\"”’]?$")

_PAUSE_WORDS = 4
"""A comma ends a clause once this many words stand before it; "No, no, listen" stays whole."""


def cut(text: str) -> tuple[list[str], str]:
    """Finished clauses at the beginning of `text`, and the rest that is still growing."""
    done: list[str] = []
    while found := _first(text):
        clause, text = text[:found].strip(' "“”'), text[found:].lstrip(" —–-\"'”’.!?…")
        if clause:
            done.append(clause)
    return done, text


def _first(text: str) -> int | None:
    """Where the first clause of `text` ends, or None while that cannot be told."""
    start = 0
    while True:
        end, pause = _END.search(text, start), _PAUSE.search(text, start)
        if end and (not pause or end.start() < pause.start()):
            if not _SHORT.search(text[: end.end()]):
                return end.end()
            start = end.end()
        elif pause:
            if len(text[: pause.start()].split()) >= _PAUSE_WORDS:
                return pause.end()
            start = pause.end()
        else:
            break
    if _CERTAIN.search(text) and not _SHORT.search(text):
        return len(
            text
        )  # nothing can follow that would change it: no need to wait for the next piece
    return None


async def split(pieces: AsyncIterator[str]) -> AsyncIterator[str]:
    """Clauses of one spoken line, each as soon as it is complete; a new line ends it.

    What is left when the pieces end is given too, finished or not: see `unfinished`.
    """
    text, begun = "", False
    async for piece in pieces:
        text = (text + piece).lstrip(' \t"“”.?!…')
        line, newline, _ = (text if begun else text.lstrip("\n")).partition("\n")
        begun = begun or bool(line)
        done, text = cut(line)
        for clause in done:
            yield clause
        if newline:
            break
    if rest := text.strip(' "“”'):
        yield rest


def unfinished(clause: str) -> bool:
    """Whether more words must follow for it to be a whole sentence."""
    return not re.search(r"[.?!…][\"'”’]?$", clause.strip())
