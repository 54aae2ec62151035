"""Plays labelled calls, and reads labelled turns: what `listening` then counts."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from trainer.acts.history import Context
from trainer.acts.reader import UNKIND, Reader
from trainer.content import personas
from trainer.customer.customer import Customer
from trainer.customer.lines import plain
from trainer.customer.prompt import Scene
from trainer.domain.acts import ActKind, Reading
from trainer.domain.mood import Status
from trainer.domain.moves import TAKEN, MoveKind
from trainer.domain.persona import Cast
from trainer.domain.plan import AgentTurn, Intent, Reply
from trainer.domain.transcript import Turn, Who
from trainer.ports.embedding import Embedding
from trainer.simulate import listening
from trainer.simulate.listening import Answered
from trainer.simulate.listening_data import REAL, Data, Said

SEED = 0
"""Of every call: the same telling, the same choice among equal lines."""

Say = Callable[[Scene], str]
"""Puts a reply into words: what is really spoken."""

Step = Callable[[], None]
"""Told that one more turn is done."""


class Checked(Reader):
    """A reader that reads the same turn once, and can leave out what people say is not there."""

    def __init__(self, embedding: Embedding | None, roots: Sequence[Path] = ()) -> None:
        super().__init__(embedding, roots)
        self.gold: Said | None = None
        """While set, what it does not allow is left out of the reading of this very turn."""
        self._last: tuple[tuple[str, object, str, str], Reading] | None = None

    def read(
        self, text: str, context: Context | Sequence[str] = (), cast: Cast | None = None
    ) -> Reading:
        """See `Reader.read`."""
        before = context if isinstance(context, Context) else Context(customer=tuple(context))
        key = (text, before, cast.digest if cast else "", cast.variant if cast else "")
        if self._last is None or self._last[0] != key:
            self._last = (key, super().read(text, before, cast))
        reading = self._last[1]
        if self.gold is None or self.gold.text != text or cast is None:
            return reading
        return allowed(reading, self.gold, cast)


def allowed(reading: Reading, said: Said, cast: Cast) -> Reading:
    """The reading without what the labels do not allow.

    Left out are unkind acts (a refusal that was labelled may be a wall; a forbidden remedy that was
    labelled as offered is a promise beyond the card; what only the history shows stays), and
    remedies taken that were not really offered.
    """
    wrong = set(UNKIND) - {ActKind.CANNED}
    if MoveKind.REFUSE in said.kinds:
        wrong.discard(ActKind.POLICY_WALL)
    labelled = said.offers or {}
    forbidden = {one.id for one in cast.persona.scenario.remedies if not one.allowed}
    if any(name in forbidden and state in REAL for name, state in labelled.items()):
        wrong.discard(ActKind.OVERPROMISE)
    return replace(
        reading,
        acts=tuple(act for act in reading.acts if act.kind not in wrong),
        offers=tuple(
            one
            for one in reading.offers
            if one.state not in TAKEN or labelled.get(one.remedy) in REAL
        ),
    )


@dataclass(frozen=True)
class Played:
    """One turn of a call.

    Attributes:
        said: the turn as labelled.
        reply: the customer's.
        text: what was spoken.
        answers: by kind, what became of it.
        moved: the lead feeling after it, less what it would be had nothing been read that the
            labels do not allow; 0 where nothing was.
        accused: accusations that are not there.
        twice: clauses that were said before in this call.
    """

    said: Said
    reply: Reply
    text: str
    answers: dict[MoveKind, Answered]
    moved: float
    accused: tuple[ActKind, ...]
    twice: int

    @property
    def best(self) -> Answered | None:
        """The best over its kinds; None where it obliges to nothing."""
        order = list(Answered)
        return min(self.answers.values(), key=order.index, default=None)


@dataclass(frozen=True)
class Call:
    """One call as it went; `unheard`: turns that came after its end."""

    name: str
    turns: tuple[Played, ...]
    unheard: int
    status: Status


def authored(scene: Scene) -> str:
    """The author's words."""
    return " ".join(scene.reply.draft)


