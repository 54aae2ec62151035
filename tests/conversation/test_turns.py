"""When a turn begins and when it is over."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from trainer.conversation.turns import (
    Decision,
    Ears,
    Observation,
    Policy,
    silence_needed,
    step,
)
from trainer.domain.audio import BLOCK, RATE

POLICY = Policy()


def blocks(seconds: float) -> int:
    return -(-round(seconds * RATE) // BLOCK)


def run(
    *stretches: tuple[float, float], words: str | None = None, held: bool = False
) -> list[tuple[float, Decision]]:
    """Feed (seconds, probability) stretches; decisions with the time at which they fell."""
    ears, at, found = Ears(), 0, []
    for seconds, p in stretches:
        for _ in range(blocks(seconds)):
            ears, decisions = step(ears, Observation(p, held, words), POLICY)
            at += BLOCK
            found += [(at / RATE, decision) for decision in decisions]
    return found


def kinds(found: list[tuple[float, Decision]]) -> list[Decision]:
    return [decision for _, decision in found]


def test_a_turn_starts_after_a_fifth_of_a_second_of_speech() -> None:
    found = run((1.0, 0.01), (1.0, 0.9))
    assert kinds(found) == [Decision.STARTED]
    assert 1.19 <= found[0][0] <= 1.3


def test_a_click_does_not_start_a_turn() -> None:
    assert run((0.5, 0.0), (0.1, 0.99), (1.0, 0.0)) == []


def test_quiet_speech_after_the_start_keeps_the_turn_open() -> None:
    assert kinds(run((0.5, 0.9), (3.0, 0.4))) == [Decision.STARTED]


def test_complete_words_end_a_turn_sooner_than_trailing_ones() -> None:
    spoken = (1.0, 0.9), (4.0, 0.0)
    ends = {
        words: next(at for at, what in run(*spoken, words=words) if what is Decision.COMMIT)
        for words in ("I will check that for you.", "", "Let me see and", None)
    }
    assert ends["I will check that for you."] < ends[""] < ends["Let me see and"]
    assert ends[None] >= 1.0 + POLICY.hard_s


def test_a_guess_comes_before_the_end_and_is_thrown_away_when_speech_goes_on() -> None:
    found = run((1.0, 0.9), (0.3, 0.0), (1.0, 0.9), (2.0, 0.0), words="That is all.")
    assert kinds(found) == [
        Decision.STARTED,
        Decision.GUESS,
        Decision.DISCARD,
        Decision.GUESS,
        Decision.COMMIT,
    ]


def test_a_cough_is_noise_and_not_a_turn() -> None:
    assert kinds(run((0.22, 0.9), (2.0, 0.0)))[-1] is Decision.NOISE


def test_no_pause_ends_a_turn_while_the_floor_is_held() -> None:
    assert kinds(run((1.0, 0.9), (10.0, 0.0), held=True)) == [Decision.STARTED]


def test_releasing_the_floor_ends_a_turn_that_is_already_silent() -> None:
    ears = Ears()
    for p, held in [(0.9, True)] * 40 + [(0.0, True)] * 60:
        ears, decisions = step(ears, Observation(p, held), POLICY)
    found: list[Decision] = []
    for _ in range(3):
        ears, decisions = step(ears, Observation(0.0, words="That is all."), POLICY)
        found += decisions
    assert found == [Decision.GUESS, Decision.COMMIT]


def needed(words: str, policy: Policy = POLICY, **seen: Any) -> float:
    return silence_needed(Observation(0.0, words=words, **seen), policy)


def test_patience_stretches_every_silence_but_never_past_the_hard_stop() -> None:
    patient = Policy(patience=3.0)
    assert needed("Done.", patient) > needed("Done.")
    assert needed("so, um", patient) <= patient.hard_s


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=400))
def test_starts_and_ends_alternate_whatever_is_heard(
    seen: list[tuple[float, bool]],
) -> None:
    ears, open_turn = Ears(), False
    for p, held in seen:
        ears, decisions = step(ears, Observation(p, held, "Yes."), POLICY)
        for decision in decisions:
            if decision is Decision.STARTED:
                assert not open_turn
                open_turn = True
            elif decision in {Decision.COMMIT, Decision.NOISE}:
                assert open_turn
                open_turn = False
        assert ears.speaking == open_turn
        assert min(ears.voiced, ears.quiet, ears.rising) >= 0


def test_a_full_stop_after_half_a_sentence_is_no_end() -> None:
    for half in ("What I can do for you is.", "The problem is.", "I would, because.", "So, um."):
        assert needed(half) == POLICY.trailing_s, half
    for whole in ("Here it is.", "That is what it is.", "I will check that for you."):
        assert needed(whole) == POLICY.complete_s, whole


def test_words_without_a_full_stop_are_waited_for_within_reason() -> None:
    for words in ("my account", ""):
        assert needed(words) == POLICY.open_s
        assert needed(words, closed=0.9) == POLICY.open_s
        assert needed(words, closed=0.1) == POLICY.doubt_s


@given(st.floats(0, 1), st.floats(0, 1))
def test_the_surer_the_full_stop_the_sooner_the_end(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert POLICY.trailing_s >= needed("On the way.", closed=low)
    assert needed("On the way.", closed=low) >= needed("On the way.", closed=high)
    assert needed("On the way.", closed=high) >= POLICY.complete_s


def test_a_full_stop_that_is_hardly_sure_is_waited_out_like_a_trailing_word() -> None:
    assert needed("I'm looking.", closed=POLICY.broken_p) == POLICY.trailing_s
    assert needed("I'm looking.", closed=POLICY.closed_p) == POLICY.complete_s
