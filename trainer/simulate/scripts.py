"""Scripted agents in text.

What each would say to a customer, turn by turn. For the demo, the bench and tests.
"""

from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from trainer.content import problems, prompts, roots, slots
from trainer.domain.errors import BadInput
from trainer.domain.persona import Cast, Fact

LAST = "{last}"
"""Stands in a turn for the customer's last words, which only the call itself can fill in."""


class Script(BaseModel):
    """One agent as written in prompts/scripts/<name>.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    about: str
    turns: list[str] = Field(
        min_length=1,
        description="What they say to anybody, with slots; an empty turn is a silence.",
    )
    shuffled: bool = Field(
        default=False, description="Their turns come in another order in each call."
    )
    when_hot: list[str] = Field(
        default_factory=list,
        description="Said instead, to a customer who is as angry as ever after four turns.",
    )
    for_: dict[str, list[str]] = Field(
        default_factory=dict,
        alias="for",
        description="What they say to one customer, by the customer's name.",
    )


def names(extra: Sequence[Path] = ()) -> list[str]:
    """Names of the scripted agents, sorted."""
    return roots.stems("prompts/scripts", extra)


def read(name: str, extra: Sequence[Path] = ()) -> Script:
    """One scripted agent as written.

    Raises:
        BadInput: there is no such agent, or their file is wrong.
    """
    if name not in names(extra):
        near = problems.closest(name, names(extra))
        raise BadInput(
            f"There is no scripted agent called “{name}”."
            + (f" Did you mean “{near}”?" if near else ""),
            f"Known: {', '.join(names(extra))}.",
        )
    return prompts.model(f"scripts/{name}.yaml", Script, extra)


def script(name: str, cast: Cast, extra: Sequence[Path] = ()) -> list[str]:
    """The agent's turns for this customer, in order: what was written for them, else for anybody.

    Args:
        name: "empathic", "dismissive", "fixer" … (see `names`).
        cast: the customer they speak to.
        extra: extra content roots, later ones first in line.

    Raises:
        BadInput: there is no such agent, or their file is wrong.
    """
    written = read(name, extra)
    return fill(written.for_.get(cast.name, written.turns), cast)


def fill(turns: Sequence[str], cast: Cast, seed: int = 0) -> list[str]:
    """`turns` with what this customer's file says; `{last}` stays.

    Args:
        turns: as written.
        cast: the customer they are said to.
        seed: chooses among the example phrases of an offer or a question; 0 takes the first.
    """
    values = _values(cast, seed)
    return [str(slots.fill(turn, values)) for turn in turns]


def _values(cast: Cast, seed: int) -> dict[str, str]:
    scenario = cast.persona.scenario
    allowed = [remedy for remedy in scenario.remedies if remedy.allowed]
    # what needs no fact first, then by worth: a script cannot count on having been told
    plain = sorted(allowed, key=lambda remedy: (bool(remedy.needs), -remedy.solves))
    best = sorted(allowed, key=lambda remedy: -remedy.solves)
    forbidden = [remedy for remedy in scenario.remedies if not remedy.allowed]
    return {
        "name": cast.persona.identity.name,
        "company": scenario.card.company,
        **_numbered("offer", [remedy.examples for remedy in plain], 2, seed),
        **_numbered("best", [remedy.examples for remedy in best], 2, seed),
        **_numbered("forbidden", [remedy.examples for remedy in forbidden], 2, seed),
        **_numbered("ask", [fact.asks for fact in _worth_asking(cast)], 6, seed),
    }


def _worth_asking(cast: Cast) -> list[Fact]:
    """Facts as a good agent would ask for them.

    What the best offer rests on first, then what matters, what is told readily before what is not.
    """
    scenario = cast.persona.scenario
    offers = sorted((r for r in scenario.remedies if r.allowed), key=lambda r: -r.solves)[:2]
    needed = {fact for remedy in offers for fact in remedy.needs}

    def order(fact: Fact) -> tuple[bool, float, int]:
        return (fact.id not in needed, fact.gate.min_trust + fact.gate.min_heard, -fact.importance)

    return sorted(scenario.facts, key=order)


def _numbered(slot: str, phrases: Sequence[Sequence[str]], count: int, seed: int) -> dict[str, str]:
    """`slot`, `slot_2` …: a phrase of each, starting over where there are too few."""
    found = {}
    for place in range(count):
        several = phrases[place % len(phrases)] if phrases else [""]
        key = slot if place == 0 else f"{slot}_{place + 1}"
        found[key] = several[seed % len(several)]
    return found
