"""The customers that ship: complete, speakable, and different from one another."""

import re
from itertools import combinations
from pathlib import Path

import pytest
from rapidfuzz import fuzz, process

from trainer.content import personas
from trainer.domain.mood import Band
from trainer.domain.persona import Cast, Lines, Need
from trainer.domain.plan import Intent

NAMES = personas.names([])
TEMPERAMENTS = personas.temperaments([])
FREQUENT = (
    Intent.VENT,
    Intent.PUSH,
    Intent.SOFTEN,
    Intent.WEIGH_OFFER,
    Intent.HURT,
    Intent.ANSWER,
)


def casts() -> list[Cast]:
    """Every variant of every customer: consecutive seeds go through the variants."""
    return [personas.load(name, [], seed) for name in NAMES for seed in range(3)]


def said(lines: Lines) -> list[str]:
    return [line for bands in lines.values() for band in bands.values() for line in band]


def files() -> list[Path]:
    folder = personas.locate(NAMES[0], []).parent
    return [folder / f"{name}.yaml" for name in NAMES] + [
        folder / "temperaments" / f"{name}.yaml" for name in TEMPERAMENTS
    ]


@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_the_checker_finds_no_fault(path: Path) -> None:
    assert personas.check(path, []) == []


def test_every_temperament_is_somebodys() -> None:
    assert {cast.persona.extends for cast in casts()} == set(TEMPERAMENTS)


@pytest.mark.parametrize("cast", casts(), ids=lambda cast: f"{cast.name}-{cast.variant}")
def test_no_slot_is_left_open_and_no_line_starts_small(cast: Cast) -> None:
    lines = (
        said(cast.lines) + said(cast.stock) + [fact.line for fact in cast.persona.scenario.facts]
    )
    lines += [line for remedy in cast.persona.scenario.remedies for line in remedy.accept]
    for line in lines:
        assert "{" not in line
        for sentence in re.split(r"(?<=[.?!])\s+", line):
            assert not sentence[0].islower(), line


@pytest.mark.parametrize("cast", casts()[::3], ids=lambda cast: cast.name)
def test_a_temperament_has_words_for_every_moment(cast: Cast) -> None:
    for intent in Intent:
        bands = cast.stock[intent]
        for band, lines in bands.items():
            assert len(lines) >= (5 if band == "any" else 3), (intent, band)
        assert "any" in bands, f"{intent}: a band without lines would have none"


@pytest.mark.parametrize("cast", casts()[::3], ids=lambda cast: cast.name)
@pytest.mark.parametrize("intent", FREQUENT)
def test_twelve_turns_of_the_same_kind_need_no_line_twice(cast: Cast, intent: Intent) -> None:
    for band in (Band.OVERWHELMED, Band.HOT, Band.TENSE):
        own, stock = cast.lines.get(intent, {}), cast.stock[intent]
        reach = {
            line for lines in (own, stock) for key in (band, "any") for line in lines.get(key, [])
        }
        assert len(reach) >= 10, (intent, band)


@pytest.mark.parametrize("cast", casts()[::3], ids=lambda cast: cast.name)
def test_a_line_opens_with_a_reaction_that_can_be_spoken_at_once(cast: Cast) -> None:
    for intent, bands in [*cast.lines.items(), *cast.stock.items()]:
        if intent is Intent.GREET:  # prepared while the line connects
            continue
        for line in (line for lines in bands.values() for line in lines):
            assert len(re.split(r"(?<=[.?!])\s+", line)[0].split()) <= 6, line


@pytest.mark.parametrize("cast", casts(), ids=lambda cast: f"{cast.name}-{cast.variant}")
def test_a_voice_can_say_it(cast: Cast) -> None:
    for line in said(cast.lines) + said(cast.stock):
        assert not re.search(r"[0-9*_#()\[\]<>;:/…]", line), line


def test_no_two_customers_share_a_line() -> None:
    lines = {cast.name: said(cast.lines) + said(cast.stock) for cast in casts()[::3]}
    for (_, one), (_, other) in combinations(lines.items(), 2):
        for line in one:
            if len(line.split()) < 5:
                continue
            near = process.extractOne(line, other, scorer=fuzz.ratio, score_cutoff=88)
            assert near is None, (line, near)


def test_no_two_customers_share_a_temperament_and_every_need_is_met() -> None:
    made = [cast.persona for cast in casts()[::3]]
    assert len({persona.extends for persona in made}) == len(made)
    assert {persona.need for persona in made} == set(Need)
    assert {persona.difficulty for persona in made} == {1, 2, 3, 4, 5}


@pytest.mark.parametrize("cast", casts()[::3], ids=lambda cast: cast.name)
def test_there_is_a_good_way_out_and_a_thing_that_may_not_be_granted(cast: Cast) -> None:
    remedies = cast.persona.scenario.remedies
    assert any(remedy.allowed and remedy.solves >= 0.75 for remedy in remedies)
    assert any(not remedy.allowed for remedy in remedies)
    assert all(len(remedy.examples) >= 8 for remedy in remedies)
    assert all(len(fact.asks) >= 6 for fact in cast.persona.scenario.facts)


@pytest.mark.parametrize("cast", casts(), ids=lambda cast: f"{cast.name}-{cast.variant}")
def test_what_opens_the_best_remedy_can_still_be_found_out(cast: Cast) -> None:
    facts = {fact.id for fact in cast.persona.scenario.facts}
    best = max(
        (remedy for remedy in cast.persona.scenario.remedies if remedy.allowed),
        key=lambda remedy: remedy.solves,
    )
    assert set(best.needs) <= facts


@pytest.mark.parametrize("cast", casts(), ids=lambda cast: f"{cast.name}-{cast.variant}")
def test_the_greeting_says_who_is_calling(cast: Cast) -> None:
    surname = cast.persona.identity.name.split()[-1]
    for line in cast.lines[Intent.GREET]["any"]:
        assert surname in line
