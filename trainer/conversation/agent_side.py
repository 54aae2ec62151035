"""The agent's side of a spoken call: a turn begins, is taken to be over, is understood, and may
still be taken back until it stands.
"""

import asyncio
from dataclasses import dataclass

from trainer.conversation.dialogue import Dialogue
from trainer.conversation.listening import Listening
from trainer.conversation.machine import On, State
from trainer.conversation.murmur import Murmur
from trainer.conversation.turns import Policy
from trainer.domain.audio import RATE, samples
from trainer.domain.events import SpeechEnded
from trainer.domain.plan import AgentTurn, Reply


@dataclass
class Committed:
    """A turn that is taken to be over. Positions on the call clock, samples.

    Attributes:
        start: first sample of the turn.
        end: its last sample of speech.
        at: when the silence after it was taken for its end.
        heard: what was understood, once it is.
    """

    start: int
    end: int
    at: int
    heard: AgentTurn | None = None


class AgentSide:
    """The turn under way or just committed.

    Attributes:
        start: first sample of the turn under way.
        committed: the turn whose answer is due or has just begun.
        interrupted: the turn took the floor from the customer.
        began_over: it began while the customer was still speaking.
    """

    def __init__(
        self, talk: Dialogue, listening: Listening, murmur: Murmur, policy: Policy
    ) -> None:
        self.start = 0
        self.committed: Committed | None = None
        self.interrupted = False
        self.began_over = False
        self._talk = talk
        self._listening = listening
        self._murmur = murmur
        self._policy = policy

    def begin(self, voiced: int, clock: int) -> None:
        """Speech was detected; `voiced` samples of it have been heard."""
        self.start = clock - voiced
        self._listening.begin(samples(self._policy.pre_roll_s) + voiced, clock)

    def commit(self, end: int, at: int) -> Committed:
        """The turn is taken to be over since `end`."""
        end = self._listening.last_audible(end)
        self._talk.go(On.TURN_END)
        self._talk.log(SpeechEnded(t=end, who="agent"))
        before = self.committed.heard if self.committed is not None else None
        self.committed = Committed(self.start, end, at, before)
        return self.committed

    def regrets(self, start: int) -> bool:
        """Whether speech from `start` on is more of the committed turn, its answer just audible."""
        turn = self.committed
        return turn is not None and start - turn.at <= samples(self._policy.regret_s)

    def stands(self, clock: int) -> bool:
        """Whether the committed turn can no longer be taken back, once its answer is audible."""
        late = samples(self._policy.regret_s + 2 * self._policy.start_s)
        return self.committed is not None and clock > self.committed.at + late

    def take_back(self) -> int:
        """The turn was not over: its sound and its number stay. Returns where it seemed to end."""
        assert self.committed is not None
        self.start = self.committed.start
        self._talk.withdraw()
        self._listening.discard()
        self._talk.go(On.RESUMED)
        return self.committed.end

    async def understand(self, turn: Committed, silent_since: int) -> Reply | None:
        """What was said and what the customer answers; None: nothing was, the floor stays.

        `silent_since`: the customer's last audible sample before the turn.
        """
        talk = self._talk
        loop = asyncio.get_running_loop()
        began = loop.time()
        heard = await self._listening.words()
        stt_s = round(loop.time() - began, 3)
        murmured = self.began_over and self._murmur.only(heard.text)
        before = turn.heard
        if not heard.text or murmured:
            if before is not None:  # what went on was nothing: what was understood stands
                return talk.rehear(before, turn.start, turn.end, "stt")
            return self._not_understood(turn, murmured)
        turn.heard = AgentTurn(
            number=before.number if before is not None else talk.next_number(),
            text=heard.text,
            confidence=heard.confidence,
            silence_s=max(0.0, (turn.start - silent_since) / RATE),
            interrupted=self.interrupted,
        )
        if before is not None:
            return talk.rehear(turn.heard, turn.start, turn.end, "stt")
        return talk.hear(turn.heard, turn.start, turn.end, "stt", stt_s=stt_s)

    async def hang_up(self, clock: int) -> None:
        """What was just being said still counts, also of a turn that had been taken back."""
        turn = self.committed = self.committed or Committed(self.start, clock, clock)
        if self._talk.unsettled():
            return  # understood already: only its answer was still to come
        if self._talk.state is State.AGENT_SPEAKING:
            turn.end = self._listening.last_audible(clock)
        heard = await self._listening.words()
        before = turn.heard
        if heard.text:
            number = before.number if before is not None else self._talk.next_number()
            turn.heard = AgentTurn(
                number, heard.text, heard.confidence, interrupted=self.interrupted
            )
        if turn.heard is not None:
            take = self._talk.hear if before is None else self._talk.rehear
            take(turn.heard, turn.start, turn.end, "stt")

    def settle(self) -> None:
        """The turn stands: it is written, and its words get their times."""
        self._talk.settle()
        turn, self.committed = self.committed, None
        if turn is not None and turn.heard is not None:
            heard = turn.heard
            self._listening.settle(heard.number, heard.text, turn.end, self._talk)
        self.interrupted = False

    def _not_understood(self, turn: Committed, murmured: bool) -> Reply | None:
        talk = self._talk
        self.committed = None
        self._listening.drop()
        if murmured or turn.end - turn.start < samples(self._policy.unclear_s):
            talk.go(On.NOTHING)
            return None
        return talk.react(talk.customer.not_heard(talk.number), talk.number)
