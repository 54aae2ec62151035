"""Whatever is said and pressed, and however slow or broken the engines are: the call goes on, ends
when it is to, and its record is whole.

The clock of these calls jumps: four seconds of an engine take none here, and the blocks of those
four seconds come all the same.
"""

import asyncio
import selectors
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conversation.fakes import Hum, Loudness, Memory, QueuedWords, TimedLine
from trainer.acts.reader import Reader
from trainer.content import personas
from trainer.conversation.machine import State
from trainer.conversation.spoken import SpokenCall
from trainer.conversation.words import Words
from trainer.customer.customer import Customer
from trainer.domain.audio import BLOCK, RATE, Samples
from trainer.domain.errors import EngineFailed
from trainer.domain.mood import Status
from trainer.domain.persona import VoiceChoice
from trainer.domain.plan import AgentTurn, Reply, VoiceStyle
from trainer.domain.transcript import Heard
from trainer.ports.line import Frame
from trainer.ports.wording import Prompt

SORRY = "I am so sorry, three days without a connection is awful."
TRIED = "What have you tried so far?"

SLOW_S = 4.0
"""What the slowest ears take; when they fail, twice."""

LONGEST_S = 20.0
"""The slowest ears, then the slowest voice: by then somebody is heard, or the call is over."""

PATIENCE = 250
"""Blocks for which a move waits for its state; then it is made all the same."""


class Jumping(selectors.DefaultSelector):
    """Where a loop waits: it passes at once, up to the next thing that is due."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None:
            raise AssertionError("everybody waits, and nothing will ever happen")
        self.now += max(0.0, timeout)
        return super().select(0)


class JumpingLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._jumping = Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now


@dataclass(frozen=True)
class Move:
    """What the agent does, so many blocks after the call is in a state: press, or speak (blocks).

    Keys are pressed at once, one after the other; with "un" in front they switch off.
    """

    when: State
    delay: int
    what: str | int


@dataclass(frozen=True)
class Plot:
    """One call. The agent hangs up when all moves are made.

    Attributes:
        moves: one after the other.
        ears: seconds, and words or None for a failure, of each transcription; then from the start.
        tongue: seconds before a clause, and its pieces in seconds; no pieces: it fails.
        model: seconds that a wording model takes for a sentence, and to let go; None: no model.
        paced: the line is a device.
    """

    moves: Sequence[Move]
    ears: Sequence[tuple[float, str | None]] = ((0.1, SORRY),)
    tongue: Sequence[tuple[float, Sequence[float]]] = ((0.1, (0.4,)),)
    model: tuple[float, float] | None = None
    paced: bool = True
    half_duplex: bool = False


class Agent(TimedLine):
    """A line on which an agent speaks and presses keys; what is not theirs is the call's."""

    def __init__(self, paced: bool) -> None:
        super().__init__(ends_s=600.0)
        self.paced = paced
        self.each: Callable[[], None] = lambda: None
        self.speaks = 0

    def read(self) -> Frame | None:
        self.each()
        now = self._at / RATE
        self._sounds = ((now, now + 1e-6),) if self.speaks else ()
        self.speaks = max(0, self.speaks - 1)
        return super().read()


class Ears(QueuedWords):
    """Speech-to-text that takes its time."""

    def __init__(self, answers: Sequence[tuple[float, str | None]]) -> None:
        super().__init__()
        self._answers = cycle(answers)

    async def transcribe(self, audio: Samples) -> Heard:
        takes_s, words = next(self._answers)
        await asyncio.sleep(takes_s)
        if words is None:
            raise EngineFailed("it died")
        return Heard(words, 0.9 if words else 0.0)


class Tongue(Hum):
    """A voice that takes its time."""

    def __init__(self, answers: Sequence[tuple[float, Sequence[float]]]) -> None:
        super().__init__("tongue")
        self._answers = cycle(answers)

    async def speak(
        self, text: str, choice: VoiceChoice, style: VoiceStyle
    ) -> AsyncGenerator[Samples, None]:
        takes_s, pieces = next(self._answers)
        await asyncio.sleep(takes_s)
        if not pieces:
            raise EngineFailed("the voice broke")
        for piece_s in pieces:
            yield np.full(round(piece_s * RATE), 0.2, np.float32)
            await asyncio.sleep(takes_s / 4)


