"""Scripted agents in text.

What each would say to a customer, turn by turn. For the demo, the bench and tests.
"""

from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from trainer.content import problems, prompts, roots, slots, source
from trainer.domain.errors import BadInput
from trainer.domain.persona import Cast


class Script(BaseModel):
    """One agent as written in prompts/scripts/<name>.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    about: str
    turns: list[str] = Field(
        min_length=1, description="What they say to anybody; {name}, {offer}, {offer_2}."
    )
    for_: dict[str, list[str]] = Field(
        default_factory=dict,
        alias="for",
        description="What they say to one customer, by the customer's name.",
    )


def names(extra: Sequence[Path] = ()) -> list[str]:
    """Names of the scripted agents, sorted."""
    return roots.stems("prompts/scripts", extra)


def script(name: str, cast: Cast, extra: Sequence[Path] = ()) -> list[str]:
    """The agent's turns for this customer, in order.

    Args:
        name: "empathic", "dismissive", "fixer" … (see `names`).
        cast: the customer they speak to.
        extra: extra content roots, later ones first in line.

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
    origin = source.read(prompts.path(f"scripts/{name}.yaml", extra))
    try:
        written = Script.model_validate(origin.data)
    except ValidationError as error:
        raise problems.bad_input(problems.from_validation(origin, Script, error)) from None
    values = _values(cast)
    return [str(slots.fill(turn, values)) for turn in written.for_.get(cast.name, written.turns)]


def _values(cast: Cast) -> dict[str, str]:
    """What a script may say about a customer.

    Their name, and the best that policy lets the agent offer.
    """
    allowed = [remedy for remedy in cast.persona.scenario.remedies if remedy.allowed]
    # what needs no fact first, then by worth: a script cannot count on having been told
    best = sorted(allowed, key=lambda remedy: (bool(remedy.needs), -remedy.solves))
    offers = [remedy.examples[0] for remedy in best] or [""]
    return {
        "name": cast.persona.identity.name,
        "company": cast.persona.scenario.card.company,
        "offer": offers[0],
        "offer_2": offers[1 % len(offers)],
    }
