"""A customer as a trainer writes one: who they are, how they take things, what happened to them.

One YAML file is one `Persona`. `extends` names a `Temperament`, whose numbers and lines fill what
the persona leaves out.
Unknown fields are errors: nothing a trainer writes is silently ignored.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from trainer.domain.mood import Band, Feeling, Mood
from trainer.domain.plan import Intent

Unit = Annotated[float, Field(ge=0, le=1)]
Lines = dict[Intent, dict[Band | Literal["any"], list[str]]]
"""Authored lines by intent and mood band; "any" serves every band.

Each line may hold {slots} of the variant.
"""


class Strict(BaseModel):
    """Frozen, and closed to unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Need(StrEnum):
    """What the customer needs underneath what they demand; it changes what helps."""

    TO_BE_HEARD = "to_be_heard"
    CERTAINTY = "certainty"
    SPEED = "speed"
    FAIRNESS = "fairness"
    CONTROL = "control"
    DIGNITY = "dignity"


class Exit(StrEnum):
    """The ways this customer leaves when it goes badly."""

    HANGS_UP = "hangs_up"
    WITHDRAWS = "withdraws"
    CRIES = "cries"
    LEAVES_POLITELY = "leaves_politely"
    SUPERVISOR = "supervisor"


class Identity(Strict):
    """Who is calling."""

    name: str = Field(description="First and last name.")
    age: Annotated[int, Field(ge=16, le=110)] = Field(description="Years.")
    about: str = Field(
        description="One or two sentences: work, home, manner. Reaches the wording model."
    )
    speech: str = Field(
        default="",
        description="How they talk: rhythm, favourite turns of phrase. Reaches the wording model.",
    )


Place = Literal["none", "office", "street", "cafe", "rain", "machine"]
"""Where a customer calls from, as it is heard behind them."""


class VoiceChoice(Strict):
    """The customer's neutral voice. Engines do what they can with it."""

    register_: Literal["low", "middle", "high"] = Field(
        default="middle", alias="register", description="Pitch register."
    )
    pitch_hz: Annotated[float, Field(ge=70, le=300)] | None = Field(
        default=None, description="Pitch median asked for, Hz; else from the register."
    )
    formant: Annotated[float, Field(ge=0.8, le=1.25)] = Field(
        default=1.0, description="Formant ratio: below 1 a longer, above 1 a shorter vocal tract."
    )
    rate: Annotated[float, Field(ge=0.7, le=1.4)] = Field(
        default=1.0, description="Neutral speed factor."
    )
    espeak: str = Field(
        default="", description="eSpeak voice variant, e.g. en-gb+f3; empty: from the register."
    )
    cloud: str = Field(default="", description="Voice name for a cloud engine, e.g. alloy.")
    background: Place = Field(
        default="none", description="What is heard behind them in a spoken call."
    )


class Temper(Strict):
    """How strongly this person reacts, and when they break."""

    reactivity: Annotated[float, Field(ge=0.3, le=1.8)] | None = Field(
        default=None, description="Gain on bad appraisals."
    )
    forgiveness: Annotated[float, Field(ge=0.3, le=1.6)] | None = Field(
        default=None, description="Gain on good appraisals."
    )
    supervisor_at: Unit | None = Field(
        default=None, description="Lead feeling from which they ask for a supervisor."
    )
    exit_at: Unit | None = Field(
        default=None, description="Lead feeling that, two turns running, makes them leave."
    )
    presence_s: Annotated[float, Field(ge=3, le=30)] | None = Field(
        default=None, description="Seconds of silence before they ask whether anyone is there."
    )
    outcome_weight: Unit | None = Field(
        default=None, description="Share of the outcome in their satisfaction."
    )
    interaction_weight: Unit | None = Field(
        default=None, description="Share of how they were treated; the rest is procedure."
    )
    sarcastic: bool | None = Field(default=None, description="Turns to sarcasm when hurt.")
    sighs: bool | None = Field(default=None, description="Sighs when nothing moves.")


class StartMood(Strict):
    """The mood when the call begins; what is left out comes from the temperament."""

    anger: Unit | None = Field(default=None, description="0 none, 1 furious.")
    anxiety: Unit | None = Field(default=None, description="0 none, 1 panicking.")
    sadness: Unit | None = Field(default=None, description="0 none, 1 desolate.")
    warmth: Unit | None = Field(default=None, description="Liking for people, 0..1.")
    trust: Unit | None = Field(default=None, description="Trust in this agent, 0..1.")
    patience: Unit | None = Field(
        default=None, description="0..1; it drains while nothing moves, and at 0 they leave."
    )


