"""The pure parts: the talk key, the view of a call, the plot, the key bar, the editor's name."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.content import personas
from trainer.conversation.call import Level
from trainer.conversation.machine import State
from trainer.domain.errors import BadInput
from trainer.domain.events import (
    ClauseSpoken,
    Corrected,
    Event,
    Happened,
    MoodMoved,
    Planned,
    StateChanged,
    TurnTaken,
)
from trainer.domain.mood import Happening
from trainer.domain.moves import OfferState
from trainer.tui import bars, editor, talk_key
from trainer.tui.call_view import CallView, see
from trainer.tui.inside_view import Inside, look
from trainer.tui.plot import braille, columns, row_of
from trainer.tui.talk_key import TalkKey
from trainer.tui.widgets import inside_sheet
from trainer.tui.widgets.key_bar import Key, KeyBar
from trainer.tui.widgets.meter import bar, verdict
from trainer.tui.words import OFFERS


def held(*presses: float, until: float) -> list[bool]:
    """Whether the key counted as down after each tick of 0.05 s."""
    key, seen, waiting = TalkKey(), [], list(presses)
    for step in range(int(until / 0.05) + 1):
        now = step * 0.05
        while waiting and waiting[0] <= now:
            key = talk_key.press(key, waiting.pop(0))
        key = talk_key.tick(key, now)
        seen.append(key.down)
    return seen


def test_a_tap_takes_the_floor_until_the_next_tap() -> None:
    seen = held(0.0, 5.0, until=6.0)
    assert all(seen[:99])
    assert not any(seen[101:])


def test_a_held_key_gives_the_floor_back_when_its_repeats_stop() -> None:
    repeats = [0.0, *(0.5 + 0.04 * number for number in range(50))]
    seen = held(*repeats, until=4.0)
    assert all(seen[: int(2.4 / 0.05)])
    assert not any(seen[int(2.8 / 0.05) :])


def test_a_quick_second_tap_gives_the_floor_back() -> None:
    assert held(0.0, 0.4, until=1.0)[-1] is False


def turn(number: int, who: str, text: str, unheard: str = "") -> TurnTaken:
    return TurnTaken.model_validate(
        {
            "t": 0,
            "turn": number,
            "who": who,
            "text": text,
            "start": 0,
            "end": 0,
            "source": "stt",
            "unheard": unheard,
        }
    )


def clause(number: int, text: str) -> ClauseSpoken:
    return ClauseSpoken(t=0, turn=number, generation=1, text=text, source="authored")


def shown(*events: Event | Level) -> CallView:
    view = CallView()
    for event in events:
        view = see(view, event)
    return view


def test_captions_grow_clause_by_clause_into_one_line() -> None:
    view = shown(clause(1, "Three days."), clause(1, "And nobody rang."))
    assert [line.text for line in view.captions] == ["Three days. And nobody rang."]


def test_a_turn_that_was_cut_off_keeps_only_what_was_heard() -> None:
    view = shown(
        clause(1, "I want it"), clause(1, "today."), turn(1, "customer", "I want", "it today.")
    )
    assert [(line.text, line.cut) for line in view.captions] == [("I want", True)]


def test_a_merged_agent_turn_replaces_the_first_half() -> None:
    view = shown(turn(2, "agent", "So I will"), turn(2, "agent", "So I will look that up."))
    assert [line.text for line in view.captions] == ["So I will look that up."]


def test_a_correction_changes_the_line_and_marks_it() -> None:
    view = shown(
        turn(2, "agent", "a medic"), Corrected(t=0, turn=2, before="a medic", after="a mechanic")
    )
    assert view.captions[0].text == "a mechanic"
    assert view.captions[0].corrected


def test_a_sigh_is_shown_although_it_has_no_words() -> None:
    view = shown(Happened(t=0, kind=Happening.SIGH, turn=1))
    assert [line.text for line in view.captions] == ["sighs"]


def test_the_state_follows_the_call() -> None:
    view = shown(StateChanged(t=0, before="connecting", after="thinking", on="connected"))
    assert view.state is State.THINKING


@given(st.lists(st.floats(0, 1), min_size=2, max_size=30), st.integers(8, 190), st.integers(2, 20))
def test_a_plot_fills_exactly_its_box(values: list[float], width: int, height: int) -> None:
    times = [float(number) for number in range(len(values))]
    rows = braille(times, values, width, height)
    assert [len(row) for row in rows] == [width] * height
    assert all(0 <= column < width for column in columns(times, width))
    assert all(0 <= row_of(value, height) < height for value in values)


def test_a_rising_value_stands_higher() -> None:
    assert row_of(1.0, 8) < row_of(0.5, 8) < row_of(0.0, 8)


@given(st.integers(20, 200))
def test_no_row_of_keys_is_wider_than_the_screen(width: int) -> None:
    keys = [Key("Enter", "Take the call", ""), Key("t", "By keyboard", ""), Key("q", "Quit", "")]
    rows = KeyBar(keys * 4).rows(width)
    assert [key for row in rows for key in row] == keys * 4
    assert all(sum(key.width for key in row) <= width or len(row) == 1 for row in rows)


@given(st.floats(-120, 6), st.floats(-120, 6), st.integers(4, 120))
def test_a_meter_is_always_as_wide_as_it_is(db: float, peak: float, width: int) -> None:
    assert len(bar(db, peak, width)) == width


def test_louder_never_sounds_quieter_in_words() -> None:
    words = [verdict(db)[0] for db in (-80, -45, -20, -2)]
    assert words == ["silent", "quiet", "good", "too loud"]


# --- for trainers ---


@given(st.floats(-1, 2), st.integers(1, 60), st.lists(st.floats(0, 1), max_size=3))
def test_a_small_bar_is_always_as_wide_as_it_is(
    value: float, width: int, marks: list[float]
) -> None:
    assert len(bars.bar(value, width, marks)) == width


def test_a_limit_shows_until_the_bar_covers_it() -> None:
    assert "┊" in bars.bar(0.5, 20, [0.9])
    assert "┊" not in bars.bar(0.95, 20, [0.9])


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_change_says_its_direction_without_colour(before: float, now: float) -> None:
    shown = bars.change(before, now)
    rounded = round(now * 100) - round(before * 100)
    assert shown.startswith("▲") == (rounded > 0)
    assert shown.startswith("▼") == (rounded < 0)


def moved(number: int, anger: float, **found: object) -> MoodMoved:
    return MoodMoved.model_validate(
        {
            "t": 0,
            "turn": number,
            "acts": [],
            "appraisal": {},
            "mood": {"anger": anger},
            "cause": [],
            "engine": "mood",
            **found,
        }
    )


def inside(*events: Event) -> Inside:
    view = Inside()
    for event in events:
        view = look(view, event)
    return view


def test_the_change_of_a_turn_is_counted_from_the_turn_before_it() -> None:
    view = inside(
        turn(2, "agent", "Calm down."), moved(2, 0.8), turn(4, "agent", "I see."), moved(4, 0.7)
    )
    assert (view.before.anger, view.mood.anger) == (0.8, 0.7)


def test_what_happens_and_what_is_told_belong_to_the_turn_that_brought_it() -> None:
    planned = Planned(
        t=0, turn=3, generation=1, intent="disclose", band="hot", facts=["bell"], draft=[]
    )
    view = inside(
        turn(2, "agent", "Where is the bell?"),
        moved(2, 0.6, asks=["bell"]),
        Happened(t=0, kind=Happening.SIGH, turn=2),
        planned,
    )
    assert view.steps[-1].happened == ("sigh",)
    assert (view.steps[-1].intent, view.told) == ("disclose", ("bell",))


@pytest.mark.parametrize("state", OfferState)
def test_each_remedy_of_a_turn_is_shown_with_how_it_stands(state: OfferState) -> None:
    cast = personas.load("olsen-outage", [], 0)
    offer = {"remedy": "visit", "state": state, "condition": "if you are in", "when": "today"}
    view = inside(turn(2, "agent", "A visit."), moved(2, 0.6, offers=[offer]))
    shown = inside_sheet.story(view, cast).plain
    assert f"› {OFFERS[state]} visit  if you are in · today" in shown


def test_visual_comes_before_editor_and_arguments_stay_apart() -> None:
    assert editor.command({"VISUAL": "sed -i 's/a b/c/'", "EDITOR": "true"}) == [
        "sed",
        "-i",
        "s/a b/c/",
    ]


@pytest.mark.parametrize("named", ["no-such-editor", "nano 'unclosed", "'' x"])
def test_an_editor_that_is_not_here_is_named(named: str) -> None:
    with pytest.raises(BadInput, match="there is no such editor here"):
        editor.command({"EDITOR": named})


def test_without_a_name_a_usual_editor_is_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BadInput, match="No editor was found"):
        editor.command({"EDITOR": " "})
    (tmp_path / "vi").touch(mode=0o755)
    assert editor.command({}) == ["vi"]


@pytest.mark.parametrize(
    ("words", "line", "opened"),
    [
        (["vim"], 12, ["vim", "+12", "a.yaml"]),
        (["/usr/bin/nano", "-w"], 3, ["/usr/bin/nano", "-w", "+3", "a.yaml"]),
        (["hx"], 7, ["hx", "a.yaml:7"]),
        (["sed", "-i", "s/a/b/"], 7, ["sed", "-i", "s/a/b/", "a.yaml"]),
        (["vim"], 0, ["vim", "a.yaml"]),
    ],
)
def test_the_file_opens_at_its_mistake_where_the_editor_can(
    words: list[str], line: int, opened: list[str]
) -> None:
    assert editor.opening(words, Path("a.yaml"), line) == opened
