"""The voice of last resort: pyttsx3 over eSpeak. Robotic, tiny, everywhere, ready in milliseconds.

pyttsx3 is used to load eSpeak and set its properties; the sound comes straight from eSpeak's own
callback, as PCM. pyttsx3's playing, files and event loop are not used: they return early,
overwrite, print and need a player program.
"""

import ctypes
import functools
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np

from trainer.domain.audio import RATE, Samples
from trainer.domain.errors import EngineFailed, EngineMissing
from trainer.domain.persona import VoiceChoice
from trainer.domain.plan import VoiceStyle
from trainer.tts.pitch import median_hz
from trainer.tts.worker import WorkerVoice

_RATE = 22_050
_WORDS_PER_MINUTE = 165
"""eSpeak's own default is 175; a little slower is easier to follow in its accent."""

_RANGE = 48
"""Neutral pitch range, 0..99: half again as much must fit, also when the pitch goes up."""

_REGISTERS = {"low": ("en-us+m8", 95.0), "middle": ("en-us+m7", 135.0), "high": ("en-us+f2", 200.0)}
"""eSpeak voice and pitch median in Hz; voices with much melody that Whisper follows."""

_CALIBRATION = "I have been waiting all morning for my order. You told me it would be here by noon."
_CLAUSE_S = 10.0


def create() -> WorkerVoice:
    """The voice, not yet loaded. `warm` raises EngineMissing where eSpeak is not installed."""
    return WorkerVoice("pyttsx3 espeak", "trainer.tts.pyttsx3:Engine")


class Engine:
    """eSpeak, loaded through pyttsx3. One per process, for eSpeak allows no more.

    Raises:
        EngineMissing: pyttsx3 finds no eSpeak library.
    """

    def __init__(self) -> None:
        try:
            import pyttsx3
            import soxr
            from pyttsx3.drivers import _espeak

            self._engine: Any = pyttsx3.init("espeak")
        except (ImportError, RuntimeError, OSError) as error:
            raise EngineMissing(
                f"The eSpeak speech library is not here ({error}).",
                "Install it: sudo apt-get install -y espeak-ng (on macOS: brew install espeak-ng).",
            ) from None
        self._espeak: Any = _espeak
        self._resample: Any = soxr.resample
        self._refused = False
        self._engine.connect("error", self._refuse)
        # properties are queued until the loop runs, and its loop never does here
        self._engine.proxy.setBusy(False)
        for voice, _ in _REGISTERS.values():
            self._own_hz(voice)

    def _refuse(self, **_: Any) -> None:
        self._refused = True

    def sentences(self, text: str, choice: VoiceChoice, style: VoiceStyle) -> Iterator[Samples]:
        """Raw sound in one piece: eSpeak makes a second of speech in about a millisecond."""
        register, usual_hz = _REGISTERS[choice.register_]
        voice = choice.espeak or register
        own_hz = self._own_hz(voice)
        if own_hz is None:
            voice, own_hz = register, self._own_hz(register)
        asked_hz = choice.pitch_hz or (own_hz if choice.espeak else usual_hz)
        up = (asked_hz or usual_hz) / (own_hz or usual_hz) * 2 ** (style.pitch_st / 12)
        pace = _WORDS_PER_MINUTE * choice.rate * style.rate
        sound = self._speak(text, voice, pace, up, style.pitch_range)
        yield self._resample(sound, _RATE, RATE)

    @functools.lru_cache(maxsize=32)  # noqa: B019 - one engine per process, for its whole life
    def _own_hz(self, voice: str) -> float | None:
        """A voice's own pitch median, measured once; None for a voice eSpeak does not have."""
        sound = self._speak(_CALIBRATION, voice, _WORDS_PER_MINUTE, 1.0, 1.0)
        return None if self._refused else median_hz(sound, _RATE)

    def _speak(self, text: str, voice: str, pace: float, up: float, wider: float) -> Samples:
        """Sound at 22.05 kHz; `up` and `wider`: factors on the voice's own pitch and its range."""
        self._refused = False
        self._engine.setProperty("voice", _known_name(voice))
        self._engine.setProperty("rate", round(min(max(pace, 80), 360)))
        self._engine.setProperty("volume", 1.0)
        # eSpeak's range is in Hz over its base pitch: scaled with the pitch, so that semitones stay
        span = min(max(_RANGE * wider * up, 0.0), 99.0)
        # and its base is the bottom of the range: a wider range alone would raise the median
        level = up * _median_over_base(_RANGE) / _median_over_base(span / up)
        self._engine.setProperty("pitch", _pitch_number(level))
        self._espeak.SetParameter(self._espeak.RANGE, round(span), 0)
        return self._collect(text)

    def _collect(self, text: str) -> Samples:
        heard: list[bytes] = []
        finished = threading.Event()
        espeak = self._espeak

        def receive(wave: Any, count: int, events: Any) -> int:
            if count > 0:
                heard.append(ctypes.string_at(wave, count * 2))
            number = 0
            while events[number].type != espeak.EVENT_LIST_TERMINATED:
                if events[number].type == espeak.EVENT_MSG_TERMINATED:
                    finished.set()
                number += 1
            return 0

        espeak.SetSynthCallback(receive)
        espeak.Synth(text, flags=espeak.CHARS_UTF8)
        if not finished.wait(_CLAUSE_S):
            espeak.Cancel()
            raise EngineFailed("eSpeak did not finish a clause.", "The next line is tried again.")
        return np.frombuffer(b"".join(heard), dtype=np.int16).astype(np.float32) / np.float32(32768)


def _known_name(voice: str) -> str:
    """The name eSpeak finds a voice by: it calls British English plain "en"."""
    language, plus, variant = voice.partition("+")
    return ("en" if language.lower() == "en-gb" else language) + plus + variant


def _pitch_number(up: float) -> int:
    """eSpeak's pitch, 0..99; an octave of the median heard is 61 steps around 50 (measured)."""
    return round(min(max(50 + 61 * float(np.log2(up)), 0), 99))


def _median_over_base(span: float) -> float:
    """How far the median lies over the base, as a factor; measured on eSpeak NG 1.51."""
    return 1 + 0.00206 * span
