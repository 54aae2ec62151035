"""What goes on inside a customer during a try, worked out from what the call tells. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from trainer.domain.events import (
    ActFound,
    CallEnded,
    CallStarted,
    CauseFound,
    Happened,
    MoodMoved,
    OfferFound,
    Planned,
    TurnTaken,
)
from trainer.domain.mood import Mood
from trainer.tui.call_view import CallView, see
from trainer.tui.session import Observation


@dataclass(frozen=True)
class Step:
    """One agent turn: what was found in it, what they made of it, how they felt after it."""

    turn: int
    said: str
    before: Mood
    mood: Mood
    acts: tuple[ActFound, ...] = ()
    causes: tuple[CauseFound, ...] = ()
    offers: tuple[OfferFound, ...] = ()
    asks: tuple[str, ...] = ()
    happened: tuple[str, ...] = ()
    intent: str = ""
    band: str = ""
    about: tuple[str, ...] = ()


@dataclass(frozen=True)
class Inside:
    """A try so far.

    Attributes:
        call: what any call screen shows.
        start: the mood the call began with.
        steps: agent turns, oldest first.
        told: ids of the facts they have told.
        csat: their rating once it is over.
    """

    call: CallView = field(default_factory=CallView)
    start: Mood = field(default_factory=Mood)
    steps: tuple[Step, ...] = ()
    told: tuple[str, ...] = ()
    csat: float | None = None

    @property
    def mood(self) -> Mood:
        """How they feel now."""
        return self.steps[-1].mood if self.steps else self.start

    @property
    def before(self) -> Mood:
        """How they felt before the last agent turn."""
        return self.steps[-1].before if self.steps else self.start


def look(view: Inside, seen: Observation) -> Inside:
    """The view after one observation."""
    view = replace(view, call=see(view.call, seen))
    match seen:
        case CallStarted():
            return replace(view, start=_mood(seen.mood))
        case TurnTaken(who="agent"):
            step = Step(seen.turn, seen.text, view.mood, view.mood)
            return replace(view, steps=(*view.steps, step))
        case MoodMoved():
            return _last(
                view,
                mood=_mood(seen.mood),
                acts=tuple(seen.acts),
                causes=tuple(seen.cause),
                offers=tuple(seen.offers),
                asks=tuple(seen.asks),
            )
        case Happened() if view.steps:
            happened = (*view.steps[-1].happened, str(seen.kind))
            return _last(view, happened=happened)
        case Planned():
            view = replace(view, told=tuple(dict.fromkeys((*view.told, *seen.facts))))
            about = tuple(dict.fromkeys((*seen.about, *seen.facts)))
            return _last(view, intent=seen.intent, band=seen.band, about=about)
        case CallEnded():
            return replace(view, csat=seen.csat)
    return view


def _last(view: Inside, **found: object) -> Inside:
    if not view.steps:
        return view
    step = replace(view.steps[-1], **found)  # type: ignore[arg-type]  # fields of Step
    return replace(view, steps=(*view.steps[:-1], step))


def _mood(numbers: Mapping[str, float]) -> Mood:
    return Mood(**numbers)
