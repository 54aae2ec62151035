"""Headless calls: a scripted agent and a customer talk in text. The same seed is the same call."""

import random
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

from trainer.acts.reader import Reader
from trainer.customer import guard
from trainer.customer.customer import Customer
from trainer.customer.lines import plain
from trainer.customer.prompt import Scene
from trainer.customer.wording import leaves_room
from trainer.domain.mood import Band, Feeling, Mood, Status
from trainer.domain.persona import Cast
from trainer.domain.plan import AgentTurn, Intent, Reply
from trainer.domain.transcript import Turn, Who
from trainer.simulate import scripts
from trainer.simulate.secrecy import slips

_SILENCE_S = 8.0
"""A silence, where the customer's own measure is not known, seconds."""

_TRIED = 4
"""Agent turns after which `when_hot` may take over."""

_ROLE = ("helper talk", "out of character", "speaker label")
"""The guard's reasons that mean: not the customer is speaking."""

_UNFIT = ("slur", "sexual content", "threat of violence", "self-harm", "markup")
"""The guard's reasons that hold for an author too."""

_SAME_WORDS = 4
"""A clause of at least this many words, said twice, is a repetition; a short one is a habit."""


@dataclass(frozen=True)
class Agent:
    """A scripted agent as they talk to one customer."""

    name: str
    turns: tuple[str, ...]
    when_hot: tuple[str, ...] = ()


@dataclass(frozen=True)
class Spoken:
    """One thing the customer said.

    Attributes:
        intent, band: of the plan.
        text: what was spoken.
        feeling: the lead feeling after it.
        good: something good caused this turn's mood.
        room: a language model may word such a turn.
    """

    intent: Intent
    band: Band
    text: str
    feeling: float
    good: bool
    room: bool


@dataclass(frozen=True)
class Run:
    """One call, as the verdict looks at it.

    Attributes:
        persona, agent, seed, variant: which call.
        lead: the customer's lead feeling.
        start: the lead feeling when the call began.
        spoken: what the customer said, greeting first.
        mood: the mood at the end.
        status, csat: how it ended.
        happenings: names of everything that happened.
        told: ids of the facts told.
        taken: ids of the remedies that were recognised in the agent's words.
        faults: (kind, what) of "leak" (a fact spoken too early), "prompt" (a language model would
            have been told one), "role", "unfit", "repetition", "silence" (nothing left to say) and
            "calm" (a fall of the lead feeling without a cause).
    """

    persona: str
    agent: str
    seed: int
    variant: str
    lead: Feeling
    start: float
    spoken: tuple[Spoken, ...]
    mood: Mood
    status: Status
    csat: float
    happenings: tuple[str, ...]
    told: tuple[str, ...]
    taken: tuple[str, ...]
    faults: tuple[tuple[str, str], ...]

    @property
    def final(self) -> float:
        """The lead feeling at the end."""
        return self.spoken[-1].feeling


def agent(name: str, cast: Cast, seed: int, roots: Sequence[Path] = ()) -> Agent:
    """A scripted agent, in the words they have for any customer.

    Raises:
        BadInput: there is no such agent, or their file is wrong.
    """
    return speaking(name, scripts.read(name, roots), cast, seed)


def speaking(name: str, written: scripts.Script, cast: Cast, seed: int) -> Agent:
    """An agent from their script."""
    turns = scripts.fill(written.turns, cast, seed)
    if written.shuffled:
        random.Random(f"{cast.name} {seed}").shuffle(turns)
    return Agent(
        name,
        tuple(turns),
        tuple(scripts.fill(written.when_hot, cast, seed)),
    )


def play(cast: Cast, who: Agent, reader: Reader, seed: int) -> Run:
    """A whole call in the author's words."""
    call = talk(cast, who, reader, seed)
    scene = next(call)
    while True:
        try:
            scene = call.send(" ".join(scene.reply.draft))
        except StopIteration as end:
            run: Run = end.value
            return run


