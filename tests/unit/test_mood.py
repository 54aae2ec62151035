"""The mood's invariants, over thousands of made-up states, turns and people."""

from dataclasses import fields, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.customer import appraisal as appraisals
from trainer.customer import csat, mood
from trainer.customer.mood import BAD, GOOD, Appraisal, Nature, State
from trainer.domain.mood import Feeling, Mood, Status
from trainer.domain.persona import Need, Temper

NEEDS = appraisals.table(()).needs

unit = st.floats(0, 1, allow_nan=False)
felt = st.one_of(st.just(0.0), st.just(0.0), unit)
moods = st.builds(Mood, *[unit] * 8)
states = st.builds(
    State,
    mood=moods,
    acks=st.integers(0, 4),
    reflections=st.integers(0, 4),
    apologies=st.integers(0, 3),
    hot=st.integers(0, 1),
    stalled=st.integers(0, 4),
    offered=unit,
    interaction=unit,
    procedure=unit,
)
appraised = st.builds(Appraisal, **{field.name: felt for field in fields(Appraisal)})
natures = st.builds(
    Nature,
    lead=st.sampled_from(Feeling),
    reactivity=st.floats(0.3, 1.8),
    forgiveness=st.floats(0.3, 1.6),
    exit_at=st.floats(0.7, 1.0),
    gains=st.sampled_from([NEEDS[need] for need in Need]),
)
many = settings(max_examples=300, deadline=None)
EPSILON = 1e-9


def feelings(state: State) -> list[float]:
    return [state.mood.of(feeling) for feeling in Feeling]


@many
@given(states, appraised, natures)
def test_every_number_stays_between_0_and_1(state: State, turn: Appraisal, of: Nature) -> None:
    after = mood.step(state, turn, of)
    numbers = [getattr(after.mood, field.name) for field in fields(Mood)]
    numbers += [after.offered, after.interaction, after.procedure]
    assert all(0 <= number <= 1 for number in numbers)


@many
@given(states, appraised, natures)
def test_the_same_turn_in_the_same_mood_does_the_same(
    state: State, turn: Appraisal, of: Nature
) -> None:
    assert mood.step(state, turn, of) == mood.step(state, turn, of)


@many
@given(states, appraised, natures, st.sampled_from(BAD), unit)
def test_a_worse_turn_never_calms_and_never_earns(
    state: State, turn: Appraisal, of: Nature, name: str, more: float
) -> None:
    worse = replace(turn, **{name: min(1.0, getattr(turn, name) + more)})
    before, after = mood.step(state, turn, of), mood.step(state, worse, of)
    for milder, stronger in zip(feelings(before), feelings(after), strict=True):
        assert stronger >= milder - EPSILON
    for earned in ("trust", "patience", "heard", "warmth", "resolution"):
        assert getattr(after.mood, earned) <= getattr(before.mood, earned) + EPSILON


@many
@given(states, appraised, natures, st.sampled_from(GOOD), unit)
def test_a_better_turn_never_hurts_and_never_costs(
    state: State, turn: Appraisal, of: Nature, name: str, more: float
) -> None:
    better = replace(turn, **{name: min(1.0, getattr(turn, name) + more)})
    before, after = mood.step(state, turn, of), mood.step(state, better, of)
    for stronger, milder in zip(feelings(before), feelings(after), strict=True):
        assert milder <= stronger + EPSILON
    for earned in ("trust", "patience", "heard", "warmth", "resolution"):
        assert getattr(after.mood, earned) >= getattr(before.mood, earned) - EPSILON


@many
@given(states, appraised, natures, st.floats(0, 1))
def test_a_more_reactive_person_is_never_calmer(
    state: State, turn: Appraisal, of: Nature, more: float
) -> None:
    touchier = replace(of, reactivity=of.reactivity + more)
    calm, hot = mood.step(state, turn, of), mood.step(state, turn, touchier)
    for milder, stronger in zip(feelings(calm), feelings(hot), strict=True):
        assert stronger >= milder - EPSILON


@many
@given(states, appraised, natures, st.floats(0, 1))
def test_a_more_forgiving_person_is_never_hotter(
    state: State, turn: Appraisal, of: Nature, more: float
) -> None:
    softer = replace(of, forgiveness=of.forgiveness + more)
    hot, calm = mood.step(state, turn, of), mood.step(state, turn, softer)
    for stronger, milder in zip(feelings(hot), feelings(calm), strict=True):
        assert milder <= stronger + EPSILON


@many
@given(states, appraised, natures)
def test_no_feeling_falls_without_something_good_in_the_turn(
    state: State, turn: Appraisal, of: Nature
) -> None:
    bare = replace(turn, **dict.fromkeys(GOOD, 0.0))
    after = mood.step(state, bare, of)
    for before, now in zip(feelings(state), feelings(after), strict=True):
        assert now >= before - EPSILON


@many
@given(moods, natures)
def test_the_unsolved_issue_keeps_a_floor_under_the_lead_feeling(start: Mood, of: Nature) -> None:
    state = State(replace(start, resolution=0.0, anger=0.7, anxiety=0.7, sadness=0.7))
    kind = Appraisal(acknowledgement=1, reflection=1, apology=1, warmth=1, open_question=1)
    for _ in range(30):
        state = mood.step(state, kind, of)
    assert state.mood.of(of.lead) >= 0.12 - EPSILON


