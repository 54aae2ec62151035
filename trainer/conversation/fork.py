"""A customer exactly as they were before one agent turn of a recorded call.

Everything that happened to them stands in the call's events; given again, in order, to the same
customer with the same seed it leaves them as it left them then. The moods in the log prove it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from trainer.acts.reader import Reader
from trainer.customer.customer import Customer
from trainer.domain.acts import ActKind
from trainer.domain.audio import seconds
from trainer.domain.errors import BadInput
from trainer.domain.events import Corrected, Event, Happened, MoodMoved, TurnTaken
from trainer.domain.mood import Happening, Mood, Status
from trainer.domain.persona import Cast
from trainer.domain.plan import AgentTurn, Reply
from trainer.domain.transcript import Turn

_SAME = 0.005
"""Moods that differ by less are the same: other processors round otherwise."""


@dataclass(frozen=True)
class Moment:
    """A call as it stood before agent turn `then.turn`.

    Attributes:
        cast: who they are.
        seed: of the call.
        customer: rebuilt.
        mood: how they felt.
        last: their last line in full, to be said again; no words when they had kept silent.
        heard: what was heard of it then.
        turns: the turns before that line.
        number: the number of the turn before that line.
        announced: the agent's last turn asked them to hold.
        then: what the agent said next, as recorded.
        moved: what that did to them, corrections taken in; None when it was not understood.
    """

    cast: Cast
    seed: int
    customer: Customer
    mood: Mood
    last: Reply
    heard: str
    turns: tuple[Turn, ...]
    number: int
    announced: bool
    then: TurnTaken
    moved: MoodMoved | None


def rebuild(
    cast: Cast,
    reader: Reader,
    seed: int,
    recent: Collection[str],
    events: Sequence[Event],
    turn: int,
) -> Moment:
    """The customer before agent turn `turn`.

    Words that the agent corrected count as corrected, also where that was done later.

    Args:
        cast: who they were in that call.
        reader: reads the agent's words.
        seed: of that call.
        recent: what `Customer` was told of earlier calls.
        events: of that call, in order.
        turn: number of an agent turn.

    Raises:
        BadInput: there is no such agent turn, or what is rebuilt is not what the log says.
    """
    own = {e.turn: n for n, e in enumerate(events) if isinstance(e, TurnTaken) and e.who == "agent"}
    place = own.get(turn)
    if place is None:
        known = ", ".join(map(str, own))
        raise BadInput(
            f"Turn {turn} is no turn of yours in this call.",
            f"Yours are: {known}." if known else "You said nothing in it.",
        )
    again = _Again(Customer(cast, reader, seed, recent))
    for event in events[:place]:
        again.take(event)
    for event in events[place:]:
        if isinstance(event, Corrected) and event.turn < turn:
            again.take(event)
    return again.moment(cast, seed, events, events[place])


def imagined(moment: Moment, text: str) -> Reply:
    """What the customer would answer to `text`, said at this moment without cutting in.

    Nothing comes of it: the moment stays as it is.
    """
    return moment.customer.imagine(AgentTurn(moment.then.turn, text))


class _Again:
    """Gives a customer what happened, one event after the other, and holds it against the log."""

    def __init__(self, customer: Customer) -> None:
        self._customer = customer
        self._reply = customer.greet()
        self._turns: list[Turn] = []
        self._unspoken: TurnTaken | None = None
        self._due: list[Happening] = []
        self._moods: dict[int, Mood] = {}
        self._announced = False

    def take(self, event: Event) -> None:
        """One event."""
        match event:
            case TurnTaken(who="customer"):
                self._heard()
                self._unspoken = event
            case TurnTaken(who="agent"):
                self._heard()
                self._hear(event)
            case Happened():
                self._happened(event)
            case Corrected():
                self._correct(event)
            case _:
                pass

    def moment(self, cast: Cast, seed: int, events: Sequence[Event], then: Event) -> Moment:
        """Where it stands now."""
        assert isinstance(then, TurnTaken)
        last = self._unspoken
        before = tuple(self._turns)
        self._heard()
        self._compare(events)
        whole = f"{last.text} {last.unheard}".strip() if last is not None else ""
        return Moment(
            cast=cast,
            seed=seed,
            customer=self._customer,
            mood=self._customer.mood,
            last=replace(
                self._reply,
                draft=(whole,) if whole else (),
                mood=self._customer.mood,
                causes=(),
                happenings=(),
                status=Status.OPEN,
                pause_s=0.0,
            ),
            heard=last.text if last is not None else "",
            turns=before,
            number=then.turn - (2 if last is not None else 1),
            announced=self._announced,
            then=_corrected(then, events),
            moved=_last_mood(events, then.turn),
        )

    def _heard(self) -> None:
        """The customer's last line is over: what was heard of it is what they said."""
        last, self._unspoken = self._unspoken, None
        if last is not None:
            self._customer.spoke(last.turn, last.text)
            self._keep(last)

    def _hear(self, turn: TurnTaken) -> None:
        given = AgentTurn(
            turn.turn,
            turn.text,
            turn.confidence,
            turn.silence_s,
            turn.interrupted,
            turn.raised,
        )
        self._reply = self._customer.hear(given)
        self._keep(turn)
        self._due = list(self._reply.happenings)
        self._moods[turn.turn] = self._reply.mood
        self._announced = self._reply.reading.find(ActKind.HOLD_REQUEST) is not None

    def _happened(self, event: Happened) -> None:
        """What the turn before brought about is not given again; waits, holds and bad lines are."""
        if event.kind in self._due:
            self._due.remove(event.kind)
            return
        customer, turn = self._customer, event.turn
        if event.kind not in _STIMULI:
            return
        self._heard()
        match event.kind:
            case Happening.NOT_HEARD:
                self._reply = customer.not_heard(turn)
            case Happening.PRESENCE_CHECK:
                self._reply = customer.silent(turn, event.seconds)
            case Happening.HOLD_START:
                self._reply = customer.hold(turn)
            case Happening.HOLD_END:
                self._reply = customer.back(turn, event.seconds, event.announced)
        self._due = []

    def _correct(self, event: Corrected) -> None:
        for number, reply in self._customer.correct(event.turn, event.after):
            self._moods[number] = reply.mood
        self._turns = [
            replace(turn, text=event.after, source="typed")
            if turn.number == event.turn and turn.who == "agent"
            else turn
            for turn in self._turns
        ]

    def _compare(self, events: Sequence[Event]) -> None:
        for turn, mood in self._moods.items():
            logged = _last_mood(events, turn)
            if logged is not None and _differ(mood, logged):
                raise BadInput(
                    "This call cannot be taken up again: the customer does not come out as they "
                    f"were at turn {turn}.",
                    "The program, or the words it goes by, have changed since. A new call can be "
                    "retried.",
                )

    def _keep(self, turn: TurnTaken) -> None:
        assert turn.who != "unknown"
        start, end = seconds(turn.start), seconds(turn.end)
        self._turns.append(Turn(turn.turn, turn.who, turn.text, start, end, turn.source))


_STIMULI = (
    Happening.NOT_HEARD,
    Happening.PRESENCE_CHECK,
    Happening.HOLD_START,
    Happening.HOLD_END,
)


def _differ(mood: Mood, logged: MoodMoved) -> bool:
    return any(abs(getattr(mood, name) - value) > _SAME for name, value in logged.mood.items())


def _corrected(taken: TurnTaken, events: Sequence[Event]) -> TurnTaken:
    words = [e.after for e in events if isinstance(e, Corrected) and e.turn == taken.turn]
    return taken.model_copy(update={"text": words[-1], "confidence": 1.0}) if words else taken


def _last_mood(events: Sequence[Event], turn: int) -> MoodMoved | None:
    found = [event for event in events if isinstance(event, MoodMoved) and event.turn == turn]
    return found[-1] if found else None
