"""A turn in pieces that can do one thing each, with or without punctuation."""

import re
from dataclasses import dataclass
from itertools import pairwise

LONG_WORDS = 13
"""A piece with more words than this is cut again where a new thought is likely to begin."""

_END = re.compile(r"[.?!;]+[\"'”’)]*\s+|\n+|\s+[–—-]\s+|…\s*")
_BUT = re.compile(r",?\s+(?=(?:but|though|however|what i can)\b)", re.IGNORECASE)
_COMMA = re.compile(r",\s+")
_START = re.compile(
    r"(?<!what)(?<!how)(?<!where)(?<!when)(?<!why)(?<!who)(?<!which)(?<!often)(?<!much)"
    r",?\s+(?=(?:and|but|so|then|because|now|okay|also)\s+"
    r"(?:i|i'm|i'll|i've|we|we'll|you|you're|your|let|that|that's|it|it's|what|how|can|could|would|do|did|is|are|if|this|there|the|please|tell)\b"
    r"|(?:i'?m (?:so |very |really )*sorry|i apologi[sz]e|i understand|i hear|i'll"
    r"|i can|i will|i'?m going to|(?<!n't )let me|"
    r"can you|could you|would you|can i|may i|what (?:is|are|was|would|did|do|can|happened)|"
    r"how (?:is|are|was|would|did|do|can)|do you|did you|have you|is there|tell me|"
    r"that must|that sounds|it sounds|you should|you need|thank you|thanks)\b)",
    re.IGNORECASE,
)
_WAITS = re.compile(
    r"\b(?:what|how|which|where|when|why|who)\s+(?!i\b|you\b|we\b|they\b|it\b|he\b|she\b|that\b"
    r"|happened\b|is\b|was\b|are\b|were\b|do\b|did\b)(?:[\w'-]+\s+){0,4}[\w'-]+$",
    re.IGNORECASE,
)
"""A question that still waits for its verb: “what number” before “would you be at”."""


@dataclass(frozen=True)
class Unit:
    """A piece of a turn: `turn[start:end] == text`."""

    text: str
    start: int
    end: int


def split(turn: str) -> list[Unit]:
    """The pieces of a turn, in order; together they hold every word of it."""
    pieces: list[Unit] = []
    for sentence in sentences(turn):
        if len(sentence.text.split()) > LONG_WORDS:
            pieces += _rejoin(_cut(turn, sentence.start, sentence.end, _START), turn)
        else:
            pieces.append(sentence)
    return pieces


def clauses(turn: str) -> list[Unit]:
    """The pieces of a turn, cut again before “but” and its like: each can be a move of its own."""
    return [part for piece in split(turn) for part in _at_but(piece)]


def sentences(turn: str) -> list[Unit]:
    """The sentences of a turn as punctuation shows them, in order."""
    return _cut(turn, 0, len(turn), _END)


def parts(text: str, start: int) -> list[Unit]:
    """The parts of a piece between commas; `start` is where the piece stands in the turn."""
    return [
        Unit(part.text, part.start + start, part.end + start)
        for part in _cut(text, 0, len(text), _COMMA)
    ]


def _at_but(piece: Unit) -> list[Unit]:
    cut = _BUT.search(piece.text)
    if cut is None or cut.start() == 0:
        return [piece]
    middle = piece.start + cut.end()
    head = Unit(piece.text[: cut.start()], piece.start, piece.start + cut.start())
    return [head, Unit(piece.text[cut.end() :], middle, piece.end)]


def _cut(turn: str, start: int, end: int, at: re.Pattern[str]) -> list[Unit]:
    edges = [start]
    for found in at.finditer(turn, start, end):
        if at is not _START or not _WAITS.search(turn[edges[-1] : found.start()]):
            edges.append(found.end())
    edges.append(end)
    pieces = []
    for left, right in pairwise(edges):
        text = turn[left:right]
        begin = left + len(text) - len(text.lstrip(" \t\r\n,"))
        stop = left + len(text.rstrip())
        if re.search(r"\w", turn[begin:stop] if stop > begin else ""):
            pieces.append(Unit(turn[begin:stop], begin, stop))
    return pieces


def _rejoin(pieces: list[Unit], turn: str) -> list[Unit]:
    """Pieces of one or two words belong to what follows."""
    out: list[Unit] = []
    begin: int | None = None
    for index, piece in enumerate(pieces):
        begin = piece.start if begin is None else begin
        last = index == len(pieces) - 1
        if len(turn[begin : piece.end].split()) > 2 or last:
            out.append(Unit(turn[begin : piece.end], begin, piece.end))
            begin = None
    return out
