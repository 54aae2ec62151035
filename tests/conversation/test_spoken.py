"""Whole spoken calls on a clock that jumps: who has the floor, what counts as said, how it ends."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.conversation.fakes import Hum, Loudness, Memory, QueuedWords, TimedLine, TurnsLine
from trainer.acts.reader import Reader
from trainer.content import personas
from trainer.conversation.call import Level, Notice
from trainer.conversation.spoken import SpokenCall
from trainer.customer.customer import Customer
from trainer.domain.audio import BLOCK, RATE
from trainer.domain.errors import EngineFailed, TrainerError
from trainer.domain.mood import Status
from trainer.domain.plan import AgentTurn, Reply
from trainer.domain.transcript import Heard


class Slow(Customer):
    """The real customer, who takes a second before each answer."""

    def hear(self, turn: AgentTurn) -> Reply:
        return replace(super().hear(turn), pause_s=1.0)


class Room:
    """One call with everything at hand that a test looks at."""

    def __init__(
        self,
        line: TimedLine,
        *words: str | EngineFailed,
        customer: type[Customer] = Customer,
        **options: Any,
    ) -> None:
        self.sink = Memory()
        self.notices: list[str] = []
        who = personas.load("olsen-outage", [], 1)
        self.stt = QueuedWords(words)
        options.setdefault("voices", [Hum()])
        self.call = SpokenCall(
            who,
            customer(who, Reader(None, []), 1),
            self.sink,
            self._seen,
            line=line,
            meter=Loudness(),
            stt=self.stt,
            **options,
        )
        self.hooks: list[Any] = []

    def _seen(self, what: object) -> None:
        if isinstance(what, Notice):
            self.notices.append(what.text)
        elif not isinstance(what, Level):
            for hook in self.hooks:
                hook(what)

    async def run(self) -> Status:
        return await self.call.run()

    def texts(self, who: str) -> list[str]:
        return [turn.text for turn in self.sink.all("turn") if turn.who == who]

    def kinds(self) -> list[str]:
        return [str(event.kind) for event in self.sink.all("happened")]


SORRY = "I am so sorry, three days without a connection is awful."


async def test_a_scripted_call_takes_turns_and_ends_when_the_turns_run_out() -> None:
    room = Room(TurnsLine(2.0, 1.5), SORRY, "What have you tried so far?")
    assert await room.run() is Status.AGENT_ENDED
    turns = room.sink.all("turn")
    assert [turn.who for turn in turns] == ["customer", "agent", "customer", "agent", "customer"]
    assert [turn.turn for turn in turns] == [1, 2, 3, 4, 5]
    assert room.texts("agent") == [SORRY, "What have you tried so far?"]
    assert [moved.turn for moved in room.sink.all("mood")] == [2, 4]


async def test_the_log_is_in_order_and_a_turn_precedes_its_answer() -> None:
    room = Room(TurnsLine(2.0), SORRY)
    await room.run()
    order = [(event.type, getattr(event, "turn", None)) for event in room.sink.events]
    assert order.index(("turn", 2)) < order.index(("mood", 2)) < order.index(("clause", 3))


async def test_the_recording_is_as_long_as_the_clock_and_holds_both_sides() -> None:
    room = Room(TurnsLine(2.0), SORRY)
    await room.run()
    agent, customer = np.concatenate(room.sink.mic), np.concatenate(room.sink.played)
    assert len(agent) == len(customer)
    turn = next(turn for turn in room.sink.all("turn") if turn.who == "agent")
    assert agent[turn.start : turn.end].mean() > 0.25
    reply = room.sink.all("turn")[2]
    assert customer[reply.start : reply.end].mean() > 0.15
    assert not customer[turn.start : turn.end].any()


async def test_a_first_word_is_not_clipped() -> None:
    room = Room(TurnsLine(2.0), SORRY)
    await room.run()
    assert room.stt.lengths_s[0] >= 2.0 + 0.4


async def test_a_silent_agent_is_asked_whether_anyone_is_there() -> None:
    room = Room(TimedLine(ends_s=20.0))
    with pytest.raises(TrainerError, match="line is gone"):
        await room.run()
    assert "presence_check" in room.kinds()
    assert room.texts("agent") == []


async def test_a_turn_without_words_is_a_bad_line_and_moves_no_mood() -> None:
    room = Room(TurnsLine(3.0), "")
    await room.run()
    assert room.kinds() == ["not_heard"]
    assert room.sink.all("mood") == []


async def test_a_short_noise_without_words_is_ignored() -> None:
    room = Room(TurnsLine(0.4, 2.0), "", SORRY)
    await room.run()
    assert "not_heard" not in room.kinds()
    assert room.texts("agent") == [SORRY]


async def test_an_agent_who_goes_on_takes_the_turn_back() -> None:
    # After the greeting: a second of speech, a pause that looks like an end, and more.
    room = Room(
        TimedLine((10.0, 11.0), (12.2, 13.5), ends_s=30.0), SORRY, SORRY, SORRY, customer=Slow
    )
    with pytest.raises(TrainerError):
        await room.run()
    states = [event.on for event in room.sink.all("state_changed")]
    assert "resumed" in states
    assert len(room.texts("agent")) == 1
    agent = next(turn for turn in room.sink.all("turn") if turn.who == "agent")
    assert agent.start / RATE == pytest.approx(10.0, abs=0.1)
    assert agent.end / RATE == pytest.approx(13.5, abs=0.1)
    assert max(room.stt.lengths_s) > 3.0


async def test_a_turn_taken_back_for_what_was_no_word_keeps_the_words_it_had() -> None:
    room = Room(TimedLine((10.0, 11.0), (12.2, 13.5), ends_s=30.0), SORRY, "", "", customer=Slow)
    with pytest.raises(TrainerError):
        await room.run()
    assert "resumed" in [event.on for event in room.sink.all("state_changed")]
    assert room.texts("agent") == [SORRY]
    assert room.sink.all("mood")
    assert "not_heard" not in room.kinds()


async def test_speaking_over_the_customer_takes_the_floor_and_cuts_the_words() -> None:
    room = Room(TimedLine((1.0, 3.0), ends_s=30.0), SORRY)
    with pytest.raises(TrainerError):
        await room.run()
    assert "barge_in" in room.kinds()
    greeting = room.sink.all("turn")[0]
    assert greeting.unheard
    assert greeting.end / RATE < 1.6
    assert room.texts("agent") == [SORRY]


async def test_a_murmur_while_the_customer_speaks_does_not_take_the_floor() -> None:
    quiet = Room(TimedLine(ends_s=30.0))
    murmur = Room(TimedLine((1.0, 1.3), ends_s=30.0))
    for room in (quiet, murmur):
        with pytest.raises(TrainerError):
            await room.run()
    assert "barge_in" not in murmur.kinds()
    assert murmur.sink.all("turn")[0].text == quiet.sink.all("turn")[0].text
    assert not murmur.sink.all("turn")[0].unheard


async def test_on_loudspeakers_the_microphone_does_not_interrupt_but_the_key_does() -> None:
    deaf = Room(TimedLine((1.0, 3.0), ends_s=30.0), half_duplex=True)
    with pytest.raises(TrainerError):
        await deaf.run()
    assert "barge_in" not in deaf.kinds()

    keyed = Room(TimedLine((1.5, 3.0), ends_s=30.0), SORRY, half_duplex=True)

    def press(event: Any) -> None:
        if event.type == "clause":
            keyed.call.talk(True)
            keyed.call.talk(False)

    keyed.hooks.append(press)
    with pytest.raises(TrainerError):
        await keyed.run()
    assert "barge_in" in keyed.kinds()


async def test_a_voice_that_breaks_is_replaced_and_the_call_goes_on() -> None:
    room = Room(TurnsLine(2.0), SORRY, voices=[Hum("first", fails=True), Hum("second")])
    assert await room.run() is Status.AGENT_ENDED
    assert "fallback" in room.kinds()
    assert np.concatenate(room.sink.played).any()


async def test_without_any_voice_the_words_still_take_their_time() -> None:
    room = Room(TurnsLine(2.0), SORRY, voices=[])
    assert await room.run() is Status.AGENT_ENDED
    assert [turn.who for turn in room.sink.all("turn")] == ["customer", "agent", "customer"]


async def test_speech_to_text_that_breaks_once_is_asked_again() -> None:
    room = Room(TurnsLine(2.0), EngineFailed("it died"), SORRY)
    await room.run()
    assert room.texts("agent") == [SORRY]
    assert "fallback" in room.kinds()


async def test_a_full_disk_ends_the_call_with_its_reason() -> None:
    room = Room(TurnsLine(2.0, 2.0), SORRY, SORRY)

    def fill(event: Any) -> None:
        if event.type == "mood":
            room.sink.broken = "The disk is full."

    room.hooks.append(fill)
    with pytest.raises(TrainerError, match="disk is full"):
        await room.run()
    assert room.sink.all("call_ended")[0].status is Status.ABORTED


async def test_hold_waits_for_a_quiet_moment_and_the_customer_greets_the_return() -> None:
    room = Room(TimedLine((10.0, 12.0), ends_s=25.0), "Can I put you on hold for a minute?")
    on_hold: list[int] = []

    def press(event: Any) -> None:
        if event.type == "mood":
            room.call.hold(True)
        if event.type == "state_changed" and event.after == "on_hold":
            on_hold.append(event.t)

    room.hooks.append(press)
    original = room.call._on

    def on(tick: Any) -> None:
        original(tick)
        if on_hold and tick.end - on_hold[0] > 5 * RATE and room.call.dialogue.state == "on_hold":
            room.call.hold(False)

    room.call._works._on = on
    with pytest.raises(TrainerError):
        await room.run()
    assert [kind for kind in room.kinds() if "hold" in kind] == ["hold_start", "hold_end"]
    customer = [turn for turn in room.sink.all("turn") if turn.who == "customer"]
    assert len(customer) >= 3


async def test_stopping_aborts_without_a_rating() -> None:
    room = Room(TurnsLine(2.0, 2.0), SORRY, SORRY)

    def press(event: Any) -> None:
        if event.type == "mood":
            room.call.stop()

    room.hooks.append(press)
    assert await room.run() is Status.ABORTED
    ended = room.sink.all("call_ended")[0]
    assert ended.csat is None
    assert ended.story == []


async def test_hanging_up_in_mid_sentence_still_hears_the_sentence() -> None:
    room = Room(TimedLine((10.0, 40.0), ends_s=60.0), SORRY)
    original = room.call._on

    def on(tick: Any) -> None:
        original(tick)
        if tick.end > 13 * RATE:
            room.call.end()

    room.call._works._on = on
    status = await room.run()
    assert status in {Status.AGENT_ENDED, Status.CLOSED_BY_AGENT}
    assert room.texts("agent") == [SORRY]


async def test_hanging_up_is_not_undone_by_what_happens_until_the_words_are_known() -> None:
    room = Room(TimedLine((10.0, 14.0), (16.0, 18.0), ends_s=60.0))
    pressed_at: list[int] = []

    class WordsAfter(QueuedWords):
        async def transcribe(self, audio: Any) -> Heard:
            for _ in range(8 * RATE // BLOCK if pressed_at else 0):
                tick = room.call.pump.tick()  # the call goes on meanwhile
                assert tick is not None
                room.call._on(tick)
            return await super().transcribe(audio)

    room.call._listening._stt = WordsAfter([SORRY])
    original = room.call._on

    def on(tick: Any) -> None:
        original(tick)
        if tick.end > 13 * RATE and not pressed_at:
            pressed_at.append(tick.end)
            room.call.end()

    room.call._works._on = on
    status = await room.run()
    assert status in {Status.AGENT_ENDED, Status.CLOSED_BY_AGENT}
    assert room.texts("agent") == [SORRY]


async def test_a_corrected_turn_logs_what_was_meant_and_a_new_mood() -> None:
    room = Room(TurnsLine(2.0, 2.0), "Calm down.", "Yes.")

    def correct(event: Any) -> None:
        if event.type == "turn" and event.turn == 3:
            room.call.correct(2, "I am sorry, that is our fault.")

    room.hooks.append(correct)
    await room.run()
    corrected = room.sink.all("corrected")[0]
    assert (corrected.before, corrected.after) == ("Calm down.", "I am sorry, that is our fault.")
    first, again = [moved for moved in room.sink.all("mood") if moved.turn == 2]
    assert again.mood["anger"] < first.mood["anger"]


async def test_the_same_script_gives_the_same_call() -> None:
    logs = []
    for _ in range(2):
        room = Room(TurnsLine(2.0, 1.0), SORRY, "Let me check.")
        await room.run()
        logs.append([event.model_dump(exclude={"wall"}) for event in room.sink.events])
    assert logs[0] == logs[1]


async def test_trouble_with_the_devices_is_told_once_and_so_is_its_end() -> None:
    line = TimedLine(ends_s=4.0)
    room = Room(line)

    def unplug(event: Any) -> None:
        if event.type == "clause":
            line.trouble = "" if line.trouble else "The microphone is gone."

    room.hooks.append(unplug)
    with pytest.raises(TrainerError):
        await room.run()
    assert room.notices[:2] == ["The microphone is gone.", "The sound is back."]
