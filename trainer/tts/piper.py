"""A natural voice: Piper, and Praat turning its one speaker into a cast with moods.

Piper speaks at the asked rate; Praat's *Change gender* then moves pitch median, pitch range and
formants of each sentence (0.03 s of work for 5 s of speech). Both are GPL: they are extras and live
in the child process only.
"""

import json
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from trainer import models
from trainer.domain.audio import RATE, Samples
from trainer.domain.errors import EngineMissing
from trainer.domain.persona import VoiceChoice
from trainer.domain.plan import VoiceStyle
from trainer.tts.worker import WorkerVoice

_REGISTERS = {"low": (95.0, 1.0), "middle": (135.0, 1.06), "high": (200.0, 1.16)}
"""Pitch median in Hz and formant ratio; a higher voice has a shorter vocal tract."""

_MEDIANS_HZ = (65.0, 330.0)
_LENGTHS = (0.72, 1.35)
"""Length scales at which Piper still sounds like itself; Praat stretches the rest."""

_LENGTH_POWER = 1.9
"""A length scale of x makes this voice's speech x ** (1 / 1.9) times as long (measured)."""

_BREATH_WORDS = 6
"""Words a piece between two commas must have to be made by itself."""

_FLOOR_HZ, _CEILING_HZ = 50.0, 300.0
"""Where Praat looks for the pitch of Piper's own speaker, a low man."""

_SEED = 20_260
"""Piper's sound has noise in it; seeded, the same clauses in the same order sound the same."""


def create() -> WorkerVoice:
    """The voice, not yet loaded.

    Raises:
        EngineMissing: Piper is not installed or its weights are not here.
    """
    if find_spec("piper") is None:
        raise EngineMissing(
            "The Piper voice is not installed.",
            'Install it: pip install "voice-trainer[piper,praat]"',
        )
    model, _ = _weights()
    plain = "" if find_spec("parselmouth") else " (one pitch: Praat is not installed)"
    return WorkerVoice(f"piper {model.stem}{plain}", "trainer.tts.piper:Engine")


def _weights() -> tuple[Path, Path]:
    return models.find("piper-joe"), models.find("piper-joe-config")


class Engine:
    """Piper's network in memory, one thread: with two it is slower as soon as anything else runs.

    Raises:
        EngineMissing: weights or libraries are not here.
    """

    def __init__(self) -> None:
        model, config = _weights()
        try:
            import onnxruntime
            import soxr
            from piper.config import PiperConfig, SynthesisConfig
            from piper.voice import PiperVoice
        except ImportError as error:
            raise EngineMissing(
                f"The Piper voice cannot be loaded ({error}).",
                'Install it again: pip install --force-reinstall "voice-trainer[piper,praat]"',
            ) from None
        onnxruntime.set_seed(_SEED)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        session = onnxruntime.InferenceSession(
            str(model), options, providers=["CPUExecutionProvider"]
        )
        told = json.loads(config.read_text(encoding="utf-8"))
        self._voice: Any = PiperVoice(session=session, config=PiperConfig.from_dict(told))
        self._synthesis: Any = SynthesisConfig
        self._resample: Any = soxr.resample
        self._praat = find_spec("parselmouth") is not None
        for _ in self.sentences("Hello there.", VoiceChoice.model_validate({}), VoiceStyle()):
            pass  # the first run allocates and imports; better now than in the first answer

    def sentences(self, text: str, choice: VoiceChoice, style: VoiceStyle) -> Iterator[Samples]:
        """Raw sound, breath by breath."""
        pace = 1 / (choice.rate * style.rate)
        length = min(max(pace**_LENGTH_POWER, _LENGTHS[0]), _LENGTHS[1])
        left = pace / length ** (1 / _LENGTH_POWER)
        for breath in breaths(text):
            for chunk in self._voice.synthesize(breath, self._synthesis(length_scale=length)):
                sound: Samples = chunk.audio_float_array
                if self._praat and sound.size:
                    sound = _act(sound, chunk.sample_rate, choice, style, left)
                yield self._resample(sound, chunk.sample_rate, RATE)


def breaths(text: str) -> list[str]:
    """A text cut where a speaker takes breath: at commas with enough words around them.

    The network works on a whole piece at a time, so the first piece decides how soon a voice is
    heard.
    """
    found, words, kept = [], text.split(), 0
    for number, word in enumerate(words, 1):
        if (
            word[-1] in ",;:"
            and number - kept >= _BREATH_WORDS
            and len(words) - number >= _BREATH_WORDS
        ):
            found.append(" ".join(words[kept:number]))
            kept = number
    return [*found, " ".join(words[kept:])]


def _act(
    sound: Samples, rate: int, choice: VoiceChoice, style: VoiceStyle, duration: float
) -> Samples:
    """The same words by the persona in this mood, at the same sample rate."""
    import parselmouth
    from parselmouth.praat import call

    usual_hz, formant = _REGISTERS[choice.register_]
    if choice.formant != 1.0:  # the persona's own word; 1 leaves it to the register
        formant = choice.formant
    median = (choice.pitch_hz or usual_hz) * 2 ** (style.pitch_st / 12)
    try:
        changed = call(
            parselmouth.Sound(sound.astype("float64"), rate),
            "Change gender",
            _FLOOR_HZ,
            _CEILING_HZ,
            formant,
            min(max(median, _MEDIANS_HZ[0]), _MEDIANS_HZ[1]),
            style.pitch_range,
            duration,
        )
    except parselmouth.PraatError:  # too short or nothing voiced in it: a sigh has no pitch to move
        return sound
    acted: Samples = changed.values[0].astype("float32")
    return acted
