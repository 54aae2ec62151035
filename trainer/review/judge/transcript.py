"""The transcript as a judge gets it: one line a turn, data that cannot pretend to be anything else.

No bracket of what was said gets through, and every turn stays on its line, so nobody can speak a
turn of somebody else or an end of the transcript. Sentences that speak to the marker are left out.
"""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from trainer.review.log import Log

_BRACKETS = re.compile(r"[<>\[\]{}]")
_SENTENCE = re.compile(r"(?<=[.!?;:])\s+")


@dataclass(frozen=True)
class Transcript:
    """What is sent.

    Attributes:
        lines: one a turn: "[3] agent: …".
        id: of these lines; the delimiters carry it.
        left_out: agent turns in which something spoke to the marker.
    """

    lines: tuple[str, ...]
    id: str
    left_out: frozenset[int]

    @property
    def words(self) -> int:
        """How many words of the call are sent."""
        return sum(len(line.split()) - 2 for line in self.lines)


def write(call: Log, addressed: Sequence[re.Pattern[str]], gap: str, unclear: str) -> Transcript:
    """The turns of both parties, in order.

    Args:
        call: the call.
        addressed: what speaks to the marker rather than to the customer.
        gap: stands where such a sentence was.
        unclear: stands for a turn that was not understood.
    """
    exchanges = {exchange.turn.turn: exchange for exchange in call.exchanges}
    hard = {e.asked.turn for e in call.exchanges if e.hot and e.asked is not None}
    lines, left_out = [], set()
    for turn in call.turns:
        said = one_line(turn.text)
        exchange = exchanges.get(turn.turn)
        if exchange is not None and not exchange.clear:
            said = unclear
        kept = [gap if any(p.search(s) for p in addressed) else s for s in _SENTENCE.split(said)]
        if gap in kept:
            left_out.add(turn.turn)
        mark = " (hard moment)" if turn.turn in hard and call.imported is None else ""
        lines.append(f"[{turn.turn}] {turn.who}{mark}: {' '.join(kept)}")
    known = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]
    return Transcript(tuple(lines), known, frozenset(left_out))


def speaks_to_marker(text: str, addressed: Sequence[re.Pattern[str]]) -> bool:
    """Whether any of this is said to the marker."""
    return any(p.search(one_line(text)) for p in addressed)


def one_line(text: str) -> str:
    """What was said, on one line, without brackets and without what cannot be seen."""
    whole = "".join(c for c in unicodedata.normalize("NFKC", text) if not _is_hidden(c))
    seen = (" " if unicodedata.category(c)[0] in "CZ" else c for c in _BRACKETS.sub(" ", whole))
    return " ".join("".join(seen).split())


def _is_hidden(character: str) -> bool:
    """Whether it only sits between letters to part what would be recognised."""
    return unicodedata.category(character) == "Cf"
