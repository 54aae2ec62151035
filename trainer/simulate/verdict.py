"""What scripted calls say about one customer: fit to practise on, or what is wrong with them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import fmean

from trainer.domain.mood import Happening, Status
from trainer.domain.persona import Cast, Exit
from trainer.domain.plan import Intent
from trainer.simulate.listening_verdict import Listening
from trainer.simulate.runs import Run

AGENTS = (
    "empathic", "polite_useless", "dismissive", "fixer", "canned", "silent", "abusive", "absurd",
    "overpromiser", "wall", "reciter", "parrot", "says_little", "boundary",
)  # fmt: skip
"""The scripted agents of the bench, in the order of its table."""

BESIDE = ("thorough", "muddler")
"""Played for what they find out and for the lines they bring out; in no table."""

HOSTILE = ("dismissive", "abusive", "wall")

APART = 0.40
APART_GENTLE = 0.25
"""How far the lead feeling must end apart between an empathic and a dismissive agent; the second
for customers who neither hang up nor ask for a supervisor."""

EXITS_REACHED = 0.9
"""Share of hostile calls that must reach a declared exit."""

_MOST = 0.9
"""Share of calls that must end as they should; a few may go their own way."""

EVENTS = {
    Exit.HANGS_UP: Happening.HANG_UP,
    Exit.WITHDRAWS: Happening.WITHDRAW,
    Exit.LEAVES_POLITELY: Happening.WITHDRAW,
    Exit.CRIES: Happening.CRYING,
    Exit.SUPERVISOR: Happening.SUPERVISOR_DEMAND,
}
"""What happens when a customer takes an exit."""

_ENDS = {Exit.HANGS_UP, Exit.WITHDRAWS, Exit.LEAVES_POLITELY}
_GOOD = {Status.SATISFIED, Status.PENDING, Status.REFUSAL_ACCEPTED}
_HELD = {Status.REFUSAL_ACCEPTED, Status.CLOSED_BY_AGENT}

_ANYTIME = {Intent.NOT_HEARD, Intent.HOLD, Intent.BACK, Intent.PRESENCE}
"""Lines that a bad connection, a hold or a silence brings up: no talk can tell whether it would."""

_KINDS = {
    "leak": "a fact is betrayed before its gate is open",
    "prompt": "a language model would be told a fact before its gate is open",
    "role": "the customer speaks as a helper or out of character",
    "unfit": "words that nobody may be played",
    "repetition": "a line is said twice in one call",
    "silence": "nothing is left to say",
    "calm": "the lead feeling falls without a cause",
}


@dataclass(frozen=True)
class Outcome:
    """How the calls of one agent went.

    Attributes:
        calls: how many.
        anger, lead: (mean, lowest, highest) at the end.
        status: how many calls ended how, by name.
        csat: mean simulated rating.
        curve: mean lead feeling after the greeting and after each agent turn; a call that is over
            counts as it ended.
    """

    calls: int
    anger: tuple[float, float, float]
    lead: tuple[float, float, float]
    status: dict[str, int]
    csat: float
    curve: tuple[float, ...]


@dataclass(frozen=True)
class Verdict:
    """The bench of one customer; passed when `failures` is empty.

    Attributes:
        persona: name.
        outcomes: by agent, in the order of `AGENTS`.
        gap: lead feeling at the end, dismissive less empathic.
        exit_rate: share of hostile calls in which a declared exit was taken.
        leaks, role_flips: how often.
        events: everything that happened, and in how many calls.
        unreachable: own lines (by occasion and band), facts, offers and exits that no call came to.
        idle: fields that changed nothing.
        listening: how they took turns made from their own file; None where none were made.
        failures: what must be mended, in plain words.
    """

    persona: str
    outcomes: dict[str, Outcome]
    gap: float
    exit_rate: float
    leaks: int
    role_flips: int
    events: dict[str, int]
    unreachable: tuple[str, ...]
    idle: tuple[str, ...] = ()
    listening: Listening | None = None
    failures: tuple[str, ...] = field(default=())

    @property
    def passed(self) -> bool:
        return not self.failures


def judge(
    casts: Sequence[Cast],
    runs: Sequence[Run],
    idle: Sequence[str] = (),
    listening: Listening | None = None,
) -> Verdict:
    """The verdict on one customer.

    Args:
        casts: the customer in every variant that was played.
        runs: calls of every agent in `AGENTS` and `BESIDE` with this customer, the same seeds for
            each agent.
        idle: fields without effect, from `effects.idle`.
        listening: from `listening_verdict.listens`.
    """
    persona = casts[0].persona
    by = {name: [run for run in runs if run.agent == name] for name in AGENTS}
    outcomes = {name: _outcome(of) for name, of in by.items()}
    gap = outcomes["dismissive"].lead[0] - outcomes["empathic"].lead[0]
    hostile = [run for name in HOSTILE for run in by[name]]
    exit_rate = fmean(_left(run, persona.exits) for run in hostile)
    faults = [fault for run in runs for fault in run.faults]
    counted = Counter(kind for kind, _ in faults)
    unreachable = _unreachable(casts, runs)
    failures = [
        *_apart(by, outcomes, gap, persona.exits),
        *_exits(exit_rate, runs, persona.exits),
        *_faults(runs),
        *_endings(by, outcomes),
        *(f"{what}: no call came to it" for what in unreachable if what.startswith("fact ")),
        *(f"{what} has no effect" for what in idle if "same as" not in what),
        *(listening.failures if listening is not None else ()),
    ]
    return Verdict(
        persona=casts[0].name,
        outcomes=outcomes,
        gap=round(gap, 3),
        exit_rate=round(exit_rate, 3),
        leaks=counted["leak"] + counted["prompt"],
        role_flips=counted["role"],
        events=dict(Counter(what for run in runs for what in set(run.happenings)).most_common()),
        unreachable=tuple(unreachable),
        idle=tuple(idle),
        listening=listening,
        failures=tuple(failures),
    )


def _outcome(of: Sequence[Run]) -> Outcome:
    longest = max(len(run.spoken) for run in of)
    curves = [[one.feeling for one in run.spoken] for run in of]
    padded = [curve + [curve[-1]] * (longest - len(curve)) for curve in curves]
    return Outcome(
        calls=len(of),
        anger=_spread(run.mood.anger for run in of),
        lead=_spread(run.final for run in of),
        status=dict(Counter(run.status.value for run in of).most_common()),
        csat=round(fmean(run.csat for run in of), 2),
        curve=tuple(round(fmean(at), 3) for at in zip(*padded, strict=True)),
    )


def _spread(values: Iterable[float]) -> tuple[float, float, float]:
    found = list(values)
    return round(fmean(found), 3), round(min(found), 3), round(max(found), 3)


def gentle(exits: Sequence[Exit]) -> bool:
    """Whether this customer's anger stays inside: they neither hang up nor ask for a supervisor."""
    return not {Exit.HANGS_UP, Exit.SUPERVISOR} & set(exits)


