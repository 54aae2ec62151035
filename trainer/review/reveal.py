"""What lay behind the call: what the customer asked for, what they needed, what had happened.

Told after the feedback, never before: guessing at it is part of the exercise. The customer is taken
as they were in this call, or not at all.
"""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from trainer.content import personas
from trainer.domain.errors import BadInput
from trainer.domain.mood import Status
from trainer.domain.persona import Cast
from trainer.domain.record import CallRecord
from trainer.review import phrases, self_rating
from trainer.review.model import Reveal, Review


def beside(
    review: Review, record: CallRecord, kept: Cast | None, extra: Sequence[Path] = ()
) -> Review:
    """The review with what lay behind the call; as it is for a real call, which has no such thing.

    Args:
        review: of the call.
        record: the call.
        kept: the customer as the call folder holds them; None where it does not.
        extra: content roots: the customer's file there serves if it is still the same.

    Raises:
        BadInput: a text file of a content root has a mistake.
    """
    if not review.persona or review.mode == "imported":
        return review
    why = phrases.load(extra).not_measured
    if review.status in (Status.ABORTED, Status.OPEN):
        return review.model_copy(update={"reveal": Reveal(reason=why["reveal_stopped"])})
    who = kept or from_library(record, review.persona, extra)
    if who is None:
        return review.model_copy(update={"reveal": Reveal(reason=why["reveal_changed"])})
    told = Reveal(
        asked=who.persona.scenario.demand,
        need=who.persona.need.value,
        needed=self_rating.load(extra).needs[who.persona.need],
        background=who.persona.scenario.background,
        source="call" if kept is not None else "library",
    )
    return review.model_copy(update={"reveal": told})


def from_library(record: CallRecord, name: str, extra: Sequence[Path]) -> Cast | None:
    """The customer by their file; None where it has changed since the call, or is gone."""
    seed = record.meta.get("seed")
    with suppress(BadInput):
        who = personas.load(name, extra, seed if isinstance(seed, int) else 0)
        if who.digest == record.meta.get("digest"):
            return who
    return None


def rows(told: Reveal) -> list[tuple[str, str]]:
    """For reading: (what, in words)."""
    if told.reason:
        return [("", told.reason)]
    return [
        ("They asked for", f"“{told.asked}”"),
        ("What they needed", str(told.needed)),
        ("What had happened", str(told.background)),
    ]
