"""How well a customer listens: what was answered, what was read, against what people say was there.

Pure: plans, readings and labels go in, counts come out. What counts as an answer is decided from
the plan (`intent`, `about`, `standing`) and the ground, never from taste.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from trainer.customer import spoken
from trainer.customer.lines import plain
from trainer.domain.acts import ActKind, Reading
from trainer.domain.ground import Standing
from trainer.domain.moves import MoveKind
from trainer.domain.persona import Cast, Remedy
from trainer.domain.plan import Intent, Reply
from trainer.simulate.listening_data import REAL, STATES, Said

K, N = MoveKind, Intent

ACCUSING = frozenset(
    {ActKind.INSULT, ActKind.BLAME, ActKind.JUDGEMENT, ActKind.DISMISS, ActKind.OVERPROMISE}
)
"""What an agent is blamed for in the debrief."""

STRONG = 0.1
"""A rise of the lead feeling that is strong, 0..1."""

MOVED = 0.02
"""A difference of the lead feeling that can be felt, 0..1."""

SAME_WORDS = 4
"""A clause of at least this many words, said twice, is a repetition; a short one is a habit."""

KINDS = (
    K.ASK_IDENTITY, K.ASK_EITHER_OR, K.ASK_YES_NO, K.ASK_DETAIL, K.ASK_OPEN, K.ASK_PREFERENCE,
    K.ASK_REPEAT, K.CHECK, K.CORRECT, K.ANYTHING_ELSE, K.SMALL_TALK, K.PERMISSION, K.OFFER,
    K.COMMIT, K.CONDITION, K.REFUSE,
)  # fmt: skip
"""Kinds of turns that oblige the customer to something."""

_YES_NO = {N.AGREE, N.DISAGREE}
_TALK = {N.CONFIRM, N.PUT_RIGHT, N.SAY_AGAIN, N.PERMIT, N.PICK, N.TAKE_OFFER, N.WEIGH_OFFER}
_OPEN = {N.VENT, N.ANSWER, N.DISCLOSE}
_CLOSING = {N.CLOSE_GLAD, N.CLOSE_PENDING, N.CLOSE_REFUSED, N.CLOSE_COLD}
_ANSWERS: Mapping[MoveKind, set[Intent]] = {
    K.ASK_EITHER_OR: {N.PICK},
    K.ASK_PREFERENCE: {N.PICK},
    K.ASK_OPEN: _OPEN,
    K.CHECK: {N.CONFIRM, N.PUT_RIGHT} | _YES_NO,
    K.CORRECT: {N.CORRECTED, N.WITHDRAWN},
    K.ANYTHING_ELSE: {N.NOTHING_ELSE, N.STILL_OPEN, N.DISCLOSE} | _CLOSING,
    K.PERMISSION: {N.PERMIT, N.HOLD, N.CONFIRM} | _YES_NO,
    K.SMALL_TALK: {N.SMALL_TALK} | _YES_NO,
    K.CONDITION: {N.CONDITION, N.TAKE_OFFER, N.WEIGH_OFFER},
    K.REFUSE: {N.REFUSED, N.WALL},
}
"""Intents that answer a turn of a kind, whatever else is in the plan."""

_TAKEN_UP = {Standing.ACCEPTED, Standing.WEIGHED, Standing.DECLINED}


class Answered(StrEnum):
    """What became of a turn, the best first. Names are a contract: scripts read them."""

    ANSWERED = "answered"
    PLAIN = "plain"  # a bare yes or no to a question of theirs, with nothing known behind it
    DODGED = "dodged"  # will not say, or does not know, and says of what
    NOT = "not"


def answered(kind: MoveKind, said: Said, reply: Reply, last: str, cast: Cast) -> Answered:
    """Whether the reply answers the turn as a turn of `kind`.

    Identity: the slot that was asked for is told, or its line said. Questions: a fact, an item or a
    slot is told; either/or and preference also by a pick, or by an offer taken up; a question about
    what was said or about nothing of theirs also by any talk that fits; one that such a person
    cannot know by not knowing of what. A bare yes or no to a question about their story is plain.
    Offers: the remedy is taken up, by standing. Conditional and refused: the intent, or the
    remedy's own line. Repeat: the last sentence stands in the reply. The rest: `_ANSWERS`.

    Args:
        kind: of the turn; one of `KINDS`.
        said: the turn as labelled.
        reply: the customer's.
        last: what the customer had said before the turn.
        cast: the customer.
    """
    plan = reply.plan
    if _meets(kind, said, reply, last, cast):
        return Answered.ANSWERED
    if kind in (K.ASK_YES_NO, K.ASK_EITHER_OR, K.ASK_PREFERENCE) and plan.intent in _YES_NO:
        return Answered.PLAIN
    topical = plan.intent is N.UNKNOWN and any(name == "topic" for name, _ in plan.fill)
    return Answered.DODGED if plan.intent is N.DEFLECT or topical else Answered.NOT


def _meets(kind: MoveKind, said: Said, reply: Reply, last: str, cast: Cast) -> bool:
    plan, intent = reply.plan, reply.plan.intent
    told = (*plan.about, *plan.fact_ids)
    if kind is K.ASK_IDENTITY:
        return _identifies(said, reply, told, cast)
    if kind is K.ASK_REPEAT:
        return intent is N.SAY_AGAIN or said.asks in told or _says_again(reply, last)
    if kind in (K.OFFER, K.COMMIT):
        return any(_taken_up(name, reply) for name, state in _offers(said) if state in REAL)
    if kind in (K.CONDITION, K.REFUSE):
        return intent in _ANSWERS[kind] or any(_has_line(one, reply) for one in _named(said, cast))
    if intent in _ANSWERS.get(kind, ()) or any(name in _known(cast) for name in told):
        return True
    if kind is K.ANYTHING_ELSE:
        return reply.status.value != "open"
    if kind in (K.ASK_PREFERENCE, K.ASK_OPEN) and "demand" in plan.about:
        return True
    if kind in (K.ASK_EITHER_OR, K.ASK_PREFERENCE):
        return bool(plan.standing)
    if kind in (K.ASK_YES_NO, K.ASK_DETAIL, K.ASK_OPEN):
        if said.asks == "outside":
            return intent is N.UNKNOWN and bool(plan.fill)
        return said.asks in ("ground", "none") and intent in _TALK | _YES_NO
    return False


def _known(cast: Cast) -> set[str]:
    scenario = cast.persona.scenario
    slots = {f"identity:{name}" for name in type(scenario.knows.identity).model_fields}
    items = {f"item:{item.id}" for item in scenario.knows.items}
    return slots | {"identity:reference"} | items | {fact.id for fact in scenario.facts}


def _identifies(said: Said, reply: Reply, told: Sequence[str], cast: Cast) -> bool:
    if not said.asks.startswith("identity:"):
        return any(name.startswith("identity:") for name in told)
    line = spoken.slot(cast, said.asks.removeprefix("identity:"), said.text)
    return said.asks in told or (bool(line) and plain(line) in plain(" ".join(reply.draft)))


def _says_again(reply: Reply, last: str) -> bool:
    sentence = plain(last.rstrip(" .?!…").rsplit(". ", 1)[-1])
    return bool(sentence) and sentence in plain(" ".join(reply.draft))


def _offers(said: Said) -> Iterable[tuple[str, str]]:
    return (said.offers or {}).items()


def _taken_up(remedy: str, reply: Reply) -> bool:
    if remedy in dict(reply.plan.standing):
        return True
    stands = reply.ground.standing(remedy)
    up = stands is not None and stands.state in _TAKEN_UP | {Standing.DONE}
    return up and reply.plan.intent in (N.CONFIRM, N.TAKE_OFFER, N.WEIGH_OFFER)


def _named(said: Said, cast: Cast) -> list[Remedy]:
    named = dict(_offers(said))
    return [one for one in cast.persona.scenario.remedies if one.id in named]


def _has_line(remedy: Remedy, reply: Reply) -> bool:
    words = plain(" ".join(reply.draft))
    return any(plain(line) in words for line in (*remedy.conditional, *remedy.refused))


def said_twice(draft: Sequence[str], earlier: Iterable[str]) -> int:
    """Clauses of a reply that were said before, of at least `SAME_WORDS` words."""
    before = set(earlier)
    long = [plain(clause) for clause in draft if len(clause.split()) >= SAME_WORDS]
    return sum(clause in before for clause in long)


# -- readings ------------------------------------------------------------------------------------


@dataclass
class Offers:
    """How labelled remedies were read.

    Attributes:
        there: how many are there, by state as labelled.
        taken: how many of these were read as really offered.
        right: how many were read as labelled.
        turns: turns looked at.
        untouched: turns in which a remedy was taken that they do not touch.
    """

    there: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STATES, 0))
    taken: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STATES, 0))
    right: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STATES, 0))
    turns: int = 0
    untouched: int = 0

    def add(self, said: Said, reading: Reading) -> None:
        """Count one turn; one that nobody labelled for remedies is left out."""
        if said.offers is None:
            return
        read = {offer.remedy: offer.state.value for offer in reading.offers}
        self.turns += 1
        self.untouched += any(name not in said.offers for name in reading.offered)
        for name, state in said.offers.items():
            seen = read.get(name, "mentioned").replace("promised", "offered")
            self.there[state] += 1
            self.taken[state] += name in reading.offered
            self.right[state] += seen == state

    def missed(self) -> float | None:
        """Share of real offers that were not taken for offers; None without any."""
        there = sum(self.there[state] for state in REAL)
        return 1 - sum(self.taken[state] for state in REAL) / there if there else None

    def wrongly(self, *states: str) -> float | None:
        """Share of remedies labelled with one of `states` that were taken; None without any."""
        there = sum(self.there[state] for state in states)
        return sum(self.taken[state] for state in states) / there if there else None


@dataclass
class Questions:
    """How labelled questions were read; counts of turns."""

    turns: int = 0
    kinds_right: int = 0
    facts_asked: int = 0
    facts_read: int = 0
    facts_not_asked: int = 0
    facts_read_all_the_same: int = 0
    identity_asked: int = 0
    identity_read: int = 0
    sheet_asked: int = 0
    sheet_read: int = 0

    def add(self, said: Said, reading: Reading, facts: Iterable[str]) -> None:
        """Count one turn.

        Args:
            said: the turn as labelled.
            reading: how it was read.
            facts: ids of the facts of this customer.
        """
        self.turns += 1
        self.kinds_right += bool(set(said.kinds) & {move.kind for move in reading.moves})
        if said.asks in set(facts):
            self.facts_asked += 1
            self.facts_read += said.asks in reading.asks
        else:
            self.facts_not_asked += 1
            self.facts_read_all_the_same += bool(reading.asks)
        if said.asks.startswith("identity:"):
            self.identity_asked += 1
            self.identity_read += reading.about == said.asks
        if said.asks == "sheet":
            self.sheet_asked += 1
            self.sheet_read += reading.about.startswith(("item:", "identity:")) or bool(
                reading.asks
            )


def accused(reading: Reading, said: Said, cast: Cast | None) -> list[ActKind]:
    """The accusations found in a turn that are not there, as far as it was labelled.

    A promise beyond the card is there where a forbidden remedy is labelled as offered.
    """
    found = {act.kind for act in reading.acts if act.kind in ACCUSING}
    if said.accuses:
        return []
    if cast is not None and said.offers:
        forbidden = {one.id for one in cast.persona.scenario.remedies if not one.allowed}
        if any(name in forbidden and state in REAL for name, state in said.offers.items()):
            found.discard(ActKind.OVERPROMISE)
    return sorted(found)
