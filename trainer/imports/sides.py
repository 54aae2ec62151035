"""Which of two parties is the agent, by what each of them says."""

import re
from collections.abc import Mapping, Sequence

LEAST = 2
"""So much more must speak for one party than for the other; less decides nothing."""


def agent(first: str, second: str, words: Mapping[str, Sequence[str]]) -> int | None:
    """0 when the first party is the agent, 1 when the second is, None when it cannot be told.

    Args:
        first: everything one party said; the one who spoke first.
        second: everything the other said.
        words: prompts/import.yaml: patterns of what agents and customers say.
    """
    lead = _speaks_for(first, words) - _speaks_for(second, words)
    lead += 1  # who answers the telephone speaks first
    return 0 if lead >= LEAST else 1 if lead <= -LEAST else None


def _speaks_for(said: str, words: Mapping[str, Sequence[str]]) -> int:
    """How much speaks for this party being the agent."""
    text = said.lower().replace("’", "'")

    def count(kind: str) -> int:
        return sum(1 for pattern in words[kind] if re.search(rf"\b(?:{pattern})", text))

    return count("agent") - count("customer")
