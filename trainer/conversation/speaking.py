"""The customer's side of a spoken call: one reply at a time, worded, voiced, played, cut short."""

import asyncio
from collections.abc import Callable

from trainer.conversation import likely
from trainer.conversation.dialogue import Dialogue
from trainer.conversation.mouth import Mouth
from trainer.conversation.playout import Playout
from trainer.conversation.pump import Tick
from trainer.conversation.reply import SpokenReply
from trainer.conversation.words import Words
from trainer.customer.delivery import style
from trainer.domain.events import SpeechEnded
from trainer.domain.plan import AgentTurn, Reply


class Speaking:
    """The reply under way, if there is one. `cut` silences the line: last position heard."""

    def __init__(
        self,
        talk: Dialogue,
        playout: Playout,
        mouth: Mouth,
        words: Words,
        cut: Callable[[], int],
        *,
        paced: bool,
    ) -> None:
        self._talk = talk
        self._playout = playout
        self._mouth = mouth
        self._words = words
        self._cut = cut
        self._paced = paced
        self._reply: SpokenReply | None = None
        self._ahead: asyncio.Task[None] | None = None
        self._likely = likely.sayings(talk.cast, words.roots)

    @property
    def audible(self) -> bool:
        """Whether the first sample of a reply has left the speaker."""
        return self._reply is not None and self._reply.started

    async def say(self, reply: Reply, since: float | None) -> bool:
        """Word and voice a reply; returns when all its sound is queued, False when there is none.

        `since`: loop time of the decision to answer; None: now.
        """
        self.stop_rehearsing()
        began = asyncio.get_running_loop().time() if since is None else since
        self._playout.begin()
        self._reply = SpokenReply(self._talk, self._playout, reply, paced=self._paced, since=began)
        await self._reply.produce(self._mouth, self._words)
        if self._reply.silent():
            self._reply = None
            return False
        return True

    def track(self, tick: Tick) -> None:
        """Follow what has left the speaker."""
        if self._reply is not None:
            self._reply.track(tick)

    def rehearse(self) -> None:
        """While they speak and the agent thinks: voice the first words of likely next answers."""
        ready = self._reply is not None and self._reply.produced and self._reply.started
        if self._paced and self._ahead is None and ready:
            self._ahead = asyncio.create_task(self._voice_ahead(self._talk.number + 1))

    def stop_rehearsing(self) -> None:
        """The processor is needed for something that is sure."""
        if self._ahead is not None:
            self._ahead.cancel()
            self._ahead = None

    async def _voice_ahead(self, turn: int) -> None:
        talk = self._talk
        for text in self._likely:
            reply = talk.customer.imagine(AgentTurn(turn, text))
            if reply.draft:
                how = style(talk.cast.persona.lead, reply.plan.band, reply.mood)
                await self._mouth.rehearse(reply.draft[0], how)
            await asyncio.sleep(0)

    def over(self, left: int) -> bool:
        """Whether all of a reply has left the speaker."""
        return self._reply is not None and self._reply.over(left)

    def left_to_say(self) -> int:
        """Samples that are voiced and not yet handed to the line."""
        return self._playout.pending()

    def done(self, left: int) -> tuple[Reply, int]:
        """Write the reply as it was heard up to `left`; the reply, and its last audible sample."""
        assert self._reply is not None
        spoken, self._reply = self._reply, None
        return spoken.reply, spoken.close(left)

    def cut_short(self) -> int:
        """Silence the customer now and write what was heard; the last audible sample."""
        return self.done(self._cut())[1]

    def withdraw(self, clock: int) -> None:
        """Unsay the reply: what was heard of it is in the recording, and nowhere else."""
        if self.audible:
            self._cut()
            self._talk.log(SpeechEnded(t=clock, who="customer"))
        self._reply = None
        self._playout.begin()
