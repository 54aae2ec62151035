"""A real customer who never hangs up and, when asked to, always has a story to add."""

from collections.abc import Sequence
from dataclasses import replace

from trainer.acts.reader import Reader
from trainer.customer.customer import Customer
from trainer.customer.respond import Stimulus
from trainer.domain.mood import Status
from trainer.domain.persona import Cast
from trainer.domain.plan import Reply


class Talkative(Customer):
    """Thinks and opens as the customer does, so that a turn costs what it costs in earnest.

    `stories` follow the opening, one a turn; without any the answer stays as it was.
    """

    def __init__(self, cast: Cast, reader: Reader, seed: int, stories: Sequence[str] = ()) -> None:
        super().__init__(cast, reader, seed)
        self._stories = tuple(stories)
        self._told = 0

    def greet(self) -> Reply:
        """The first words of the call."""
        return self._more(super().greet())

    def correct(self, turn: int, text: str) -> list[tuple[int, Reply]]:
        """The agent turn `turn` was really `text`."""
        return [(number, self._more(reply)) for number, reply in super().correct(turn, text)]

    def _take(self, stimulus: Stimulus) -> Reply:
        return self._more(super()._take(stimulus))

    def _more(self, reply: Reply) -> Reply:
        self._inner = replace(self._inner, status=Status.OPEN)
        draft = reply.draft or ("I see.",)
        if self._stories:
            draft = (draft[0], self._stories[self._told % len(self._stories)])
            self._told += 1
        return replace(reply, draft=draft, status=Status.OPEN, pause_s=0.0)
