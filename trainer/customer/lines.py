"""Authored lines by intent and mood band.

The customer's own first, then their temperament's; none twice in a call.
"""

import random
import re
from collections.abc import Collection, Iterator, Mapping

from trainer.domain.mood import Band
from trainer.domain.persona import Cast, Lines
from trainer.domain.plan import Intent

OPENING_WORDS = 6
"""The first clause of a draft: a reaction of at most this many words, where the line allows it."""

_BANDS = tuple(Band)
_RELATED: dict[Intent, tuple[Intent, ...]] = {
    Intent.VENT: (Intent.PUSH,),
    Intent.PUSH: (Intent.VENT, Intent.WALL),
    Intent.SOFTEN: (Intent.ANSWER,),
    Intent.WEIGH_OFFER: (Intent.PUSH, Intent.UNKNOWN),
    Intent.TAKE_OFFER: (Intent.SOFTEN,),
    Intent.HURT: (Intent.WALL, Intent.PUSH),
    Intent.WALL: (Intent.PUSH, Intent.VENT),
    Intent.REPEAT: (Intent.STOCK, Intent.PUSH),
    Intent.STOCK: (Intent.REPEAT, Intent.PUSH),
    Intent.REFUSED: (Intent.WEIGH_OFFER, Intent.PUSH),
    Intent.WARNED: (Intent.HURT, Intent.PUSH),
    Intent.ANSWER: (Intent.UNKNOWN, Intent.VENT),
    Intent.UNKNOWN: (Intent.ANSWER, Intent.PUSH),
    Intent.DEFLECT: (Intent.UNKNOWN, Intent.PUSH),
    Intent.ODD: (Intent.UNKNOWN, Intent.PUSH),
    Intent.COMPLAIN: (Intent.LEAVE, Intent.PUSH),
    Intent.LEAVE: (Intent.COMPLAIN, Intent.PUSH),
    Intent.SUPERVISOR: (Intent.COMPLAIN, Intent.PUSH),
    Intent.PRESENCE: (Intent.NOT_HEARD,),
    Intent.NOT_HEARD: (Intent.PRESENCE,),
    Intent.BACK: (Intent.PUSH,),
    Intent.CRY: (Intent.VENT,),
    Intent.CONFIRM: (Intent.AGREE, Intent.ANSWER),
    Intent.AGREE: (Intent.CONFIRM,),
    Intent.DISAGREE: (Intent.UNKNOWN,),
    Intent.PERMIT: (Intent.AGREE, Intent.CONFIRM),
    Intent.PUT_RIGHT: (Intent.DISAGREE,),
    Intent.SMALL_TALK: (Intent.ANSWER,),
    Intent.NOTHING_ELSE: (Intent.DISAGREE,),
    Intent.STILL_OPEN: (Intent.PUSH,),
    Intent.CORRECTED: (Intent.CONFIRM,),
    Intent.CONDITION: (Intent.WEIGH_OFFER,),
    Intent.WITHDRAWN: (Intent.REFUSED,),
    Intent.CLOSE_PENDING: (Intent.CLOSE_GLAD,),
}

_PLACE = re.compile(r"\{(\w+)\}")
"""A place in a line that the moment fills: {topic}, {open}, {pick}."""

_SENTENCE_END = re.compile(r"(?<=[.?!…])[\"'”’]?\s+")
_SOFT_CUT = re.compile(r",\s+|\s+[–—-]\s+|;\s+|:\s+")


def plain(text: str) -> str:
    """`text` as it is compared: small letters, single blanks, no punctuation."""
    return " ".join(re.findall(r"[\w']+", text.lower().replace("’", "'")))


def said_before(cast: Cast, heard: Collection[str]) -> list[str]:
    """Of what was heard in earlier calls, what is or holds a line or clause of theirs; sorted."""
    lines = {
        line
        for layer in (cast.lines, cast.stock)
        for bands in layer.values()
        for shelf in bands.values()
        for line in shelf
    }
    whole = {plain(line) for line in lines} - {""}
    parts = {plain(clause) for line in lines for clause in clauses(line)}
    return sorted(
        text for text in heard if plain(text) in parts or any(line in plain(text) for line in whole)
    )


