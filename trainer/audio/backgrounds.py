"""What is heard behind a customer: places made of arithmetic, as loops without a seam.

Nothing here is a recording: shaped noise, hum, clicks, and for people talking a buzz through the
resonances of vowels, so that no word can be made out and none is taken for speech.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainer.domain.audio import RATE, Samples, samples

LOOP_S = 20
"""Seconds after which a background begins again."""

_SIZE = LOOP_S * RATE
_Sound = NDArray[np.floating[Any]]
_Random = np.random.Generator

_VOWELS = (
    (730, 1090, 2440),
    (270, 2290, 3010),
    (300, 870, 2240),
    (530, 1840, 2480),
    (570, 840, 2410),
    (490, 1350, 1690),
    (660, 1720, 2410),
)
"""First three formants in Hz (Peterson and Barney 1952, men)."""


@cache
def loop(place: str, telephone: bool = False) -> Samples:
    """The sound of a place, shape (LOOP_S * RATE,), RMS 1; its end leads into its beginning.

    Made once and kept (1.3 MB); read only.

    Args:
        place: office, street, cafe, rain or machine.
        telephone: only what a telephone carries of it, and that at RMS 1.

    Raises:
        KeyError: no such place.
    """
    sound = _PLACES[place](np.random.default_rng(len(place)))
    if telephone:
        sound = _through(sound, lambda f: _slope(f, 250, 330) * (1 - _slope(f, 3350, 3650)))
    made = _even(sound).astype(np.float32)
    made.setflags(write=False)
    return made


def _office(random: _Random) -> _Sound:
    """Air conditioning, two people typing, somebody on the telephone at the far end."""
    air = _noise(random, lambda f: _slope(f, 40, 90) / (1 + (f / 220) ** 1.2))
    keys = np.zeros(_SIZE)
    for _ in range(2):
        at = 0.0
        while at < LOOP_S:
            for _ in range(int(random.integers(8, 25))):
                _add(keys, samples(at), _key(random))
                at += float(random.uniform(0.08, 0.24))
            at += float(random.uniform(0.8, 3.0))
    murmur = _through(_people(random, 5), lambda f: 1 / (1 + (f / 900) ** 2))
    office: _Sound = _even(air) + 0.3 * _even(keys) + 0.35 * _even(murmur)
    return office


def _street(random: _Random) -> _Sound:
    """Distant traffic, and tyres that come near and go."""
    far = _noise(random, lambda f: _slope(f, 30, 60) / (1 + (f / 150) ** 0.9))
    tyres = _noise(random, lambda f: _slope(f, 200, 500) / (1 + (f / 900) ** 2))
    nearness = np.zeros(_SIZE)
    time = np.arange(_SIZE) / RATE
    for middle in (random.uniform(0, 4) + np.arange(5) * LOOP_S / 5) % LOOP_S:
        away = (time - middle + LOOP_S / 2) % LOOP_S - LOOP_S / 2
        nearness += float(random.uniform(0.4, 0.8)) * np.exp(-np.square(away / 1.2) / 2)
    return _even(far) + _even(tyres) * (0.35 + nearness)


def _cafe(random: _Random) -> _Sound:
    """A room full of people, and cups."""
    room = _noise(random, lambda f: _slope(f, 80, 160) / (1 + (f / 500) ** 1.3))
    cups = np.zeros(_SIZE)
    for at in random.uniform(0, LOOP_S, 14):
        _add(cups, samples(float(at)), _cup(random))
    cafe: _Sound = _even(_people(random, 24)) + 0.5 * _even(room) + 0.12 * _even(cups)
    return cafe


def _rain(random: _Random) -> _Sound:
    """A steady downpour, and drops on a sill."""
    pour = _noise(random, lambda f: _slope(f, 200, 900) / (1 + (f / 5000) ** 2))
    hits = np.zeros(_SIZE)
    where = random.integers(0, _SIZE, 120 * LOOP_S)
    hits[where] = random.normal(size=len(where))
    drops = _through(hits, lambda f: _slope(f, 800, 2000) / (1 + (f / 4500) ** 2))
    return _even(pour) + 0.5 * _even(drops)


def _machine(random: _Random) -> _Sound:
    """A motor on the mains: its hum, and the air it moves, beating slowly."""
    time = np.arange(_SIZE) / RATE
    hum = np.zeros(_SIZE)
    for number in range(1, 31):
        phase = float(random.uniform(0, 2 * np.pi))
        hum += np.sin(2 * np.pi * 50 * number * time + phase) / number**0.8
    air = _noise(random, lambda f: _slope(f, 150, 400) / (1 + (f / 1200) ** 1.5))
    beat = 1 + 0.25 * np.sin(2 * np.pi * 1.4 * time)
    return _even(hum) + 0.7 * _even(air) * beat


_PLACES: dict[str, Callable[[_Random], _Sound]] = {
    "office": _office,
    "street": _street,
    "cafe": _cafe,
    "rain": _rain,
    "machine": _machine,
}

# --- what places are made of ---


def _noise(random: _Random, gain: Callable[[_Sound], Any]) -> _Sound:
    """Noise with a spectrum: `gain` over frequencies in Hz."""
    return _through(random.normal(size=_SIZE), gain)


def _through(sound: _Sound, gain: Callable[[_Sound], Any]) -> _Sound:
    """A loop through a filter of zero phase; what leaves at its end comes in at its beginning."""
    shaped: _Sound = np.fft.irfft(
        np.fft.rfft(sound) * gain(np.fft.rfftfreq(_SIZE, 1 / RATE)), _SIZE
    )
    return shaped


def _slope(f: _Sound, low: float, high: float) -> _Sound:
    """0 below `low` Hz, 1 above `high` Hz, half a cosine between."""
    rise: _Sound = 0.5 - 0.5 * np.cos(np.pi * np.clip((f - low) / (high - low), 0, 1))
    return rise


def _even(sound: _Sound) -> _Sound:
    """At RMS 1."""
    even: _Sound = sound / np.sqrt(np.mean(np.square(sound)))
    return even


def _add(sound: _Sound, at: int, piece: _Sound) -> None:
    where = (at + np.arange(len(piece))) % _SIZE
    sound[where] += piece


def _key(random: _Random) -> _Sound:
    time = np.arange(samples(0.03)) / RATE
    tone = np.sin(2 * np.pi * float(random.uniform(1800, 3200)) * time)
    key: _Sound = (random.normal(size=len(time)) + tone) * np.exp(-time / 0.005)
    return key * float(random.uniform(0.5, 1.0))


def _cup(random: _Random) -> _Sound:
    time = np.arange(samples(0.15)) / RATE
    pitch = float(random.uniform(2200, 3300))
    ring = np.sin(2 * np.pi * pitch * time) + 0.5 * np.sin(2 * np.pi * 1.51 * pitch * time)
    cup: _Sound = ring * np.exp(-time / 0.02)
    return cup


def _people(random: _Random, count: int) -> _Sound:
    """So many people talking at once: syllables of vowels, four to six a second, and pauses."""
    talk = np.zeros(_SIZE)
    for _ in range(count):
        pitch, loud, at = float(random.uniform(90, 220)), float(random.uniform(0.5, 1.0)), 0.0
        while at < LOOP_S:
            for _ in range(int(random.integers(4, 14))):
                length = float(random.uniform(0.14, 0.28))
                _add(talk, samples(at), loud * _syllable(random, pitch, length))
                at += 0.85 * length
            at += float(random.uniform(0.1, 0.7))
    return talk


def _syllable(random: _Random, pitch: float, length_s: float) -> _Sound:
    """A buzz through three resonances (Klatt 1980), rising and falling."""
    from scipy.signal import lfilter

    time = np.arange(samples(length_s)) / RATE
    bend = float(random.uniform(0.85, 1.2))
    phase = np.cumsum(pitch * bend * (1.08 - 0.16 * time / length_s)) / RATE
    sound: _Sound = np.diff(np.floor(phase), prepend=0.0) + 0.02 * random.normal(size=len(time))
    for formant, width in zip(
        _VOWELS[int(random.integers(len(_VOWELS)))], (80, 100, 140), strict=True
    ):
        radius = np.exp(-np.pi * width / RATE)
        turn = 2 * radius * np.cos(2 * np.pi * formant / RATE)
        sound = lfilter([1 - turn + radius**2], [1, -turn, radius**2], sound)
    return sound * np.hanning(len(time))
