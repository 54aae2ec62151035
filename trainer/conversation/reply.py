"""One reply of the customer on its way: worded, voiced, played, and known to the block as it is
heard.
"""

import asyncio
from contextlib import aclosing

from trainer.conversation.dialogue import Dialogue
from trainer.conversation.machine import On
from trainer.conversation.mouth import Mouth
from trainer.conversation.playout import Playout
from trainer.conversation.pump import Tick
from trainer.conversation.words import Words
from trainer.customer.delivery import style
from trainer.domain.audio import RATE, samples
from trainer.domain.events import SpeechEnded, SpeechStarted
from trainer.domain.plan import Reply

_DUE_S = 0.25
"""The continuation is due this long before the opening has been spoken: it has yet to be voiced."""


class SpokenReply:
    """A reply from plan to last audible sample.

    `since`: loop time of the decision to answer. `produced`: all its sound is queued.
    """

    def __init__(
        self,
        talk: Dialogue,
        playout: Playout,
        reply: Reply,
        *,
        paced: bool,
        since: float,
    ) -> None:
        self.reply = reply
        self.started = False
        self._talk = talk
        self._playout = playout
        self._paced = paced
        self._since = since
        self._took: dict[str, float] = {}
        self.produced = False
        self._due = asyncio.Event()
        self._offset = 0
        self._start = 0
        self._last = 0

    async def produce(self, mouth: Mouth, words: Words) -> None:
        """Word and voice the reply, clause by clause; returns when all its sound is queued."""
        loop = asyncio.get_running_loop()
        self._reached("plan_s")
        cast, plan = self._talk.cast, self.reply.plan
        how = style(cast.persona.lead, plan.band, self.reply.mood)
        if self.reply.pause_s:
            self._playout.silence(samples(self.reply.pause_s))
        async with aclosing(words.clauses(self._talk, self.reply, self._due)) as worded:
            async for clause in worded:
                self._reached("first_clause_s")
                entry = self._playout.clause(clause.text, clause.source, clause.why)
                async with aclosing(mouth.speak(clause.text, how)) as voiced:
                    async for sound in voiced:
                        self._reached("first_sound_s")
                        self._playout.feed(entry, sound)
                entry.complete = True
                if not self._paced:
                    # A fast clock gives the model as long as the opening takes to say in earnest.
                    loop.call_later(entry.fed / RATE, self._due.set)
        self.produced = True

    def _reached(self, step: str) -> None:
        """Note how long after the decision to answer this step was reached first, seconds."""
        now = asyncio.get_running_loop().time()
        self._took.setdefault(step, round(now - self._since, 3))

    def track(self, tick: Tick) -> None:
        """Follow what has left the speaker; with the first sample of the reply it begins."""
        self._offset = tick.end - tick.left
        for entry in self._playout.clauses:
            if entry.announced or entry.begins is None or entry.begins >= tick.left:
                continue
            at = entry.begins + self._offset
            if not self.started:
                self.started = True
                self._start = at
                self._talk.go(On.REPLY)
                self._talk.next_number()
                self._talk.log(SpeechStarted(t=at, who="customer"))
            entry.announced = True
            wall = self._took if entry is self._playout.clauses[0] else {}
            self._talk.clause(at, entry.text, entry.source, entry.why, **wall)
        self._note_due(tick)

    def _note_due(self, tick: Tick) -> None:
        if not self._paced or self._due.is_set() or not self._playout.clauses:
            return
        opening = self._playout.clauses[0]
        if opening.complete and opening.spans:
            handed = sum(end - start for start, end in opening.spans)
            if opening.spans[-1][1] + opening.fed - handed - samples(_DUE_S) <= tick.left:
                self._due.set()

    def silent(self) -> bool:
        """Whether the customer said nothing at all."""
        return self.produced and not self._playout.clauses

    def over(self, left: int) -> bool:
        """Whether everything has left the speaker."""
        if not self.produced or self._playout.pending():
            return False
        return all(entry.spans and entry.spans[-1][1] <= left for entry in self._playout.clauses)

    def left_to_say(self) -> int:
        """Samples that are voiced and not yet handed to the line."""
        return self._playout.pending()

    def close(self, left: int) -> int:
        """Write the customer's turn as it was heard up to position `left`; returns its last audible
        sample.
        """
        heard = [entry for entry in self._playout.clauses if entry.announced]
        audible = [min(entry.audible[1], left) for entry in heard if entry.audible]
        end = (max(audible) if audible else left) + self._offset
        spoken = [(entry.heard_text(left), entry.source) for entry in heard]
        whole = " ".join(entry.text for entry in self._playout.clauses)
        said = " ".join(words for words, _ in spoken if words)
        self._talk.log(SpeechEnded(t=end, who="customer"))
        self._talk.spoke(spoken, self._start, end, whole[len(said) :].strip())
        return end
