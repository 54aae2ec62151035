"""Rate yourself first: what is asked after a call, and the answers beside the result.

The answers never move a score, and the gap is told in kind words: it is information, not a mark.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from trainer.content import prompts
from trainer.domain.audio import seconds
from trainer.domain.mood import Feeling, Status
from trainer.domain.persona import Need
from trainer.domain.record import CallRecord
from trainer.domain.self_rating import NONE, SelfRating
from trainer.review import log, rubric
from trainer.review.model import DimensionScore, MomentSeen, OwnGap, OwnView, Review
from trainer.review.rubric import Rubric
from trainer.review.ruler import ruler
from trainer.review.scale import clock

FILE = "self_rating.yaml"

SAME = 0.75
"""Steps of the 1 to 5 scale within which the two agree: one's own mark is a whole number."""

FAR = 1.75
"""Steps from which they are far apart."""

_HARD = 0.8
"""A lead feeling that makes a call a hard one: the customer was overwhelmed by it."""

_LEFT = (Status.HUNG_UP, Status.WITHDREW, Status.CLOSED_BY_AGENT)
"""Ends that make it one."""

_Words = Annotated[str, Field(min_length=1, max_length=90)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class GapWords(_Strict):
    """What is said of the distance between one's own mark and the result."""

    same: str
    above: str
    far_above: str
    below: str
    far_below: str
    no_result: str
    about: str


class SeenWords(_Strict):
    """What is said of how the customer was read; with {said} and {was}."""

    felt_same: str
    felt_other: str
    felt_unsure: str
    needed_same: str
    needed_other: str
    needed_unsure: str


class Breathing(_Strict):
    """The words of the breathing card."""

    offer: str
    before: str
    in_: Annotated[str, Field(alias="in")]
    out: str
    done: str


class Words(_Strict):
    """The whole of prompts/self_rating.yaml."""

    dimensions: dict[str, _Words]
    scale: dict[Annotated[int, Field(ge=1, le=5)], _Words] = Field(min_length=5)
    moment: _Words
    no_moment: _Words
    body: _Words
    places: dict[str, _Words] = Field(min_length=1, max_length=9)
    nowhere: _Words
    felt: _Words
    feelings: dict[Feeling, _Words] = Field(min_length=len(Feeling))
    needed: _Words
    needs: dict[Need, _Words] = Field(min_length=len(Need))
    unsure: _Words
    reframe: _Words
    reframe_hint: _Words
    journal: tuple[_Words, _Words]
    gap: GapWords
    seen: SeenWords
    hard: _Words
    breathing: Breathing


@dataclass(frozen=True)
class Said:
    """A turn of the customer that may be the moment."""

    turn: int
    start_s: float
    text: str


@dataclass(frozen=True)
class Asked:
    """Everything the questions about one call need.

    Attributes:
        dimensions: id, name and the sentence that is marked, in the rubric's order.
        moments: what the customer said, in order.
        hard: a minute to breathe is offered.
    """

    words: Words
    dimensions: tuple[tuple[str, str, str], ...]
    moments: tuple[Said, ...]
    hard: bool


def load(extra: Sequence[Path]) -> Words:
    """Read the words; a team's own file shadows the shipped one.

    Raises:
        BadInput: the file has a mistake.
    """
    return prompts.model(FILE, Words, extra)


def asked(record: CallRecord, extra: Sequence[Path] = (), by: str = "core") -> Asked | None:
    """What to ask about this call; None where there is nothing to rate.

    That is a call that was stopped or broken off, a real one, and one without a word of the agent.
    Only the events are looked at, not the sound. `by`: the rubric's name.

    Raises:
        BadInput: a rubric or text file of a content root has a mistake.
    """
    call = log.read(record)
    unrated = (Status.ABORTED, Status.OPEN, Status.IMPORTED)
    if call.status in unrated or not call.agent_turns:
        return None
    words, marks = load(extra), rubric.load(extra, by)
    last = call.agent_turns[-1].turn
    return Asked(
        words=words,
        dimensions=tuple(
            (one.id, one.name, words.dimensions.get(one.id, one.name))
            for one in marks.dimensions
            if not call.typed or _by_words(one.id, marks)
        ),
        moments=tuple(
            Said(turn.turn, seconds(turn.start), turn.text)
            for turn in call.customer_turns
            if turn.text and turn.turn <= last + 1
        ),
        hard=call.status in _LEFT or any(one.after >= _HARD for one in call.exchanges),
    )


def _by_words(dimension: str, marks: Rubric) -> bool:
    """Whether words alone can give it a result: a keyboard has neither voice nor rhythm."""
    own = [one for one in marks.behaviours if one.dimension == dimension]
    read = sum(one.weight for one in own if one.source[0] not in ("acoustic", "timing"))
    return read >= marks.not_enough_below


def beside(review: Review, own: SelfRating | None, extra: Sequence[Path] = ()) -> Review:
    """The review with the agent's own view in it; as it is where there is none.

    What the customer needed is taken from what the review reveals.

    Raises:
        BadInput: a text file of a content root has a mistake.
    """
    if own is None or own.empty:
        return review
    words = load(extra)
    said = next((turn for turn in review.transcript if turn.turn == own.moment), None)
    lead = review.feeling if review.persona else None
    need = review.reveal.need if review.reveal is not None else None
    view = OwnView(
        made=own.made,
        gap=[_gap(one, own.dimensions.get(one.id), words) for one in review.dimensions],
        about=words.gap.about if own.dimensions else "",
        moment=MomentSeen(turn=said.turn, start_s=said.start_s, quote=said.text) if said else None,
        body=words.places.get(own.body or "", ""),
        felt=own.felt,
        needed=own.needed,
        seen=[
            *_seen(own.felt, lead, _plain(words.feelings), words.seen, "felt"),
            *_seen(own.needed, need, _plain(words.needs), words.seen, "needed"),
        ],
        reframe=own.reframe,
        journal=list(own.journal),
    )
    return review.model_copy(update={"self_rating": view})


def rows(view: OwnView) -> list[tuple[str, str]]:
    """The agent's own view for reading: (what, in words), without what was not answered."""
    return [(gap.name, _marks(gap)) for gap in view.gap if gap.own is not None] + notes(view)


def notes(view: OwnView) -> list[tuple[str, str]]:
    """The same without the marks."""
    found = []
    if view.moment is not None:
        where = f", noticed in: {view.body}" if view.body else ""
        said = f"“{view.moment.quote}” ({clock(view.moment.start_s)})"
        found.append(("What got to you", said + where))
    found += [("How you read them", line) for line in view.seen]
    if view.reframe:
        found.append(("Going on for them", f"“{view.reframe}”"))
    return found + [("Your line", f"“{line}”") for line in view.journal if line]


def _marks(gap: OwnGap) -> str:
    """○ is the agent's own mark, ● the result, ◉ both on one place."""
    result = f"result {gap.result:.1f}" if gap.result is not None else "no result"
    own = "○" if gap.gap is None or abs(gap.gap) > 0.1 else "◉"
    return f"{ruler({gap.result: '●', gap.own: own})}  you {gap.own}, {result}: {gap.says}"


def _gap(found: DimensionScore, own: int | None, words: Words) -> OwnGap:
    gap = None if own is None or found.score is None else round(own - found.score, 1)
    says = "" if own is None else words.gap.no_result if gap is None else told(gap, words.gap)
    return OwnGap(
        dimension=found.id, name=found.name, own=own, result=found.score, gap=gap, says=says
    )


def told(gap: float, words: GapWords) -> str:
    """A gap (own mark minus result, steps of the scale) in words."""
    if abs(gap) < SAME:
        return words.same
    if gap > 0:
        return words.far_above if gap >= FAR else words.above
    return words.far_below if gap <= -FAR else words.below


def _plain(words: Mapping[Feeling, str] | Mapping[Need, str]) -> dict[str, str]:
    return {str(name): label for name, label in words.items()}


def _seen(
    said: str | None, was: str | None, names: Mapping[str, str], words: SeenWords, what: str
) -> list[str]:
    """How the customer was read; nothing where it was not asked or is not known."""
    if said is None or was is None:
        return []
    how = "unsure" if said == NONE else "same" if said == was else "other"
    line: str = getattr(words, f"{what}_{how}")
    return [line.replace("{said}", names.get(said, "")).replace("{was}", names[was])]
