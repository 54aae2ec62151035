"""What a customer does with each thing that can happen to them.

Pure: same standing, same stimulus, same reply.
"""

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

from trainer.acts import phrases
from trainer.acts.history import Context
from trainer.acts.reader import Reader
from trainer.content import prompts
from trainer.customer import appraisal as appraisals
from trainer.customer import ground, leaving, mood, plan
from trainer.customer.draft import draft
from trainer.customer.hollow import parroted
from trainer.customer.inner import Inner, Said
from trainer.customer.leaving import Move
from trainer.customer.lines import Book
from trainer.domain.acts import ActKind, Reading
from trainer.domain.ground import Ground
from trainer.domain.mood import Band, Cause, Happening, Status
from trainer.domain.moves import MoveKind, OfferState
from trainer.domain.persona import Cast, Exit
from trainer.domain.plan import AgentTurn, Intent, Plan, Reply

UNCLEAR = 0.45
"""Recognition confidence under which words do not count: the customer says they could not hear."""

SIGH_S = 0.8
SILENCE_S = 2.2
"""Seconds of silence before the words."""

HOLD_PATIENT_S = 60.0
"""An announced hold is felt from here on, seconds."""


@dataclass(frozen=True)
class Missed:
    """Nothing intelligible was said in the agent's turn."""

    number: int


@dataclass(frozen=True)
class Waited:
    """The agent has said nothing for `seconds`."""

    number: int
    seconds: float


@dataclass(frozen=True)
class Held:
    """The agent pressed hold."""

    number: int


@dataclass(frozen=True)
class Returned:
    """The agent is back after `seconds` of hold."""

    number: int
    seconds: float
    announced: bool


Stimulus: TypeAlias = AgentTurn | Missed | Waited | Held | Returned