class Gate(Strict):
    """When a fact may be told. All conditions must hold."""

    min_trust: Unit = Field(default=0.0, description="Trust they must have in the agent by then.")
    min_heard: Unit = Field(default=0.0, description="How much they must feel heard by then.")
    max_anger: Unit = Field(default=1.0, description="Anger that must not be exceeded.")


class Fact(Strict):
    """Something the customer knows.

    Until its gate is open it is in no prompt, so it cannot leak.
    """

    id: str = Field(description="A short name, used by remedies and variants.")
    text: str = Field(
        description="The fact as it may be told to the wording model, third person or first."
    )
    line: str = Field(description="The customer's own words for it, spoken when no model words it.")
    asks: list[str] = Field(min_length=1, description="Example questions that ask for it.")
    keys: list[str] = Field(
        min_length=1, description="Strings that betray it: a leak test looks for them."
    )
    gate: Gate = Field(
        default=Gate(), description="When it may be told; without a gate, whenever they are asked."
    )
    volunteer: bool = Field(
        default=False, description="Told unasked once they feel heard and trust the agent."
    )
    importance: Annotated[int, Field(ge=1, le=3)] = Field(
        default=2, description="1..3; where several could be told, the most important comes first."
    )


class Remedy(Strict):
    """Something the agent may offer."""

    id: str = Field(description="A short name.")
    called: str = Field(
        default="",
        description="How the customer would call it in the middle of a sentence: “the engineer”.",
    )
    examples: list[str] = Field(min_length=2, description="Agent phrases that offer it.")
    allowed: bool = Field(description="Whether policy lets the agent grant it.")
    solves: Unit = Field(description="How much of the problem it solves, 0..1.")
    accept: list[str] = Field(default_factory=list, description="What they say when they take it.")
    needs: list[str] = Field(
        default_factory=list,
        description="Ids of facts that must be known before it is worth anything.",
    )
    weigh: list[str] = Field(
        default_factory=list, description="What they say when this is offered and not enough yet."
    )
    conditional: list[str] = Field(
        default_factory=list,
        description="What they say when it hangs on something: they do their part, or ask.",
    )
    refused: list[str] = Field(
        default_factory=list, description="What they say when they are told they cannot have it."
    )


class Slot(Strict):
    """One thing a person can be asked to identify themselves with."""

    is_: str = Field(default="", alias="is", description="The value as it is written down.")
    says: str = Field(
        default="", description="How they say it; left out, the value is said as people say it."
    )
    gate: Gate = Field(default=Gate(), description="When they give it; left out, when asked.")


class Reference(Slot):
    """A number on a letter, a card, a meter."""

    called: str = Field(description="What it is the number of: “account number”.")


class IdentitySlots(Strict):
    """What they identify themselves with. Every value is invented and in a range kept for that."""

    name: Slot | None = Field(default=None, description="First and last name.")
    spelling: Slot | None = Field(default=None, description="The surname, letter by letter.")
    birth_date: Slot | None = Field(default=None, description="YYYY-MM-DD.")
    address: Slot | None = Field(default=None, description="House, street, town.")
    postcode: Slot | None = Field(default=None, description="Postcode or ZIP code.")
    phone: Slot | None = Field(
        default=None, description="A number kept for fiction: 07700 900123, (555) 555-0123."
    )
    email: Slot | None = Field(
        default=None, description="An address at a domain that is kept for examples."
    )
    references: list[Reference] = Field(
        default_factory=list, description="Numbers the agent may ask for, the likeliest first."
    )
    account_holder: Slot | None = Field(
        default=None, description="Whose name it is in, and who else is on it."
    )


class ItemKind(StrEnum):
    """Where on the sheet an item belongs."""

    OBJECT = "object"  # what the light shows, what the letter says
    TIMELINE = "timeline"  # when, how often, in which order
    PEOPLE = "people"  # who said it, who is affected
    HOME = "home"  # the home and the day, when they can be reached
    WANTS = "wants"  # wants and preferences, what would be second best
    TRIED = "tried"  # what they have done about it
    OUTSIDE = "outside"  # what such a person cannot know, in their words


class Item(Strict):
    """One thing they know, with the answer as they would say it."""

    id: str = Field(description="A short name.")
    kind: ItemKind = Field(description="Where on the sheet it belongs.")
    topic: str = Field(description="What it is about, in two to six words: “the light on the box”.")
    asks: list[str] = Field(min_length=1, description="Example questions that ask for it.")
    says: str = Field(description="Their answer, as they would say it.")
    gate: Gate = Field(default=Gate(), description="When they say it; left out, when asked.")


class Knows(Strict):
    """The sheet of what a person knows: what an actor would get beside the script."""

    identity: IdentitySlots = Field(
        default=IdentitySlots(), description="What they identify themselves with."
    )
    items: list[Item] = Field(default_factory=list, description="Thirty to fifty short items.")


