"""What the customer knows, and when they are ready to tell it."""

from collections.abc import Collection, Iterable, Sequence

from trainer.domain.mood import Mood
from trainer.domain.persona import Fact

VOLUNTEER_HEARD = 0.60
VOLUNTEER_TRUST = 0.45
"""From here on a customer tells unasked what they are willing to tell unasked."""


def ready(fact: Fact, mood: Mood) -> bool:
    """Whether the fact's gate is open in this mood."""
    gate = fact.gate
    return (
        mood.trust >= gate.min_trust
        and mood.heard >= gate.min_heard
        and mood.anger <= gate.max_anger
    )


def asked_for(
    facts: Sequence[Fact], asks: Collection[str], mood: Mood, told: Collection[str]
) -> list[Fact]:
    """Facts that were asked for, are not told yet and may be told now; the most important first."""
    return _first(
        fact for fact in facts if fact.id in asks and fact.id not in told and ready(fact, mood)
    )


def withheld(
    facts: Sequence[Fact], asks: Collection[str], mood: Mood, told: Collection[str]
) -> bool:
    """Whether something was asked for that they will not tell yet."""
    return any(fact.id in asks and fact.id not in told and not ready(fact, mood) for fact in facts)


def volunteered(facts: Sequence[Fact], mood: Mood, told: Collection[str]) -> list[Fact]:
    """Facts they would tell unasked in this mood; the most important first."""
    if mood.heard < VOLUNTEER_HEARD or mood.trust < VOLUNTEER_TRUST:
        return []
    return _first(
        fact for fact in facts if fact.volunteer and fact.id not in told and ready(fact, mood)
    )


def _first(facts: Iterable[Fact]) -> list[Fact]:
    return sorted(facts, key=lambda fact: -fact.importance)