class Model:
    """A wording model that takes its time, also to let go of a request."""

    name = "local/model"
    leaves_machine = False
    small = False

    def __init__(self, takes_s: float, lets_go_s: float) -> None:
        self._takes_s = takes_s
        self._lets_go_s = lets_go_s

    async def warm(self) -> None:
        pass

    async def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        try:
            await asyncio.sleep(self._takes_s)
            yield "I have been without a connection for three days now. "
            await asyncio.sleep(self._takes_s)
            yield "And nobody calls me back. "
        finally:
            await asyncio.sleep(self._lets_go_s)

    async def close(self) -> None:
        pass


class Noting(Customer):
    """The real customer, with a list of the turns that moved them."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.heard: set[int] = set()

    def hear(self, turn: AgentTurn) -> Reply:
        self.heard.add(turn.number)
        return super().hear(turn)


class Slow(Noting):
    """Somebody who takes a second before each answer, ready or not."""

    def hear(self, turn: AgentTurn) -> Reply:
        return replace(super().hear(turn), pause_s=1.0)

    def rehear(self, turn: AgentTurn) -> Reply:
        return replace(super().rehear(turn), pause_s=1.0)


class Speechless(Noting):
    """Somebody who answers with a silence: every line they have has been said."""

    def hear(self, turn: AgentTurn) -> Reply:
        return replace(super().hear(turn), draft=(), pause_s=1.0)


class Trial:
    """The call of a plot."""

    def __init__(self, plot: Plot, customer: type[Noting] = Noting) -> None:
        who = personas.load("olsen-outage", [], 1)
        self.sink = Memory()
        self.customer = customer(who, Reader(None, []), 1)
        self.line = Agent(plot.paced)
        self.line.each = self._block
        self.call = SpokenCall(
            who,
            self.customer,
            self.sink,
            lambda _: None,
            line=self.line,
            meter=Loudness(),
            stt=Ears(plot.ears),
            voices=[Tongue(plot.tongue), Hum("second")],
            words=Words(Model(*plot.model) if plot.model else None),
            half_duplex=plot.half_duplex,
            at_work=(lambda: True) if plot.paced else None,
        )
        self.longest_s = 0.0
        """The longest time that nobody spoke because the customer was thinking, the last included.
        """
        self.status = Status.OPEN
        self._moves = deque(plot.moves)
        self._waits = 0
        self._due: int | None = None
        self._block_s = BLOCK / RATE if plot.paced else 0.0
        self._thinks_s = 0.0
        self._hung_up_s = 0.0

    async def run(self) -> None:
        self.status = await self.call.run()
        self.longest_s = max(self.longest_s, self._thinks_s, self._hung_up_s)

    def _block(self) -> None:
        """Before each block: time goes by, and the agent does what is due."""
        still = self.call.pump.frozen
        thinks = self.call.dialogue.state is State.THINKING
        if not thinks:
            self.longest_s, self._thinks_s = max(self.longest_s, self._thinks_s), 0.0
        elif not still:
            self._thinks_s += self._block_s
        if not self._moves:
            self.call.freeze(False)
            self.call.end()
            self._hung_up_s += self._block_s
            assert self._hung_up_s < LONGEST_S, "the call goes on for ever"
            return
        move = self._moves[0]
        self._waits += 1
        if self._due is None and (
            self.call.dialogue.state is move.when or self._waits >= PATIENCE or still
        ):
            self._due = move.delay
        if self._due == 0:
            self._moves.popleft()
            self._due, self._waits = None, 0
            self._make(move.what)
        elif self._due is not None:
            self._due -= 1

    def _make(self, what: str | int) -> None:
        if isinstance(what, int):
            self.line.speaks = what
            return
        for key in what.split():
            if key in ("end", "stop"):
                getattr(self.call, key)()
            elif key == "correct":
                numbers = [turn.number for turn in self.call.dialogue.turns if turn.who == "agent"]
                for number in numbers[-1:]:
                    self.call.correct(number, "I am sorry, that was our mistake.")
            else:
                getattr(self.call, key.removeprefix("un"))(not key.startswith("un"))

    def of(self, kind: str) -> list[Any]:
        """The events of one kind."""
        return list(self.sink.all(kind))

    def texts(self, who: str) -> list[str]:
        return [turn.text for turn in self.of("turn") if turn.who == who]


def run(plot: Plot, customer: type[Noting] = Noting) -> Trial:
    """Take the call, and look at what is true of every call."""

    async def take() -> Trial:
        trial = Trial(plot, customer)
        await trial.run()
        return trial

    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        trial = runner.run(take())
    events, clock = trial.sink.events, trial.call.pump.clock

    assert trial.longest_s < LONGEST_S
    for side in (trial.sink.mic, trial.sink.played):
        assert sum(map(len, side)) == clock
    assert [event.type for event in events].index("call_ended") == len(events) - 1
    assert all(0 <= event.t <= clock for event in events)

    states = [(event.before, event.after) for event in trial.of("state_changed")]
    assert (states[0][0], states[-1][1]) == (State.CONNECTING, State.ENDED)
    assert all(one[1] == other[0] for one, other in pairwise(states))

    turns = trial.of("turn")
    assert [turn.turn for turn in turns] == list(range(1, len(turns) + 1))
    assert all(0 <= turn.start <= turn.end <= clock for turn in turns)
    assert [(turn.turn, turn.who) for turn in turns] == [
        (turn.number, turn.who) for turn in trial.call.dialogue.turns
    ]
    if trial.status is Status.ABORTED:
        return trial  # what was under way is broken off where it was

    # what moved the customer is on record, and nothing else is
    assert trial.customer.heard == {turn.turn for turn in turns if turn.who == "agent"}
    for event, after in pairwise(events):
        if event.type == "turn" and event.who == "agent":
            assert after.type == "mood"
            assert after.turn == event.turn
    # a customer who has begun to speak ends, by themselves or cut short, before they begin again
    spoke = [
        event.type
        for event in events
        if event.type in ("speech_started", "speech_ended") and event.who == "customer"
    ]
    assert spoke == ["speech_started", "speech_ended"] * (len(spoke) // 2)
    return trial


def s(seconds: float) -> int:
    """Seconds as blocks."""
    return round(seconds * RATE / BLOCK)


SPEAKS_FIRST = Move(State.LISTENING, s(0.5), s(2.0))
"""The greeting is heard out, then the agent speaks for two seconds."""

COUGH = 7
"""Blocks: enough to be taken for speech, too short for a turn."""

LATER = Move(State.LISTENING, s(1.0), "untalk")
"""The answer is heard out before the agent hangs up."""


def test_a_cough_before_the_answer_does_not_take_the_turn_away() -> None:
    trial = run(Plot([SPEAKS_FIRST, Move(State.THINKING, s(0.3), COUGH), LATER]), Slow)
    assert "resumed" in [event.on for event in trial.of("state_changed")]
    assert trial.texts("agent") == [SORRY]
    assert trial.of("turn")[-1].who == "customer"


def test_hanging_up_in_a_turn_that_was_taken_back_keeps_what_was_said() -> None:
    goes_on = Move(State.THINKING, s(0.3), s(10.0))
    hangs_up = Move(State.AGENT_SPEAKING, s(3.0), "end")
    both = f"{SORRY} {TRIED}"
    trial = run(Plot([SPEAKS_FIRST, goes_on, hangs_up], ears=[(0.1, SORRY), (0.1, both)]), Slow)
    turn = trial.of("turn")[-1]
    assert trial.texts("agent") == [both]
    assert turn.end - turn.start > 5 * RATE


def test_going_on_twice_before_the_words_are_known_takes_back_no_other_turn() -> None:
    again = [Move(State.THINKING, s(0.3), s(1.0)), Move(State.AGENT_SPEAKING, s(0.5), "untalk")] * 2
    slower = [(0.1, SORRY), (SLOW_S, SORRY), (SLOW_S, SORRY)]
    trial = run(Plot([SPEAKS_FIRST, *again, LATER], ears=slower), Slow)
    assert [event.on for event in trial.of("state_changed")].count("resumed") == 2
    assert trial.texts("agent") == [SORRY]


@pytest.mark.parametrize("key", ["talk", "hold", "unhold", "freeze", "mute", "correct"])
@pytest.mark.parametrize("state", [State.THINKING, State.CUSTOMER_SPEAKING, State.ON_HOLD])
def test_no_key_undoes_hanging_up(key: str, state: State) -> None:
    holds = [Move(State.LISTENING, 0, "hold")] if state is State.ON_HOLD else []
    run(Plot([SPEAKS_FIRST, *holds, Move(state, s(0.2), f"end {key}")]), Slow)


def test_hanging_up_right_after_taking_the_floor_by_key_says_nothing() -> None:
    freezes = Move(State.CUSTOMER_SPEAKING, s(0.5), "freeze")
    trial = run(Plot([freezes, Move(State.CUSTOMER_SPEAKING, s(0.5), "talk end")]))
    assert trial.texts("agent") == []


@pytest.mark.parametrize("state", [state for state in State if state is not State.ENDED])
def test_stopping_ends_the_call_with_the_next_block(state: State) -> None:
    holds = [Move(State.LISTENING, 0, "hold")] if state is State.ON_HOLD else []
    stops = Move(state, 0, "stop")
    trial = run(
        Plot([*holds, stops] if state is State.CONNECTING else [SPEAKS_FIRST, *holds, stops])
    )
    assert trial.status is Status.ABORTED
    assert trial.of("call_ended")[0].csat is None


def test_who_has_hung_up_hears_no_answer() -> None:
    hangs_up = Move(State.THINKING, s(0.3), "end")
    trial = run(Plot([SPEAKS_FIRST, hangs_up], ears=[(0.1, SORRY), (SLOW_S, SORRY)]), Slow)
    assert trial.texts("agent") == [SORRY]
    assert len(trial.texts("customer")) == 1


@pytest.mark.parametrize("paced", [True, False])
def test_a_customer_who_has_nothing_left_to_say_gives_the_floor_back(paced: bool) -> None:
    speaks_again = Move(State.LISTENING, s(1.0), s(2.0))
    waits = Move(State.THINKING, 0, "untalk")
    plot = Plot([SPEAKS_FIRST, waits, speaks_again, waits], paced=paced)
    assert run(plot, Speechless).texts("agent") == [SORRY, SORRY]


SWITCHES = ("talk", "mute", "hold", "freeze")
moves = st.builds(
    Move,
    st.sampled_from([state for state in State if state not in (State.CONNECTING, State.ENDED)]),
    st.sampled_from([0, 1, 3, 8, 15, 25, 40, 80]),
    st.sampled_from([2, COUGH, COUGH + 1, 12, 20, 45, 60, 100, 700])
    | st.sampled_from([*SWITCHES, *(f"un{key}" for key in SWITCHES), "correct", "end", "stop"]),
)
ears = st.tuples(
    st.sampled_from([0.0, 0.3, 0.9, SLOW_S]),
    st.sampled_from([SORRY, TRIED, "and so", "mm-hm", "", None]),
)
tongues = st.tuples(
    st.sampled_from([0.0, 0.2, 1.5]), st.sampled_from([(), (0.0,), (0.5,), (0.3, 0.8), (2.5,)])
)
plots = st.builds(
    Plot,
    moves=st.lists(moves, max_size=14),
    ears=st.lists(ears, min_size=1, max_size=6),
    tongue=st.lists(tongues, min_size=1, max_size=5),
    model=st.none() | st.tuples(st.sampled_from([0.1, 2.0]), st.sampled_from([0.0, 0.5])),
    paced=st.booleans(),
    half_duplex=st.booleans(),
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(plots)
def test_whatever_happens_the_call_ends_and_its_record_is_whole(plot: Plot) -> None:
    run(plot)
