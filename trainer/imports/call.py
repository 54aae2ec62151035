"""A recording and perhaps a transcript in, everything that is known of the call out."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from trainer.acts.reader import Reader
from trainer.content import prompts
from trainer.domain.audio import RATE, Samples, samples
from trainer.domain.errors import BadInput, EngineMissing
from trainer.domain.events import Event, Imported
from trainer.domain.transcript import Speaker, Who
from trainer.imports import listening, parts, placing, sides, transcript, writing
from trainer.imports.transcript import Said
from trainer.imports.writing import Spoken
from trainer.ports.embedding import Embedding
from trainer.ports.line import Meter
from trainer.ports.speech_to_text import SpeechToText
from trainer.review import measures, stretches
from trainer.review.delivery import kept
from trainer.review.heard import LEAST_TURN_S, LONGEST_TURN_S
from trainer.review.stretches import Stretch
from trainer.review.timing import Part

Side = Literal["left", "right", "auto"]
Bar = Callable[[str, int], AbstractContextManager[Callable[[int], None]]]
"""Opens a progress bar of a label and a length; what it yields is told each step."""

Ask = Callable[[str, str], int]
"""Asks a person which of two parties is the agent, given what each said: 0 or 1."""

_ONE_CHANNEL = (
    "Both voices are in one channel: who spoke when cannot be told, so timing, voice and the "
    "agent's words are not measured. With --transcript FILE the words can be."
)
_ONE_CHANNEL_NAMED = (
    "Both voices are in one channel: overlap and listening sounds are not measured, and the rest "
    "of the timing is only as exact as the transcript."
)
_ONE_CHANNEL_UNTIMED = (
    "Both voices are in one channel and the transcript has no times: timing and voice are not "
    "measured, only the words."
)
_SAME = "The two channels hold the same sound: it is taken for one channel."


@dataclass(frozen=True)
class Call:
    """What was found. `left` and `right` as call.wav holds them: agent, customer."""

    events: list[Event]
    turns: list[Spoken]
    left: Samples
    right: Samples
    side: str
    engines: dict[str, str]
    leaves_machine: bool
    warnings: list[str]


@dataclass(frozen=True)
class _Found:
    """The turns, before anything was masked. `speech` is empty where nobody knows whose it is."""

    turns: list[Spoken]
    speech: dict[Who, list[Stretch]]
    timed: bool = True


def needs_words(channels: list[Samples], said: list[Said] | None) -> bool:
    """Whether speech-to-text is needed: the words, or where they were said, are not known."""
    if said is None:
        return True
    return _apart(channels) and not transcript.timed(said)


async def listen(
    channels: list[Samples],
    said: list[Said] | None,
    agent: Side,
    stt: SpeechToText | None,
    meter: Meter,
    embedding: Embedding | None,
    roots: Sequence[Path],
    *,
    bar: Bar,
    ask: Ask | None = None,
) -> Call:
    """Everything that can be known of a recorded call.

    Args:
        channels: one or two, each shape (n,), 16 kHz.
        said: a transcript, if there is one.
        agent: the channel with the agent.
        stt: for the words; see `needs_words`.
        meter: tells speech from noise.
        embedding: for reading acts by likeness, too.
        roots: extra content roots.
        bar: shows progress.
        ask: asks a person for what the words do not tell.

    Raises:
        BadInput: nobody speaks, or it cannot be told which party is the agent.
        EngineFailed: speech-to-text failed.
    """
    apart = _apart(channels)
    warnings: list[str] = []
    if not apart and agent != "auto":
        raise BadInput(
            "The recording has one channel: there is no left and no right.",
            "Leave --agent out; a transcript can say who speaks.",
        )
    words = prompts.data("import.yaml", roots)
    leak = False
    if apart:
        spoken = [_speech(channel, meter, bar) for channel in channels]
        if not any(spoken):
            raise _nobody()
        leak = _leaks(channels, spoken)
        if leak:
            spoken = [_louder(spoken[side], channels, side) for side in (0, 1)]
            warnings.append("Each channel hears the other party, too: timing is less certain.")
        found, side = await _two(
            channels, spoken, said, agent, stt, bar, lambda a, b: _which(a, b, words, ask)
        )
    else:
        if len(channels) == 2:
            warnings.append(_SAME)
        found = await _one(
            channels[0], said, stt, meter, bar, lambda a, b: _which(a, b, words, ask)
        )
        side = "unknown" if said is None else "transcript"
        named = _ONE_CHANNEL_NAMED if found.timed else _ONE_CHANNEL_UNTIMED
        warnings.append(_ONE_CHANNEL if said is None else named)
    if not found.turns:
        raise _nobody()
    left = channels[1 if side == "right" else 0]
    right = channels[0 if side == "right" else 1] if apart else np.zeros_like(left)
    turns = writing.masked(found.turns)
    engines = {"stt": stt.name if stt is not None else "transcript"}
    quality, voices = _voices(left, turns) if apart else (None, {})
    head = Imported(
        t=0, engines=engines, apart=apart, timed=found.timed, leak=leak, quality=quality
    )
    acts = writing.read(turns, Reader(embedding, roots))
    events = writing.events(head, turns, acts, voices, found.speech, len(left))
    if stt is not None:
        sure = await listening.certainty(left, turns, acts, stt)
        events[-1:-1] = sure
    return Call(
        events, turns, left, right, side, engines, stt is not None and stt.leaves_machine, warnings
    )


def _nobody() -> BadInput:
    return BadInput(
        "Nobody can be heard in this recording.", "Play it once to see that it is whole."
    )


def _voices(
    agent: Samples, turns: list[Spoken]
) -> tuple[dict[str, float | None] | None, dict[int, dict[str, float]]]:
    """How the agent's turns sound, and how good the sound is; None where it cannot be measured."""
    long = {
        number: (turn.start, min(turn.end, turn.start + samples(LONGEST_TURN_S)))
        for number, turn in enumerate(turns, start=1)
        if turn.who == "agent" and turn.end - turn.start >= samples(LEAST_TURN_S)
    }
    try:
        return kept.measured(agent, long)
    except EngineMissing:
        return None, {}


