"""A call by voice: listens, decides whose turn it is, answers aloud, and lets the agent interrupt.

Real devices run at their own pace on the pump thread. A scripted line without pace runs as fast as
engines answer: its clock stands still while one works, so that the same files give the same call.
"""

import asyncio
from collections.abc import Callable, Sequence

from trainer.conversation.agent_side import AgentSide, Committed
from trainer.conversation.call import Notice, Observer
from trainer.conversation.clockwork import Clockwork
from trainer.conversation.dialogue import Dialogue
from trainer.conversation.gauge import Gauge
from trainer.conversation.hearing import Hearing
from trainer.conversation.hold import Hold
from trainer.conversation.listening import Listening
from trainer.conversation.machine import On, State
from trainer.conversation.mouth import Mouth
from trainer.conversation.murmur import Murmur
from trainer.conversation.playout import Playout
from trainer.conversation.pump import Pump, Tick
from trainer.conversation.speaking import Speaking
from trainer.conversation.stand import Stand
from trainer.conversation.turns import EVEN, Decision, Policy
from trainer.conversation.waiting import Wait, Waiting
from trainer.conversation.words import AUTHORED, Words
from trainer.customer import interrupting
from trainer.customer.customer import Customer
from trainer.domain.audio import BLOCK, RATE, samples
from trainer.domain.errors import BadInput
from trainer.domain.events import SpeechStarted
from trainer.domain.mood import Band, Happening, Status
from trainer.domain.persona import Cast
from trainer.domain.plan import Reply
from trainer.ports.line import Line, Meter
from trainer.ports.sink import CallSink
from trainer.ports.speech_to_text import SpeechToText
from trainer.ports.voice import Voice

_PRESENCE_S = 8.0


