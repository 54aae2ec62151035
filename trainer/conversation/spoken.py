"""A call by voice: listens, decides whose turn it is, answers aloud, and lets the agent interrupt.

Real devices run at their own pace on the pump thread. A scripted line without pace runs as fast as
engines answer: its clock stands still while one works, so that the same files give the same call.
"""

import asyncio
from collections.abc import Callable, Sequence

from trainer.conversation import turns
from trainer.conversation.call import Notice, Observer
from trainer.conversation.clockwork import Clockwork
from trainer.conversation.dialogue import Dialogue
from trainer.conversation.gauge import Gauge
from trainer.conversation.hold import Hold
from trainer.conversation.listening import Listening
from trainer.conversation.machine import On, State
from trainer.conversation.mouth import Mouth
from trainer.conversation.playout import Playout
from trainer.conversation.pump import Pump, Tick
from trainer.conversation.reply import SpokenReply
from trainer.conversation.turns import EVEN, Decision, Ears, Observation, Policy
from trainer.conversation.words import AUTHORED, Words
from trainer.customer.customer import Customer
from trainer.domain.audio import BLOCK, RATE, samples
from trainer.domain.errors import BadInput
from trainer.domain.events import SpeechEnded, SpeechStarted
from trainer.domain.mood import Happening, Status
from trainer.domain.persona import Cast
from trainer.domain.plan import AgentTurn, Reply
from trainer.ports.line import Line, Meter, ScriptedLine
from trainer.ports.sink import CallSink
from trainer.ports.speech_to_text import SpeechToText
from trainer.ports.voice import Voice


