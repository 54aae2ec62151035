"""What is measured of one call, and why the rest is not: timing by the clock, acts by the log."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from trainer.domain.acts import ActKind
from trainer.domain.audio import RATE, Samples
from trainer.domain.events import Imported
from trainer.domain.mood import Happening
from trainer.domain.record import CallRecord
from trainer.review import stretches, timing
from trainer.review.log import Log
from trainer.review.stretches import Stretch
from trainer.review.timing import Part, Timing

SECONDS_A_WORD = 0.35
"""How long an unspoken word would have taken: how much a cut-off customer still had to say."""

LEAK = 0.2
"""Correlation from which the customer's voice is audible in the agent's microphone."""

_LAG = round(0.3 * RATE)
_BORDER = RATE // 10


@dataclass(frozen=True)
class Timed:
    """The timing of a call, or why there is none. `leak`: the two channels cannot be told apart."""

    timing: Timing | None
    reason: str = ""
    leak: bool = False


def time(record: CallRecord, log: Log, off: str = "") -> Timed:
    """Timing from the turns of the log, refined by the sound of the two channels where it is there.

    The log's turns are exact: a customer's turn ends with the last sample that left the speaker.
    `off`: why timing is left out altogether.
    """
    if off:
        return Timed(None, off)
    if log.typed:
        return Timed(None, "The call was typed: a keyboard has no rhythm of speech.")
    if log.imported is not None and not log.imported.timed:
        why = "When each of them spoke is not known."
        return Timed(None, why if log.turns else "Both voices are in one channel: " + why.lower())
    if not log.turns:
        return Timed(None, "Nobody spoke.")
    if not log.agent_turns and not len(record.agent):
        return Timed(None, "Nothing was heard of the agent.")
    parts = [_part(log, index) for index in range(len(log.turns))]
    if log.imported is not None:
        return _recorded(log, log.imported, parts)
    agent: list[Stretch] | None = None
    customer: list[Stretch] | None = None
    leaks = False
    if len(record.agent) and len(record.customer):
        agent, customer = stretches.find(record.agent), stretches.find(record.customer)
        leaks = leak(record.agent, record.customer, customer) > LEAK
    if leaks or agent is None or customer is None:
        measured = timing.measure(parts, log.length, holds=_holds(log))
        return Timed(measured, leak=True)
    measured = timing.measure(
        parts,
        log.length,
        agent=_inside(agent, parts),
        customer=customer,
        holds=_holds(log),
    )
    return Timed(measured)


def _recorded(log: Log, imported: Imported, parts: list[Part]) -> Timed:
    """Timing of a real call, by where speech was found when it was brought in."""
    agent, customer = (list(log.speech.get(who, ())) for who in ("agent", "customer"))
    if imported.apart and not (agent and customer):
        return Timed(None, "Only one of the two can be heard.")
    if not imported.apart or imported.leak:
        return Timed(timing.measure(parts, log.length), leak=True)
    return Timed(timing.measure(parts, log.length, agent=agent, customer=customer))


def leak(agent: Samples, customer: Samples, speech: list[Stretch]) -> float:
    """How much of the customer's voice the agent's microphone hears.

    Peak of the normalised cross-correlation over lags of 0 to 300 ms during the customer's three
    longest stretches of speech, median over them; 0 where there is none.
    """
    found = []
    for stretch in sorted(speech, key=lambda s: s.length, reverse=True)[:3]:
        sent = customer[stretch.start : min(stretch.end, stretch.start + 4 * RATE)]
        heard = agent[stretch.start : stretch.start + len(sent) + _LAG]
        energy = float(np.sqrt(np.sum(np.square(sent)) * np.sum(np.square(heard))))
        if len(heard) <= len(sent) or energy < 1e-9:
            found.append(0.0)
            continue
        size = 1 << (len(sent) + len(heard) - 1).bit_length()
        spectrum = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(sent, size))
        found.append(float(np.max(np.abs(np.fft.irfft(spectrum, size)[:_LAG]))) / energy)
    return float(np.median(found)) if found else 0.0


def count_acts(log: Log) -> dict[str, int] | None:
    """How often each act was found, every kind listed; None when no agent turn was understood."""
    if not any(exchange.clear for exchange in log.exchanges):
        return None
    found = Counter(act.act for exchange in log.exchanges for act in exchange.acts)
    return {kind.value: found.get(kind, 0) for kind in ActKind}


def _part(log: Log, index: int) -> Part:
    turn = log.turns[index]
    if turn.who == "customer":
        cut = len(turn.unheard.split()) * SECONDS_A_WORD if log.imported is None else None
        return Part("customer", turn.start, turn.end, turn.turn, cut_s=cut)
    asked = next(
        (e.act(ActKind.HOLD_REQUEST) for e in log.exchanges if e.turn.turn == turn.turn), None
    )
    return Part("agent", turn.start, turn.end, turn.turn, announces=asked is not None)


def _holds(log: Log) -> list[tuple[int, int, bool]]:
    """(first sample, last sample, announced) of each hold; an open one lasts to the end."""
    found: list[tuple[int, int, bool]] = []
    began: tuple[int, bool] | None = None
    for event in log.happened:
        if event.kind is Happening.HOLD_START:
            told = [e for e in log.exchanges if e.turn.end <= event.t]
            began = event.t, bool(told) and told[-1].act(ActKind.HOLD_REQUEST) is not None
        elif event.kind is Happening.HOLD_END and began is not None:
            found.append((began[0], event.t, began[1]))
            began = None
    if began is not None:
        found.append((began[0], log.length, began[1]))
    return found


def _inside(agent: list[Stretch], parts: list[Part]) -> list[Stretch]:
    """Agent speech in somebody's turn: a cough in a pause is not speech."""
    return [
        stretch
        for stretch in agent
        if any(
            stretch.start < part.end + _BORDER and part.start - _BORDER < stretch.end
            for part in parts
        )
    ]