def _apart(channels: list[Samples]) -> bool:
    return len(channels) == 2 and not parts.same(*channels)


def _speech(channel: Samples, meter: Meter, bar: Bar) -> list[Stretch]:
    reached = 0
    with bar("Finding speech", len(channel)) as step:

        def progress(done: int) -> None:
            nonlocal reached
            step(max(0, done - reached))
            reached = max(reached, done)

        return parts.speech(channel, meter, progress)


def _leaks(channels: list[Samples], spoken: list[list[Stretch]]) -> bool:
    one = measures.leak(channels[0], channels[1], spoken[1])
    other = measures.leak(channels[1], channels[0], spoken[0])
    return max(one, other) > measures.LEAK


def _louder(spoken: list[Stretch], channels: list[Samples], side: int) -> list[Stretch]:
    """Speech that is not just the other party's, heard through the room."""

    def energy(channel: Samples, span: Stretch) -> float:
        return float(np.mean(np.square(channel[span.start : span.end])))

    return [s for s in spoken if energy(channels[side], s) >= energy(channels[1 - side], s) / 4]


async def _two(
    channels: list[Samples],
    spoken: list[list[Stretch]],
    said: list[Said] | None,
    agent: Side,
    stt: SpeechToText | None,
    bar: Bar,
    which: Callable[[str, str], int],
) -> tuple[_Found, str]:
    """A call with a channel for each party; and the side of the agent."""
    both = parts.turns(spoken[0], spoken[1])
    own = [[p for p in both if p.who == who] for who in ("agent", "customer")]
    texts: list[list[str]] = [[], []]
    sure: list[list[float]] = [[1.0] * len(own[0]), [1.0] * len(own[1])]
    if stt is not None:
        length = sum(part.end - part.start for part in both)
        with bar("Transcribing", length) as step:
            for side in (0, 1):
                spans = [Stretch(part.start, part.end) for part in own[side]]
                heard = await listening.transcribe(channels[side], spans, stt, step)
                texts[side] = [each.text for each in heard]
                sure[side] = [each.confidence for each in heard]
    if said is None:
        first = 0 if both and both[0].who == "agent" else 1
        if agent == "auto":
            lead = which(" ".join(texts[first]), " ".join(texts[1 - first]))
            side = first if lead == 0 else 1 - first
        else:
            side = 0 if agent == "left" else 1
    else:
        named = _named(said, which)
        side = _side_of(named["agent"], own, texts) if agent == "auto" else int(agent == "right")
        for place, who in ((side, "agent"), (1 - side, "customer")):
            if stt is None:
                texts[place] = placing.by_time(named[who], own[place])
            else:
                texts[place] = placing.by_likeness(named[who], texts[place])
            sure[place] = [1.0] * len(own[place])
    roles: list[tuple[int, Who]] = [(side, "agent"), (1 - side, "customer")]
    turns = [
        Spoken(who, text, part.start, part.end, "typed" if said else "stt", confidence)
        for place, who in roles
        for part, text, confidence in zip(own[place], texts[place], sure[place], strict=True)
    ]
    speech = {who: spoken[place] for place, who in roles}
    return _Found(turns, speech), ("left", "right")[side]


