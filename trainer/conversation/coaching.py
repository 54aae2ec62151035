"""A coach beside a practice call: what shows of the customer, and one line to try. Pure but `load`.

Cues and hints are data (`prompts/coaching.yaml`). What is chosen follows from the events of the
call alone, so that the same call is coached the same way.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field

from trainer.content import prompts
from trainer.domain.acts import ActKind
from trainer.domain.events import Coached, Event, Happened, MoodMoved, Planned
from trainer.domain.mood import Band, Feeling, Happening, band
from trainer.domain.persona import Cast, Strict, Unit

MOVED = 0.04
"""A change of the lead feeling at one turn that can be seen."""


class Level(StrEnum):
    """How much is shown."""

    FULL = "full"  # a cue, and a hint wherever one fits
    LIGHT = "light"  # hints for hard moments only
    OFF = "off"


class When(Strict):
    """What must hold for a hint; what is left out is not asked.

    `at_least`, `below`: the lead feeling; `rose`, `fell`: its change at the last turn;
    `never`: acts not found in any turn so far; `last`: one of these in the last turn.
    """

    lead: list[Feeling] | None = None
    at_least: Unit | None = None
    below: Unit | None = None
    rose: Unit | None = None
    fell: Unit | None = None
    heard_below: Unit | None = None
    resolved: Unit | None = None
    never: list[ActKind] | None = None
    last: list[ActKind] | None = None
    happened: list[Happening] | None = None
    turns: Annotated[int, Field(ge=0)] | None = None


class Hint(Strict):
    """One line to try, one row of a small terminal. `light`: also for those shown little."""

    id: str
    when: When
    say: Annotated[str, Field(max_length=70)]
    light: bool = False


class Signs(Strict):
    """How a change is marked."""

    up: str
    down: str


class Texts(Strict):
    """The whole file."""

    cues: dict[Feeling, dict[Band, str]]
    signs: Signs
    shows: dict[Happening, str]
    still: list[str]
    hints: list[Hint]


def load(roots: Sequence[Path]) -> Texts:
    """Read the cues and hints; a team's own file shadows the shipped one.

    Raises:
        BadInput: the file has a mistake.
    """
    return prompts.model("coaching.yaml", Texts, roots)


@dataclass(frozen=True)
class Seen:
    """What the coach knows: the customer's state, and what the agent's turns did.

    Attributes:
        value: the lead feeling now; `before`: before the last agent turn.
        acts: found so far; `last`: in the last agent turn.
        happened: since the last agent turn.
        turns: of the agent, understood.
        hint: id of the hint shown last.
    """

    lead: Feeling
    value: float
    before: float
    heard: float = 0.0
    resolution: float = 0.0
    acts: frozenset[str] = frozenset()
    last: frozenset[str] = frozenset()
    happened: tuple[Happening, ...] = ()
    turns: int = 0
    hint: str = ""


def begin(cast: Cast) -> Seen:
    """Before the first word."""
    lead = cast.persona.lead
    start = cast.mood.of(lead)
    return Seen(lead, start, start, heard=cast.mood.heard, resolution=cast.mood.resolution)


def see(seen: Seen, event: Event) -> Seen:
    """What is known after one event; those it does not need leave it as it was."""
    match event:
        case MoodMoved():
            last = frozenset(act.act for act in event.acts)
            return replace(
                seen,
                value=event.mood.get(seen.lead, seen.value),
                before=seen.value,
                heard=event.mood.get("heard", seen.heard),
                resolution=event.mood.get("resolution", seen.resolution),
                acts=seen.acts | last,
                last=last,
                happened=(),
                turns=seen.turns + 1,
            )
        case Happened():
            return replace(seen, happened=(*seen.happened, event.kind))
    return seen


def fits(when: When, seen: Seen) -> bool:
    """Whether all that a hint asks for holds."""
    rise = seen.value - seen.before
    return all(
        (
            when.lead is None or seen.lead in when.lead,
            when.at_least is None or seen.value >= when.at_least,
            when.below is None or seen.value < when.below,
            when.rose is None or rise >= when.rose,
            when.fell is None or -rise >= when.fell,
            when.heard_below is None or seen.heard < when.heard_below,
            when.resolved is None or seen.resolution >= when.resolved,
            when.never is None or not seen.acts & set(when.never),
            when.last is None or bool(seen.last & set(when.last)),
            when.happened is None or bool(set(seen.happened) & set(when.happened)),
            when.turns is None or seen.turns >= when.turns,
        )
    )


def cue(seen: Seen, texts: Texts) -> str:
    """What shows of the customer, e.g. "voice up, short sentences  ▲ up"."""
    said = [texts.cues.get(seen.lead, {}).get(band(seen.value), "")]
    said += [texts.shows[kind] for kind in seen.happened if kind in texts.shows][-1:]
    rise = seen.value - seen.before
    sign = texts.signs.up if rise >= MOVED else texts.signs.down if rise <= -MOVED else ""
    return f"{', '.join(part for part in said if part)}  {sign}".strip()


def hint(seen: Seen, texts: Texts, level: Level) -> Hint | None:
    """The first hint that fits and was not the last one."""
    if level is Level.OFF:
        return None
    offered = (one for one in texts.hints if one.light or level is Level.FULL)
    return next((one for one in offered if one.id != seen.hint and fits(one.when, seen)), None)


class Coach:
    """Sees the events of one call; whenever the customer is about to speak, says what to try."""

    def __init__(self, cast: Cast, texts: Texts, level: Level) -> None:
        self._seen = begin(cast)
        self._texts = texts
        self._level = level

    def __call__(self, event: Event) -> Coached | None:
        """What to show after this event; None: nothing new."""
        self._seen = see(self._seen, event)
        if not isinstance(event, Planned) or self._level is Level.OFF:
            return None
        found = hint(self._seen, self._texts, self._level)
        shown = cue(self._seen, self._texts) if self._level is Level.FULL else ""
        self._seen = replace(self._seen, hint=found.id if found else "")
        return Coached(
            t=event.t,
            turn=event.turn,
            cue=shown,
            hint=found.id if found else "",
            say=found.say if found else "",
        )
