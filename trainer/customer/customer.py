"""The customer of one call: takes what happens, answers, remembers. The same for spoken and typed
calls.

Deterministic given cast, seed and what happened. Reads no clock and does no I/O.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

from trainer.acts.history import Context
from trainer.acts.reader import Reader
from trainer.customer import csat, ground, story
from trainer.customer.inner import Inner
from trainer.customer.respond import Held, Missed, Person, Returned, Stimulus, Waited
from trainer.domain.ground import Ground
from trainer.domain.mood import Mood, Status
from trainer.domain.persona import Cast
from trainer.domain.plan import AgentTurn, Reply


@dataclass(frozen=True)
class _Entry:
    """One stimulus, the standing it met, and what came of it.

    `heard` is what the customer had said by then.
    """

    stimulus: Stimulus
    heard: tuple[str, ...]
    before: Inner
    after: Inner
    reply: Reply


class Customer:
    """One simulated person in one call.

    Args:
        cast: who they are.
        reader: reads the agent's turns.
        seed: chooses among equal lines.
        recent_lines: what this person was heard to say in the profile's last calls;
            said again only when nothing
            else is left.
    """

    def __init__(
        self, cast: Cast, reader: Reader, seed: int, recent_lines: Collection[str] = ()
    ) -> None:
        self._person = Person(cast, reader, seed, tuple(recent_lines))
        self._roots = reader.roots
        self._inner = self._person.begin()
        self._log: list[_Entry] = []
        self._spoken: list[str] = []
        self._heard: dict[int, str] = {}
        self._pending = False

    @property
    def mood(self) -> Mood:
        """How they feel now."""
        return self._inner.state.mood

    @property
    def status(self) -> Status:
        """How the call stands with them."""
        return self._inner.status

    def greet(self) -> Reply:
        """The first words of the call; turn 1."""
        self._inner, reply = self._person.greet(self._inner)
        self._expect(reply)
        return reply

    def hear(self, turn: AgentTurn) -> Reply:
        """Answer an agent turn.

        Words recognised with too little confidence do not count (`not_heard`).
        """
        return self._take(turn)

    def rehear(self, turn: AgentTurn) -> Reply:
        """The agent went on after what looked like the end: the same turn, with all its words.

        The answer before is taken back, but for what was heard of it.
        """
        last = (
            self._log.pop() if self._log and self._log[-1].stimulus.number == turn.number else None
        )
        if last is not None:
            said = last.before.said if self._pending else last.after.said
            self._inner = replace(last.before, said=said)
        if self._pending:
            self.spoke(turn.number, "")
        return self._take(turn)

    def not_heard(self, turn: int) -> Reply:
        """Nothing intelligible was said: the mood stays, they ask to hear it again."""
        return self._take(Missed(turn))

    def silent(self, turn: int, seconds: float) -> Reply:
        """The agent has said nothing for `seconds`.

        They ask whether anyone is there, and leave in the end.
        """
        return self._take(Waited(turn, seconds))

    def hold(self, turn: int) -> Reply:
        """The agent pressed hold. The draft is empty: nobody would hear it."""
        return self._take(Held(turn))

    def back(self, turn: int, seconds: float, announced: bool) -> Reply:
        """The agent is back after `seconds` of hold."""
        return self._take(Returned(turn, seconds, announced))

    def imagine(self, turn: AgentTurn) -> Reply:
        """What they would answer to this now. Nothing comes of it."""
        _, reply = self._person.respond(self._inner, turn, self._context(tuple(self._spoken)))
        return reply

    def spoke(self, turn: int, text: str) -> None:
        """What was really heard of the customer's last reply.

        It replaces the draft in what they remember.
        """
        if self._pending:
            self._spoken.pop()
            self._pending = False
        self._heard[turn] = text
        if text.strip():
            self._spoken.append(text)

    def say_again(self) -> None:
        """Their last line is said once more; what is heard of it this time counts."""
        self._pending = bool(self._spoken)

    def correct(self, turn: int, text: str) -> list[tuple[int, Reply]]:
        """The agent turn `turn` was really `text`: moods are computed again from there.

        What the customer has said since stays said: lines, facts told, demands, a goodbye.

        Returns:
            The recomputed replies with their turn numbers, oldest first, not to be
            spoken; empty when there is no
            such agent turn.
        """
        found = [
            index
            for index, entry in enumerate(self._log)
            if entry.stimulus.number == turn and isinstance(entry.stimulus, AgentTurn | Missed)
        ]
        if not found:
            return []
        first = found[-1]
        old = self._log[first].stimulus
        clear = AgentTurn(turn, text)
        if isinstance(old, AgentTurn):
            clear = replace(old, text=text, confidence=1.0)
        return self._weigh_again(first, clear)

    def _weigh_again(self, first: int, clear: AgentTurn) -> list[tuple[int, Reply]]:
        """Compute the moods again from the entry `first`, which was really `clear`."""
        later = [replace(self._log[first], stimulus=clear), *self._log[first + 1 :]]
        inner = self._log[first].before
        del self._log[first:]
        replies = []
        for entry in later:
            before = replace(inner, said=entry.before.said, status=Status.OPEN)
            after, reply = self._person.respond(before, entry.stimulus, self._context(entry.heard))
            inner = replace(after, said=entry.after.said, status=entry.after.status)
            self._log.append(replace(entry, before=before, after=inner, reply=reply))
            replies.append((entry.stimulus.number, reply))
        self._inner = inner
        return replies

    def agent_left(self, turn: int) -> Status:
        """The agent ended the call; how it ends is what the talk has earned."""
        now, lead = self._inner, self._person.nature.lead
        if now.status is not Status.OPEN:
            return now.status
        if now.could_settle(lead) and now.firm():
            status = Status.PENDING if ground.to_hear(now.ground) else Status.SATISFIED
        elif now.could_wait(lead):
            status = Status.PENDING
        elif now.warned > 0:
            status = Status.CLOSED_BY_AGENT
        elif now.could_accept_no(lead):
            status = Status.REFUSAL_ACCEPTED
        else:
            status = Status.AGENT_ENDED
        self._inner = replace(now, status=status)
        return status

    def disclosed(self) -> tuple[str, ...]:
        """Ids of the facts told, in the order of telling."""
        return self._inner.said.told

    def csat(self) -> float:
        """The simulated customer's rating, 1.0..5.0, when every promise has been kept or not."""
        person = self._person
        now = person.in_the_end(self._inner)
        return csat.rating(now.state, person.nature.lead, person.cast.temper, now.status)

    def story(self) -> list[str]:
        """The customer's side of the story, three or four sentences."""
        moments = [
            story.Moment(entry.before.state.mood, entry.after.state.mood, entry.reply.causes)
            for entry in self._log
        ]
        return story.tell(
            self._person.cast,
            moments,
            self._inner.status,
            story.phrases(self._roots),
            fooled=self._person.in_the_end(self._inner) != self._inner,
        )

    @property
    def ground(self) -> Ground:
        """What both have established, the customer's part in the words that were heard."""
        return ground.as_heard(self._inner.ground, self._heard)

    def _take(self, stimulus: Stimulus) -> Reply:
        heard = tuple(self._spoken)
        before = self._inner
        self._inner, reply = self._person.respond(before, stimulus, self._context(heard))
        undone = ground.misread(before.ground, reply.reading)
        if undone and isinstance(stimulus, AgentTurn) and not stimulus.undoes:
            return self._put_right(replace(stimulus, undoes=undone))
        self._log.append(_Entry(stimulus, heard, before, self._inner, reply))
        self._expect(reply)
        return reply

    def _put_right(self, turn: AgentTurn) -> Reply:
        """The agent says that something was never offered: as far as it moved them, it is undone.

        The turns in which it was taken are weighed again without it; what was said stays said.
        """
        for entry in self._log:
            if not isinstance(entry.stimulus, AgentTurn):
                continue
            touched = {offer.remedy for offer in entry.reply.reading.offers}
            if mistaken := tuple(one for one in turn.undoes if one in touched):
                clear = replace(
                    entry.stimulus, not_offered=(*entry.stimulus.not_offered, *mistaken)
                )
                self._weigh_again(self._log.index(entry), clear)
                break
        return self._take(turn)

    def _expect(self, reply: Reply) -> None:
        """Until the call says what was really heard, the draft stands for it."""
        self._pending = bool(reply.draft)
        if reply.draft:
            self._spoken.append(" ".join(reply.draft))

    def _context(self, heard: tuple[str, ...]) -> Context:
        turns = [e for e in self._log if isinstance(e.stimulus, AgentTurn) and not _unclear(e)]
        return Context(
            customer=heard,
            agent=tuple(e.stimulus.text for e in turns if isinstance(e.stimulus, AgentTurn)),
            readings=tuple(e.reply.reading for e in turns),
        )


def _unclear(entry: _Entry) -> bool:
    return not entry.reply.reading.acts and entry.reply.plan.intent.value == "not_heard"
