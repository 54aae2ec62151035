"""A measured voice as plain numbers, and back: for calls whose sound is not kept."""

from collections.abc import Mapping
from dataclasses import asdict, fields

from trainer.domain.audio import Samples
from trainer.review.delivery.quality import Quality, assess
from trainer.review.delivery.voice import Voice, hear

_NUMBERS = [field.name for field in fields(Voice) if field.name != "quality"]


def measured(
    channel: Samples, turns: Mapping[int, tuple[int, int]]
) -> tuple[dict[str, float | None], dict[int, dict[str, float]]]:
    """The quality of a channel, shape (n,) at 16 kHz, and the voice of its turns by number.

    `turns`: first and last sample of each. Those with too little voice are left out.

    Raises:
        EngineMissing: swift-f0 is not installed.
    """
    quality = assess(channel)
    heard = {number: hear(channel[start:end], quality) for number, (start, end) in turns.items()}
    voices = {
        number: {name: float(getattr(voice, name)) for name in _NUMBERS}
        for number, voice in heard.items()
        if voice is not None
    }
    plain = {
        name: None if value is None else float(value) for name, value in asdict(quality).items()
    }
    return plain, voices


def kept_quality(values: Mapping[str, float | None]) -> Quality:
    """Back from `measured`."""
    noise = values.get("noise_db")
    return Quality(
        snr_db=values.get("snr_db"),
        clipping=values.get("clipping") or 0.0,
        gain_rides=bool(values.get("gain_rides")),
        noise_db=noise,
    )


def kept_voice(values: Mapping[str, float], quality: Quality) -> Voice:
    """Back from `measured`."""
    numbers = {name: values.get(name, 0.0) for name in _NUMBERS}
    syllables = int(numbers.pop("syllables"))
    return Voice(**numbers, syllables=syllables, quality=quality)
