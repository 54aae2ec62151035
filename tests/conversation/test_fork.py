"""Taking a recorded call up again: the customer is exactly who they were at that turn."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conversation.fakes import Hum, Loudness, Memory, QueuedWords, TimedLine, TurnsLine
from trainer.acts.reader import Reader
from trainer.content import personas
from trainer.conversation.dialogue import Dialogue
from trainer.conversation.fork import Moment, imagined, rebuild
from trainer.conversation.spoken import SpokenCall
from trainer.conversation.typed import TypedCall
from trainer.customer.customer import Customer
from trainer.customer.lines import said_before
from trainer.domain.errors import BadInput, TrainerError
from trainer.domain.events import Event, from_line, to_line
from trainer.domain.mood import Status
from trainer.domain.persona import Cast
from trainer.domain.plan import AgentTurn, Reply
from trainer.domain.transcript import Turn
from trainer.simulate import scripts

READER = Reader(None, [])
SEED = 7


class Watched(Customer):
    """The real customer, who notes how they stood before each agent turn."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.stood: dict[int, tuple[object, list[str]]] = {}

    def hear(self, turn: AgentTurn) -> Reply:
        self.stood.setdefault(turn.number, standing(self))
        return super().hear(turn)


class Slow(Watched):
    """Takes a second before each answer."""

    def hear(self, turn: AgentTurn) -> Reply:
        return replace(super().hear(turn), pause_s=1.0)


def standing(customer: Customer) -> tuple[object, list[str]]:
    """All that a customer carries, and what they have been heard to say."""
    return customer._inner, list(customer._spoken)


def read_back(events: Sequence[Event]) -> list[Event]:
    """As they come from disk."""
    return [from_line(to_line(event)) for event in events]


def moment(who: Cast, events: Sequence[Event], turn: int) -> Moment:
    return rebuild(who, READER, SEED, (), read_back(events), turn)


def assert_stands_as_then(who: Cast, watched: Watched, events: Sequence[Event]) -> None:
    assert watched.stood
    for turn, stood in watched.stood.items():
        assert standing(moment(who, events, turn).customer) == stood


async def typed(who: Cast, lines: Sequence[str]) -> tuple[Watched, Memory]:
    customer, sink = Watched(who, READER, SEED), Memory()
    await TypedCall(who, customer, sink, lambda _: None, script=lines).run()
    return customer, sink


async def again(who: Cast, sink: Memory, turn: int, most: int | None) -> tuple[Status, Memory]:
    """What comes of saying the same once more from `turn` on."""
    words = [t.text for t in sink.all("turn") if t.who == "agent" and t.turn >= turn]
    at, fork = moment(who, sink.events, turn), Memory()
    call = TypedCall(who, at.customer, fork, lambda _: None, script=words)
    call.dialogue.resume(at, most)
    return await call.run(), fork


def told(sink: Memory, since: int = 0) -> list[tuple[Any, ...]]:
    """Turns, moods, plans and happenings, without the clock."""
    found: list[tuple[Any, ...]] = []
    for event in sink.events:
        if getattr(event, "turn", 0) < since:
            continue
        if event.type == "turn":
            found.append(("turn", event.turn, event.who, event.text))
        elif event.type == "mood":
            found.append(("mood", event.turn, event.mood, event.acts, event.cause))
        elif event.type == "happened":
            found.append(("happened", event.turn, event.kind))
        elif event.type == "planned":
            found.append(("planned", event.turn, event.intent, event.facts, event.draft))
    return found


@pytest.mark.parametrize("agent", ["empathic", "dismissive"])
@pytest.mark.parametrize("name", ["olsen-outage", "mercer-billing", "voss-return"])
async def test_the_same_words_from_any_turn_on_give_the_same_call(name: str, agent: str) -> None:
    who = personas.load(name, [], SEED)
    watched, sink = await typed(who, scripts.script(agent, who))
    assert_stands_as_then(who, watched, sink.events)
    for turn in list(watched.stood)[::2]:
        status, fork = await again(who, sink, turn, None)
        assert told(fork, turn) == told(sink, turn)
        assert status is sink.all("call_ended")[0].status
        assert fork.all("call_ended")[0].csat == sink.all("call_ended")[0].csat


LINES = (
    "I am so sorry, that is our fault, and days without it is awful.",
    "What happened when you called us before?",
    "You should have read the terms.",
    "Could you hold for a moment, please?",
    "That is our policy.",
    "I understand your frustration.",
    "I will send somebody tomorrow at nine, and I'll ring you myself.",
    "Calm down.",
)
STEP = st.one_of(
    st.tuples(st.just("say"), st.sampled_from(LINES)),
    st.tuples(st.just("mumble"), st.sampled_from(LINES)),
    st.tuples(st.just("cut in"), st.sampled_from(LINES)),
    st.tuples(st.just("go on"), st.sampled_from(LINES)),
    st.tuples(st.just("wait"), st.floats(4, 20)),
    st.tuples(st.just("noise"), st.none()),
    st.tuples(st.just("hold"), st.floats(1, 200)),
    st.tuples(st.just("put right"), st.sampled_from(LINES)),
)