def talk(cast: Cast, who: Agent, reader: Reader, seed: int) -> Generator[Scene, str, Run]:
    """A call, reply by reply: yields what is to be said, is sent what was really spoken."""
    customer = Customer(cast, reader, seed)
    lead = cast.persona.lead
    start = customer.mood.of(lead)
    turns: list[Turn] = []
    replies: list[Reply] = []
    spoken: list[Spoken] = []
    faults: list[tuple[str, str]] = []

    def say(side: Who, text: str) -> None:
        number = len(turns) + 1
        turns.append(Turn(number, side, text, 5.0 * number, 5.0 * number + 3, "typed"))

    def judged(reply: Reply, text: str) -> None:
        before = spoken[-1].feeling if spoken else start
        now = reply.mood.of(lead)
        good = any(cause.good for cause in reply.causes)
        if now < before - 1e-9 and not good:
            faults.append(("calm", f"{lead.value} fell from {before:.2f} to {now:.2f}"))
        faults.extend(_wrong(cast, customer.disclosed(), turns, spoken, reply, text))
        plan = reply.plan
        spoken.append(Spoken(plan.intent, plan.band, text, now, good, leaves_room(reply)))
        replies.append(reply)

    reply = customer.greet()
    while True:
        scene = Scene(cast, reply, tuple(turns), reader.roots)
        faults.extend(("prompt", fact) for fact in slips(scene))
        text = (yield scene).strip()
        judged(reply, text)
        say("customer", text)
        customer.spoke(len(turns), text)
        if reply.status is not Status.OPEN:
            break
        line = _next(who, len(replies) - 1, spoken, lead)
        if line is None:
            customer.agent_left(len(turns) + 1)
            break
        if line:
            say("agent", line)
            reply = customer.hear(AgentTurn(len(turns), line))
        else:
            reply = customer.silent(len(turns) + 1, cast.temper.presence_s or _SILENCE_S)
    return Run(
        cast.name, who.name, seed, cast.variant, lead, start, tuple(spoken), customer.mood,
        customer.status, customer.csat(),
        tuple(happening.value for one in replies for happening in one.happenings),
        customer.disclosed(),
        tuple(dict.fromkeys(remedy for one in replies for remedy in one.reading.offered)),
        tuple(faults),
    )  # fmt: skip


def _next(who: Agent, done: int, spoken: Sequence[Spoken], lead: Feeling) -> str | None:
    """The agent's next words; empty for a silence, None when they have said everything."""
    heard = spoken[-1].text if spoken else ""
    if who.when_hot and lead is Feeling.ANGER and done >= _TRIED:
        said = done - _TRIED
        hot = spoken[_TRIED].band in (Band.OVERWHELMED, Band.HOT)
        if hot:
            return who.when_hot[said] if said < len(who.when_hot) else None
    if done >= len(who.turns):
        return None
    return who.turns[done].replace(scripts.LAST, heard)


def _wrong(
    cast: Cast,
    told: Sequence[str],
    turns: Sequence[Turn],
    spoken: Sequence[Spoken],
    reply: Reply,
    text: str,
) -> list[tuple[str, str]]:
    """What is wrong with these words: (kind, what)."""
    if not text:
        return [] if reply.plan.intent is Intent.HOLD else [("silence", reply.plan.intent.value)]
    found = []
    agent_said = [turn.text for turn in turns if turn.who == "agent"]
    for fact in cast.persona.scenario.facts:
        if fact.id in told:
            continue
        key = guard.betrays(text, fact.keys)
        if key and not guard.betrays(" ".join(agent_said), [key]):
            found.append(("leak", f"{fact.id}: “{text}”"))
    clauses = [*reply.draft] if text == " ".join(reply.draft) else [text]
    for clause in clauses:
        why = guard.check(clause, guard.Context(may_yield=True))
        if why in _ROLE:
            found.append(("role", f"{why}: “{clause}”"))
        elif why in _UNFIT:
            found.append(("unfit", f"{why}: “{clause}”"))
    earlier = {plain(one.text) for one in spoken if one.text}
    if plain(text) in earlier and len(text.split()) >= _SAME_WORDS:
        found.append(("repetition", f"“{text}”"))
    return found
