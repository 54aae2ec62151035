"""When the agent has begun to speak, and when their turn is over. Pure: `step(state, observation)
-> (state, decisions)`.

Two layers. The *gate* turns speech probabilities into "speaking" with hysteresis. The *endpoint*
decides, from the
silence after it and from what the words so far look like, when a pause is the end of a turn.
"""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from trainer.domain.audio import BLOCK, samples


@dataclass(frozen=True)
class Policy:
    """Thresholds; seconds unless named. Values from the published voice-loop targets of this
    project.

    Attributes:
        start_p: speech probability that opens the gate.
        stop_p: probability below which a block is silence once the gate is open (hysteresis).
        start_s: how long `start_p` must hold.
        start_over_s: the same over the customer, who falls silent for it.
        least_s: speech shorter than this is a cough, not a turn.
        guess_s: silence after which the words so far are transcribed ahead of the decision.
        complete_s: silence that ends a turn whose words are complete.
        closed_p: probability from which a full stop after them counts as sure; below it more
            silence is needed.
        broken_p: and at this one as much as after a turn that trails off.
        open_s: silence that ends a turn when the words say nothing either way.
        doubt_s: at most so much after words without a full stop.
        trailing_s: silence that ends a turn that trails off ("so, um, because").
        hard_s: silence that always ends a turn.
        patience: the agent's setting, a factor on all silences but the last.
        release_s: silence after speech over the customer until it counts as finished, and
        over_p: the probability below which a block is such silence: they are to go on at once.
        fade_db: so far below the loudest of it a block is silence too, once its probability is
            below fade_p: the meter notices the end of speech up to 0.1 s late.
        short_s: speech over the customer that is shorter is taken for listening ("mm-hm"): they go
            on at once, while its words are looked at.
        take_s: speech over the customer that takes the floor, whatever its words.
        takes_floor_s: what the customer had left to say for speaking then to be an interruption.
        regret_s: an agent who goes on this soon after the commit takes the turn back, even if the
            answer is already audible.
        unclear_s: speech without a recognisable word from which it is a bad line and not a noise.
        pre_roll_s: sound kept from before the first detected speech, so that no word is clipped.
        insist_s: how long a customer who has interrupted goes on whatever the agent does.
        heat_s: silence after a hot moment that is never cut short.
        script_gap_s: silence that a scripted agent leaves before a turn.
    """

    start_p: float = 0.6
    stop_p: float = 0.35
    start_s: float = 0.2
    start_over_s: float = 0.28
    least_s: float = 0.25
    guess_s: float = 0.2
    complete_s: float = 0.7
    closed_p: float = 0.75
    broken_p: float = 0.5
    open_s: float = 1.0
    doubt_s: float = 1.6
    trailing_s: float = 2.7
    hard_s: float = 3.0
    patience: float = 1.0
    release_s: float = 0.06
    over_p: float = 0.5
    fade_db: float = 25.0
    fade_p: float = 0.995
    short_s: float = 0.5
    take_s: float = 1.3
    takes_floor_s: float = 1.0
    regret_s: float = 0.7
    unclear_s: float = 1.0
    pre_roll_s: float = 0.5
    insist_s: float = 1.2
    heat_s: float = 4.5
    script_gap_s: float = 0.6


EVEN = Policy()
"""For an agent who has set nothing."""


class Decision(StrEnum):
    """What the call is to do now."""

    STARTED = "started"  # the agent has begun to speak
    GUESS = "guess"  # transcribe what there is, the turn may be over
    DISCARD = "discard"  # speech went on: throw the guess away
    COMMIT = "commit"  # the turn is over
    NOISE = "noise"  # too short for a turn: forget it
    PAUSE = "pause"  # the agent speaks over the customer: they fall silent
    GO_ON = "go_on"  # that was only listening: the customer goes on
    TAKE = "take"  # the agent has the floor


@dataclass(frozen=True)
class Ears:
    """What has been heard of the current turn, in samples.

    Attributes:
        speaking: the gate is open.
        rising: consecutive speech before the gate opens.
        voiced: speech in this turn so far.
        quiet: silence since the last speech.
        guessed: a guess is out for the present silence.
        yielded: the customer has fallen silent for it.
        peak: the loudest block of speech over the customer so far, dB.
    """

    speaking: bool = False
    rising: int = 0
    voiced: int = 0
    quiet: int = 0
    guessed: bool = False
    yielded: bool = False
    peak: float = -120.0


@dataclass(frozen=True)
class Observation:
    """One block.

    Attributes:
        p: speech probability.
        held: the agent holds the floor (talk key, running script): no pause ends the turn.
        words: the guessed words, once they are known; None before.
        murmur: these words are nothing but listening.
        closed: probability that a sentence ends with these words; None where nobody tells.
        level: of the block, dB.
    """

    p: float
    held: bool = False
    words: str | None = None
    murmur: bool = False
    closed: float | None = None
    level: float = 0.0


