"""The call as a list of things that happened, stamped in call-clock samples, never changed
afterwards.

One line of `events.jsonl` is one event. `v` is the schema version, `t` the time in samples since
the first one.
What cannot repeat from run to run (wall time, latency) sits in `wall` and nowhere else.
"""

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from trainer.domain.ground import Ground
from trainer.domain.mood import Feeling, Happening, Status
from trainer.domain.moves import OfferState
from trainer.domain.transcript import Source, Speaker, Who

VERSION = 1


class _Event(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    v: int = VERSION
    t: int = Field(description="call clock, samples")
    wall: dict[str, float] = Field(
        default_factory=dict, description="what differs from run to run, seconds unless named"
    )


class CallStarted(_Event):
    type: Literal["call_started"] = "call_started"
    persona: str
    variant: str
    seed: int
    mode: Literal["spoken", "typed"]
    engines: dict[str, str]
    lead: Feeling = Field(default=Feeling.ANGER, description="the feeling the customer leads with")
    mood: dict[str, float]


class Imported(_Event):
    """The call is a recording of a real one: nobody was simulated, so no mood is logged.

    Where each party spoke stands in the `speech_started` and `speech_ended` events, so that the
    timing outlives the sound.
    """

    type: Literal["imported"] = "imported"
    engines: dict[str, str]
    apart: bool = Field(description="each party has a channel of their own")
    timed: bool = Field(description="when each turn was spoken is known")
    leak: bool = Field(default=False, description="a channel hears the other party, too")
    quality: dict[str, float | None] | None = Field(
        default=None, description="of the agent's sound, where the voice was measured"
    )


class StateChanged(_Event):
    type: Literal["state_changed"] = "state_changed"
    before: str
    after: str
    on: str


class SpeechStarted(_Event):
    """`t` is the first sample of speech, pre-roll excluded."""

    type: Literal["speech_started"] = "speech_started"
    who: Who


class SpeechEnded(_Event):
    """`t` is the last sample of speech; for the customer, the last audible sample that left the
    speaker.
    """

    type: Literal["speech_ended"] = "speech_ended"
    who: Who


class TurnTaken(_Event):
    """A finished turn of either party, as heard: a customer turn that was cut off holds only what
    was spoken.
    """

    type: Literal["turn"] = "turn"
    turn: int
    who: Speaker
    text: str
    start: int
    end: int
    source: Source
    confidence: float = 1.0
    unheard: str = Field(default="", description="customer: the tail that was cut off")
    sources: list[str] = Field(
        default_factory=list, description="customer: which engine spoke each clause, and why"
    )
    silence_s: float = Field(default=0.0, description="agent: the silence that counted, seconds")
    interrupted: bool = Field(default=False, description="agent: took the floor in mid-sentence")
    raised: float | None = Field(default=None, description="agent: raised voice, where it counted")


class WordsTimed(_Event):
    """Word times and confidences of an agent turn, aligned while the customer speaks; seconds on
    the call clock.
    """

    type: Literal["words"] = "words"
    turn: int
    words: list[tuple[str, float, float, float]]


class ActFound(BaseModel):
    model_config = ConfigDict(frozen=True)

    act: str
    quote: str
    start: int
    end: int
    confidence: float
    method: str


class CauseFound(BaseModel):
    model_config = ConfigDict(frozen=True)

    appraisal: str
    quote: str
    weight: float
    good: bool


class OfferFound(BaseModel):
    """A remedy that the turn touched, and how; see `domain.moves.Offer`."""

    model_config = ConfigDict(frozen=True)

    remedy: str
    state: OfferState
    condition: str = ""
    when: str = ""
    quote: str = ""


class MoodMoved(_Event):
    """What an agent turn did: acts found, what the customer made of them, the mood after it."""

    type: Literal["mood"] = "mood"
    turn: int
    acts: list[ActFound]
    appraisal: dict[str, float]
    mood: dict[str, float]
    cause: list[CauseFound]
    remedy: str | None = None
    asks: list[str] = Field(default_factory=list)
    offers: list[OfferFound] = Field(
        default_factory=list,
        description="remedies it touched, and how; `remedy` is the first that is on the table",
    )
    engine: str = Field(description="version of the mood engine")


class ActsRead(_Event):
    """What an agent turn did that moved no customer: one of an imported call, or one whose words
    were put right after the call.
    """

    type: Literal["acts"] = "acts"
    turn: int
    acts: list[ActFound]


class VoiceMeasured(_Event):
    """How one agent turn of an imported call sounds, in numbers that outlive the sound."""

    type: Literal["voice"] = "voice"
    turn: int
    values: dict[str, float]


class Planned(_Event):
    """What the customer decided to say; `generation` names the reply, stale ones are dropped."""

    type: Literal["planned"] = "planned"
    turn: int
    generation: int
    intent: str
    band: str
    facts: list[str]
    draft: list[str]
    about: list[str] = Field(
        default_factory=list, description="what is told by it: a fact's id, item:ID, identity:SLOT"
    )


class ClauseSpoken(_Event):
    """A customer's clause whose first sample left the speaker at `t` (typed calls: when it was
    shown).
    """

    type: Literal["clause"] = "clause"
    turn: int
    generation: int
    text: str
    source: Literal["greeting", "authored", "llm"]
    why: str = Field(
        default="", description="why the authored words were spoken, when a model was there"
    )


class ClauseRefused(_Event):
    """A model's clause that was not spoken, and why (guard, late, fault)."""

    type: Literal["clause_refused"] = "clause_refused"
    turn: int
    why: str
    text: str = ""


class Happened(_Event):
    type: Literal["happened"] = "happened"
    kind: Happening
    turn: int
    detail: str = ""
    seconds: float = Field(default=0.0, description="how long they waited, for a wait or a hold")
    announced: bool = Field(default=False, description="the agent had asked them to hold")


class Corrected(_Event):
    """The agent said the transcription was wrong; the moods that follow are recomputed and logged
    again.
    """

    type: Literal["corrected"] = "corrected"
    turn: int
    before: str
    after: str


class Frozen(_Event):
    """The call was made to stand still (`on`), or goes on again.

    Nothing is heard, played or recorded meanwhile and the call clock does not move, so that no
    measure of time sees it; `wall` of the second one holds how long it was (`stood_s`).
    """

    type: Literal["frozen"] = "frozen"
    turn: int
    on: bool


class Coached(_Event):
    """What the agent was shown beside the call: what shows of the customer, and a hint."""

    type: Literal["coached"] = "coached"
    turn: int
    cue: str = ""
    hint: str = Field(default="", description="id of the hint; empty: none")
    say: str = Field(default="", description="the hint as it was shown")


class CallEnded(_Event):
    type: Literal["call_ended"] = "call_ended"
    status: Status
    reason: str = ""
    csat: float | None = None
    story: list[str] = Field(default_factory=list)
    ground: Ground | None = Field(
        default=None, description="what both had established; None where nothing is known of it"
    )


Event: TypeAlias = Annotated[
    CallStarted
    | Imported
    | StateChanged
    | SpeechStarted
    | SpeechEnded
    | TurnTaken
    | WordsTimed
    | MoodMoved
    | ActsRead
    | VoiceMeasured
    | Planned
    | ClauseSpoken
    | ClauseRefused
    | Happened
    | Corrected
    | Frozen
    | Coached
    | CallEnded,
    Field(discriminator="type"),
]

_adapter: TypeAdapter[Event] = TypeAdapter(Event)


def to_line(event: Event) -> str:
    """One JSON line, without the newline."""
    return event.model_dump_json(exclude_defaults=False)


def from_line(line: str | bytes) -> Event:
    """Read one line of `events.jsonl`.

    Raises:
        pydantic.ValidationError: the line is not an event of this version.
    """
    return _adapter.validate_json(line)
