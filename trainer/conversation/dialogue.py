"""One conversation with one customer, whatever carries it: turns, moods, plans and their record.

Spoken and typed calls differ in how words come and go. What the words do, how turns are numbered,
what is logged and
how a call ends is the same, and lives here.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from trainer.conversation import replies
from trainer.conversation.call import Level, Notice, Observer
from trainer.conversation.machine import On, State, after, allowed
from trainer.customer.customer import Customer
from trainer.domain.acts import ActKind
from trainer.domain.audio import seconds
from trainer.domain.events import (
    CallEnded,
    ClauseRefused,
    ClauseSpoken,
    Corrected,
    Event,
    Frozen,
    Happened,
    MoodMoved,
    SpeechEnded,
    SpeechStarted,
    StateChanged,
    TurnTaken,
)
from trainer.domain.mood import Happening, Status
from trainer.domain.persona import Cast
from trainer.domain.plan import AgentTurn, Reply
from trainer.domain.transcript import Source, Turn
from trainer.ports.sink import CallSink

if TYPE_CHECKING:
    from trainer.conversation.fork import Moment

_AT_ONCE = (StateChanged, SpeechStarted, SpeechEnded, Frozen)


class Dialogue:
    """The running conversation. `now` gives the call clock in samples."""

    def __init__(
        self,
        cast: Cast,
        customer: Customer,
        sink: CallSink,
        observer: Observer,
        now: Callable[[], int],
    ) -> None:
        self.cast = cast
        self.customer = customer
        self.state = State.CONNECTING
        self.turns: list[Turn] = []
        self.number = 0
        self.generation = 0
        self.wording = Counter[str]()
        self._fell_back: set[str] = set()
        self._sink = sink
        self._observer = observer
        self.now = now
        self.coach: Callable[[Event], Event | None] = lambda event: None
        """Sees every event that stands; what it has to say is logged after it."""
        self._held_back: list[Event] | None = None

    # --- record
    # ---

    def log(self, event: Event) -> None:
        """Write an event and show it.

        While a turn may still be taken back, what was heard and said waits behind it. That somebody
        speaks is shown at once, and written in its place.
        """
        if self._held_back is None:
            self._write(event)
            self._observer(event)
            self._advise(event)
            return
        self._held_back.append(event)
        if isinstance(event, _AT_ONCE):
            self._observer(event)

    def show(self, what: Level | Notice) -> None:
        """Show something that is not part of the record."""
        self._observer(what)

    def go(self, on: On) -> None:
        """Take the state machine one step."""
        before, self.state = self.state, after(self.state, on)
        self.log(StateChanged(t=self.now(), before=before, after=self.state, on=on))

    def may(self, on: On) -> bool:
        """Whether `on` can happen now."""
        return allowed(self.state, on)

    def happened(
        self,
        kind: Happening,
        turn: int,
        detail: str = "",
        *,
        seconds: float = 0.0,
        announced: bool = False,
    ) -> None:
        """Mark something on the call."""
        self.log(
            Happened(
                t=self.now(),
                kind=kind,
                turn=turn,
                detail=detail,
                seconds=seconds,
                announced=announced,
            )
        )

    # --- turns
    # ---

    def resume(self, moment: "Moment", most: int | None) -> None:
        """Begin in the middle of an earlier call instead of with a greeting.

        Args:
            moment: how that call stood, its customer this one's.
            most: agent turns after which it breaks off; None: none.
        """
        self.turns, self.number = list(moment.turns), moment.number
        self._announced = {turn.number: moment.announced for turn in moment.turns}
        self._opening, self._most = moment.last, most
        if moment.heard:
            self.customer.say_again()

    def greet(self) -> Reply:
        """The customer's first words; of a call that was resumed, those they said last."""
        return self._planned(self._opening or self.customer.greet())

    def enough(self) -> bool:
        """Whether a resumed call has gone on for as long as it was to."""
        return self._most is not None and self._taken >= self._most

    def hear(self, turn: AgentTurn, start: int, end: int, source: Source, **wall: float) -> Reply:
        """An agent turn has been understood: what it does to the customer, and what they answer.

        The turn stays unwritten until `settle` or `withdraw`: an agent who goes on right away takes
        it back.
        """
        reply = self.customer.hear(turn)
        self._hold_back(turn, reply, start, end, source, wall)
        return self._planned(reply)

    def rehear(self, turn: AgentTurn, start: int, end: int, source: Source) -> Reply:
        """The agent went on after what looked like the end: the same turn, with all its words."""
        reply = self.customer.rehear(turn)
        self._hold_back(turn, reply, start, end, source, {})
        return self._planned(reply)

    def next_number(self) -> int:
        """The number of the turn that begins now."""
        self.number += 1
        return self.number

    def settle(self) -> None:
        """The agent's turn stands: write it, and what has happened since."""
        held, self._held_back = self._held_back or [], None
        self._taken += any(isinstance(one, TurnTaken) and one.who == "agent" for one in held)
        for event in held:
            self._write(event)
            if not isinstance(event, _AT_ONCE):
                self._observer(event)
            self._advise(event)

    def unsettled(self) -> bool:
        """Whether an agent turn has been understood and may still be taken back."""
        return self._held_back is not None

    def withdraw(self) -> None:
        """The agent's turn goes on: forget what was to be written of it, and of its answer.

        Nothing was, when its words are not known yet.
        """
        if self._held_back is None:
            return
        held, self._held_back = self._held_back, None
        for event in held:
            if isinstance(event, _AT_ONCE):
                self._write(event)
        self.number = self.turns.pop().number

    def mark(self, reply: Reply, turn: int, seconds: float = 0.0, announced: bool = False) -> None:
        """Log what a reply made happen; `seconds` they waited, on an `announced` hold or not."""
        for kind in reply.happenings:
            self.happened(kind, turn, seconds=seconds, announced=announced)

    def react(
        self, reply: Reply, turn: int, seconds: float = 0.0, announced: bool = False
    ) -> Reply:
        """A reply to something that was not a turn (silence, a bad line, a hold)."""
        self.mark(reply, turn, seconds, announced)
        return self._planned(reply)

    def refused(self, why: str, text: str) -> None:
        """A model's words that were not spoken."""
        self.wording["refused: " + why] += 1
        self.log(ClauseRefused(t=self.now(), turn=self.number, why=why, text=text))

    def clause(self, at: int, text: str, source: str, why: str, **wall: float) -> None:
        """A clause begins to be heard, at sample `at`."""
        self.log(
            ClauseSpoken.model_validate(
                {
                    "t": at,
                    "turn": self.number,
                    "generation": self.generation,
                    "text": text,
                    "source": source,
                    "why": why,
                    "wall": wall,
                }
            )
        )
        if why and why not in self._fell_back:  # the first time; every clause says why it is ours
            self._fell_back.add(why)
            self.happened(Happening.FALLBACK, self.number, why)

    def spoke(
        self, spoken: Sequence[tuple[str, str]], start: int, end: int, unheard: str = ""
    ) -> None:
        """The customer's turn is over. `spoken`: (words as heard, source) for each clause."""
        text = " ".join(words for words, _ in spoken if words)
        kinds = {kind for _, kind in spoken}
        source: Source = "mixed"
        if len(kinds) == 1:
            source = kinds.pop()  # type: ignore[assignment]  # clause sources are turn sources
        self.turns.append(Turn(self.number, "customer", text, seconds(start), seconds(end), source))
        self.customer.spoke(self.number, text)
        self.log(
            TurnTaken(
                t=end,
                turn=self.number,
                who="customer",
                text=text,
                start=start,
                end=end,
                source=source,
                unheard=unheard,
                sources=[kind for _, kind in spoken],
            )
        )

    def correct(self, turn: int, text: str) -> bool:
        """Replace what was understood of an agent turn; False when there is no such turn or no such
        words.
        """
        old = next((t for t in self.turns if t.number == turn and t.who == "agent"), None)
        if old is None or not text.strip() or old.text == text:
            return False
        self.log(Corrected(t=self.now(), turn=turn, before=old.text, after=text))
        for number, reply in self.customer.correct(turn, text):
            self.log(self._mood(number, reply))
        self.turns[self.turns.index(old)] = Turn(
            turn, "agent", text, old.start_s, old.end_s, "typed"
        )
        return True

    def hold_announced(self) -> bool:
        """Whether the agent's last turn asked the customer to hold."""
        last = next((t for t in reversed(self.turns) if t.who == "agent"), None)
        return last is not None and self._announced.get(last.number, False)

    def finish(self, status: Status, reason: str = "") -> Status:
        """Close the record of the call."""
        self.settle()
        over = status not in (Status.ABORTED, Status.OPEN)
        heard = any(t.who == "agent" for t in self.turns)
        counts = over and heard
        self.log(
            CallEnded(
                t=self.now(),
                status=status,
                reason=reason,
                csat=self.customer.csat() if counts else None,
                story=self.customer.story() if counts else [],
                ground=self.customer.ground if heard else None,
            )
        )
        self._sink.meta(
            status=status, wording=dict(self.wording), facts=list(self.customer.disclosed())
        )
        return status

    # --- inside
    # ---

    _announced: dict[int, bool]
    _opening: Reply | None = None
    _most: int | None = None
    _taken: int = 0

    def _advise(self, event: Event) -> None:
        advice = self.coach(event)
        if advice is not None:
            self._write(advice)
            self._observer(advice)

    def _write(self, event: Event) -> None:
        self._sink.event(event)
        if isinstance(event, ClauseSpoken):
            self.wording[event.source] += 1

    def _hold_back(
        self,
        turn: AgentTurn,
        reply: Reply,
        start: int,
        end: int,
        source: Source,
        wall: dict[str, float],
    ) -> None:
        self._announced = {turn.number: reply.reading.find(ActKind.HOLD_REQUEST) is not None}
        self.turns.append(
            Turn(turn.number, "agent", turn.text, seconds(start), seconds(end), source)
        )
        taken = TurnTaken(
            t=end,
            turn=turn.number,
            who="agent",
            text=turn.text,
            start=start,
            end=end,
            source=source,
            confidence=turn.confidence,
            silence_s=turn.silence_s,
            interrupted=turn.interrupted,
            raised=turn.raised,
            wall=wall,
        )
        self._held_back = [taken, self._mood(turn.number, reply)]
        self._held_back += [
            Happened(t=self.now(), kind=kind, turn=turn.number) for kind in reply.happenings
        ]

    def _mood(self, turn: int, reply: Reply) -> MoodMoved:
        return replies.moved(self.now(), turn, reply)

    def _planned(self, reply: Reply) -> Reply:
        self.generation += 1
        self.log(replies.planned(self.now(), self.number + 1, self.generation, reply))
        return reply
