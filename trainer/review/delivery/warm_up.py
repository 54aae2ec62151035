"""A warm-up made of recordings: a quiet room, sentences read aloud, and free talk."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import numpy as np

from trainer.domain.audio import Samples, samples
from trainer.domain.baseline import Baseline, WarmUp
from trainer.domain.errors import BadInput
from trainer.review.delivery import quality
from trainer.review.delivery.pitch import TRACKER
from trainer.review.delivery.voice import hear

LEAST_VOICED_S = 8.0
"""Less voice than this is no warm-up."""

MUCH_LOUDER_DB = 6.0
"""So much above what history and room suggest, a warm-up is better repeated."""

_LOMBARD = 0.4
_LOOKED_AT = 5

_PIECE = samples(5.0)
"""Free talk is cut into pieces of about a sentence."""

_FREE = 2
"""Free talk counts so often: people read faster and flatter than they talk."""


def warm_up(
    room: Samples,
    sentences: Sequence[Samples],
    talk: Samples,
    *,
    microphone: str,
    made: datetime,
) -> WarmUp:
    """Make a warm-up of sound, shape (n,) each at 16 kHz.

    Args:
        room: some seconds in which nobody speaks; may be empty.
        sentences: read aloud, one each.
        talk: free talk.
        microphone: its name.
        made: when, with a time zone.

    Raises:
        BadInput: too little voice, too much noise or a clipped recording: it must be repeated.
        EngineMissing: swift-f0 is not installed.
    """
    whole = quality.assess(np.concatenate([room, *sentences, talk]))
    if whole.clipping > quality.CLIPPED:
        raise BadInput("The recording is clipped.", "Turn the microphone down and try again.")
    if whole.snr_db is not None and whole.snr_db < quality.POOR_DB:
        raise BadInput(
            "There is too much noise around your voice.", "Find a quieter place and try again."
        )
    read = [voice for each in sentences if (voice := hear(each, whole)) is not None]
    free = [voice for each in _pieces(talk) if (voice := hear(each, whole)) is not None]
    voiced = sum(voice.voiced_s for voice in (*read, *free))
    if voiced < LEAST_VOICED_S:
        raise BadInput(
            f"Only {voiced:.0f} s of voice were heard; at least {LEAST_VOICED_S:.0f} s are needed.",
            "Speak as you would to a customer, and for a little longer.",
        )
    return WarmUp(
        made=made,
        microphone=microphone,
        tracker=TRACKER,
        voice=Baseline.of([*read, *free * _FREE]),
        voiced_s=round(voiced, 1),
        noise_db=whole.noise_db,
    )


def louder(new: WarmUp, before: Sequence[WarmUp]) -> float:
    """How much louder a warm-up is than earlier ones and this room suggest, dB; 0: it is not.

    People speak up in noise, by about .4 dB for each dB (Lombard effect; Lane & Tranel 1971,
    J. Speech Hear. Res. 14:677, give .3 to .5). Without earlier ones nothing can be said: nobody
    knows how far a microphone is away.

    Args:
        new: the warm-up in question.
        before: earlier ones of the same person and microphone, oldest first.
    """
    known = before[-_LOOKED_AT:]
    if not known:
        return 0.0
    expected = float(np.median([one.voice.level_db for one in known]))
    rooms = [one.noise_db for one in known if one.noise_db is not None]
    if rooms and new.noise_db is not None:
        expected += _LOMBARD * max(0.0, new.noise_db - float(np.median(rooms)))
    more = new.voice.level_db - expected
    return round(more, 1) if more > MUCH_LOUDER_DB else 0.0


def _pieces(talk: Samples) -> Iterator[Samples]:
    for at in range(0, len(talk), _PIECE):
        yield talk[at : at + _PIECE]