class Book:
    """The lines of one customer.

    Args:
        cast: whose lines.
        seed: chooses among equal lines.
        recent: what this person was heard to say in the profile's last calls, clause by clause or
            in whole turns; lines of which every clause is in it come last.
    """

    def __init__(self, cast: Cast, seed: int, recent: Collection[str] = ()) -> None:
        self._layers: tuple[Lines, Lines] = (cast.lines, cast.stock)
        self._name = cast.name
        self._seed = seed
        self._recent = f"| {' | '.join(plain(text) for text in recent)} |"

    def choose(
        self,
        intent: Intent,
        band: Band,
        turn: int,
        used: Collection[str],
        fill: Mapping[str, str] | None = None,
    ) -> str:
        """One line that is not in `used`; an empty string when there is none left.

        Where there is something to `fill` in, lines with a place for it come first; without it they
        are not for use.

        Args:
            intent: what the turn is for.
            band: how strongly the lead feeling shows.
            turn: turn number; with the seed it decides among equal lines.
            used: lines spoken before in this call, as `plain` gives them.
        """
        for wanted in (intent, *_RELATED.get(intent, ())):
            stale: list[str] = []
            for lines in self._shelves(wanted, band):
                fresh = [
                    line
                    for line in _fitting(lines, fill or {})
                    if plain(line) not in used and _plain_filled(line, fill or {}) not in used
                ]
                new = [line for line in fresh if not self._heard(line)]
                if new:
                    return self._pick(new, wanted, turn)
                stale += fresh
            if stale:
                return self._pick(stale, wanted, turn)
        return ""

    def _heard(self, line: str) -> bool:
        return all(f" {plain(clause)} " in self._recent for clause in clauses(line))

    def _shelves(self, intent: Intent, band: Band) -> Iterator[list[str]]:
        """Lines in order of fitness.

        Own for this band, own for any, the same of the temperament, then other bands.
        """
        for layer in self._layers:
            bands = layer.get(intent, {})
            fitting = [*bands.get(band, []), *bands.get("any", [])]
            if band is Band.OVERWHELMED and not bands.get(band):
                fitting = [*bands.get(Band.HOT, []), *fitting]
            if fitting:
                yield fitting
        here = _BANDS.index(band)
        for other in sorted(_BANDS, key=lambda b: abs(_BANDS.index(b) - here))[1:]:
            for layer in self._layers:
                if lines := layer.get(intent, {}).get(other):
                    yield lines

    def _pick(self, lines: list[str], intent: Intent, turn: int) -> str:
        return random.Random(f"{self._name} {self._seed} {intent} {turn}").choice(lines)


def filled(line: str, fill: Mapping[str, str]) -> str:
    """The line with its places filled."""
    return _PLACE.sub(lambda found: fill.get(found[1], found[0]), line)


def _plain_filled(line: str, fill: Mapping[str, str]) -> str:
    return plain(filled(line, fill))


def _fitting(lines: list[str], fill: Mapping[str, str]) -> list[str]:
    """Lines whose places can all be filled; those that have some come first, where any do."""
    whole = [line for line in lines if set(_PLACE.findall(line)) <= set(fill)]
    placed = [line for line in whole if _PLACE.search(line)] if fill else []
    return placed or whole


def clauses(line: str) -> tuple[str, ...]:
    """A line as clauses.

    The first is a short reaction where the line has one, so that it can be spoken at once.
    """
    sentences = [part.strip() for part in _SENTENCE_END.split(line.strip()) if part.strip()]
    if not sentences:
        return ()
    first = sentences[0]
    if len(first.split()) <= OPENING_WORDS:
        return tuple(sentences)
    for cut in _SOFT_CUT.finditer(first):
        head, tail = first[: cut.start()].strip(), first[cut.end() :].strip()
        if len(head.split()) <= OPENING_WORDS and len(tail.split()) >= 2:
            return (f"{head},", tail, *sentences[1:])
    return tuple(sentences)