class SpokenCall:
    """One call over a line. Controls: `talk`, `mute`, `hold`, `correct`, `end`, `stop`."""

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
        """`half_duplex`: nothing is heard of the microphone while the customer speaks (loudspeakers
        without echo
        cancelling); the talk key interrupts all the same. `at_work`: whether an engine works, for
        calls that are measured (`Clockwork`)."""
        self.playout = Playout()
        self.pump = Pump(line, meter, self.playout, sink)
        self._works = Clockwork(self.pump, line.paced, self._on, self._waiting, at_work)
        self.playout.fed = self._works.wake
        self.dialogue = Dialogue(cast, customer, sink, observer, lambda: self.pump.clock)
        self._gauge = Gauge(self.dialogue, line)
        self._hold = Hold(self.dialogue)
        self._line = line
        self._sink = sink
        self._policy = policy
        self._half_duplex = half_duplex
        self._mouth = Mouth(voices, cast.persona.voice, self._failed)
        self._words = words
        self._listening = Listening(stt, self._failed)
        self._ears = Ears()
        self._held = self._muted = False
        self._reply: SpokenReply | None = None
        self._heard: AgentTurn | None = None  # understood, but not settled: may still be taken back
        self._turn_start = 0
        self._floor_since = (
            0  # the customer's last audible sample: the agent's silence counts from here
        )
        self._interrupted = False
        self._cued = False
        self._outcome: tuple[Status, str] | None = None

    def say(self, text: str) -> None:
        """Nothing to type in a spoken call."""

    def talk(self, down: bool) -> None:
        """Hold the floor; while the customer speaks it interrupts them."""
        self._held = down
        if down and self.dialogue.state is State.CUSTOMER_SPEAKING:
            self._barge_in(self.pump.clock)

    def mute(self, on: bool) -> None:
        """Close or open the microphone."""
        self._muted = on
        self._set_open()

    def hold(self, on: bool) -> None:
        """Hold as soon as nobody is in mid-sentence; off: take the customer back."""
        self._hold.wanted = on
        if on:
            self._try_hold()
        elif self.dialogue.state is State.ON_HOLD:
            self._hold_over()

    def correct(self, turn: int, text: str) -> None:
        """Replace what was understood of an agent turn."""
        self.dialogue.correct(turn, text)

    def end(self) -> None:
        """The agent hangs up; what they were just saying still counts."""
        if self._outcome is None and self.dialogue.state is not State.ENDED:
            self._works.start(self._hang_up())

    def stop(self) -> None:
        """Stop at once."""
        self._over(Status.ABORTED, "stopped")

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
            self._line.close()
        assert self._outcome is not None
        talk.settle()
        talk.go(On.END)
        return talk.finish(*self._outcome)

    def _waiting(self) -> bool:
        """Whether the clock of a fast call has to wait for an engine."""
        silent = not self.playout.pending()
        return self._listening.guessing() or (self._works.working() and silent)

    # --- one block ---

    def _on(self, tick: Tick) -> None:
        talk = self.dialogue
        self._gauge.take(tick)
        if fault := self._sink.fault():
            raise BadInput(fault, "What was recorded until then has been kept.")
        if self._reply is not None:
            self._reply.track(tick)
        if talk.state is State.ON_HOLD:
            return
        self._listen(tick)
        if talk.state is State.CUSTOMER_SPEAKING and self._reply is not None:
            if self._reply.over(tick.left):
                self._reply_done(tick.left)
        elif talk.state is State.LISTENING:
            self._wait_for_agent(tick)

    def _listen(self, tick: Tick) -> None:
        self._listening.take(tick.mic)
        deaf = self._half_duplex and self.dialogue.state is State.CUSTOMER_SPEAKING
        seen = Observation(
            p=0.0 if deaf else tick.p,
            held=tick.held or self._held,
            words=self._listening.guessed_words(),
        )
        quiet = self._ears.quiet + BLOCK
        self._ears, decisions = turns.step(self._ears, seen, self._policy)
        for decision in decisions:
            match decision:
                case Decision.STARTED:
                    self._agent_started(tick)
                case Decision.GUESS:
                    if self.dialogue.state is State.AGENT_SPEAKING:
                        self._listening.guess(self._works.wake)
                case Decision.DISCARD:
                    self._listening.discard()
                case Decision.COMMIT:
                    self._agent_finished(tick.end - quiet)
                case Decision.NOISE:
                    self._nothing()
        if self.dialogue.state is State.CUSTOMER_SPEAKING and self._ears.speaking:
            self._over_customer()

    # --- the agent's turn ---

    def _agent_started(self, tick: Tick) -> None:
        talk = self.dialogue
        self._turn_start = tick.end - self._ears.voiced
        self._listening.begin(samples(self._policy.pre_roll_s) + self._ears.voiced, tick.end)
        if talk.state is State.LISTENING:
            talk.go(On.SPEECH)
            talk.log(SpeechStarted(t=self._turn_start, who="agent"))
        elif talk.state is State.THINKING and self._committed is not None:
            self._take_back()
        elif talk.state is State.CUSTOMER_SPEAKING:
            self.playout.pause(True)  # at once; whether it takes the floor shows in a moment

    _committed: tuple[int, int] | None = None
    """First and last sample of a turn whose answer is not yet audible."""

    def _agent_finished(self, end: int) -> None:
        talk = self.dialogue
        if talk.state is not State.AGENT_SPEAKING:
            self._nothing()
            return
        talk.go(On.TURN_END)
        talk.log(SpeechEnded(t=end, who="agent"))
        self._committed = (self._turn_start, end)
        self._works.start(self._understand(self._turn_start, end))

    def _take_back(self) -> None:
        """The agent went on: the turn was not over. Its sound and its number stay."""
        assert self._committed is not None
        self._works.cancel()
        self._reply = None
        self.playout.begin()
        self._turn_start, _ = self._committed
        self._committed = None
        if self._heard is not None:
            self.dialogue.withdraw()
        self._listening.discard()
        self.dialogue.go(On.RESUMED)

    def _nothing(self) -> None:
        """That was no turn; whoever had the floor keeps it."""
        if self._committed is None:
            self._listening.drop()
        self.playout.pause(False)
        if self.dialogue.state is State.AGENT_SPEAKING:
            self.dialogue.go(On.NOTHING)

    def _over_customer(self) -> None:
        """The agent speaks while the customer does: listening, or taking the floor?"""
        if self._ears.voiced >= samples(self._policy.confirm_s):
            self._barge_in(self._turn_start)
        elif self._ears.quiet >= samples(self._policy.release_s):
            self._ears = Ears()
            self._nothing()

    def _wait_for_agent(self, tick: Tick) -> None:
        """Nobody speaks and the floor is the agent's."""
        talk = self.dialogue
        silent = tick.end - self._floor_since
        if self._hold.wanted:
            self._try_hold()
        elif isinstance(self._line, ScriptedLine) and not self._cued:
            if silent >= samples(self._policy.script_gap_s):
                self._cued = True
                if not self._line.cue():
                    self._over(talk.customer.agent_left(talk.number))
        elif tick.held:
            self._floor_since = tick.end
        elif not self._ears.rising and silent >= samples(talk.cast.temper.presence_s or 8.0):
            talk.go(On.SILENCE)
            reply = talk.customer.silent(talk.number, silent / RATE)
            self._works.start(self._speak(talk.react(reply, talk.number)))

    async def _understand(self, start: int, end: int) -> None:
        """The words of the turn that just ended, what they do, and the answer."""
        talk = self.dialogue
        loop = asyncio.get_running_loop()
        began = loop.time()
        heard = await self._listening.words()
        stt_s = round(loop.time() - began, 3)
        if not heard.text:
            await self._not_understood(start, end)
            return
        again = self._heard is not None
        self._heard = AgentTurn(
            number=self._heard.number if self._heard is not None else talk.next_number(),
            text=heard.text,
            confidence=heard.confidence,
            silence_s=max(0.0, (start - self._floor_since) / RATE),
            interrupted=self._interrupted,
        )
        if again:
            reply = talk.rehear(self._heard, start, end, "stt")
        else:
            reply = talk.hear(self._heard, start, end, "stt", stt_s=stt_s)
        await self._speak(reply, began)

    async def _not_understood(self, start: int, end: int) -> None:
        talk = self.dialogue
        self._committed = None
        self._listening.drop()
        if end - start < samples(self._policy.unclear_s):
            talk.go(On.NOTHING)
            return
        await self._speak(talk.react(talk.customer.not_heard(talk.number), talk.number))

    def _settle(self) -> None:
        """The reply is out: the agent's turn before it stands."""
        self.dialogue.settle()
        if self._heard is not None:
            self._listening.settle(self._heard.number, self._heard.text, self.dialogue)
        self._heard = self._committed = None
        self._interrupted = False

    # --- the customer's turn ---

    async def _speak(self, reply: Reply, since: float | None = None) -> None:
        """Word and voice a reply; returns when all its sound is queued."""
        began = asyncio.get_running_loop().time() if since is None else since
        self.playout.begin()
        spoken = SpokenReply(
            self.dialogue,
            self.playout,
            reply,
            paced=self._line.paced,
            since=began,
            begun=self._settle,
        )
        self._reply = spoken
        await spoken.produce(self._mouth, self._words)
        if spoken.silent():
            self._settle()
            self.dialogue.go(On.REPLY_END)
            self._after_reply(reply, self.pump.clock)

    def _reply_done(self, left: int) -> None:
        assert self._reply is not None
        reply, end = self._reply.reply, self._reply.close(left)
        self.dialogue.go(On.REPLY_END)
        self._after_reply(reply, end)

    def _after_reply(self, reply: Reply, end: int) -> None:
        self._reply = None
        self._floor_since = end
        self._cued = False
        if reply.status is not Status.OPEN:
            self._over(reply.status)
        elif self._ears.speaking:  # the agent began in the customer's last breath
            self.dialogue.go(On.SPEECH)
            self.dialogue.log(SpeechStarted(t=self._turn_start, who="agent"))

    def _barge_in(self, start: int) -> None:
        """The agent takes the floor: the customer falls silent; only what was heard was said."""
        talk = self.dialogue
        if self._reply is None:
            return
        self._interrupted = self._reply.left_to_say() >= samples(self._policy.takes_floor_s)
        self._works.cancel()
        self._floor_since = self._reply.close(self.pump.cut())
        self._reply = None
        self._cued = True
        talk.go(On.BARGE_IN)
        talk.happened(Happening.BARGE_IN, talk.number)
        self._turn_start = start
        if not self._ears.speaking:  # by key: nothing has been said yet
            self._ears = Ears(speaking=True)
            self._listening.begin(0, start)
        talk.log(SpeechStarted(t=start, who="agent"))

    # --- hold, end ---

    def _try_hold(self) -> None:
        if self.dialogue.may(On.HOLD) and not self._ears.speaking:
            self._hold.begin()
            self._set_open()

    def _hold_over(self) -> None:
        self._ears = Ears()
        reply = self._hold.end()
        self._set_open()
        self._works.start(self._speak(reply))

    async def _hang_up(self) -> None:
        """End politely: an unfinished turn is understood first, a customer in mid-sentence is cut
        off.
        """
        talk = self.dialogue
        if self._reply is not None and self._reply.started:
            self._reply.close(self.pump.cut())
        elif talk.state is State.AGENT_SPEAKING or self._committed is not None:
            heard = await self._listening.words()
            if heard.text and self._heard is None:
                self._heard = AgentTurn(talk.next_number(), heard.text, heard.confidence)
                talk.hear(self._heard, self._turn_start, self.pump.clock, "stt")
        self._reply = None
        self._settle()
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
