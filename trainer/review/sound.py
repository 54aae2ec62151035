"""What was measured of the agent's voice, as data. A number that is missing has its reason."""

import numpy as np

from trainer.domain.audio import RATE, seconds
from trainer.review.delivery.measured import RaisedVoice
from trainer.review.delivery.quality import CLIPPED, Quality
from trainer.review.evidence import Why
from trainer.review.heard import LEAST_TURN_S, Heard, Spoken
from trainer.review.log import CLEAR, Log
from trainer.review.model import DeliveryMeasures, TurnDelivery

_TONE = ("f0_median_st", "f0_range_st", "alpha_db", "level_db", "raised_voice")
_PACE = ("articulation_rate", "syllables")


def delivery(heard: Heard, log: Log, why: Why) -> DeliveryMeasures:
    """The voice in the whole call and turn by turn.

    Over the call: medians of pitch and its range, means of the rest, turns weighted by how long
    there is a voice in them; pace is all syllables over all speech.
    """
    missing = _missing(heard, why)
    words = _words_per_minute(log)
    if words is None:
        missing.setdefault("words_per_minute", why["typed" if log.typed else "few"])
    quality = heard.quality or Quality(None, 0.0, False)
    if quality.snr_db is None:
        missing["snr_db"] = heard.reason or why["no_sound"]
    values = _over_call(heard.turns) if heard.turns else {}
    values |= {
        "words_per_minute": words,
        "snr_db": None if quality.snr_db is None else round(quality.snr_db, 1),
    }
    return DeliveryMeasures(
        **{name: value for name, value in values.items() if name not in missing},
        voiced_s=round(sum(turn.voice.voiced_s for turn in heard.turns), 2),
        clipping=round(quality.clipping, 5),
        raised_voice=_raised(heard.rated) if "raised_voice" not in missing else None,
        not_measured=missing,
        turns=[_turn(turn, heard) for turn in heard.turns],
        baseline=heard.kind,
        note=heard.note if heard.turns else "",
    )


def _missing(heard: Heard, why: Why) -> dict[str, str]:
    found: dict[str, str] = {}
    if not heard.turns:
        found = dict.fromkeys((*_TONE, *_PACE), heard.reason)
    if heard.tone_reason:
        found |= dict.fromkeys(_TONE, heard.tone_reason)
    if heard.pace_reason:
        found |= dict.fromkeys((*_PACE, "words_per_minute"), heard.pace_reason)
    if not heard.rated:
        found.setdefault("raised_voice", why["no_usual"])
    if heard.kind is None:
        found["baseline"] = heard.reason or why["no_usual"]
    if heard.quality is not None and heard.quality.clipping > CLIPPED:
        found.setdefault("level_db", why["clipped"])
    elif heard.quality is not None and heard.quality.gain_rides:
        found.setdefault("level_db", why["gain"])
    return found


def _over_call(turns: tuple[Spoken, ...]) -> dict[str, float | int | None]:
    weights = np.array([turn.voice.voiced_s for turn in turns])
    speech = sum(turn.voice.syllables / turn.voice.rate for turn in turns if turn.voice.rate)
    syllables = sum(turn.voice.syllables for turn in turns)

    def of(name: str) -> list[float]:
        return [getattr(turn.voice, name) for turn in turns]

    return {
        "f0_median_st": round(_weighted_median(of("pitch_st"), weights), 2),
        "f0_range_st": round(_weighted_median(of("range_st"), weights), 2),
        "alpha_db": round(float(np.average(of("alpha_db"), weights=weights)), 2),
        "level_db": round(float(np.average(of("level_db"), weights=weights)), 2),
        "articulation_rate": round(syllables / speech, 2) if speech else 0.0,
        "syllables": syllables,
    }


def _weighted_median(
    values: list[float], weights: "np.ndarray[tuple[int], np.dtype[np.float64]]"
) -> float:
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    return float(np.array(values)[order][np.searchsorted(reached, reached[-1] / 2)])


def _raised(turns: tuple[Spoken, ...]) -> RaisedVoice:
    weights = [turn.voice.voiced_s for turn in turns]
    above = [turn.above for turn in turns if turn.above is not None]
    names = above[0].parts
    return RaisedVoice(
        z=round(float(np.average([one.z for one in above], weights=weights)), 2),
        parts={
            name: round(float(np.average([one.parts[name] for one in above], weights=weights)), 2)
            for name in names
        },
    )


def _turn(spoken: Spoken, heard: Heard) -> TurnDelivery:
    turn, voice = spoken.exchange.turn, spoken.voice
    tone, pace = not heard.tone_reason, not heard.pace_reason
    above = spoken.above if tone else None
    words = len(turn.text.split())
    clear = turn.confidence >= CLEAR and words
    return TurnDelivery(
        turn=turn.turn,
        start_s=seconds(turn.start),
        end_s=seconds(turn.end),
        z=round(above.z, 2) if above else None,
        parts={name: round(part, 2) for name, part in above.parts.items()} if above else None,
        rate=round(voice.rate, 2) if pace else None,
        pace=round(spoken.rate_ratio, 2) if pace and spoken.rate_ratio is not None else None,
        words_per_minute=round(words / spoken.seconds * 60) if pace and clear else None,
        f0_median_st=round(voice.pitch_st, 2) if tone else None,
        f0_range_st=round(voice.range_st, 2) if tone else None,
        voiced_s=round(voice.voiced_s, 2),
    )


def _words_per_minute(log: Log) -> float | None:
    """Words of the transcript over the time of the turns, pauses included."""
    if log.typed:
        return None
    turns = [
        exchange.turn
        for exchange in log.exchanges
        if exchange.clear
        and exchange.turn.source != "typed"
        and exchange.turn.end - exchange.turn.start >= LEAST_TURN_S * RATE
    ]
    spoken = sum(turn.end - turn.start for turn in turns) / RATE
    words = sum(len(turn.text.split()) for turn in turns)
    return round(words / spoken * 60, 1) if spoken and words else None