def play(
    name: str,
    turns: Sequence[Said],
    reader: Checked,
    say: Say = authored,
    step: Step = lambda: None,
) -> Call:
    """One call, typed, with `SEED`.

    Raises:
        BadInput: there is no such customer.
    """
    cast = personas.load(turns[0].persona, reader.roots, SEED)
    customer = Customer(cast, reader, SEED)
    talk: list[Turn] = []
    said_before: list[str] = []
    played: list[Played] = []

    def heard(side: Who, text: str) -> None:
        number = len(talk) + 1
        talk.append(Turn(number, side, text, 5.0 * number, 5.0 * number + 3, "typed"))

    def spoken(reply: Reply) -> str:
        text = say(Scene(cast, reply, tuple(talk), reader.roots))
        heard("customer", text)
        customer.spoke(len(talk), text)
        said_before.extend(plain(clause) for clause in reply.draft)
        return text

    last = spoken(customer.greet())
    for said in turns:
        if customer.status is not Status.OPEN:
            break
        heard("agent", said.text)
        turn = AgentTurn(len(talk), said.text)
        moved = _moved(customer, reader, said, turn, cast)
        reply = customer.hear(turn)
        twice = 0 if reply.plan.intent is Intent.SAY_AGAIN else listening.said_twice(
            reply.draft, said_before
        )  # fmt: skip
        answers = {
            kind: listening.answered(kind, said, reply, last, cast)
            for kind in said.kinds
            if kind in listening.KINDS
        }
        wrong = tuple(listening.accused(reply.reading, said, cast))
        last = spoken(reply)
        played.append(Played(said, reply, last, answers, round(moved, 3), wrong, twice))
        step()
    if customer.status is Status.OPEN:
        customer.agent_left(len(talk) + 1)
    unheard = len(turns) - len(played)
    for _ in range(unheard):
        step()
    return Call(name, tuple(played), unheard, customer.status)


def _moved(customer: Customer, reader: Checked, said: Said, turn: AgentTurn, cast: Cast) -> float:
    """The lead feeling as the turn is read, less as people say it is, 0 where both are the same."""
    lead = cast.persona.lead
    as_read = customer.imagine(turn)
    if allowed(as_read.reading, said, cast) == as_read.reading:
        return 0.0
    reader.gold = said
    try:
        as_labelled = customer.imagine(turn)
    finally:
        reader.gold = None
    return as_read.mood.of(lead) - as_labelled.mood.of(lead)


@dataclass
class Found:
    """Everything that one run of the bench has found.

    Attributes:
        calls: as they went.
        offers: how remedies were read, by where the turns come from.
        questions: how questions were read.
        harmless: (turns, wrongly accused) by where the turns come from.
        accusing: (real accusations, found).
    """

    calls: list[Call] = field(default_factory=list)
    offers: dict[str, listening.Offers] = field(default_factory=dict)
    questions: listening.Questions = field(default_factory=listening.Questions)
    harmless: dict[str, tuple[int, int]] = field(default_factory=dict)
    accusing: tuple[int, int] = (0, 0)

    @property
    def turns(self) -> list[Played]:
        """Every turn that was played."""
        return [turn for call in self.calls for turn in call.turns]

    def kinds(self) -> dict[MoveKind, Counter[Answered]]:
        """What became of the turns, by kind, those that were played."""
        counted: dict[MoveKind, Counter[Answered]] = {kind: Counter() for kind in listening.KINDS}
        for turn in self.turns:
            for kind, answer in turn.answers.items():
                counted[kind][answer] += 1
        return counted


def run(data: Data, reader: Checked, say: Say = authored, step: Step = lambda: None) -> Found:
    """Play every call, and read every turn.

    Args:
        data: the labelled turns.
        reader: reads them.
        say: puts replies into words.
        step: told of each turn.

    Raises:
        BadInput: a customer is missing.
    """
    found = Found()
    for name, turns in data.calls.items():
        found.calls.append(play(name, turns, reader, say, step))
    offers = found.offers["calls"] = listening.Offers()
    for turn in found.turns:
        offers.add(turn.said, turn.reply.reading)
    found.harmless["calls"] = (len(found.turns), sum(bool(t.accused) for t in found.turns))
    for source, single in (("offers", data.offers), ("sentences", data.sentences)):
        offers = found.offers[source] = listening.Offers()
        for said, reading, _ in _read(single, reader, step):
            offers.add(said, reading)
    wrong = 0
    for said, reading, cast in _read(data.questions, reader, step):
        facts = [fact.id for fact in cast.persona.scenario.facts] if cast else []
        found.questions.add(said, reading, facts)
        wrong += bool(listening.accused(reading, said, cast))
    found.harmless["questions"] = (len(data.questions), wrong)
    _accusations(found, data.accusing, reader, step)
    return found


def _accusations(found: Found, turns: Sequence[Said], reader: Checked, step: Step) -> None:
    wrong = real = seen = 0
    for said, reading, cast in _read(turns, reader, step):
        if said.accuses:
            real += 1
            seen += any(act.kind in UNKIND for act in reading.acts)
        else:
            wrong += bool(listening.accused(reading, said, cast))
    found.harmless["harmless"] = (len(turns) - real, wrong)
    found.accusing = (real, seen)


def _read(
    turns: Iterable[Said], reader: Checked, step: Step
) -> Iterator[tuple[Said, Reading, Cast | None]]:
    casts: dict[str, Cast | None] = {"": None}
    for said in turns:
        if said.persona not in casts:
            casts[said.persona] = personas.load(said.persona, reader.roots, SEED)
        cast = casts[said.persona]
        before = Context(customer=(said.before,) if said.before else ())
        yield said, reader.read(said.text, before, cast), cast
        step()
