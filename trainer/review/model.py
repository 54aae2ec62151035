"""The debrief as data: what `trainer review CALL --json` prints. Keys are a contract.

What was not measured is None, with its reason in a `not_measured` table: never 0, never a guess.
"""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from trainer.domain.ground import Ground
from trainer.domain.mood import Happening
from trainer.domain.transcript import Speaker
from trainer.review.delivery.measured import Delivery

VERSION = 3


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True)


class Item(_Model):
    """One remark of the feedback. It always has a quote or a number."""

    behaviour: str
    what: str = Field(description="What was done, in one plain sentence.")
    turn: int
    start_s: float
    end_s: float
    quote: str | None
    number: str | None
    effect: str
    say_instead: str | None
    theirs: str = Field("", description="What the customer had just said, where it matters.")
    turns: list[int] = Field(default_factory=list, description="All turns that show an absence.")


class Feedback(_Model):
    """At most three, at most two, one."""

    went_well: list[Item]
    improve: list[Item]
    action: Item | None
    note: str = Field("", description="Why there is less than that.")


class EvidenceShown(_Model):
    turn: int
    quote: str | None
    number: str | None
    start_s: float
    end_s: float


class BehaviourLevel(_Model):
    id: str
    name: str
    dimension: str
    level: int | None
    confidence: float
    source: str | None
    n: int
    reason: str
    anchor: str = Field("", description="What the rubric says of this level.")
    remark: str = Field("", description="What the judge says of it.")
    by_rules: int | None = Field(None, description="The level of rules, where the judge's counts.")
    evidence: list[EvidenceShown]


class DimensionScore(_Model):
    id: str
    name: str
    score: float | None
    band: str
    reason: str


class CriticalError(_Model):
    id: str
    name: str
    dimension: str
    turn: int
    quote: str


class DeadAir(_Model):
    turn: int
    start_s: float
    end_s: float
    seconds: float


class HoldTaken(_Model):
    start_s: float
    end_s: float
    announced: bool


class TimingMeasures(_Model):
    talk_share: float | None = None
    talk_share_first_half: float | None = None
    overlap_share: float | None = None
    median_gap_s: float | None = None
    gaps_s: list[float] | None = None
    interruptions: int | None = None
    backchannels: int | None = None
    longest_stretch_s: float | None = None
    dead_air: list[DeadAir] | None = None
    holds: list[HoldTaken] | None = None
    not_measured: dict[str, str] = Field(default_factory=dict)


class TurnDelivery(_Model):
    """The voice of one agent turn; `z`, `parts` and `pace` against the usual voice.

    They are None for the turns that stand in for a warm-up, and where they are not measured.
    """

    turn: int
    start_s: float
    end_s: float
    z: float | None
    parts: dict[str, float] | None
    rate: float | None = Field(description="Syllables per second of speech.")
    pace: float | None = Field(description="That over the usual one.")
    words_per_minute: float | None
    f0_median_st: float | None
    f0_range_st: float | None
    voiced_s: float


class DeliveryMeasures(Delivery):
    """The agent's voice in the whole call, and turn by turn where a turn is long enough."""

    turns: list[TurnDelivery] = Field(default_factory=list)
    baseline: Literal["own", "provisional"] | None = Field(
        None, description="The warm-up, or the first two turns."
    )
    note: str = Field("", description="Why it is not the warm-up.")


class Measures(_Model):
    timing: TimingMeasures
    delivery: DeliveryMeasures
    language: dict[str, int | None]
    language_not_measured: str = ""


class TurnShown(_Model):
    turn: int
    who: Speaker
    text: str
    start_s: float
    end_s: float
    source: str
    confidence: float = 1.0
    acts: list[dict[str, str]] = Field(default_factory=list)


class CurvePoint(_Model):
    """The lead feeling after one agent turn; turn 0 is the beginning. 0..1."""

    turn: int
    t_s: float
    value: float
    before: float
    why: str
    quote: str
    good: bool | None
    marks: list[str] = Field(default_factory=list)
    happened: list[Happening] = Field(default_factory=list, description="The marks by name.")
    start_s: float
    end_s: float


class TrackMark(_Model):
    """Something on the time axis beside the turns; `turn` 0 where it belongs to none."""

    kind: Literal["agent_cut_in", "customer_cut_in", "silence", "hold"]
    turn: int
    start_s: float
    end_s: float


class OwnGap(_Model):
    """One dimension as the agent marked it before the result, and the result."""

    dimension: str
    name: str
    own: int | None = Field(description="1 hardly .. 5 all the way.")
    result: float | None
    gap: float | None = Field(description="Own mark minus result.")
    says: str = Field(description="The gap in words.")


class MomentSeen(_Model):
    """What the customer said that got to the agent, as they marked it."""

    turn: int
    start_s: float
    quote: str


class OwnView(_Model):
    """The agent's own view of the call, taken before the result was shown. Nothing is scored."""

    made: datetime
    gap: list[OwnGap]
    about: str
    moment: MomentSeen | None
    body: str = Field(description="Where they noticed it, in words.")
    felt: str | None
    needed: str | None
    seen: list[str] = Field(description="How the customer was read, a sentence each.")
    reframe: str
    journal: list[str]


class Reveal(_Model):
    """What lay behind the call. Everything is None where it is not told, and `reason` says why."""

    asked: str | None = Field(None, description="What they asked for, in their words.")
    need: str | None = None
    needed: str | None = Field(None, description="The need in plain words.")
    background: str | None = None
    source: Literal["call", "library"] | None = Field(
        None, description="The copy kept with the call, or the customer's unchanged file."
    )
    reason: str = ""


class JudgeNote(_Model):
    """What became of asking a language model."""

    model: str
    leaves_machine: bool
    status: Literal["done", "late", "failed"]
    marked: list[str] = Field(description="Ids of the behaviours whose level is the judge's.")
    not_marked: dict[str, str] = Field(description="Why it gave no level, by id.")
    requests: int
    cost_usd: float | None = Field(description="US dollars; None where no price is known.")
    seconds: float
    message: str = ""


class Review(_Model):
    """The whole debrief of one call."""

    version: int = VERSION
    call: str
    persona: str
    title: str
    mode: str
    status: str
    rubric: dict[str, Any]
    feeling: str
    length_s: float
    measures: Measures
    behaviours: list[BehaviourLevel]
    dimensions: list[DimensionScore]
    critical: list[CriticalError]
    feedback: Feedback
    curve: list[CurvePoint]
    marks: list[TrackMark] = Field(
        default_factory=list, description="Who cut in, silences over 4 s, holds; by time."
    )
    csat: float | None = Field(description="Simulated customer's rating, 1..5.")
    story: list[str]
    ground: Ground | None = Field(
        None, description="What both had established; None where the call holds nothing of it."
    )
    transcript: list[TurnShown]
    engines: dict[str, str]
    note: str = ""
    self_rating: OwnView | None = None
    judge: JudgeNote | None = Field(None, description="None where no language model was asked.")
    reveal: Reveal | None = Field(None, description="None for a real call.")
