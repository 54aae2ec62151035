"""How often a model's words can be used: real moments of scripted calls, worded against the clock.

For set-up, which decides by it whether the local model takes part, and for the bench.
"""

import asyncio
import itertools
from collections.abc import Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

from trainer.acts.reader import Reader
from trainer.content import personas
from trainer.customer import guard
from trainer.customer.customer import Customer
from trainer.customer.wording import Clause, Scene, leaves_room, prepare, word
from trainer.domain.mood import Status
from trainer.domain.persona import Cast
from trainer.domain.plan import AgentTurn
from trainer.domain.transcript import Turn, Who
from trainer.ports.embedding import Embedding
from trainer.ports.wording import Wording
from trainer.simulate.scripts import script

SCENES = 20
_AGENTS = ("dismissive", "empathic", "fixer")

_WORD_S = 0.33
_BREATH_S = 0.35
"""How long an opening lasts: a breath, and so much for each word (180 words a minute)."""


@dataclass(frozen=True)
class Take:
    """How one moment went.

    Attributes:
        draft: what the author has the customer say.
        clauses: what was said.
        used: the model's own words were spoken; a copy of the draft does not count.
        refused: (why, text) of what was not.
        first_s: seconds until the first of the model's clauses; None when none was spoken.
    """

    draft: tuple[str, ...]
    clauses: tuple[Clause, ...]
    used: bool
    refused: tuple[tuple[str, str], ...]
    first_s: float | None


async def trial(
    model: Wording, embedding: Embedding | None = None, count: int = SCENES
) -> tuple[int, int]:
    """(model's continuations spoken in time, continuations asked for)."""
    done = [await take(scene, model, embedding) for scene in scenes(count, embedding)]
    return sum(one.used for one in done), len(done)


async def take(
    scene: Scene, model: Wording, embedding: Embedding | None = None, patience: float = 1.0
) -> Take:
    """Word one moment as a call does: prepared, then against the time the opening takes.

    Args:
        scene: the moment.
        model: who words it.
        embedding: for the guard.
        patience: factor on the time that the opening takes to speak.
    """
    await prepare(scene.cast, model, scene.roots)
    loop = asyncio.get_running_loop()
    due, began, first = asyncio.Event(), loop.time(), None
    said: list[Clause] = []
    refused: list[tuple[str, str]] = []
    worded = word(scene, model, due, lambda why, text: refused.append((why, text)), embedding)
    async with aclosing(worded):
        async for clause in worded:
            if not said:
                words = len(clause.text.split())
                loop.call_later(patience * (_BREATH_S + _WORD_S * words), due.set)
            if clause.source == "llm" and first is None:
                first = round(loop.time() - began, 2)
            said.append(clause)
    draft = scene.reply.draft
    own = [clause.text for clause in said if clause.source == "llm"]
    used = bool(own) and not guard.same(" ".join(own), " ".join(draft[1:]))
    return Take(draft, tuple(said), used, tuple(refused), first)


def scenes(
    count: int = SCENES, embedding: Embedding | None = None, roots: Sequence[Path] = ()
) -> list[Scene]:
    """Moments that leave a model room, from scripted calls, one customer after the other."""
    reader = Reader(embedding, roots)
    calls = [
        _call(personas.load(name, roots, seed), reader, agent, seed, tuple(roots))
        for seed, agent in enumerate(_AGENTS)
        for name in personas.names(roots)
    ]
    rounds = itertools.zip_longest(*calls)
    taken = [scene for scene in itertools.chain.from_iterable(rounds) if scene][:count]
    return sorted(taken, key=lambda scene: scene.cast.name)  # a small model reads each cast once


def _call(
    cast: Cast, reader: Reader, agent: str, seed: int, roots: tuple[Path, ...]
) -> Iterator[Scene]:
    customer = Customer(cast, reader, seed)
    turns: list[Turn] = []

    def say(who: Who, text: str) -> None:
        number = len(turns) + 1
        turns.append(Turn(number, who, text, 5.0 * number, 5.0 * number + 3, "typed"))

    greeting = " ".join(customer.greet().draft)
    say("customer", greeting)
    customer.spoke(1, greeting)
    for line in script(agent, cast, roots):
        say("agent", line)
        reply = customer.hear(AgentTurn(len(turns), line))
        if leaves_room(reply):
            yield Scene(cast, reply, tuple(turns), roots)
        if reply.status is not Status.OPEN:
            return
        text = " ".join(reply.draft)
        say("customer", text)
        customer.spoke(len(turns), text)