def play(who: Cast, steps: Sequence[tuple[str, Any]]) -> tuple[Watched, Memory]:
    """A call, step by step, as both kinds of call carry it out."""
    customer, sink = Watched(who, READER, SEED), Memory()
    talk = Dialogue(who, customer, sink, lambda _: None, lambda: len(sink.events) * 1000)

    def answer(reply: Reply, heard: float = 1.0) -> None:
        talk.settle()
        if reply.draft:
            talk.next_number()
            words = " ".join(reply.draft).split()
            kept = " ".join(words[: round(len(words) * heard)])
            talk.spoke([(kept, "authored")], talk.now(), talk.now(), "")

    answer(talk.greet())
    for step, what in steps:
        if customer.status is not Status.OPEN:
            break
        match step:
            case "say" | "mumble" | "cut in" | "go on":
                sure = 0.2 if step == "mumble" else 0.9
                number = talk.next_number()
                if step == "go on":  # half of it was taken for all of it
                    half = " ".join(what.split()[:3])
                    talk.hear(AgentTurn(number, half, sure), talk.now(), talk.now(), "stt")
                    talk.withdraw()
                turn = AgentTurn(number, what, sure, 1.25, step == "cut in")
                taken = talk.rehear if step == "go on" else talk.hear
                answer(taken(turn, talk.now(), talk.now(), "stt"), 0.5 if number % 3 else 1.0)
            case "wait":
                reply = customer.silent(talk.number, what)
                answer(talk.react(reply, talk.number, what))
            case "noise":
                answer(talk.react(customer.not_heard(talk.number), talk.number))
            case "hold":
                talk.mark(customer.hold(talk.number), talk.number)
                asked = what > 60
                back = customer.back(talk.number, what, asked)
                answer(talk.react(back, talk.number, what, asked))
            case "put right":
                own = [turn.number for turn in talk.turns if turn.who == "agent"]
                if own:
                    talk.correct(own[-1], what)
    talk.finish(Status.ABORTED)
    return customer, sink