def _left(run: Run, exits: Sequence[Exit]) -> bool:
    """Whether the customer took a declared exit: out of the call where one of them leads there."""
    ends = [way for way in exits if way in _ENDS] or list(exits)
    return any(EVENTS[way].value in run.happenings for way in ends)


def _apart(
    by: dict[str, list[Run]], outcomes: dict[str, Outcome], gap: float, exits: Sequence[Exit]
) -> list[str]:
    least = APART_GENTLE if gentle(exits) else APART
    found = []
    if gap < least:
        found.append(
            f"empathic and dismissive end only {gap:.2f} apart in the lead feeling; at least "
            f"{least:.2f} is needed"
        )
    differ = fmean(
        one.status != other.status
        for one, other in zip(by["empathic"], by["dismissive"], strict=True)
    )
    if differ < _MOST:
        found.append("empathic and dismissive calls end in the same way")
    if outcomes["empathic"].csat <= outcomes["dismissive"].csat:
        found.append("an empathic agent is rated no better than a dismissive one")
    return found


def _exits(rate: float, runs: Sequence[Run], exits: Sequence[Exit]) -> list[str]:
    found = []
    if rate < EXITS_REACHED:
        found.append(
            f"a declared exit is reached in {rate:.0%} of hostile calls; at least "
            f"{EXITS_REACHED:.0%} is needed"
        )
    seen = {what for run in runs for what in run.happenings}
    found += [f"exit {way.value}: no call came to it" for way in exits if EVENTS[way] not in seen]
    return found


def _faults(runs: Sequence[Run]) -> list[str]:
    """Each kind of fault with where it happened and how often."""
    found: dict[tuple[str, str], list[Run]] = {}
    for run in runs:
        for fault in dict.fromkeys(run.faults):
            found.setdefault(fault, []).append(run)
    lines = []
    for (kind, what), where in found.items():
        first = where[0]
        lines.append(
            f"{_KINDS[kind]}: {what} (agent {first.agent}, seed {first.seed}; "
            f"{len(where)} of {len(runs)} calls)"
        )
    return lines


def _endings(by: dict[str, list[Run]], outcomes: dict[str, Outcome]) -> list[str]:
    found = []
    useless = outcomes["polite_useless"]
    for name in ("reciter", "parrot"):
        if any(run.status in _GOOD for run in by[name]):
            found.append(f"the {name} ends a call well")
        if outcomes[name].lead[0] < useless.lead[0]:
            found.append(
                f"the {name} calms them more than somebody polite and useless: "
                f"{outcomes[name].lead[0]:.2f} against {useless.lead[0]:.2f}"
            )
        if outcomes[name].csat > useless.csat:
            found.append(
                f"the {name} is rated better than somebody polite and useless: "
                f"{outcomes[name].csat:.1f} against {useless.csat:.1f}"
            )
    held = fmean(run.status in _HELD for run in by["boundary"])
    if held < _MOST:
        ends = ", ".join(outcomes["boundary"].status)
        found.append(
            f"holding the line ends as refusal_accepted or closed_by_agent in {held:.0%} of calls "
            f"({ends}); at least {_MOST:.0%} is needed"
        )
    return found


def _unreachable(casts: Sequence[Cast], runs: Sequence[Run]) -> list[str]:
    persona = casts[0].persona
    seen = {(one.intent, str(one.band)) for run in runs for one in run.spoken}
    reached = seen | {(intent, "any") for intent, _ in seen}
    found = [
        f"lines.{intent.value}.{band}"
        for intent, bands in casts[0].lines.items()
        for band in bands
        if intent not in _ANYTIME and (intent, str(band)) not in reached
    ]
    told = {fact for run in runs for fact in run.told}
    facts = dict.fromkeys(fact.id for cast in casts for fact in cast.persona.scenario.facts)
    found += [f"fact {fact}" for fact in facts if fact not in told]
    return found + [
        f"exit {way.value}"
        for way in persona.exits
        if not any(EVENTS[way].value in run.happenings for run in runs)
    ]
