"""How the mood moves: one pure step per agent turn.

After the reference model: listening calms before the fix does, repetition wears off, the unsolved
issue keeps a floor
under the feelings. Gains are chosen for plausible arcs of six to ten turns; their directions are
protected by tests:
bounded, deterministic, a worse turn never calms, a better turn never hurts, and nothing falls
without a cause.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from itertools import zip_longest
from math import exp

from trainer.domain.mood import Feeling, Mood
from trainer.domain.persona import Cast, Need, Temper

ENGINE = "mood 3"
"""Version of this engine, logged with every mood."""

_SHARES = (1.0, 0.85, 0.5, 0.25, 0.1)
"""What several good things in one turn count for, the strongest first; a sixth counts nothing."""


@dataclass(frozen=True)
class Appraisal:
    """What the customer made of one turn; every number 0..1, 0 = was not there."""

    acknowledgement: float = 0.0
    reflection: float = 0.0
    open_question: float = 0.0
    apology: float = 0.0
    explanation: float = 0.0
    action: float = 0.0
    choice: float = 0.0
    outcome: float = 0.0
    time_frame: float = 0.0
    warmth: float = 0.0
    refusal: float = 0.0
    boundary: float = 0.0
    dismissal: float = 0.0
    blame: float = 0.0
    policy_wall: float = 0.0
    interruption: float = 0.0
    premature: float = 0.0
    repeat_ask: float = 0.0
    dead_air: float = 0.0
    raised_voice: float = 0.0
    canned: float = 0.0
    broken_promise: float = 0.0

    def present(self) -> dict[str, float]:
        """The appraisals that are not zero, by name."""
        return {f.name: round(v, 3) for f in fields(self) if (v := getattr(self, f.name)) > 0}


NAMES = tuple(f.name for f in fields(Appraisal))
BAD = NAMES[NAMES.index("refusal") :]
GOOD = NAMES[: NAMES.index("refusal")]


@dataclass(frozen=True)
class Nature:
    """What of a persona the mood depends on. `gains` are the need's factors on appraisals."""

    lead: Feeling = Feeling.ANGER
    reactivity: float = 1.0
    forgiveness: float = 1.0
    exit_at: float = 0.9
    gains: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class State:
    """The mood and what it remembers.

    Attributes:
        mood: the eight numbers.
        acks, reflections, apologies: how often each was given; each wears off.
        hot: turns running with the lead feeling at or over the exit threshold.
        stalled: turns running without progress.
        offered: the best solution on the table, 0..1.
        interaction, procedure: how fairly they were treated so far, 0..1.
    """

    mood: Mood
    acks: int = 0
    reflections: int = 0
    apologies: int = 0
    hot: int = 0
    stalled: int = 0
    offered: float = 0.0
    interaction: float = 0.5
    procedure: float = 0.5


def nature(cast: Cast, needs: Mapping[Need, Mapping[str, float]]) -> Nature:
    """The nature of a customer, from their complete numbers and the table of needs."""
    temper: Temper = cast.temper
    return Nature(
        cast.persona.lead,
        _or(temper.reactivity, 1.0),
        _or(temper.forgiveness, 1.0),
        _or(temper.exit_at, 0.9),
        needs.get(cast.persona.need, {}),
    )


def worn(state: State) -> dict[str, float]:
    """What is left of appraisals that wear off when repeated, as factors 0..1."""
    return {
        "acknowledgement": max(0.5**state.acks, 0.1),
        "reflection": max(0.85**state.reflections, 0.4),
        "apology": max(0.5**state.apologies, 0.1),
    }


def hurt(state: State, appraisal: Appraisal, gains: Mapping[str, float]) -> float:
    """How much a turn hurt altogether, 0..1."""
    a = _scaled(appraisal, gains)
    return clip(
        0.55 * a.dismissal
        + 0.65 * a.blame
        + 0.35 * a.policy_wall * (1 - 0.6 * clip(a.choice))
        + 0.35 * a.interruption
        + 0.30 * a.premature * (1 - state.mood.heard)
        + 0.30 * a.repeat_ask
        + 0.20 * a.dead_air
        + 0.35 * a.raised_voice
        + 0.22 * a.canned
        + 0.50 * a.broken_promise
        + 0.10 * a.refusal * (1 - 0.6 * clip(a.choice))
        + 0.08 * a.boundary
    )


