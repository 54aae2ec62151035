"""The customers that ship: complete, speakable, and different from one another."""

import re
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from rapidfuzz import fuzz, process

from trainer.content import personas, slots
from trainer.domain.mood import Band
from trainer.domain.persona import Cast, Lines, Need
from trainer.domain.plan import Intent

NAMES = personas.names([])
TEMPERAMENTS = personas.temperaments([])
PLACES = {name for names in slots.IN_CALL.values() for name in names}
FREQUENT = (
    Intent.VENT,
    Intent.PUSH,
    Intent.SOFTEN,
    Intent.WEIGH_OFFER,
    Intent.HURT,
    Intent.ANSWER,
)


@cache
def casts() -> tuple[Cast, ...]:
    """Every variant of every customer: consecutive seeds go through the variants."""
    return tuple(personas.load(name, [], seed) for name in NAMES for seed in range(3))


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
        assert set(slots.used(line)) <= PLACES, line  # filled while the call goes on
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


def test_what_opens_a_confidence_fits_where_nobody_asked() -> None:
    for cast in casts()[::3]:
        for layer in (cast.lines, cast.stock):
            for line in said({Intent.DISCLOSE: layer.get(Intent.DISCLOSE, {})}):
                assert not re.search(r"\b(?:you|you've|nobody's|since|come to) .{0,8}ask", line), (
                    line
                )


def test_no_two_customers_share_a_line() -> None:
    """Who shares a temperament shares its lines, and nothing else."""
    made = casts()[::3]
    of = {cast.name: said(cast.lines) for cast in made}
    of |= {cast.temperament: said(cast.stock) for cast in made}
    lines = [(who, line) for who, all_ in of.items() for line in all_ if len(line.split()) >= 5]
    texts = [line for _, line in lines]
    alike = process.cdist(texts, texts, scorer=fuzz.ratio, score_cutoff=88, dtype=np.uint8)
    twins = [(lines[i], lines[j]) for i, j in np.argwhere(alike) if lines[i][0] < lines[j][0]]
    assert twins == []


def test_who_shares_a_temperament_has_words_of_their_own() -> None:
    made = casts()[::3]
    shared = Counter(cast.temperament for cast in made)
    assert max(shared.values()) <= 2
    for cast in made:
        if shared[cast.temperament] > 1:
            assert len(said(cast.lines)) >= 45, cast.name


def test_every_need_is_met_twice_on_every_level_and_nobody_calls_the_same_company() -> None:
    made = [cast.persona for cast in casts()[::3]]
    needs = Counter(persona.need for persona in made)
    assert min(needs[need] for need in Need) >= 2
    assert {persona.difficulty for persona in made} == {1, 2, 3, 4, 5}
    assert len({persona.scenario.card.company for persona in made}) == len(made)
    assert len({persona.identity.name.split()[-1] for persona in made}) == len(made)


def test_three_customers_may_be_warned_and_left() -> None:
    left = [
        cast.name
        for cast in casts()[::3]
        if any("end the call politely" in grant for grant in cast.persona.scenario.card.may_grant)
    ]
    assert len(left) >= 3


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