def _side_of(agent: list[Said], own: list[list[Part]], texts: list[list[str]]) -> int:
    """The channel in which what the transcript gives to the agent was said."""
    if any(texts[0]) or any(texts[1]):
        theirs = {word for piece in agent for word in piece.text.lower().split()}
        shares = []
        for side in (0, 1):
            heard = {word for text in texts[side] for word in text.lower().split()}
            shares.append(len(theirs & heard) / max(1, len(heard)))
        return 0 if shares[0] >= shares[1] else 1
    spans = [Stretch(round((p.start_s or 0) * RATE), round((p.end_s or 0) * RATE)) for p in agent]
    shared = [
        stretches.overlap(spans, [Stretch(p.start, p.end) for p in own[side]]) for side in (0, 1)
    ]
    return 0 if shared[0] >= shared[1] else 1


async def _one(
    channel: Samples,
    said: list[Said] | None,
    stt: SpeechToText | None,
    meter: Meter,
    bar: Bar,
    which: Callable[[str, str], int],
) -> _Found:
    """A call in one channel: whose words they are stands in the transcript, or nowhere."""
    if said is None:
        assert stt is not None
        spans = parts.alone(_speech(channel, meter, bar))
        with bar("Transcribing", sum(span.length for span in spans)) as step:
            heard = await listening.transcribe(channel, spans, stt, step)
        turns = [
            Spoken("unknown", each.text, span.start, span.end, "stt", each.confidence)
            for span, each in zip(spans, heard, strict=True)
        ]
        return _Found(turns, {}, timed=False)
    named = _named(said, which)
    timed = transcript.timed(said)
    if not timed:
        said = _spread(said, len(channel) / RATE)
    agent = {piece.name for piece in named["agent"]}
    turns = []
    for piece in said:
        who: Speaker = "agent" if piece.name in agent else "customer"
        start, end = (
            min(len(channel), round((at or 0) * RATE)) for at in (piece.start_s, piece.end_s)
        )
        if turns and turns[-1].who == who and (not timed or start - turns[-1].end < RATE * 1.5):
            turns[-1] = replace(turns[-1], text=f"{turns[-1].text} {piece.text}", end=end)
        else:
            turns.append(Spoken(who, piece.text, start, end, "typed"))
    return _Found(turns, {}, timed)


def _spread(said: list[Said], length_s: float) -> list[Said]:
    """Times by the number of words, so that the order can be shown; nothing is measured by them."""
    counts = [len(piece.text.split()) for piece in said]
    scale = length_s / max(1, sum(counts))
    placed, at = [], 0.0
    for piece, count in zip(said, counts, strict=True):
        placed.append(replace(piece, start_s=at, end_s=at + count * scale))
        at += count * scale
    return placed


def _named(said: list[Said], which: Callable[[str, str], int]) -> dict[str, list[Said]]:
    """The transcript by role; by what they say where the names do not tell."""
    names = list(dict.fromkeys(piece.name for piece in said))
    roles = {name: transcript.role(name) for name in names}
    unknown = [name for name in names if roles[name] is None]
    taken = {found for found in roles.values() if found}
    if unknown and len(taken) == 1:
        other = "customer" if "agent" in taken else "agent"
        roles |= dict.fromkeys(unknown, other)
    elif unknown:
        first = " ".join(piece.text for piece in said if piece.name == names[0])
        second = " ".join(piece.text for piece in said if piece.name != names[0])
        lead = which(first, second)
        for place, name in enumerate(names):
            roles[name] = "agent" if (place == 0) == (lead == 0) else "customer"
    return {
        role: [piece for piece in said if roles[piece.name] == role]
        for role in ("agent", "customer")
    }


def _which(first: str, second: str, words: dict[str, list[str]], ask: Ask | None) -> int:
    """0 when the party who spoke first is the agent, else 1."""
    found = sides.agent(first, second, words)
    if found is not None:
        return found
    if ask is not None:
        return ask(first, second)
    raise BadInput(
        "It cannot be told from the words which party is the agent.",
        "Say it: --agent left or --agent right (or name the speakers agent and customer).",
    )
