"""What grammar and plain words say of a turn, as numbers for a fitted reader."""

import re

import numpy as np
from numpy.typing import NDArray

from trainer.acts import grammar, questions
from trainer.acts.phrases import normal

_STARTS = tuple(
    re.compile(rf"(?:^|[.,;!?] |\b(?:and|so|but|then) ){words}\b")
    for words in (
        "(?:what|which)", "(?:when|where|who|whose)", "how (?:many|much|long|old|often|far|big)",
        "(?:how|why)", "(?:is|are|was|were|do|does|did|have|has|had|will)",
        "(?:can|could|would|may|might|shall|should) (?:i|we)",
        "(?:can|could|would|will) you", "(?:tell|give|read|spell|say|repeat|take|let me)",
        "(?:no|sorry|hang on|hold on|wait)", "so",
    )
)  # fmt: skip
"""How a question begins."""

_HOLDS = tuple(
    re.compile(words)
    for words in (
        r" or ", r"\b(?:again|repeat|once more|pardon|catch)\b", r"\b(?:else|more|further|left)\b",
        r"\b(?:right|correct|got that|is that it)\b ?\?", r"\b(?:rather|prefer|suit|best)\b",
        r"\b(?:meant|mean|said|saying)\b", r"\b(?:mind if|may i|ready|a pen|hold)\b",
        r"\b(?:number|name|address|code|birth|e-?mail|spell|reference|account)\b",
        r"\b(?:first|second|one of|either)\b", r"\b(?:tell me about|walk me|what happened|story)\b",
    )
)  # fmt: skip
"""What it holds."""

TURN = len(_STARTS) + len(_HOLDS) + 5
"""Numbers a turn."""


def of_turn(text: str) -> NDArray[np.float32]:
    """How a turn asks, shape (TURN,): its beginnings, its words, its questions and its length."""
    plain = normal(text)
    kind = questions.kind(text)
    found = [
        *(bool(start.search(plain)) for start in _STARTS),
        *(bool(one.search(plain)) for one in _HOLDS),
        kind == "open",
        kind == "closed",
        questions.has_tag(text),
        min(text.count("?"), 3) / 3,
        min(len(plain.split()), 40) / 40,
    ]
    return np.array(found, dtype=np.float32)


CLAUSE = 8
"""Numbers a clause."""


def of_clause(text: str) -> NDArray[np.float32]:
    """What the grammar of a clause makes of what it is about, shape (CLAUSE,)."""
    mood = grammar.modality(text)
    found = [
        grammar.polarity(text) == "negative",
        bool(grammar.condition(text)),
        mood in ("may", "would"),
        mood in ("can", "will"),
        mood == "did",
        text.rstrip().endswith("?"),
        grammar.asks_of_the_past(text),
        grammar.takes_back(text),
    ]
    return np.array(found, dtype=np.float32)
