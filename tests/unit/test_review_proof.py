"""The debrief over many simulated calls: better calls read better, and nothing is made up."""

from itertools import islice, product
from statistics import mean

import pytest

from tests.unit.test_review import items, score, typed_call
from trainer.content import personas
from trainer.review.debrief import review
from trainer.review.model import Review
from trainer.simulate import scripts

pytestmark = [pytest.mark.engine, pytest.mark.slow]

SIX = (
    "olsen-outage",
    "mercer-billing",
    "voss-return",
    "stroud-parking",
    "garrity-supply",
    "rees-account",
)
AGENTS = ("empathic", "fixer", "canned", "muddler", "wall")
CALLS = 200


def debriefed(name: str, agent: str, seed: int) -> Review:
    cast = personas.load(name, [], seed)
    return review(typed_call(name, tuple(scripts.script(agent, cast)), seed))


def test_empathy_is_in_the_order_of_the_agents_over_six_customers() -> None:
    found: dict[str, list[float]] = {}
    for name, agent in product(SIX, AGENTS):
        result = debriefed(name, agent, 0)
        if (value := score(result, "empathy")) is not None:
            found.setdefault(agent, []).append(value)
    empathy = {agent: mean(found[agent]) for agent in AGENTS}
    assert empathy["empathic"] >= empathy["fixer"] + 0.5
    assert empathy["empathic"] >= empathy["canned"] + 0.5
    assert empathy["empathic"] > empathy["muddler"] > empathy["fixer"] >= empathy["wall"]
    assert len(found["empathic"]) == len(SIX)


@pytest.mark.timeout(900)  # vectors of eighteen customers' files are made here on a new machine
def test_every_quote_of_every_feedback_in_two_hundred_calls_was_said() -> None:
    everyone = product(range(3), personas.names([]), ("empathic", "muddler", "canned", "abusive"))
    checked = 0
    for seed, name, agent in islice(everyone, CALLS):
        result = debriefed(name, agent, seed)
        said = {turn.turn: turn.text for turn in result.transcript}
        theirs = " ".join(turn.text for turn in result.transcript if turn.who == "customer")
        for item in items(result):
            assert item.quote or item.number
            if item.quote is not None:
                assert item.quote in said[item.turn], (name, agent, seed)
                checked += 1
            assert item.theirs in theirs, (name, agent, seed)
        for error in result.critical:
            assert error.quote in said[error.turn], (name, agent, seed)
    assert checked > CALLS