class Person:
    """A customer's fixed parts.

    Who they are, how they read, weigh and speak. Holds nothing that changes.
    """

    def __init__(self, cast: Cast, reader: Reader, seed: int, recent: Sequence[str]) -> None:
        roots: tuple[Path, ...] = reader.roots
        self.cast = cast
        self._reader = reader
        self._seed = seed
        self._book = Book(cast, seed, recent)
        self._table = appraisals.table(roots)
        self.nature = mood.nature(cast, self._table.needs)
        wants = prompts.data("customer_wants.yaml", roots)["wants"]
        persona = cast.persona
        self._forbidden = {r.id for r in persona.scenario.remedies if not r.allowed}
        self._wants = {Intent(key): str(text) for key, text in wants.items()}
        asks: Mapping[str, Any] = prompts.data("customer_asks.yaml", roots)
        self._asks = {name: phrases.compile_all(group["patterns"]) for name, group in asks.items()}
        self._answers = {
            name: [
                str(line)
                .replace("{name}", persona.identity.name)
                .replace("{demand}", persona.scenario.demand)
                for line in group.get("lines", [])
            ]
            for name, group in asks.items()
        }

    def in_the_end(self, inner: Inner) -> Inner:
        """The standing once everything that was offered has shown what it was worth.

        A promise against policy that nobody took back in the call breaks after it.
        """
        if not ground.broken(inner.ground):
            return inner
        broken = mood.Appraisal(broken_promise=appraisals.BROKEN)
        return replace(inner, state=mood.step(inner.state, broken, self.nature))

    def begin(self) -> Inner:
        """The standing before the first word."""
        return Inner(mood.State(self.cast.mood))

    def greet(self, inner: Inner) -> tuple[Inner, Reply]:
        """The first words."""
        return self._say(inner, Move(Intent.GREET), 1)

    def respond(self, inner: Inner, stimulus: Stimulus, context: Context) -> tuple[Inner, Reply]:
        """The standing after `stimulus`, and the reply to it; none once the call is over."""
        if inner.status is not Status.OPEN:
            quiet = plan.make(self.cast, Intent.HOLD, inner.state.mood, self._wants)
            return inner, Reply(quiet, (), inner.state.mood, status=inner.status)
        match stimulus:
            case AgentTurn():
                if stimulus.confidence < UNCLEAR or not stimulus.text.strip():
                    return self._missed(inner, stimulus.number)
                return self._hear(inner, stimulus, context)
            case Missed():
                return self._missed(inner, stimulus.number)
            case Waited():
                return self._waited(inner, stimulus)
            case Held():
                quiet = plan.make(self.cast, Intent.HOLD, inner.state.mood, self._wants)
                return inner, Reply(quiet, (), inner.state.mood, happenings=(Happening.HOLD_START,))
            case Returned():
                return self._returned(inner, stimulus)

    def _hear(self, inner: Inner, turn: AgentTurn, context: Context) -> tuple[Inner, Reply]:
        read = self._reader.read(turn.text, context, self.cast)
        read = _without_unfair_repeats(read, inner)
        read = _without(read, turn.not_offered)
        asks = self._matching(turn.text)
        odd = "role_break" in asks or parroted(turn.text, context.customer)
        reading = appraisals.believed(read, self._table, odd)
        memory = appraisals.Memory(inner.said.told, inner.promised, dict(inner.offers), context)
        felt, causes = appraisals.appraise(reading, turn, self.cast, memory, self._table, odd)
        hurt = mood.hurt(inner.state, felt, self.nature.gains)
        causes = _after_wear(causes, mood.worn(inner.state))
        after = self._moved(inner, reading, mood.step(inner.state, felt, self.nature))
        gone = dict(inner.offers).keys() - dict(after.offers).keys()
        after = replace(after, ground=self._heard(inner.ground, reading, turn, gone))
        end = leaving.ending(after, self.cast, reading, asks, hurt)
        move = end or leaving.warning(after, self.cast, hurt)
        view = plan.View(
            self.cast, turn.text, reading, felt, hurt, inner.state.mood, after.state.mood,
            after.state.stalled, inner.said.told, after.turns, asks, dict(after.offers),
            after.ground, _last_said(context.customer), f"{self._seed} {turn.number}", odd,
        )  # fmt: skip
        chosen = plan.decide(view, self._wants)
        if move is not None:
            chosen = plan.make(self.cast, move.intent, after.state.mood, self._wants)
        again = chosen.intent is Intent.SAY_AGAIN
        if again and inner.repeats:
            chosen = replace(chosen, band=Band.HOT)
        after = replace(after, repeats=inner.repeats + 1 if again else 0)
        happenings, pause = self._shown(after, chosen, hurt, move, turn.number)
        after, words = self._word(after, chosen, turn.number, self._special(chosen, move))
        status = move.status if move is not None else Status.OPEN
        known = _established(after.ground, chosen, words, turn.number + 1)
        after = replace(_marked(after, move), status=status, ground=known)
        return after, Reply(
            chosen,
            words,
            after.state.mood,
            causes,
            happenings,
            status,
            read,
            felt.present(),
            pause,
            known,
        )

    def _heard(
        self, before: Ground, reading: Reading, turn: AgentTurn, gone: Collection[str]
    ) -> Ground:
        """The ground with what the agent's turn brought; what they were to answer is answered.

        `gone`: remedies that a no took back, named or not.
        """
        heard = ground.heard(ground.closed(before, "agent"), reading, turn.number, self.cast)
        no = reading.find(ActKind.REFUSE_REASONED, ActKind.POLICY_WALL)
        heard = ground.taken_back(heard, gone, turn.number, no.quote if no else turn.text)
        put_right = reading.move(MoveKind.CORRECT)
        if put_right is None:
            return heard
        return ground.put_right(heard, turn.number, put_right.quote, turn.undoes)

    def _moved(self, inner: Inner, reading: Reading, state: mood.State) -> Inner:
        offers = dict(inner.offers)
        for remedy in self.cast.persona.scenario.remedies:
            if remedy.id in reading.offered:
                worth = appraisals.worth(remedy, inner.said.told)
                offers[remedy.id] = max(offers.get(remedy.id, 0.0), worth)
        said_no = reading.find(ActKind.REFUSE_REASONED, ActKind.POLICY_WALL) is not None
        promised = inner.promised or reading.find(ActKind.OVERPROMISE) is not None
        for offer in reading.state(OfferState.REFUSED, OfferState.WITHDRAWN):
            offers.pop(offer.remedy, None)
        if promised and said_no and not reading.offered:  # taken back: it is worth nothing now
            promised = False
            offers = {key: worth for key, worth in offers.items() if key not in self._forbidden}
        after = replace(
            inner,
            state=state,
            turns=inner.turns + 1,
            refused=inner.refused + (reading.find(ActKind.REFUSE_REASONED) is not None),
            warned=inner.warned + (reading.find(ActKind.BOUNDARY) is not None),
            promised=promised,
            offers=tuple(sorted(offers.items())),
            silences=0,
        )
        return replace(
            after, settled=inner.settled + 1 if after.could_settle(self.nature.lead) else 0
        )

    def _missed(self, inner: Inner, number: int) -> tuple[Inner, Reply]:
        return self._say(
            replace(inner, silences=0),
            Move(Intent.NOT_HEARD, happening=Happening.NOT_HEARD),
            number,
        )

    def _waited(self, inner: Inner, waited: Waited) -> tuple[Inner, Reply]:
        after, causes, felt = self._sat_through(inner, waited.seconds)
        after = replace(after, silences=inner.silences + 1)
        move = Move(Intent.PRESENCE, happening=Happening.PRESENCE_CHECK)
        if after.silences > leaving.SILENCES or leaving.had_enough(after, self.cast):
            gone = leaving.leave(after, self.cast)
            move = gone if gone.status is not Status.OPEN else move
        return self._say(after, move, waited.number, causes, felt)

    def _returned(self, inner: Inner, back: Returned) -> tuple[Inner, Reply]:
        over = (
            back.seconds - HOLD_PATIENT_S + appraisals.PATIENT_S if back.announced else back.seconds
        )
        after, causes, felt = self._sat_through(inner, over)
        move = Move(Intent.BACK, happening=Happening.HOLD_END)
        if leaving.had_enough(after, self.cast):
            gone = leaving.leave(after, self.cast)
            after, reply = self._say(after, gone, back.number, causes, felt)
            return after, replace(reply, happenings=(Happening.HOLD_END, *reply.happenings))
        return self._say(after, move, back.number, causes, felt)

    def _sat_through(
        self, inner: Inner, seconds: float
    ) -> tuple[Inner, tuple[Cause, ...], dict[str, float]]:
        felt, causes = appraisals.waited(seconds)
        if not causes:
            return inner, (), {}
        return (
            replace(inner, state=mood.step(inner.state, felt, self.nature)),
            causes,
            felt.present(),
        )

    def _say(
        self,
        inner: Inner,
        move: Move,
        number: int,
        causes: tuple[Cause, ...] = (),
        felt: dict[str, float] | None = None,
    ) -> tuple[Inner, Reply]:
        """A reply to something other than words."""
        chosen = plan.make(self.cast, move.intent, inner.state.mood, self._wants)
        after, words = self._word(inner, chosen, number, ())
        after = replace(_marked(after, move), status=move.status)
        happenings = (move.happening,) if move.happening else ()
        return after, Reply(
            chosen, words, after.state.mood, causes, happenings, move.status, appraisal=felt or {}
        )

    def _word(
        self, inner: Inner, chosen: Plan, number: int, special: Sequence[str]
    ) -> tuple[Inner, tuple[str, ...]]:
        words, spent = draft(self.cast, self._book, chosen, number, inner.said.lines, special)
        said = replace(
            inner.said, lines=inner.said.lines | spent, told=(*inner.said.told, *chosen.fact_ids)
        )
        return replace(inner, said=said), words

    def _special(self, chosen: Plan, move: Move | None) -> Sequence[str]:
        """Lines for this very moment: an answer that everybody has."""
        if move is not None:
            return ()
        if chosen.intent is Intent.ANSWER and chosen.answer:
            persona = self.cast.persona
            if chosen.answer == persona.scenario.demand:
                return self._answers["demand"]
            if chosen.answer == persona.identity.name:
                return self._answers["name"]
        return ()

    def _shown(
        self, after: Inner, chosen: Plan, hurt: float, move: Move | None, number: int
    ) -> tuple[tuple[Happening, ...], float]:
        """What is to be seen and heard beside the words, and the silence before them, seconds."""
        if move is not None:
            pause = SILENCE_S if move.happening in (Happening.CRYING, Happening.WITHDRAW) else 0.0
            return ((move.happening,) if move.happening else ()), pause
        temper = self.cast.temper
        feeling = after.state.mood.of(self.nature.lead)
        if hurt > plan.STUNG:
            quiet = Exit.WITHDRAWS in self.cast.persona.exits and feeling >= 0.6
            if quiet and random.Random(f"{self._seed} {number} quiet").random() < 0.5:
                return (Happening.SILENCE,), SILENCE_S
            if temper.sarcastic:
                return (Happening.SARCASM,), 0.0
        elif (
            temper.sighs
            and after.state.stalled >= 2
            and chosen.intent in (Intent.PUSH, Intent.VENT)
        ):
            return (Happening.SIGH,), SIGH_S
        return (), 0.0

    def _matching(self, text: str) -> frozenset[str]:
        normal = phrases.normal(text)
        return frozenset(
            name for name, pattern in self._asks.items() if pattern and pattern.search(normal)
        )


