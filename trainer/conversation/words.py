"""Who words the customer in this call, and by what their words are checked."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

from trainer.conversation.dialogue import Dialogue
from trainer.customer.wording import Clause, Scene, prepare, word
from trainer.domain.persona import Cast
from trainer.domain.plan import Reply
from trainer.ports.embedding import Embedding
from trainer.ports.wording import Wording


@dataclass(frozen=True)
class Words:
    """`model`: None leaves the words to the author. `roots`: where own prompts are looked for."""

    model: Wording | None = None
    embedding: Embedding | None = None
    roots: tuple[Path, ...] = ()

    def prepare(self, cast: Cast) -> "asyncio.Task[None]":
        """Let the model read who it speaks for while the customer says their first words."""
        return asyncio.create_task(prepare(cast, self.model, self.roots))

    def clauses(
        self, talk: Dialogue, reply: Reply, due: asyncio.Event
    ) -> AsyncGenerator[Clause, None]:
        """The reply, clause by clause; `due` is when a continuation must be there."""
        scene = Scene(talk.cast, reply, tuple(talk.turns), self.roots)
        return word(scene, self.model, due, talk.refused, self.embedding)


AUTHORED = Words()
"""Nobody but the author."""
