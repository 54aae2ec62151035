"""The transition table: complete, connected, and with a way out of everywhere."""

import pytest

from trainer.conversation.machine import TABLE, ImpossibleTransition, On, State, after, allowed


def reachable(start: State) -> set[State]:
    seen, todo = {start}, [start]
    while todo:
        for target in TABLE[todo.pop()].values():
            if target not in seen:
                seen.add(target)
                todo.append(target)
    return seen


def test_every_state_can_be_reached_from_the_first() -> None:
    assert reachable(State.CONNECTING) == set(State)


@pytest.mark.parametrize("state", [state for state in State if state is not State.ENDED])
def test_every_state_leads_to_the_end(state: State) -> None:
    assert State.ENDED in reachable(state)
    assert after(state, On.END) is State.ENDED


def test_nothing_leads_out_of_the_end() -> None:
    for on in On:
        assert not allowed(State.ENDED, on)


def test_what_is_not_in_the_table_is_refused() -> None:
    with pytest.raises(ImpossibleTransition, match="barge_in"):
        after(State.LISTENING, On.BARGE_IN)


def test_every_event_of_the_table_is_used() -> None:
    assert {on for row in TABLE.values() for on in row} == set(On)


@pytest.mark.parametrize(
    ("path", "end"),
    [
        (
            [On.CONNECTED, On.REPLY, On.REPLY_END, On.SPEECH, On.TURN_END, On.REPLY],
            "customer_speaking",
        ),
        ([On.CONNECTED, On.REPLY, On.BARGE_IN, On.TURN_END, On.RESUMED], "agent_speaking"),
        ([On.CONNECTED, On.REPLY, On.REPLY_END, On.SILENCE, On.REPLY], "customer_speaking"),
        (
            [On.CONNECTED, On.REPLY, On.REPLY_END, On.HOLD, On.HOLD_OVER, On.REPLY],
            "customer_speaking",
        ),
        ([On.CONNECTED, On.REPLY_END, On.SPEECH, On.NOTHING], "listening"),
    ],
)
def test_calls_take_the_paths_they_should(path: list[On], end: str) -> None:
    state = State.CONNECTING
    for on in path:
        state = after(state, on)
    assert state == end
