"""Sounds that no voice makes, and what rooms and telephones do to those that one does.

Everything is arithmetic from a seed: the same test sounds the same on every machine.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from trainer.domain.audio import RATE, Samples, samples

_EDGE_DB = 35.0
"""A sample is audible when it is within this of its sound's own peak."""

SPEECH_DB = -23.0
"""Level of speech in these tests, dBFS (RMS over its audible part)."""


def trimmed(sound: Samples) -> Samples:
    """From the first to the last audible sample."""
    loud = np.flatnonzero(np.abs(sound) > np.abs(sound).max() * 10 ** (-_EDGE_DB / 20))
    return sound[loud[0] : loud[-1] + 1]


def levelled(sound: Samples, level_db: float = SPEECH_DB) -> Samples:
    """At this level, dBFS; shape as `sound`."""
    rms = float(np.sqrt(np.mean(np.square(sound[np.abs(sound) > np.abs(sound).max() * 0.02]))))
    raised: Samples = np.clip(sound * 10 ** (level_db / 20) / rms, -1.0, 1.0).astype(np.float32)
    return raised


def broken(parts: Sequence[Samples], pause_s: float) -> Samples:
    """Sounds with silence of `pause_s` between them."""
    silence = np.zeros(samples(pause_s), np.float32)
    pieces = [trimmed(parts[0])]
    for part in parts[1:]:
        pieces += [silence, trimmed(part)]
    return np.concatenate(pieces)


