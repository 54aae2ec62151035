"""Coaching: what shows, which hint fits, and how it fades."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.test_review import ABOUT_YOU
from trainer.content import personas, roots
from trainer.conversation import coaching
from trainer.conversation.coaching import Coach, Level, Seen, see
from trainer.conversation.fading import faded, good
from trainer.domain.errors import BadInput
from trainer.domain.events import ActFound, Coached, Event, Happened, MoodMoved, Planned
from trainer.domain.mood import Feeling, Happening

TEXTS = coaching.load(())
HOT = Seen(Feeling.ANGER, 0.75, 0.75)


def moved(value: float, *acts: str, heard: float = 0.0, resolution: float = 0.0) -> MoodMoved:
    found = [
        ActFound(act=act, quote="", start=0, end=0, confidence=1.0, method="rule") for act in acts
    ]
    mood = {"anger": value, "heard": heard, "resolution": resolution}
    return MoodMoved(t=0, turn=2, acts=found, appraisal={}, mood=mood, cause=[], engine="1")


def after(*events: Event, start: Seen = HOT) -> Seen:
    seen = start
    for event in events:
        seen = see(seen, event)
    return seen


def shown(seen: Seen, level: Level = Level.FULL) -> str:
    found = coaching.hint(seen, TEXTS, level)
    return found.id if found else ""


def planned(turn: int = 3) -> Planned:
    return Planned(t=5, turn=turn, generation=1, intent="vent", band="hot", facts=[], draft=[])


def test_a_hot_customer_nobody_has_acknowledged_is_to_be_named_first() -> None:
    assert shown(after(moved(0.75, "explain"))) == "name_it"
    assert shown(after(moved(0.75, "acknowledge"))) != "name_it"


def test_an_acknowledgement_three_turns_ago_still_counts() -> None:
    assert shown(after(moved(0.7, "validate"), moved(0.7), moved(0.7))) != "name_it"


def test_what_just_hurt_comes_before_everything_that_is_missing() -> None:
    assert shown(after(moved(0.8, "blame"))) == "take_it_back"


def test_what_happened_since_the_last_turn_counts_and_then_is_gone() -> None:
    crying = Happened(t=1, kind=Happening.CRYING, turn=2)
    seen = after(moved(0.7), crying)
    assert shown(seen) == "crying"
    assert "is crying" in coaching.cue(seen, TEXTS)
    assert "is crying" not in coaching.cue(after(moved(0.7), start=seen), TEXTS)


def test_help_that_follows_hearing_is_not_called_early() -> None:
    heard, unheard = moved(0.5, "action", heard=0.6), moved(0.5, "action", heard=0.1)
    assert shown(after(unheard)) == "too_early"
    assert shown(after(heard)) != "too_early"


def test_the_same_hint_is_not_shown_twice_running() -> None:
    coach = Coach(personas.load("olsen-outage", [], 1), TEXTS, Level.FULL)
    given = []
    for turn in (1, 3, 5):
        coach(moved(0.75, "explain"))
        said = coach(planned(turn))
        assert isinstance(said, Coached)
        given.append(said.hint)
    assert given[0] != given[1]
    assert given[0] == given[2]


def test_light_coaching_shows_no_cue_and_only_hints_for_hard_moments() -> None:
    coach = Coach(personas.load("olsen-outage", [], 1), TEXTS, Level.LIGHT)
    coach(moved(0.3, "acknowledge"))
    said = coach(planned())
    assert said is not None
    assert (said.cue, said.say) == ("", "")
    coach(moved(0.8, "insult"))
    said = coach(planned(5))
    assert said is not None
    assert said.hint == "take_it_back"


def test_off_says_nothing_at_all() -> None:
    coach = Coach(personas.load("olsen-outage", [], 1), TEXTS, Level.OFF)
    assert coach(moved(0.9, "insult")) is None
    assert coach(planned()) is None


def test_a_change_of_the_customer_is_marked_by_a_sign() -> None:
    assert "▲" in coaching.cue(after(moved(0.85)), TEXTS)
    assert "▼" in coaching.cue(after(moved(0.6)), TEXTS)
    assert "▲" not in coaching.cue(after(moved(0.76)), TEXTS)


@pytest.mark.parametrize("feeling", Feeling)
def test_every_feeling_and_strength_has_something_that_shows(feeling: Feeling) -> None:
    cues = [coaching.cue(Seen(feeling, value, value), TEXTS) for value in (0.1, 0.3, 0.5, 0.7, 0.9)]
    assert all(cues)
    assert len(set(cues)) == 5


def test_every_hint_can_be_reached() -> None:
    for one in TEXTS.hints:
        when = one.when
        lead = when.lead[0] if when.lead else Feeling.ANGER
        value = when.at_least if when.at_least is not None else (when.below or 0.5) - 0.05
        before = value - (when.rose or 0) + (when.fell or 0)
        seen = Seen(
            lead,
            value,
            before,
            resolution=when.resolved or 0.0,
            last=frozenset(when.last or ()),
            happened=tuple(when.happened or ()),
            turns=when.turns or 1,
        )
        assert coaching.fits(one.when, seen), one.id


def test_no_hint_speaks_of_a_state_of_mind_of_the_agent() -> None:
    for name in ("coaching", "care", "warm_up"):
        text = (roots.shipped() / "prompts" / f"{name}.yaml").read_text("utf-8")
        assert not ABOUT_YOU.search(text), name
    for one in TEXTS.hints:
        assert not re.search(r"\b(calm|relax|nervous|stress|angry)", one.say, re.IGNORECASE)


def test_a_mistake_in_a_teams_own_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "prompts").mkdir()
    text = (roots.shipped() / "prompts" / "coaching.yaml").read_text("utf-8")
    (tmp_path / "prompts" / "coaching.yaml").write_text(text.replace("never: [open", "nevr: [open"))
    with pytest.raises(BadInput, match=r"coaching\.yaml:\d+:\d+: hints\[\d+\]\.when\.nevr.*never"):
        coaching.load([tmp_path])


def test_events_that_say_nothing_of_the_customer_leave_the_coach_as_it_was() -> None:
    assert see(HOT, planned()) == HOT
    assert see(replace(HOT, turns=3), planned()).turns == 3


# --- fading ---


@pytest.mark.parametrize(
    ("well", "badly", "level"),
    [
        (0, 0, "full"),
        (2, 0, "full"),
        (3, 1, "light"),
        (4, 2, "light"),
        (5, 1, "off"),
        (6, 0, "off"),
    ],
)
def test_coaching_fades_with_good_calls(well: int, badly: int, level: str) -> None:
    assert faded(Level.FULL, [True] * well + [False] * badly) == level


def test_coaching_comes_back_when_calls_go_less_well() -> None:
    assert faded(Level.FULL, [False] * 4 + [True] * 20) == "full"


def test_the_setting_is_the_most_that_is_shown() -> None:
    assert faded(Level.LIGHT, []) == "light"
    assert faded(Level.OFF, []) == "off"
    assert faded(Level.LIGHT, [True] * 6) == "off"


def test_a_call_is_good_when_every_scored_dimension_is() -> None:
    assert good([4.0, 3.5, None, None], 0) is True
    assert good([4.8, 3.4, 4.9, 5.0], 0) is False
    assert good([5.0, 5.0, 5.0, 5.0], 1) is False
    assert good([5.0, None, None, None], 0) is None


def test_every_cue_fits_one_row_of_a_small_terminal() -> None:
    for cues in TEXTS.cues.values():
        for shown in cues.values():
            for what in TEXTS.shows.values():
                assert len(f"Clement: {shown}, {what}  {TEXTS.signs.down}") <= 74