class SpokenCall:
    """One call over a line.

    Controls: `talk`, `mute`, `hold`, `freeze`, `correct`, `end`, `stop`.
    """

    def __init__(
        self,
        cast: Cast,
        customer: Customer,
        sink: CallSink,
        observer: Observer,
        *,
        line: Line,
        meter: Meter,
        stt: SpeechToText,
        voices: Sequence[Voice],
        words: Words = AUTHORED,
        policy: Policy = EVEN,
        half_duplex: bool = False,
        at_work: Callable[[], bool] | None = None,
    ) -> None:
        """`half_duplex`: nothing is heard of the microphone while the customer speaks; the talk key
        interrupts all the same. `at_work`: whether an engine works, for calls that are measured."""
        self.playout = Playout()
        self.pump = Pump(line, meter, self.playout, sink)
        self._works = Clockwork(self.pump, line.paced, self._on, self._waiting, at_work)
        self.playout.fed = self._works.wake
        self.dialogue = Dialogue(cast, customer, sink, observer, lambda: self.pump.clock)
        self._gauge = Gauge(self.dialogue, line)
        self._hold = Hold(self.dialogue)
        self._stand = Stand(self.dialogue)
        self._line = line
        self._sink = sink
        self._policy = policy
        self._half_duplex = half_duplex
        mouth = Mouth(voices, cast.persona.voice, self._failed)
        self._speaking = Speaking(
            self.dialogue, self.playout, mouth, words, self.pump.cut, paced=line.paced
        )
        self._words = words
        self._listening = Listening(stt, self._failed, ahead=line.paced)
        murmur = Murmur(words.roots)
        self._hearing = Hearing(policy, murmur)
        self._agent = AgentSide(self.dialogue, self._listening, murmur, policy)
        self._held = self._muted = False
        self._waiting_for = Waiting(line, policy, cast.temper.presence_s or _PRESENCE_S)
        self._insists = 0
        self._hanging_up = False
        self._outcome: tuple[Status, str] | None = None

    def say(self, text: str) -> None:
        """Nothing to type in a spoken call."""

    def talk(self, down: bool) -> None:
        """Hold the floor; while the customer speaks it interrupts them."""
        self._held = down
        speaking = self.dialogue.state is State.CUSTOMER_SPEAKING
        if down and speaking and not self._ending():
            self._barge_in(self.pump.clock)

    def mute(self, on: bool) -> None:
        """Close or open the microphone."""
        self._muted = on
        self._set_open()

    def hold(self, on: bool) -> None:
        """Hold as soon as nobody is in mid-sentence; off: take the customer back."""
        if self._ending():
            return
        self._hold.wanted = on
        if on:
            self._try_hold()
        elif self.dialogue.state is State.ON_HOLD:
            self._hold_over()

    def freeze(self, on: bool) -> None:
        """Stand still on both sides, or go on; the clock stands still with it."""
        if on and not self._ending():
            self._stand.begin()
        elif not on:
            self._stand.end()
        self.pump.frozen = self._stand.still

    def correct(self, turn: int, text: str) -> None:
        """Replace what was understood of an agent turn."""
        self.dialogue.correct(turn, text)

    def end(self) -> None:
        """The agent hangs up; what they were just saying still counts."""
        if not self._ending():
            self._hanging_up = True  # from here on nothing begins other work in its place
            self._works.start(self._hang_up())

    def stop(self) -> None:
        """Stop at once."""
        self._over(Status.ABORTED, "stopped")

    def _ending(self) -> bool:
        """Whether the call is over but for what is still to be understood and written."""
        return self._hanging_up or self._outcome is not None

    # --- the call ---

    async def run(self) -> Status:
        """From connecting to the last word."""
        talk = self.dialogue
        self._line.open()
        reading = self._words.prepare(talk.cast)
        try:
            talk.go(On.CONNECTED)
            self._works.start(self._speak(talk.greet()))
            await self._works.run()
            await self._listening.drain()
        except Exception as error:
            talk.finish(Status.ABORTED, str(error))
            raise
        finally:
            reading.cancel()
            self._speaking.stop_rehearsing()
            self._line.close()
        assert self._outcome is not None
        talk.settle()
        talk.go(On.END)
        return talk.finish(*self._outcome)

    def _waiting(self) -> bool:
        """Whether the clock of a fast call has to wait for an engine.

        Less than a block of sound would be filled up with silence, longer or shorter from run to
        run: the rest of it is waited for.
        """
        silent = self.playout.pending() < BLOCK
        return self._listening.guessing() or (self._works.working() and silent)

    # --- one block ---

    def _on(self, tick: Tick) -> None:
        talk = self.dialogue
        if tick.still:
            return
        self._gauge.take(tick)
        if fault := self._sink.fault():
            raise BadInput(fault, "What was recorded until then has been kept.")
        self._speaking.track(tick)
        if self._hanging_up:
            return
        if talk.state is State.CUSTOMER_SPEAKING:
            self._speaking.rehearse()
        if self._speaking.audible and self._agent.stands(tick.end):
            self._agent.settle()
        if talk.state is State.ON_HOLD:
            return
        self._listen(tick)
        if talk.state is State.CUSTOMER_SPEAKING:
            if self._speaking.over(tick.left):
                self._reply_done(tick.left)
        elif talk.state is State.LISTENING:
            self._wait_for_agent(tick)
        elif talk.state is State.AGENT_SPEAKING:
            self._hear_out(tick)

    def _listen(self, tick: Tick) -> None:
        self._listening.take(tick.mic)
        over = self.dialogue.state is State.CUSTOMER_SPEAKING
        quiet = self._hearing.ears.quiet + BLOCK
        decisions = self._hearing.block(
            tick,
            self._listening.guessed(),
            over=over,
            held=self._held,
            deaf=(over and self._half_duplex) or self._insisting(),
        )
        for decision in decisions:
            match decision:
                case Decision.STARTED:
                    self._agent_started(tick)
                case Decision.GUESS:
                    if self.dialogue.state in (State.AGENT_SPEAKING, State.CUSTOMER_SPEAKING):
                        self._speaking.stop_rehearsing()
                        self._listening.guess(self._works.wake)
                case Decision.DISCARD:
                    self._listening.discard()
                case Decision.COMMIT:
                    self._agent_finished(tick.end - quiet, tick.end)
                case Decision.NOISE if self._agent.committed is not None:
                    # a cough took the turn back: it was over after all
                    self._agent_finished(self._agent.committed.end, tick.end)
                case Decision.NOISE:
                    self._nothing()
                case Decision.PAUSE if self.dialogue.state is State.CUSTOMER_SPEAKING:
                    self.pump.pause(True)
                case Decision.GO_ON:
                    self.pump.pause(False)
                case Decision.TAKE:
                    self._barge_in(self._agent.start)

    # --- the agent's turn ---

    def _agent_started(self, tick: Tick) -> None:
        talk, agent = self.dialogue, self._agent
        voiced = self._hearing.ears.voiced
        thinking = talk.state is State.THINKING and agent.committed is not None
        if thinking or agent.regrets(tick.end - voiced):
            self._works.cancel()
            self._speaking.withdraw(tick.end)
            self._hearing.paused(tick.end - voiced - agent.take_back())
            return
        agent.settle()
        agent.begin(voiced, tick.end)
        if talk.state is State.LISTENING:
            agent.began_over = False
            talk.go(On.SPEECH)
            talk.log(SpeechStarted(t=agent.start, who="agent"))

    def _agent_finished(self, end: int, at: int) -> None:
        if self.dialogue.state is State.AGENT_SPEAKING:
            self._works.start(self._answer(self._agent.commit(end, at)))
        else:
            self._nothing()

    async def _answer(self, turn: Committed) -> None:
        began = asyncio.get_running_loop().time()
        reply = await self._agent.understand(turn, self._waiting_for.since)
        if reply is not None:
            await self._speak(reply, began)

    def _hear_out(self, tick: Tick) -> None:
        """A customer who is hot enough does not wait for the end of a monologue."""
        patience_s = interrupting.after_s(self.dialogue.customer.mood)
        in_full_flow = self._hearing.ears.speaking and not self._hearing.ears.quiet
        if patience_s is None or not in_full_flow or tick.held or self._held:
            return
        if self._hearing.ears.voiced >= samples(patience_s):
            self.dialogue.happened(Happening.CUSTOMER_INTERRUPT, self.dialogue.number)
            self._insists = samples(self._policy.insist_s)
            self._hearing.reset()
            self._agent_finished(tick.end, tick.end)

    def _insisting(self) -> bool:
        """Whether a customer who has interrupted goes on, whatever the agent does."""
        if self.dialogue.state is State.CUSTOMER_SPEAKING:
            self._insists -= BLOCK
        elif self.dialogue.state is not State.THINKING:
            self._insists = 0
        return self._insists > 0

    def _nothing(self) -> None:
        """That was no turn; whoever had the floor keeps it."""
        if self._agent.committed is None:
            self._listening.drop()
        self.pump.pause(False)
        if self.dialogue.state is State.AGENT_SPEAKING:
            self.dialogue.go(On.NOTHING)

    def _wait_for_agent(self, tick: Tick) -> None:
        talk = self.dialogue
        if self._hold.wanted:
            self._try_hold()
            return
        match self._waiting_for.block(tick, self._hearing.ears.rising > 0):
            case Wait.NO_MORE:
                self._over(talk.customer.agent_left(talk.number))
            case Wait.TOO_LONG:
                self._hearing.anybody()
                silent = (tick.end - self._waiting_for.since) / RATE
                talk.go(On.SILENCE)
                reply = talk.customer.silent(talk.number, silent)
                self._works.start(self._speak(talk.react(reply, talk.number, silent)))

    # --- the customer's turn ---

    async def _speak(self, reply: Reply, since: float | None = None) -> None:
        """Word and voice a reply; returns when all its sound is queued."""
        if not await self._speaking.say(reply, since):
            self._agent.settle()
            self.dialogue.go(On.REPLY_END)
            self._after_reply(reply, self.pump.clock)

    def _reply_done(self, left: int) -> None:
        self._agent.settle()
        reply, end = self._speaking.done(left)
        self.dialogue.go(On.REPLY_END)
        self._after_reply(reply, end)

    def _after_reply(self, reply: Reply, end: int) -> None:
        self._waiting_for.begin(end, hot=reply.plan.band in (Band.HOT, Band.OVERWHELMED))
        self._agent.began_over = self._hearing.ears.speaking
        if reply.status is not Status.OPEN:
            self._over(reply.status)
        elif self.dialogue.enough():
            self._over(Status.OPEN, "retry")
        elif self._hearing.ears.speaking:  # the agent began in the customer's last breath
            self.dialogue.go(On.SPEECH)
            self.dialogue.log(SpeechStarted(t=self._agent.start, who="agent"))

    def _barge_in(self, start: int) -> None:
        """The agent takes the floor: the customer falls silent; only what was heard was said."""
        talk = self.dialogue
        self._agent.settle()
        self._agent.interrupted = self._speaking.left_to_say() >= samples(
            self._policy.takes_floor_s
        )
        self._works.cancel()
        self._waiting_for.interrupted(self._speaking.cut_short())
        talk.go(On.BARGE_IN)
        talk.happened(Happening.BARGE_IN, talk.number)
        self._agent.start = start
        self._agent.began_over = False
        if not self._hearing.ears.speaking:  # by key: nothing has been said yet
            self._hearing.reset(speaking=True)
            self._listening.begin(0, start)
        talk.log(SpeechStarted(t=start, who="agent"))

    # --- hold, end ---

    def _try_hold(self) -> None:
        if self.dialogue.may(On.HOLD) and not self._hearing.ears.speaking:
            self._hold.begin()
            self._set_open()

    def _hold_over(self) -> None:
        self._hearing.reset()
        reply = self._hold.end()
        self._set_open()
        self._works.start(self._speak(reply))

    async def _hang_up(self) -> None:
        """End politely: an unfinished turn is understood first, a customer in mid-sentence is cut
        off.
        """
        talk = self.dialogue
        if self._speaking.audible:
            self._speaking.cut_short()
        else:
            self._speaking.withdraw(self.pump.clock)  # an answer that nobody has heard yet
            if talk.state is State.AGENT_SPEAKING or self._agent.committed is not None:
                await self._agent.hang_up(self.pump.clock)
        self._agent.settle()
        self._over(talk.customer.agent_left(talk.number))

    def _over(self, status: Status, reason: str = "") -> None:
        if self._outcome is None:
            self._outcome = (status, reason)
        self._works.stop()

    def _set_open(self) -> None:
        self.pump.open = not self._muted and self.dialogue.state is not State.ON_HOLD

    def _failed(self, why: str) -> None:
        self.dialogue.happened(Happening.FALLBACK, self.dialogue.number, why)
        self.dialogue.show(Notice(why))