def _without_unfair_repeats(reading: Reading, inner: Inner) -> Reading:
    """Asking again for something they have not told yet is persistence, not deafness.

    Nor is asking what they said: a bad line is nobody's fault.
    """
    new = bool(reading.about) and inner.ground.said(reading.about) is None
    untold = any(fact not in inner.said.told for fact in reading.asks)
    if not (new or untold or reading.move(MoveKind.ASK_REPEAT)):
        return reading
    acts = tuple(act for act in reading.acts if act.kind is not ActKind.REPEAT_ASK)
    return replace(reading, acts=acts)


def _without(reading: Reading, remedies: Sequence[str]) -> Reading:
    """The reading without remedies that turned out not to have been offered."""
    if not remedies:
        return reading
    offers = tuple(offer for offer in reading.offers if offer.remedy not in remedies)
    kept = tuple(act for act in reading.acts if act.kind is not ActKind.OVERPROMISE)
    return replace(reading, offers=offers, acts=kept)


def _last_said(customer: Sequence[str]) -> str:
    return customer[-1] if customer else ""


def _established(before: Ground, chosen: Plan, words: Sequence[str], turn: int) -> Ground:
    """The ground after the customer's answer: what they took, what they told, what they asked."""
    said = " ".join(words)
    after = ground.answered(before, dict(chosen.standing))
    about = tuple(dict.fromkeys((*chosen.about, *chosen.fact_ids)))
    after = ground.told(after, about, turn, said)
    asks = words[-1] if words and words[-1].rstrip().endswith("?") else ""
    return ground.opened(after, "agent", asks.rstrip("?"), turn, asks) if asks else after


def _marked(inner: Inner, move: Move | None) -> Inner:
    """Remember a warning, so that it comes once; a last demand or tears buy one more turn."""
    if move is None:
        return inner
    said: Said = replace(
        inner.said,
        demanded=inner.said.demanded or move.intent is Intent.SUPERVISOR,
        complained=inner.said.complained or move.intent is Intent.COMPLAIN,
        threatened=inner.said.threatened or move.intent is Intent.LEAVE,
        cried=inner.said.cried or move.intent is Intent.CRY,
    )
    return replace(inner, said=said)


def _after_wear(causes: tuple[Cause, ...], worn: Mapping[str, float]) -> tuple[Cause, ...]:
    """Causes with what repetition has left of them."""
    left = [
        replace(cause, weight=round(cause.weight * worn.get(cause.appraisal, 1.0), 3))
        for cause in causes
    ]
    return tuple(sorted(left, key=lambda cause: (-cause.weight, cause.appraisal)))
