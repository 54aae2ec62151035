"""Headless calls whose words come from a language model, guarded and against the clock."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from trainer.acts.reader import Reader
from trainer.customer.wording import leaves_room
from trainer.domain.persona import Cast
from trainer.ports.embedding import Embedding
from trainer.ports.wording import Wording
from trainer.simulate.runs import Agent, Run, talk
from trainer.simulate.wording_trial import Take, take


@dataclass(frozen=True)
class Worded:
    """One call in a model's words.

    Attributes:
        run: the call.
        takes: every line that a model was asked for.
    """

    run: Run
    takes: tuple[Take, ...]


async def play_worded(
    cast: Cast,
    who: Agent,
    reader: Reader,
    seed: int,
    model: Wording,
    embedding: Embedding | None = None,
    patience: float = 1.0,
) -> Worded:
    """A whole call; each line is worded in the time that its opening takes to speak.

    Args:
        cast: the customer.
        who: the agent.
        reader: reads the agent's turns.
        seed: chooses among equal lines.
        model: who words.
        embedding: for the guard.
        patience: factor on the time that an opening takes.
    """
    takes: list[Take] = []
    call = talk(cast, who, reader, seed)
    scene = next(call)
    while True:
        text = " ".join(scene.reply.draft)
        if leaves_room(scene.reply):
            takes.append(await take(scene, model, embedding, patience))
            text = " ".join(clause.text for clause in takes[-1].clauses)
        try:
            scene = call.send(text)
        except StopIteration as end:
            return Worded(end.value, tuple(takes))


def refusals(calls: Sequence[Worded]) -> dict[str, int]:
    """Why model's words were not spoken ("late", a reason of the guard), most frequent first."""
    return dict(
        Counter(why for call in calls for one in call.takes for why, _ in one.refused).most_common()
    )
