"""The pure parts: the talk key, the view of a call, the plot, the key bar."""

from hypothesis import given
from hypothesis import strategies as st

from trainer.conversation.call import Level
from trainer.conversation.machine import State
from trainer.domain.events import ClauseSpoken, Corrected, Event, Happened, StateChanged, TurnTaken
from trainer.domain.mood import Happening
from trainer.tui import talk_key
from trainer.tui.call_view import CallView, see
from trainer.tui.plot import braille, columns, row_of
from trainer.tui.talk_key import TalkKey
from trainer.tui.widgets.key_bar import Key, KeyBar
from trainer.tui.widgets.meter import bar, verdict


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