class Card(Strict):
    """What the agent's own screen shows: public, fair, enough to work with."""

    company: str = Field(description="The company the agent speaks for.")
    agent_role: str = Field(description="What the agent is there.")
    situation: str = Field(description="Why the customer is calling, as far as the agent can know.")
    system: list[str] = Field(description="What the agent's system says.")
    may_grant: list[str] = Field(description="What policy lets the agent do.")
    may_not: list[str] = Field(description="What policy forbids, whatever the customer demands.")


class Variant(Strict):
    """One telling of the scenario: names, amounts, starting mood, a fact that is hidden or open."""

    id: str = Field(description="A short name.")
    slots: dict[str, str] = Field(
        description="Values for {slots} in card, lines, facts and remedies."
    )
    mood: StartMood = Field(
        default=StartMood(), description="Where this telling begins, where it differs."
    )
    hidden: list[str] = Field(
        default_factory=list, description="Ids of facts that are left out of this variant."
    )


class Scenario(Strict):
    """What happened, what can be done about it."""

    card: Card = Field(description="What the agent's own screen shows.")
    background: str = Field(
        description="What the customer knows and the agent does not. Shown in the debrief; "
        "gated parts belong in facts."
    )
    demand: str = Field(description="What they ask for, in their words.")
    facts: list[Fact] = Field(
        min_length=1, description="What the customer knows and tells when asked, once they may."
    )
    remedies: list[Remedy] = Field(
        min_length=1, description="What an agent might offer, allowed or not."
    )
    knows: Knows = Field(
        default=Knows(), description="The sheet of what they know beside the facts."
    )
    variants: list[Variant] = Field(
        min_length=3, description="Tellings of the same story; the seed of a call chooses one."
    )


class Temperament(Strict):
    """A manner of being upset, shared by many customers: complete numbers, and lines for every
    intent.
    """

    name: str = Field(description="The file's name.")
    about: str = Field(description="The manner in one or two sentences.")
    mood: StartMood = Field(description="Where a call begins: every number.")
    temper: Temper = Field(description="How they react: every number.")
    lines: Lines = Field(description="Lines for every occasion, by mood band.")
    language: Literal["en"] = Field(
        default="en", description="What it is written in. Only English (en) so far."
    )


class Persona(Strict):
    """One customer, as written in one YAML file; the file's stem is its name."""

    title: str = Field(description="One line for the list: who and why.")
    extends: str = Field(description="The temperament that fills in what is left out here.")
    identity: Identity = Field(description="Who is calling.")
    voice: VoiceChoice = Field(default=VoiceChoice(), description="How they sound at rest.")
    language: Literal["en"] = Field(
        default="en", description="What they speak. Only English (en) so far."
    )
    difficulty: Annotated[int, Field(ge=1, le=5)] = Field(description="1 easy to 5 very hard.")
    trains: list[str] = Field(
        min_length=1, description="Rubric behaviours this call exercises, e.g. E1."
    )
    content_notes: list[str] = Field(
        default_factory=list, description="What may be hard to hear: an agent can opt out."
    )
    lead: Feeling = Field(description="The feeling that leads: words and voice follow it.")
    exits: list[Exit] = Field(min_length=1, description="How they leave when it goes badly.")
    need: Need = Field(description="What they need under what they demand: it changes what helps.")
    mood: StartMood = Field(
        default=StartMood(), description="Where the call begins, where it differs, 0..1."
    )
    temper: Temper = Field(default=Temper(), description="How they react, where it differs.")
    scenario: Scenario = Field(description="What happened, and what can be done about it.")
    lines: Lines = Field(
        default_factory=dict,
        description="What they say, by occasion and mood band (overwhelmed, hot, tense, wary, "
        "calm, any); the temperament's lines come after these.",
    )
    sayings: list[str] = Field(
        default_factory=list, description="Phrases only this person would use."
    )
    draft: bool = Field(
        default=False, description="Not offered to agents until you take this line out."
    )


@dataclass(frozen=True)
class Cast:
    """A persona ready for one call: temperament merged in, one variant chosen, every {slot} filled.

    Attributes:
        name: the file's stem, e.g. "olsen-outage".
        persona: slots filled; facts hidden in this variant are gone from `persona.scenario.facts`.
        temperament: name of the temperament.
        variant: id of the variant.
        mood: the complete mood the call begins with.
        temper: the complete numbers: no field is None.
        lines: the persona's own lines.
        stock: the temperament's lines, used where the persona has none left.
        digest: sha256 of persona and temperament file, for the call's meta.
    """

    name: str
    persona: Persona
    temperament: str
    variant: str
    mood: Mood
    temper: Temper
    lines: Lines
    stock: Lines
    digest: str