@given(
    steps=st.lists(STEP, min_size=1, max_size=9),
    name=st.sampled_from(["olsen-outage", "mercer-billing", "stroud-parking"]),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_happened_they_stand_as_they_stood_before_each_turn(
    steps: list[tuple[str, Any]], name: str
) -> None:
    who = personas.load(name, [], SEED)
    watched, sink = play(who, steps)
    corrected = {event.turn for event in sink.all("corrected")}
    for turn, stood in watched.stood.items():
        rebuilt = moment(who, sink.events, turn)
        if all(other >= turn for other in corrected):  # else what was put right later counts
            assert standing(rebuilt.customer) == stood
        assert rebuilt.then.turn == turn


def test_what_was_put_right_later_counts_as_it_was_meant() -> None:
    who = personas.load("olsen-outage", [], SEED)
    unkind = [("say", "Calm down."), ("say", LINES[1])]
    customer, sink = play(who, unkind)
    before = moment(who, sink.events, 4).mood
    talk = Dialogue(who, customer, sink, lambda _: None, lambda: 0)
    talk.turns = [Turn(2, "agent", "Calm down.", 0.0, 1.0, "stt")]
    talk.correct(2, LINES[0])
    assert moment(who, sink.events, 4).mood.anger < before.anger


async def test_lines_of_earlier_calls_are_avoided_the_second_time_as_the_first() -> None:
    who = personas.load("olsen-outage", [], SEED)
    _, earlier = await typed(who, LINES)
    heard = [t.text for t in earlier.all("turn") if t.who == "customer"] + ["Not theirs."]
    kept = said_before(who, heard)
    assert kept
    assert set(kept) < set(heard)
    customer, sink = Watched(who, READER, SEED, heard), Memory()
    await TypedCall(who, customer, sink, lambda _: None, script=LINES).run()
    assert told(sink) != told(earlier)
    for turn, stood in customer.stood.items():
        rebuilt = rebuild(who, READER, SEED, kept, read_back(sink.events), turn)
        assert standing(rebuilt.customer) == stood


class Room:
    """A spoken call on a clock that jumps, with a customer who is watched."""

    def __init__(self, line: TimedLine, *words: str, slow: bool = False) -> None:
        self.who = personas.load("olsen-outage", [], SEED)
        kind = Slow if slow else Watched
        self.customer, self.sink = kind(self.who, READER, SEED), Memory()
        self.call = self._call(self.customer, self.sink, line, words)

    def _call(
        self, customer: Customer, sink: Memory, line: TimedLine, words: Sequence[str]
    ) -> SpokenCall:
        return SpokenCall(
            self.who,
            customer,
            sink,
            lambda _: None,
            line=line,
            meter=Loudness(),
            stt=QueuedWords(words),
            voices=[Hum()],
        )

    async def run(self) -> None:
        with suppress(TrainerError):  # a line that ends breaks the call off; its record is kept
            await self.call.run()

    async def retry(
        self, turn: int, most: int | None, line: TimedLine, *words: str
    ) -> tuple[Status, Memory]:
        at, fork = moment(self.who, self.sink.events, turn), Memory()
        call = self._call(at.customer, fork, line, words)
        call.dialogue.resume(at, most)
        return await call.run(), fork


async def test_a_spoken_call_with_a_wait_and_a_silence_is_rebuilt() -> None:
    room = Room(TimedLine((45.0, 47.0), (70.0, 71.5), ends_s=100.0), LINES[0], LINES[4])
    await room.run()
    assert any(event.seconds > 5 for event in room.sink.all("happened"))
    assert_stands_as_then(room.who, room.customer, room.sink.events)


async def test_a_customer_who_was_spoken_over_is_rebuilt_with_what_was_heard() -> None:
    room = Room(TimedLine((1.5, 5.0), ends_s=40.0), "Let me stop you there.")
    await room.run()
    turns = room.sink.all("turn")
    assert turns[0].unheard
    assert turns[1].interrupted
    assert_stands_as_then(room.who, room.customer, room.sink.events)
    at = moment(room.who, room.sink.events, 2)
    assert at.heard == turns[0].text
    assert at.last.draft == (f"{turns[0].text} {turns[0].unheard}",)


async def test_a_turn_that_went_on_is_rebuilt_whole() -> None:
    # After the greeting: a second of speech, a pause that looks like an end, and more.
    room = Room(
        TimedLine((10.0, 11.0), (12.2, 13.5), (30.0, 32.0), ends_s=45.0),
        *(LINES[0], "Sorry.", LINES[5], LINES[3], LINES[3]),
        slow=True,
    )
    await room.run()
    assert "resumed" in [event.on for event in room.sink.all("state_changed")]
    assert len(room.customer.stood) == 2
    assert_stands_as_then(room.who, room.customer, room.sink.events)


async def test_a_spoken_retry_says_the_last_line_again_and_stops_after_its_turns() -> None:
    room = Room(TurnsLine(2.0, 1.5, 2.0), LINES[5], LINES[7], LINES[4])
    await room.run()
    before = moment(room.who, room.sink.events, 4).mood
    status, fork = await room.retry(4, 1, TurnsLine(2.0, 2.0), LINES[0], LINES[1])
    turns = fork.all("turn")
    assert status is Status.OPEN
    assert [turn.turn for turn in turns] == [3, 4, 5]
    assert turns[0].text == room.sink.all("turn")[2].text
    assert fork.all("mood")[0].mood["anger"] < room.sink.all("mood")[1].mood["anger"]
    assert before.anger == pytest.approx(room.sink.all("mood")[0].mood["anger"], abs=1e-4)
    assert fork.all("call_ended")[0].csat is None


async def test_a_retry_may_be_played_to_the_end() -> None:
    who = personas.load("olsen-outage", [], SEED)
    _, sink = await typed(who, ["Calm down.", *LINES[:2]])
    status, fork = await again(who, sink, 2, None)
    assert status is Status.AGENT_ENDED
    assert fork.all("call_ended")[0].csat is not None


async def test_imagining_words_leaves_the_moment_as_it_is() -> None:
    who = personas.load("olsen-outage", [], SEED)
    watched, sink = await typed(who, ["Calm down.", LINES[1]])
    at = moment(who, sink.events, 2)
    kind, cold = imagined(at, LINES[0]), imagined(at, LINES[4])
    assert kind.mood.anger < cold.mood.anger
    assert imagined(at, "Calm down.").mood.anger == pytest.approx(
        sink.all("mood")[0].mood["anger"], abs=1e-4
    )
    assert standing(at.customer) == watched.stood[2]


async def test_a_customer_who_comes_out_otherwise_is_refused() -> None:
    who = personas.load("olsen-outage", [], SEED)
    _, sink = await typed(who, LINES[:3])
    other = personas.load("voss-return", [], SEED)
    with pytest.raises(BadInput, match="at turn 2"):
        moment(other, sink.events, 6)


async def test_a_turn_of_the_customer_cannot_be_retried() -> None:
    who = personas.load("olsen-outage", [], SEED)
    _, sink = await typed(who, LINES[:2])
    with pytest.raises(BadInput, match="Turn 3 is no turn of yours") as refused:
        moment(who, sink.events, 3)
    assert "2, 4" in str(refused.value)
