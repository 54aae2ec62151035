"""Words for one reply, clause by clause: the authored opening, then a model's words or the draft's.

Whatever the model does (late, refused by the guard, broken, gone), the reply is complete and says
what the plan demands.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from trainer.customer import clauses, guard, owed
from trainer.customer.prompt import Scene, prompt, steady
from trainer.domain.errors import TrainerError
from trainer.domain.mood import Status
from trainer.domain.persona import Cast
from trainer.domain.plan import Intent, Reply
from trainer.ports.embedding import Embedding
from trainer.ports.wording import Prompt, Wording

__all__ = ["Clause", "Refused", "Scene", "leaves_room", "prepare", "word"]

_AUTHORED_ONLY = {
    Intent.GREET,
    Intent.PRESENCE,
    Intent.NOT_HEARD,
    Intent.HOLD,
    Intent.BACK,
    Intent.SUPERVISOR,
    Intent.TRANSFERRED,
    Intent.COMPLAIN,
    Intent.LEAVE,
    Intent.CRY,
    Intent.CLOSE_GLAD,
    Intent.CLOSE_PENDING,
    Intent.CLOSE_REFUSED,
    Intent.CLOSE_COLD,
    Intent.HANG_UP,
    Intent.WITHDRAW,
}
_WON_OVER = {Intent.SOFTEN, Intent.TAKE_OFFER, Intent.REFUSED}

_WORD_S = 0.3
"""Seconds that one spoken word lasts at least: how long the model may take over the next clause."""

Refused = Callable[[str, str], None]
"""Told (why, text) for everything that a model gave and nobody spoke; text is empty for a fault."""


@dataclass(frozen=True)
class Clause:
    """A few words for one breath. `why`: why the author's words stand where a model's could."""

    text: str
    source: Literal["greeting", "authored", "llm"]
    why: str = ""


async def word(
    scene: Scene,
    model: Wording | None,
    due: asyncio.Event,
    refused: Refused,
    embedding: Embedding | None = None,
) -> AsyncGenerator[Clause, None]:
    """The clauses of one reply. Closing the generator cancels the model's request at once.

    Args:
        scene: what to say, to whom.
        model: who may word the continuation; None: the author does.
        due: set by the call when the opening has been spoken. A continuation that is not there by
            then is too late.
        refused: for the log.
        embedding: measures whether words are about the plan; without it only their form is guarded.
    """
    draft = scene.reply.draft
    if not draft:
        return
    source: Literal["greeting", "authored"] = (
        "greeting" if scene.reply.plan.intent is Intent.GREET else "authored"
    )
    if model is None or not leaves_room(scene.reply):
        for text in draft:
            yield Clause(text, source)
        return
    take = _Take(scene, model, due, refused, embedding)
    try:
        yield Clause(draft[0], source)
        spoken = ""
        async with contextlib.aclosing(take.clauses()) as accepted:
            async for text in accepted:
                spoken = f"{spoken} {text}"
                yield Clause(text, "llm")
        carried = await take.carried(spoken)
        for text in owed.still(scene.cast, scene.reply, spoken, carried):
            yield Clause(text, source, take.why or "the model left it out")
    finally:
        await take.close()


async def prepare(cast: Cast, model: Wording | None, roots: Sequence[Path] = ()) -> None:
    """Let a small model on this machine read who it speaks for, before it is needed.

    Once, when the call begins: it takes seconds, and each answer comes so much sooner.

    Sends nothing to another machine, and never fails: a fault shows when the model is needed.
    """
    if model is None or model.leaves_machine or not model.small:
        return
    with contextlib.suppress(TrainerError):
        async with contextlib.aclosing(_pieces(model, steady(cast, roots))) as pieces:
            async for _ in pieces:
                pass


class _Take:
    """Getting the continuation from a model while the opening is spoken: a request and a retry."""

    def __init__(
        self,
        scene: Scene,
        model: Wording,
        due: asyncio.Event,
        refused: Refused,
        embedding: Embedding | None,
    ) -> None:
        self.why = ""
        self._scene = scene
        self._model = model
        self._due = due
        self._refused = refused
        self._meaning = _Meaning(scene, embedding)
        self._accepted: asyncio.Queue[str | None] = asyncio.Queue()
        self._task = asyncio.create_task(self._compose())

    async def clauses(self) -> AsyncGenerator[str, None]:
        """Accepted clauses: the first before `due`, each further one before the last was spoken."""
        text = await self._first()
        while text is not None:
            yield text
            try:
                async with asyncio.timeout(1.0 + _WORD_S * len(text.split())):
                    text = await self._accepted.get()
            except TimeoutError:
                self._give_up()
                return

    async def carried(self, spoken: str) -> Sequence[float]:
        """Similarity of `spoken` to each of the owed texts; empty when it cannot be measured."""
        return await self._meaning.carried(spoken)

    async def close(self) -> None:
        self._task.cancel()
        await asyncio.wait({self._task})  # awaited itself, it would swallow a cancel of the reply

    async def _first(self) -> str | None:
        ready = asyncio.create_task(self._accepted.get())
        spoken = asyncio.create_task(self._due.wait())
        try:
            await asyncio.wait({ready, spoken}, return_when=asyncio.FIRST_COMPLETED)
            if ready.done():
                return ready.result()
        finally:
            ready.cancel()
            spoken.cancel()
        self._give_up()
        return None

    async def _compose(self) -> None:
        """Fill the queue with accepted clauses, then None; `why` says why the author must go on."""
        try:
            request = prompt(self._scene, self._model.small)
            accepted = await self._ask(request)
            if not accepted and not self._due.is_set() and self.why not in ("", "late"):
                await self._ask(request)
        except TrainerError as fault:
            self._stop(fault.message, "")
        except Exception as fault:  # whatever a provider's library raises, the customer speaks on
            self._stop(f"the wording model failed ({type(fault).__name__})", "")
        finally:
            self._accepted.put_nowait(None)

    async def _ask(self, request: Prompt) -> bool:
        """One request. True when at least one clause was accepted."""
        self.why = ""
        said: list[str] = []
        async with contextlib.aclosing(_pieces(self._model, request)) as pieces:
            async for text in clauses.split(pieces):
                if not said and guard.same(text, self._scene.reply.draft[0]):
                    continue  # it began with the opening, as it was shown; that has been spoken
                why = await self._judge(text, said)
                if why:
                    self._stop(why, text)
                    return bool(said)
                said.append(text)
                self._accepted.put_nowait(text)
        if not said:
            self._stop("the model said nothing", "")
        return bool(said)

    async def _judge(self, text: str, said: list[str]) -> str | None:
        if clauses.unfinished(text) and not text.rstrip().endswith((",", ";", "—", "–", "-", ":")):
            return "broken off"
        near = await self._meaning.near(text, " ".join((*said, text)))
        return guard.check(text, _context(self._scene, said, near))

    def _give_up(self) -> None:
        self._task.cancel()
        self._stop("late", "")

    def _stop(self, why: str, text: str) -> None:
        self.why = why
        self._refused(why, text)


class _Meaning:
    """How near words are to the plan, measured off the event loop; nothing without an embedding."""

    def __init__(self, scene: Scene, embedding: Embedding | None) -> None:
        plan, draft = scene.reply.plan, scene.reply.draft
        self._owed = owed.texts(plan)
        self._plan = [
            t for t in (*draft, " ".join(draft), plan.want, *plan.disclose, plan.answer) if t
        ]
        self._embedding = embedding

    async def near(self, *texts: str) -> float | None:
        """Similarity of the nearest of `texts` to the nearest part of the plan."""
        return max(
            [value for t in texts for value in await self._compare(t, self._plan)], default=None
        )

    async def carried(self, text: str) -> Sequence[float]:
        return await self._compare(text, self._owed)

    async def _compare(self, text: str, others: Sequence[str]) -> list[float]:
        if self._embedding is None or not others or not text.strip():
            return []
        vectors = await asyncio.to_thread(self._embedding.embed, [text, *others])
        return [float(value) for value in vectors[1:] @ vectors[0]]


async def _pieces(model: Wording, request: Prompt) -> AsyncGenerator[str, None]:
    """The model's stream, closed for certain when this one is."""
    stream = model.stream(request)
    try:
        async for piece in stream:
            yield piece
    finally:
        close = getattr(stream, "aclose", None)
        if close is not None:
            await close()