def test_second_stock_acknowledgement_gains_little() -> None:
    of, state, falls = Nature(), State(Mood(anger=0.7, trust=0.3)), []
    for _ in range(3):
        after = mood.step(state, Appraisal(acknowledgement=1.0), of)
        falls.append(state.mood.anger - after.mood.anger)
        state = after
    assert falls[1] < 0.6 * falls[0]
    assert falls[2] < 0.6 * falls[1]


def test_the_third_stock_phrase_irritates() -> None:
    of, state = Nature(), State(Mood(anger=0.7, trust=0.3), acks=2)
    after = mood.step(state, Appraisal(acknowledgement=1.0, canned=1.0), of)
    assert after.mood.anger > state.mood.anger


def test_acknowledge_then_fix_beats_fix_then_acknowledge() -> None:
    care = Appraisal(acknowledgement=1, reflection=0.8)
    fix = Appraisal(action=0.8, outcome=0.8)
    start = State(Mood(anger=0.7, trust=0.3, patience=0.8))
    for lead in Feeling:
        of = Nature(lead=lead)
        begun = replace(start, mood=replace(start.mood, anxiety=0.7, sadness=0.7))
        right = mood.step(mood.step(begun, care, of), fix, of)
        wrong = mood.step(mood.step(begun, fix, of), care, of)
        assert right.mood.of(lead) < wrong.mood.of(lead)
        assert right.mood.resolution >= wrong.mood.resolution


def test_a_fix_before_being_heard_counts_less_but_not_nothing() -> None:
    of, fix = Nature(), Appraisal(action=0.8, outcome=0.9)
    unheard = mood.step(State(Mood(anger=0.7)), fix, of)
    heard = mood.step(State(Mood(anger=0.7, heard=0.8)), fix, of)
    assert 0 < unheard.mood.resolution < 0.6 * heard.mood.resolution


def test_every_good_thing_in_one_breath_satisfies_nobody_in_two_turns() -> None:
    breath = Appraisal(**dict.fromkeys(GOOD, 1.0))
    for need in Need:
        of = Nature(forgiveness=1.3, gains=NEEDS[need])
        state = State(Mood(anger=0.65, trust=0.35, patience=0.8))
        for _ in range(2):
            state = mood.step(state, breath, of)
        settled = state.mood.resolution >= 0.7 and state.mood.anger <= 0.35
        assert not settled, need


def test_good_things_when_they_are_due_do_more_than_all_in_one_breath() -> None:
    due = ("acknowledgement", "reflection", "explanation", "action", "time_frame", "outcome")
    for lead in Feeling:
        start = State(Mood(anger=0.7, anxiety=0.7, sadness=0.7, trust=0.3, patience=0.8))
        spread, breath = start, start
        for name in due:
            spread = mood.step(spread, Appraisal(**{name: 1.0}), Nature(lead=lead))
        for turn in (Appraisal(**dict.fromkeys(due, 1.0)), *[Appraisal()] * 5):
            breath = mood.step(breath, turn, Nature(lead=lead))
        assert spread.mood.of(lead) < breath.mood.of(lead) - 0.05
        assert spread.mood.trust > breath.mood.trust
        assert spread.mood.resolution > breath.mood.resolution


def test_a_reasoned_no_costs_far_less_than_a_wall() -> None:
    of, state = Nature(), State(Mood(anger=0.5, trust=0.5, patience=0.8, heard=0.5))
    no = mood.step(state, Appraisal(refusal=1.0, explanation=0.5, choice=0.5), of)
    wall = mood.step(state, Appraisal(policy_wall=1.0), of)
    assert no.mood.anger - state.mood.anger < 0.4 * (wall.mood.anger - state.mood.anger)
    assert no.mood.trust > wall.mood.trust


def test_the_need_changes_what_helps() -> None:
    when = Appraisal(time_frame=1.0, explanation=0.6)
    state = State(Mood(anxiety=0.7, trust=0.3))
    certain = mood.step(state, when, Nature(lead=Feeling.ANXIETY, gains=NEEDS[Need.CERTAINTY]))
    listened = mood.step(state, when, Nature(lead=Feeling.ANXIETY, gains=NEEDS[Need.TO_BE_HEARD]))
    assert certain.mood.anxiety < listened.mood.anxiety


def test_each_feeling_can_lead_and_be_met() -> None:
    care = Appraisal(acknowledgement=1, reflection=0.8, warmth=0.5, explanation=0.5, time_frame=0.5)
    fix = Appraisal(action=0.8, outcome=0.9, time_frame=1.0, explanation=0.5)
    for lead in Feeling:
        state = State(Mood(**{lead.value: 0.75}, trust=0.3, patience=0.8))
        for turn in (care, replace(care, open_question=1), care, fix, fix):
            state = mood.step(state, turn, Nature(lead=lead))
        assert state.mood.of(lead) < 0.4


def test_each_feeling_can_lead_and_be_driven_out_of_the_call() -> None:
    for lead in Feeling:
        state = State(Mood(**{lead.value: 0.6}, trust=0.3, patience=0.8))
        for turn in (Appraisal(dismissal=1), Appraisal(policy_wall=1, canned=0.5)) * 3:
            state = mood.step(state, turn, Nature(lead=lead))
        assert state.mood.of(lead) > 0.8
        assert state.mood.patience < 0.2


@many
@given(states, st.sampled_from(Status))
def test_the_rating_is_between_1_and_5_and_low_when_they_left(state: State, status: Status) -> None:
    rating = csat.rating(state, Feeling.ANGER, Temper(), status)
    assert 1.0 <= rating <= 5.0
    if status is Status.HUNG_UP:
        assert rating <= 1.6
