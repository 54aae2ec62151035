"""What one stretch of speech sounds like, in numbers that are comparable for one speaker."""

from dataclasses import dataclass

import numpy as np

from trainer.domain.audio import Samples
from trainer.review.delivery import spectrum, syllables
from trainer.review.delivery.pitch import Pitch, track
from trainer.review.delivery.quality import Quality, assess

LEAST_VOICED_S = 0.6
"""Less voice than this has no pitch worth the name."""

_ALPHA_LOW, _ALPHA_HIGH = (50, 1000), (1000, 5000)
_EFFORT_LOW, _EFFORT_HIGH = (50, 500), (500, 5000)


@dataclass(frozen=True)
class Voice:
    """Of one stretch of speech of one speaker.

    Attributes:
        pitch_st: median pitch, semitones over 100 Hz.
        loud_pitch_st: mean pitch weighted by amplitude: where the voice is when it carries.
        range_st: 10th to 90th percentile of the pitch, semitones.
        alpha_db: alpha ratio, 1–5 kHz over 50–1000 Hz, mean over voiced frames (Eyben et al. 2016,
            IEEE Trans. Affective Computing 7:190).
        effort_db: 500–5000 Hz over 50–500 Hz, mean over voiced frames. It rises with vocal effort
            like the alpha ratio, and steadier: split below the first formant instead of above it.
        level_db: median level of the speaker, dBFS.
        syllables: counted in the sound.
        rate: syllables per second of speech, pauses left out.
        voiced_s: seconds with a pitch.
        quality: of the recording.
    """

    pitch_st: float
    loud_pitch_st: float
    range_st: float
    alpha_db: float
    effort_db: float
    level_db: float
    syllables: int
    rate: float
    voiced_s: float
    quality: Quality


def hear(sound: Samples, quality: Quality | None = None) -> Voice | None:
    """Measure speech, shape (n,) at 16 kHz; None with less than 0.6 s of voice.

    `quality`: of the whole recording, where `sound` is a part of it.

    Raises:
        EngineMissing: swift-f0 is not installed.
    """
    pitch = track(sound)
    if pitch.voiced_s < LEAST_VOICED_S:
        return None
    level = spectrum.level(sound)
    voiced = pitch.at(spectrum.times(len(level)))
    if not voiced.any():
        return None
    low, high = np.nanpercentile(pitch.semitones, [10, 90])
    found = syllables.find(sound, pitch)
    speaking = syllables.speaking(level, pitch)
    speaking_s = syllables.phonation_s(speaking)
    return Voice(
        pitch_st=float(np.nanmedian(pitch.semitones)),
        loud_pitch_st=_loud_pitch(pitch, level),
        range_st=float(high - low),
        alpha_db=float(np.mean(spectrum.balance(sound, _ALPHA_LOW, _ALPHA_HIGH)[voiced])),
        effort_db=float(np.mean(spectrum.balance(sound, _EFFORT_LOW, _EFFORT_HIGH)[voiced])),
        level_db=float(np.median(level[speaking if speaking.any() else voiced])),
        syllables=len(found),
        rate=len(found) / speaking_s if speaking_s else 0.0,
        voiced_s=pitch.voiced_s,
        quality=quality or assess(sound),
    )


def _loud_pitch(pitch: Pitch, level: spectrum.Values) -> float:
    there = pitch.voiced
    weights = np.interp(pitch.times, spectrum.times(len(level)), 10 ** (level / 20))
    return float(np.average(pitch.semitones[there], weights=weights[there]))