def leaves_room(reply: Reply) -> bool:
    """Whether a model has something to word: more than an opening, in a call that goes on."""
    return (
        len(reply.draft) > 1
        and reply.status is Status.OPEN
        and reply.plan.intent not in _AUTHORED_ONLY
    )


def _context(scene: Scene, said: Sequence[str], near: float | None) -> guard.Context:
    plan, draft, persona = scene.reply.plan, scene.reply.draft, scene.cast.persona
    customer = [turn.text for turn in scene.history if turn.who == "customer"]
    agent = [turn.text for turn in scene.history if turn.who == "agent"]
    told = (*customer, *draft, *plan.disclose, plan.answer)
    earlier = [part for line in (*customer, draft[0]) for part in _sentences(line)]
    return guard.Context(
        known=(*told, *agent, plan.want, persona.identity.name, persona.scenario.card.company),
        locked=tuple(
            key
            for fact in persona.scenario.facts
            if fact.id not in plan.fact_ids
            for key in fact.keys
            if not guard.betrays(" ".join(told), [key])
        ),
        said=(*earlier, *said),
        speakers=tuple({persona.identity.name, *persona.identity.name.split()}),
        heard=agent[-1] if agent else "",
        words_left=plan.max_words + 6 - len(" ".join((draft[0], *said)).split()),
        may_yield=plan.intent in _WON_OVER or guard.yields(" ".join(draft)),
        nearness=near,
    )


def _sentences(line: str) -> list[str]:
    done, rest = clauses.cut(line)
    return [*done, *([rest] if rest else [])]