def step(state: State, appraisal: Appraisal, of: Nature) -> State:
    """The state after one turn."""
    a, m = _scaled(appraisal, of.gains), state.mood
    left = worn(state)
    ack = a.acknowledgement * left["acknowledgement"]
    reflect = a.reflection * left["reflection"]
    sorry = a.apology * left["apology"]
    neg = hurt(state, appraisal, of.gains)
    damp = 1 - 0.6 * neg  # a kind word in a hurtful turn counts for less
    # the gate stands where the turn found them: all in one breath is not the same as when it is due
    gate = 0.45 + 0.55 / (1 + exp(-(m.heard - 0.44) / 0.08))
    act, out = a.action * gate, a.outcome * gate

    listened = _breath(
        0.50 * reflect, 0.28 * ack, 0.12 * a.open_question, 0.06 * sorry, 0.04 * a.explanation
    )
    unheard = 0.45 * a.dismissal + 0.35 * a.repeat_ask + 0.25 * a.interruption + 0.25 * a.blame
    unheard += 0.12 * a.canned + 0.10 * a.raised_voice + 0.15 * a.policy_wall
    heard = m.heard + (1 - m.heard) * min(0.38, _soft(listened)) * damp - m.heard * clip(unheard)

    offered = max(state.offered, clip(a.outcome)) * (1 - 0.8 * clip(a.broken_promise))
    moving = _soft(ack + reflect + sorry + act + a.explanation + a.time_frame + a.warmth) * damp
    grown = (
        0.85 * state.offered * gate * min(1.0, 2 * moving)
    )  # what lies on the table is not forgotten
    resolution = clip(max(m.resolution, out, grown) * (1 - 0.6 * clip(a.broken_promise)))

    floor = 0.12 * (1 - resolution)
    calm = {
        Feeling.ANGER: _breath(
            0.30 * ack, 0.30 * reflect, 0.14 * sorry, 0.22 * act, 0.35 * out,
            0.08 * a.choice, 0.06 * a.warmth, 0.05 * a.explanation, 0.04 * a.open_question,
        ),
        Feeling.ANXIETY: _breath(
            0.24 * ack, 0.24 * reflect, 0.05 * sorry, 0.22 * act, 0.35 * out, 0.08 * a.choice,
            0.12 * a.warmth, 0.22 * a.explanation, 0.26 * a.time_frame,
        ),
        Feeling.SADNESS: _breath(
            0.34 * ack, 0.34 * reflect, 0.18 * sorry, 0.10 * act, 0.30 * out, 0.22 * a.warmth,
            0.10 * a.open_question,
        ),
    }  # fmt: skip
    sting = {
        Feeling.ANGER: neg,
        Feeling.ANXIETY: clip(
            0.40 * a.dead_air + 0.40 * a.policy_wall + 0.30 * a.raised_voice + 0.35 *
            a.broken_promise
            + 0.35 * a.dismissal + 0.35 * a.blame + 0.20 * a.interruption + 0.15 * a.canned
            + 0.20 * a.repeat_ask + 0.15 * a.premature + 0.12 * a.refusal
        ),
        Feeling.SADNESS: clip(
            0.50 * a.dismissal + 0.50 * a.blame + 0.25 * a.canned + 0.25 *
            a.interruption + 0.20 * a.policy_wall
            + 0.30 * a.repeat_ask + 0.20 * a.raised_voice + 0.30 * a.broken_promise +
            0.20 * a.dead_air
        ),
    }  # fmt: skip
    feelings = {}
    for feeling in Feeling:
        leads = feeling is of.lead
        down = of.forgiveness * (0.46 if leads else 0.36) * _soft(calm[feeling]) * damp
        bottom = floor if leads else 0.4 * floor
        up = max(sting[feeling], 0.85 * neg) if leads else sting[feeling]
        now = m.of(feeling)
        now = now - min(down, 0.6) * max(0.0, now - bottom)
        feelings[feeling] = clip(
            now + of.reactivity * (0.55 if leads else 0.28) * up * (1 - m.of(feeling))
        )

    kind = _breath(0.5 * a.warmth, 0.3 * ack, 0.3 * reflect, 0.2 * sorry, 0.4 * out, 0.2 * act)
    warmth = clip(
        m.warmth + 0.25 * (1 - m.warmth) * _soft(kind) * damp - of.reactivity * 0.4 * m.warmth * neg
    )
    earned = _breath(
        0.35 * reflect, 0.25 * act, 0.20 * a.explanation, 0.15 * sorry, 0.15 * a.time_frame,
        0.14 * ack, 0.18 * out, 0.10 * a.choice, 0.10 * a.open_question,
    )  # fmt: skip
    lost = (
        0.45 * a.broken_promise + 0.30 * a.blame + 0.25 * a.dismissal + 0.15 * a.policy_wall
        + 0.10 * a.raised_voice + 0.12 * a.canned + 0.08 * a.repeat_ask + 0.06 * a.interruption
        + 0.05 * a.dead_air + 0.04 * a.refusal
    )  # fmt: skip
    trust = clip(
        m.trust
        + 0.36 * (1 - m.trust) * min(1.4, of.forgiveness) * _soft(earned) * damp
        - of.reactivity * m.trust * clip(lost)
    )

    progress = clip(act + out + 0.5 * reflect + 0.4 * a.open_question + 0.4 * ack) * damp
    stalled = 0 if progress > 0.15 else state.stalled + 1
    impatience = 0.02 + 0.22 * of.reactivity * neg + min(0.09, 0.03 * max(0, stalled - 1))
    patience = clip(m.patience - impatience + 0.06 * progress)

    mood = Mood(
        feelings[Feeling.ANGER], feelings[Feeling.ANXIETY], feelings[Feeling.SADNESS],
        warmth, trust, clip(heard), patience, resolution,
    )  # fmt: skip
    fair = clip(0.5 + 0.5 * clip(ack + reflect + 0.5 * a.warmth + 0.5 * sorry) - 0.7 * neg)
    handled = 0.5 + 0.5 * clip(a.action + 0.5 * a.choice + 0.5 * a.explanation + 0.5 * a.time_frame)
    handled -= 0.6 * clip(a.repeat_ask + a.policy_wall + a.dead_air)
    return replace(
        state,
        mood=mood,
        acks=state.acks + (appraisal.acknowledgement > 0.3),
        reflections=state.reflections + (appraisal.reflection > 0.3),
        apologies=state.apologies + (appraisal.apology > 0.3),
        hot=state.hot + 1 if mood.of(of.lead) >= of.exit_at else 0,
        stalled=stalled,
        offered=offered,
        interaction=clip(0.75 * state.interaction + 0.25 * fair),
        procedure=clip(0.75 * state.procedure + 0.25 * clip(handled)),
    )


def clip(x: float) -> float:
    """`x` held inside 0..1."""
    return min(1.0, max(0.0, x))


def _breath(*good: float) -> float:
    """Several good things in one breath: the strongest counts in full, each further one less."""
    ranked = sorted(good, reverse=True)
    return sum(share * value for share, value in zip_longest(_SHARES, ranked, fillvalue=0.0))


def _soft(x: float) -> float:
    """Sums that grow ever more slowly: six good things in one turn are not six times one."""
    return 1 - exp(-1.25 * max(0.0, x))


def _scaled(appraisal: Appraisal, gains: Mapping[str, float]) -> Appraisal:
    return replace(
        appraisal, **{n: getattr(appraisal, n) * gains.get(n, 1.0) for n in gains if n in NAMES}
    )


def _or(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else value
