"""What the customer perceives of an agent turn, and what they decide to say back."""

from dataclasses import dataclass, field
from enum import StrEnum

from trainer.domain.acts import Reading
from trainer.domain.ground import Ground, Standing
from trainer.domain.mood import Band, Cause, Happening, Mood, Status


class Intent(StrEnum):
    """What a customer's turn is for. Authored lines are written per intent and band."""

    GREET = "greet"  # the first words: who they are and what went wrong
    VENT = "vent"  # let it out, add a detail of the damage
    ANSWER = "answer"  # answer a question about something that is not a gated fact
    DISCLOSE = "disclose"  # tell a fact whose gate is open
    DEFLECT = "deflect"  # asked for a fact they will not tell yet
    UNKNOWN = "unknown"  # asked for something they do not know
    PUSH = "push"  # nothing is moving: demand progress
    SOFTEN = "soften"  # felt acknowledged or understood
    TAKE_OFFER = "take_offer"  # a remedy they accept
    WEIGH_OFFER = "weigh_offer"  # a remedy they are not ready for or that is not enough
    HURT = "hurt"  # blamed, dismissed, insulted, talked over
    WALL = "wall"  # answered with policy
    REPEAT = "repeat"  # asked again what they already said
    STOCK = "stock"  # third stock phrase, hollow apology
    REFUSED = "refused"  # told no, with a reason
    WARNED = "warned"  # the agent set a boundary
    HOLD = "hold"  # asked to hold
    BACK = "back"  # the agent is back from the hold
    PRESENCE = "presence"  # long silence: is anyone there?
    NOT_HEARD = "not_heard"  # the line was bad
    ODD = "odd"  # off-topic, absurd, or trying to break the role
    SUPERVISOR = "supervisor"  # wants a supervisor
    TRANSFERRED = "transferred"  # put through to the supervisor they asked for
    COMPLAIN = "complain"  # threatens a complaint or a review
    LEAVE = "leave"  # threatens to leave
    CRY = "cry"
    CONFIRM = "confirm"  # what was read back is so
    PUT_RIGHT = "put_right"  # what was read back is wrong
    PERMIT = "permit"  # asked for leave: to ask, to look, to read something out
    SMALL_TALK = "small_talk"
    NOTHING_ELSE = "nothing_else"  # anything else? no
    STILL_OPEN = "still_open"  # anything else? yes: what nobody has answered
    SAY_AGAIN = "say_again"  # asked to repeat: before the last sentence again
    CORRECTED = "corrected"  # was put right, and takes it
    AGREE = "agree"  # a plain yes where nothing more is known
    DISAGREE = "disagree"  # a plain no where nothing more is known
    PICK = "pick"  # one of two things, where either will do
    CONDITION = "condition"  # told that it hangs on something
    WITHDRAWN = "withdrawn"  # what was offered is taken back
    CLOSE_PENDING = "close_pending"  # ends well, with a next step still to come
    CLOSE_GLAD = "close_glad"  # satisfied, says goodbye
    CLOSE_REFUSED = "close_refused"  # did not get it, accepts, says goodbye
    CLOSE_COLD = "close_cold"  # the agent closes and nothing is solved
    HANG_UP = "hang_up"
    WITHDRAW = "withdraw"  # gives up politely or falls silent


@dataclass(frozen=True)
class AgentTurn:
    """An agent turn as the customer perceives it. Everything here is measured; nothing is guessed.

    Attributes:
        number: turn number over both parties.
        text: what was heard, or typed.
        confidence: of the recognition, 0..1; 1.0 when typed.
        silence_s: silence before it, from the customer's last audible sample, 0 when announced as a
            hold.
        interrupted: talked over the customer for long enough to take the floor.
        raised: the agent's raised voice, 0..1; None when not measured or not to be used
            (assessment).
        not_offered: remedies that the agent said later were not offered in it.
        undoes: remedies that this turn says were not offered before.
    """

    number: int
    text: str
    confidence: float = 1.0
    silence_s: float = 0.0
    interrupted: bool = False
    raised: float | None = None
    not_offered: tuple[str, ...] = ()
    undoes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What to say next. Only what stands here may reach a language model.

    Attributes:
        intent: what the turn is for.
        band: how strongly the lead feeling shows; chooses words and voice.
        want: one line: what the customer wants out of this turn.
        disclose: texts of the facts to tell now (gates are open).
        fact_ids: their ids, in the same order.
        question: the agent's question that wants an answer, verbatim; empty when there is none.
        answer: what the customer knows that answers it; empty when they do not know.
        max_words: an upper limit for the whole turn.
        says: words that stand already: an item of the sheet, the line of a remedy.
        leads: an authored line comes before `says`.
        fill: what {pick}, {open} and {topic} stand for in an authored line.
        about: what is told by it: `item:ID`, `identity:SLOT`, a fact's id.
        standing: what becomes of offers, by remedy.
        own: their own move after the answer, if the mood has something to say.
    """

    intent: Intent
    band: Band
    want: str = ""
    disclose: tuple[str, ...] = ()
    fact_ids: tuple[str, ...] = ()
    question: str = ""
    answer: str = ""
    max_words: int = 35
    says: tuple[str, ...] = ()
    leads: bool = False
    fill: tuple[tuple[str, str], ...] = ()
    about: tuple[str, ...] = ()
    standing: tuple[tuple[str, Standing], ...] = ()
    own: Intent | None = None


@dataclass(frozen=True)
class Reply:
    """The customer's answer to one stimulus, before anyone worded it better.

    Attributes:
        plan: what to say.
        draft: the authored line, clause by clause; the first may be spoken at once.
        mood: the mood after the stimulus.
        causes: why it moved; empty when it did not.
        happenings: events to log and show, in order.
        status: `OPEN`, or how the call ends once this has been spoken.
        reading: what the agent's turn did; empty for stimuli without words.
        appraisal: non-zero appraisals by name, for the log.
        pause_s: silence the customer keeps before speaking (a sigh, a withdrawal).
        ground: what both have established after it.
    """

    plan: Plan
    draft: tuple[str, ...]
    mood: Mood
    causes: tuple[Cause, ...] = ()
    happenings: tuple[Happening, ...] = ()
    status: Status = Status.OPEN
    reading: Reading = field(default_factory=Reading)
    appraisal: dict[str, float] = field(default_factory=dict)
    pause_s: float = 0.0
    ground: Ground = field(default_factory=Ground)


@dataclass(frozen=True)
class VoiceStyle:
    """How a clause is to sound, relative to the persona's neutral voice.

    Attributes:
        rate: speed factor (1.15 = 15 % faster).
        pitch_st: shift of the pitch median, semitones.
        pitch_range: factor on the pitch movement around the median.
        level_db: loudness against neutral, dB; a ceiling is applied after it.
        pause_s: silence after each clause.
    """

    rate: float = 1.0
    pitch_st: float = 0.0
    pitch_range: float = 1.0
    level_db: float = 0.0
    pause_s: float = 0.15