def halves(sound: Samples, at_s: float) -> tuple[Samples, Samples]:
    """Cut in two where it is quietest within 0.08 s of `at_s`; both sides fade over 10 ms."""
    frame = RATE // 100
    first = max(frame, samples(at_s - 0.08))
    frames = sound[first : samples(at_s + 0.08)]
    power = np.square(frames[: len(frames) // frame * frame].reshape(-1, frame)).mean(axis=1)
    at = first + frame * int(power.argmin())
    before, after = sound[:at].copy(), sound[at:].copy()
    fade = np.linspace(0.0, 1.0, frame, dtype=np.float32)
    before[-frame:] *= fade[::-1]
    after[:frame] *= fade
    return before, after


def room_noise(seconds: float, level_db: float, seed: int = 0) -> Samples:
    """Pink noise and the hum of the mains, together at `level_db` dBFS (RMS)."""
    count = samples(seconds)
    time = np.arange(count) / RATE
    pink = _pink(count, seed)
    hum = np.sin(2 * np.pi * 50 * time) + 0.5 * np.sin(2 * np.pi * 150 * time)
    both = pink + 0.3 * hum
    raised: Samples = (both / np.sqrt(np.mean(both**2)) * 10 ** (level_db / 20)).astype(np.float32)
    return raised


def life(seconds: float, level_db: float, seed: int = 0) -> Samples:
    """Somebody is about: thumps, keys and a creaking chair, up to 20 dB over the room's noise."""
    rng = np.random.default_rng(seed + 1)
    out = np.zeros(samples(seconds), np.float32)
    at = 1.0
    while at < seconds - 2.0:
        made = (_thump, _creak, lambda r: keyboard(1.5, -35.0, int(r.integers(1000))))[
            int(rng.integers(3))
        ](rng)
        made = made / np.abs(made).max() * 10 ** ((level_db + 20) / 20)
        start = samples(at)
        out[start : start + len(made)] += made[: len(out) - start]
        at += float(rng.uniform(1.0, 4.0))
    return out


def cough(seed: int = 0) -> Samples:
    """Two bursts of breath with a throat behind them, 0.2 s each."""
    rng = np.random.default_rng(seed)
    bursts = []
    for strength in (1.0, 0.6):
        count = samples(float(rng.uniform(0.16, 0.24)))
        noise = _shaped(rng.normal(size=count), 400.0, 3000.0)
        time = np.arange(count) / RATE
        attack = np.minimum(1.0, time / 0.008)
        bursts.append(strength * noise * attack * np.exp(-time / 0.07))
        bursts.append(np.zeros(samples(float(rng.uniform(0.10, 0.18)))))
    sound = np.concatenate(bursts[:-1])
    return trimmed(levelled(sound.astype(np.float32), -20.0))


def hum(seed: int = 0) -> Samples:
    """“Mm-hm”: two nasal tones with a breath between them, the second higher, 0.45 s in all.

    No voice here can hum: they spell it. Formants of [m] after Stevens 1998, section 9.1.
    """
    rng = np.random.default_rng(seed)
    pitch = float(rng.uniform(95.0, 210.0))
    pieces = []
    for seconds, steps in ((0.16, 0.0), (0.06, None), (0.23, 4.0)):
        count = samples(seconds * float(rng.uniform(0.9, 1.1)))
        time = np.arange(count) / RATE
        if steps is None:
            pieces.append(0.02 * _shaped(rng.normal(size=count), 500.0, 2500.0))
            continue
        f0 = pitch * 2 ** (steps * (1 - 0.2 * time / time[-1]) / 12)
        turns = 2 * np.pi * np.cumsum(f0) / RATE
        tone = np.zeros(count)
        for harmonic in range(1, int(3500 / pitch)):
            hz = harmonic * pitch
            near = [(250.0, 1.0), (1000.0, 0.1), (2200.0, 0.04)]
            strength = sum(peak / (1 + ((hz - centre) / 120) ** 2) for centre, peak in near)
            tone += strength * np.sin(harmonic * turns)
        pieces.append(tone * np.minimum(1.0, np.minimum(time, time[::-1]) / 0.02))
    return trimmed(levelled(np.concatenate(pieces).astype(np.float32)))


def keyboard(seconds: float, peak_db: float = -25.0, seed: int = 0) -> Samples:
    """Typing: eight strokes a second, each a click of 10 ms going down and a softer one up."""
    rng = np.random.default_rng(seed)
    out = np.zeros(samples(seconds), np.float32)
    at = 0.0
    while at < seconds - 0.15:
        for later, strength in ((0.0, 1.0), (float(rng.uniform(0.06, 0.1)), 0.4)):
            count = samples(0.012)
            click = _shaped(rng.normal(size=count), 1500.0, 7000.0)
            click *= np.exp(-np.arange(count) / RATE / 0.003)
            start = samples(at + later)
            click *= strength * float(rng.uniform(0.5, 1.0)) / np.abs(click).max()
            out[start : start + count] += click.astype(np.float32)
        at += float(rng.uniform(0.07, 0.2))
    return trimmed((out / np.abs(out).max() * 10 ** (peak_db / 20)).astype(np.float32))


def far(sound: Samples, level_db: float, seed: int = 0) -> Samples:
    """The same from across a room: its echoes and little of itself, at `level_db` dBFS."""
    from scipy.signal import fftconvolve

    time = np.arange(samples(0.5)) / RATE
    tail = np.random.default_rng(seed).normal(size=len(time)) * np.exp(-time / 0.08)
    tail[0] = 3.0
    return trimmed(levelled(fftconvolve(sound, tail).astype(np.float32), level_db))


def phone_band(sound: Samples) -> Samples:
    """What a telephone leaves: 300 to 3400 Hz, eight bits after the µ-law (G.711)."""
    from scipy.signal import butter, resample_poly, sosfiltfilt

    band = butter(4, [300, 3400], "bandpass", fs=RATE, output="sos")
    narrow = np.clip(resample_poly(sosfiltfilt(band, sound), 1, 2), -1.0, 1.0)
    coded = np.sign(narrow) * np.log1p(255 * np.abs(narrow)) / np.log(256)
    coded = np.round(coded * 127) / 127
    heard = np.sign(coded) * (np.expm1(np.abs(coded) * np.log(256))) / 255
    wide: Samples = resample_poly(heard, 2, 1)[: len(sound)].astype(np.float32)
    return np.clip(wide, -1.0, 1.0)


def _thump(rng: np.random.Generator) -> NDArray[np.float64]:
    time = np.arange(samples(0.25)) / RATE
    return np.sin(2 * np.pi * rng.uniform(50, 110) * time) * np.exp(-time / 0.05)


def _creak(rng: np.random.Generator) -> NDArray[np.float64]:
    time = np.arange(samples(0.4)) / RATE
    pulses = np.sin(2 * np.pi * (rng.uniform(25, 40) * time)) > 0.97
    return _shaped(pulses * rng.normal(size=len(time)), 500.0, 2500.0) * np.hanning(len(time))


def _pink(count: int, seed: int) -> NDArray[np.float64]:
    spectrum = np.fft.rfft(np.random.default_rng(seed).normal(size=count))
    hz = np.fft.rfftfreq(count, 1 / RATE)
    return np.fft.irfft(spectrum / np.sqrt(np.maximum(hz, 20.0)), count)


def _shaped(sound: NDArray[np.float64], low: float, high: float) -> NDArray[np.float64]:
    """Its spectrum as a bell around the band, on a logarithmic scale."""
    octaves = np.log(np.maximum(np.fft.rfftfreq(len(sound), 1 / RATE), 1.0) / np.sqrt(low * high))
    bell = np.exp(-4 * (octaves / np.log(high / low)) ** 2)
    return np.fft.irfft(np.fft.rfft(sound) * bell, len(sound))