# Whisper closes with a full stop what only trails off: after these even that does not count.
_NEVER_LAST = r"and|but|so|or|because|um|uh|er|the|a|an|to|of|for|with|if"
_SELDOM_LAST = r"that|which|is|are|was|i|we|you|my|your|let me|i'm|i'll|we'll|can|could|would|will"
_TRAILING = re.compile(
    rf"(?:\b(?:{_NEVER_LAST})\W*|\b(?:{_SELDOM_LAST})[\s,…-]*|[,…-]\s*|\.\.\.\s*"
    r"|\b(?:(?:what|all) (?:i|we|you)\b[^.?!]*|the (?:thing|problem|reason)) (?:is|was)\W*)$",
    re.IGNORECASE,
)


def silence_needed(seen: Observation, policy: Policy) -> float:
    """Seconds of silence after which a turn of such words, is over.

    While the words are not known yet, silence alone ends nothing: the answer would have to wait for
    them anyway.
    """
    words = seen.words
    if words is None:
        return policy.hard_s
    if _TRAILING.search(words):
        needed = policy.trailing_s
    elif words and words.rstrip()[-1] in ".?!":
        needed = _closing_s(seen.closed, policy)
    else:
        doubt_s = min(_closing_s(seen.closed, policy), policy.doubt_s)
        needed = max(policy.open_s, doubt_s)
    return min(needed * policy.patience, policy.hard_s)


def _closing_s(closed: float | None, policy: Policy) -> float:
    """The surer that a sentence ends there, the sooner."""
    if closed is None:
        return policy.complete_s
    doubt = (policy.closed_p - closed) / (policy.closed_p - policy.broken_p)
    return policy.complete_s + min(max(doubt, 0.0), 1.0) * (policy.trailing_s - policy.complete_s)


def step(ears: Ears, seen: Observation, policy: Policy) -> tuple[Ears, tuple[Decision, ...]]:
    """One block while the customer is silent; at most two decisions come back, in order."""
    if not ears.speaking:
        return _closed(ears, seen, policy, policy.start_s)
    loud = seen.p >= policy.stop_p
    if loud:
        went_on = (Decision.DISCARD,) if ears.guessed else ()
        return replace(ears, voiced=ears.voiced + BLOCK, quiet=0, guessed=False), went_on
    ears = replace(ears, quiet=ears.quiet + BLOCK)
    if seen.held:
        return ears, ()
    if ears.voiced < samples(policy.least_s):
        if ears.quiet >= samples(policy.complete_s):
            return Ears(), (Decision.NOISE,)
        return ears, ()
    if not ears.guessed and ears.quiet >= samples(policy.guess_s):
        return replace(ears, guessed=True), (Decision.GUESS,)
    if ears.quiet >= samples(silence_needed(seen, policy)):
        return Ears(), (Decision.COMMIT,)
    return ears, ()


def _closed(
    ears: Ears, seen: Observation, policy: Policy, start_s: float
) -> tuple[Ears, tuple[Decision, ...]]:
    if seen.p < policy.start_p:
        return Ears(), ()
    rising = ears.rising + BLOCK
    if rising < samples(start_s):
        return replace(ears, rising=rising), ()
    return Ears(speaking=True, voiced=rising), (Decision.STARTED,)


def step_over(ears: Ears, seen: Observation, policy: Policy) -> tuple[Ears, tuple[Decision, ...]]:
    """One block while the customer speaks: is the agent listening aloud, or taking the floor?

    The customer falls silent at the first sure sign of speech. Short speech lets them go on at its
    end, while its words are recognised; longer speech waits for the words; long speech takes the
    floor by itself. Words that are more than listening take it too.
    """
    if not ears.speaking:
        opened, decisions = _closed(ears, seen, policy, policy.start_over_s)
        if Decision.STARTED in decisions:
            opened = replace(opened, yielded=True, peak=seen.level)
            return opened, (*decisions, Decision.PAUSE)
        return opened, decisions
    faded = seen.p < policy.fade_p and seen.level < ears.peak - policy.fade_db
    if seen.p >= policy.over_p and not faded:
        went_on = (Decision.DISCARD,) if ears.guessed else ()
        again = () if ears.yielded else (Decision.PAUSE,)
        ears = replace(
            ears,
            voiced=ears.voiced + BLOCK,
            quiet=0,
            guessed=False,
            yielded=True,
            peak=max(ears.peak, seen.level),
        )
        takes = (Decision.TAKE,) if ears.voiced >= samples(policy.take_s) else ()
        return ears, (*went_on, *again, *takes)
    ears = replace(ears, quiet=ears.quiet + BLOCK)
    if ears.guessed:
        return _weighed(ears, seen, policy)
    if ears.quiet < samples(policy.release_s):
        return ears, ()
    if ears.voiced < samples(policy.least_s):
        return Ears(), (Decision.NOISE,)
    if ears.voiced < samples(policy.short_s):
        return replace(ears, guessed=True, yielded=False), (Decision.GUESS, Decision.GO_ON)
    return replace(ears, guessed=True), (Decision.GUESS,)


def _weighed(ears: Ears, seen: Observation, policy: Policy) -> tuple[Ears, tuple[Decision, ...]]:
    """The words of speech over the customer, or no words in time."""
    if seen.words and not seen.murmur:
        return ears, (Decision.TAKE,)
    if seen.words is not None or ears.quiet >= samples(policy.hard_s):
        return Ears(), (Decision.NOISE,)
    return ears, ()
