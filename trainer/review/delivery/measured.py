"""`trainer measure` and the debrief's delivery part as data. Keys are a contract."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from trainer.domain.audio import Samples
from trainer.domain.baseline import Baseline
from trainer.review.delivery.quality import CLIPPED, POOR_DB, Quality, assess
from trainer.review.delivery.raised import raised
from trainer.review.delivery.voice import LEAST_VOICED_S, Voice, hear

_TONE = ("f0_median_st", "f0_range_st", "alpha_db", "raised_voice")


class RaisedVoice(BaseModel):
    """How far above the usual voice; `parts`: pitch, effort and perhaps level."""

    model_config = ConfigDict(frozen=True)

    z: float
    parts: dict[str, float]


class Delivery(BaseModel):
    """The sound of one recording. None: not measured, and `not_measured` says why.

    Attributes:
        f0_median_st: pitch, semitones over 100 Hz.
        f0_range_st: 10th to 90th percentile of the pitch, semitones.
        alpha_db: 1–5 kHz over 50–1000 Hz.
        level_db: dB relative to full scale.
        articulation_rate: syllables per second of speech, pauses left out.
        words_per_minute: with words only.
        voiced_s: seconds of voice with a pitch.
        snr_db: signal over noise.
        clipping: share of samples at full scale, 0..1.
        raised_voice: against a baseline of the same speaker.
    """

    model_config = ConfigDict(frozen=True)

    f0_median_st: float | None = None
    f0_range_st: float | None = None
    alpha_db: float | None = None
    level_db: float | None = None
    articulation_rate: float | None = None
    syllables: int | None = None
    words_per_minute: float | None = None
    voiced_s: float = 0.0
    snr_db: float | None = None
    clipping: float = 0.0
    raised_voice: RaisedVoice | None = None
    not_measured: dict[str, str] = Field(default_factory=dict)


def measure(sound: Samples, calm: Sequence[Samples] = ()) -> Delivery:
    """The sound of a recording, shape (n,) at 16 kHz, against the same speaker's usual ones.

    Raises:
        EngineMissing: swift-f0 is not installed.
    """
    quality = assess(sound)
    voice = hear(sound, quality)
    if voice is None:
        return _nothing(quality)
    found = [heard for each in calm if (heard := hear(each)) is not None]
    return told(voice, Baseline.of(found) if found else None, tried=bool(calm))


def told(voice: Voice, calm: Baseline | None, *, tried: bool = False) -> Delivery:
    """A measured voice in the words of the contract. `tried`: a baseline was given, and is none."""
    quality = voice.quality
    withheld: dict[str, str] = {"words_per_minute": "The words are not known."}
    if quality.snr_db is None:
        withheld["snr_db"] = "There is no sound in it."
    if quality.clipping > CLIPPED:
        withheld["level_db"] = "The recording is clipped: the microphone is set too high."
    elif quality.gain_rides:
        withheld["level_db"] = "Something turns the microphone up and down by itself."
    if quality.snr_db is not None and quality.snr_db < POOR_DB:
        loud = f"Too much noise ({quality.snr_db:.0f} dB): only words and timing are measured."
        withheld |= dict.fromkeys((*_TONE, "level_db"), loud)
    elif calm is None:
        withheld["raised_voice"] = (
            "There is too little voice in what it was to be compared with."
            if tried
            else "There is no usual voice of this speaker to compare with."
        )
    values = {
        "f0_median_st": round(voice.pitch_st, 2),
        "f0_range_st": round(voice.range_st, 2),
        "alpha_db": round(voice.alpha_db, 2),
        "level_db": round(voice.level_db, 2),
    }
    change = None
    if calm is not None and "raised_voice" not in withheld:
        above = raised(voice, calm)
        parts = {name: round(value, 2) for name, value in above.parts.items()}
        change = RaisedVoice(z=round(above.z, 2), parts=parts)
    return Delivery(
        **{name: value for name, value in values.items() if name not in withheld},
        articulation_rate=round(voice.rate, 2),
        syllables=voice.syllables,
        voiced_s=round(voice.voiced_s, 2),
        snr_db=None if quality.snr_db is None else round(quality.snr_db, 1),
        clipping=round(quality.clipping, 5),
        raised_voice=change,
        not_measured=withheld,
    )


def _nothing(quality: Quality) -> Delivery:
    why = f"There is less than {LEAST_VOICED_S:.1f} s of voice in it."
    names = (*_TONE, "level_db", "articulation_rate", "syllables")
    withheld = dict.fromkeys(names, why) | {"words_per_minute": "The words are not known."}
    if quality.snr_db is None:
        withheld["snr_db"] = "There is no sound in it."
    return Delivery(
        snr_db=None if quality.snr_db is None else round(quality.snr_db, 1),
        clipping=round(quality.clipping, 5),
        not_measured=withheld,
    )
