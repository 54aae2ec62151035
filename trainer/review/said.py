"""A line said again after the call: what it does, and what the customer would have felt."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from trainer.content import prompts
from trainer.domain.acts import ActKind
from trainer.domain.events import MoodMoved
from trainer.domain.mood import Feeling, Mood
from trainer.domain.plan import Reply
from trainer.domain.transcript import Heard
from trainer.review import phrases
from trainer.review.curve import FLAT
from trainer.review.log import CLEAR
from trainer.review.phrases import Phrases

_FILE = "say.yaml"


@dataclass(frozen=True)
class ActSaid:
    """One thing that the words did: its name, the words that show it, and what to call it."""

    act: str
    quote: str
    what: str


@dataclass(frozen=True)
class Said:
    """What became of the line.

    Attributes:
        text: the words, as understood or as typed.
        confidence: of the recognition, 0..1.
        understood: False: nothing is made of it, and all that follows is empty.
        told: what the customer would have felt, and what happened in the call, in sentences.
        acts: what the words did, in their order.
        feeling: name of the lead feeling.
        before: how strong it was at that moment, 0..1.
        after: how strong it would have been after these words; None when not understood.
        really: how strong it was after the agent's turn in the call; None when that was not
            understood.
        causes: why it would have moved, in a few words each.
        answer: what the customer would have said.
    """

    text: str
    confidence: float
    understood: bool
    told: str
    acts: tuple[ActSaid, ...]
    feeling: str
    before: float
    after: float | None
    really: float | None
    causes: tuple[str, ...] = ()
    answer: str = ""


class Texts(BaseModel):
    """The whole of prompts/say.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    acts: dict[ActKind, str]
    effect: dict[str, str]
    really: dict[str, str]
    no_acts: str
    unclear: str
    silent: str


def texts(roots: Sequence[Path]) -> Texts:
    """Read the texts; a team's own file shadows the shipped one.

    Raises:
        BadInput: the file has a mistake.
    """
    return prompts.model(_FILE, Texts, roots)


def relied_on(heard: Heard) -> bool:
    """Whether the words were recognised well enough to make something of them."""
    return bool(heard.text.strip()) and not heard.rejected and heard.confidence >= CLEAR


def unheard(
    heard: Heard, lead: Feeling, mood: Mood, moved: MoodMoved | None, roots: Sequence[Path]
) -> Said:
    """Of words that were not recognised well enough nothing is made."""
    words = texts(roots)
    return Said(
        text=heard.text,
        confidence=round(heard.confidence, 3),
        understood=False,
        told=words.unclear if heard.text else words.silent,
        acts=(),
        feeling=lead.value,
        before=round(mood.of(lead), 4),
        after=None,
        really=_really(moved, lead),
    )


def tell(
    heard: Heard,
    reply: Reply,
    lead: Feeling,
    mood: Mood,
    moved: MoodMoved | None,
    roots: Sequence[Path],
) -> Said:
    """What the words did, and what would have come of them against what came.

    Args:
        heard: the words.
        reply: what the customer would have answered to them.
        lead: the feeling the customer leads with.
        mood: theirs at that moment.
        moved: what the agent's turn in the call did; None when it was not understood.
        roots: extra content roots.

    Raises:
        BadInput: a file of texts has a mistake.
    """
    words, names = texts(roots), phrases.load(roots)
    before, after, really = mood.of(lead), reply.mood.of(lead), _really(moved, lead)
    acts = {act.kind: ActSaid(act.kind, act.quote, "") for act in reversed(reply.reading.acts)}
    said = [_sentence(words.effect[_way(before, after)], lead, before, after, really)]
    way = _way(before, really) if really is not None else "unknown"
    said.append(_sentence(words.really[way], lead, before, after, really))
    if not acts:
        said.insert(0, words.no_acts)
    return Said(
        text=heard.text,
        confidence=round(heard.confidence, 3),
        understood=True,
        told=" ".join(said),
        acts=tuple(
            ActSaid(kind, acts[kind].quote, _name(kind, words, names)) for kind in reversed(acts)
        ),
        feeling=lead.value,
        before=round(before, 4),
        after=round(after, 4),
        really=really,
        causes=tuple(dict.fromkeys(names.cause(cause.appraisal) for cause in reply.causes)),
        answer=" ".join(reply.draft),
    )


def _really(moved: MoodMoved | None, lead: Feeling) -> float | None:
    return moved.mood.get(lead.value) if moved is not None else None


def _way(before: float, after: float) -> str:
    return "up" if after - before > FLAT else "down" if before - after > FLAT else "same"


def _sentence(text: str, lead: Feeling, before: float, after: float, really: float | None) -> str:
    numbers = {"before": before, "after": after, "really": really or 0.0}
    for name, value in numbers.items():
        text = text.replace(f"{{{name}}}", f"{value * 100:.0f}")
    return text.replace("{feeling}", lead.value)


def _name(kind: ActKind, words: Texts, names: Phrases) -> str:
    if kind in names.well:
        return names.well[kind].what
    if kind in names.improve:
        return names.improve[kind].what
    return words.acts.get(kind, kind.value.replace("_", " "))
