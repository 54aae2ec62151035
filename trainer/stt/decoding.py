"""openai-whisper, set up for turns of a live call. Lives in the worker process.

English, greedy, no earlier text as a prompt, no timestamps; the encoder reads no more than the turn
needs. A doubtful result is decoded once more in the full window of 30 s, and the surer one counts.
"""

import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from trainer.domain.audio import RATE, Samples
from trainer.domain.transcript import Heard, Word
from trainer.stt import gate, windows
from trainer.stt.drafted import Drafted
from trainer.stt.word_times import settle

_REMEMBERED = 8  # turns whose tokens are kept for aligning

_BEGINNING = RATE // 2
"""Samples at the beginning by which a turn is known again."""


@dataclass(frozen=True)
class _Piece:
    """The accepted words of one window."""

    offset: int
    audio: Samples
    text: str
    tokens: list[int]
    logprob: float
    closed: float


class Decoder:
    """A Whisper model in memory.

    Args:
        path: a checkpoint that `whisper.load_model` reads.
        model: its name, which says which of its attention heads follow time.
        threads: processor threads to use.
        shortest_s: the shortest window, seconds; 30 switches shortening off.
    """

    def __init__(
        self, path: Path, model: str, threads: int, shortest_s: float = windows.SHORTEST_S
    ) -> None:
        import torch
        import whisper
        from whisper.tokenizer import get_tokenizer

        torch.set_num_threads(threads)
        self._model = whisper.load_model(str(path), device="cpu")
        self._model.set_alignment_heads(whisper._ALIGNMENT_HEADS[model])
        self._positions = self._model.encoder.positional_embedding.clone()
        self._tokenizer = get_tokenizer(
            self._model.is_multilingual,
            num_languages=self._model.num_languages,
            language="en",
            task="transcribe",
        )
        self._ends = [
            self._tokenizer.encode(mark)[0]
            for mark in (".", "!", "?", '."', '?"', '!"', " .", " ?")
        ]
        self._shortest_s = shortest_s
        self._heard: OrderedDict[str, list[_Piece]] = OrderedDict()
        self._began = np.zeros(0, np.float32)
        self._drafts: dict[int, list[int]] = {}

    def before_each_step(self, check: Callable[[], None]) -> None:
        """Have `check` called before every layer of the encoder and every token; what it raises
        ends the work.
        """
        for part in (*self._model.encoder.blocks, self._model.decoder):
            part.register_forward_pre_hook(lambda *_: check())

    def ahead(self, audio: Samples) -> None:
        """Draft the words of a turn that still goes on: the whole of it is then sooner known."""
        offset, window = windows.split(audio)[-1]
        if window.any():
            self._expect(audio)
            self._decode(offset, window, self._shortest_s)

    def transcribe(self, audio: Samples) -> Heard:
        """The words of one turn of any length, shape (n,), 16 kHz."""
        pieces: list[_Piece] = []
        reasons: list[str] = []
        self._expect(audio)
        for offset, window in windows.split(audio):
            piece, why = self._window(offset, window)
            if piece is None:
                reasons.append(why)
            else:
                pieces.append(piece)
        if not pieces:
            return Heard("", 0.0, rejected=reasons[0])
        text = " ".join(piece.text for piece in pieces)
        self._heard[_key(audio, text)] = pieces
        while len(self._heard) > _REMEMBERED:
            self._heard.popitem(last=False)
        steps = [len(piece.tokens) + 1 for piece in pieces]  # the end of text is a token, too
        total = sum(piece.logprob * n for piece, n in zip(pieces, steps, strict=True))
        return Heard(text, math.exp(total / sum(steps)), closed=pieces[-1].closed)

    def align(self, audio: Samples, text: str) -> tuple[Word, ...]:
        """Times and confidences of known words.

        A turn of more than 30 s can be aligned only while its transcription is remembered;
        for another text, or much later, the result is empty.
        """
        pieces = self._heard.get(_key(audio, text))
        if pieces is None:
            if not text.strip() or len(audio) > windows.LONGEST_S * RATE:
                return ()
            tokens = self._tokenizer.encode(" " + text.strip())
            pieces = [_Piece(0, audio, text, tokens, 0.0, 1.0)]
        words: list[Word] = []
        for piece in pieces:
            words += self._align(piece)
        return settle(words, audio)

    def _window(self, offset: int, audio: Samples) -> tuple[_Piece | None, str]:
        if not audio.any():
            return None, gate.NO_SPEECH
        guess, tokens, closed = self._decode(offset, audio, self._shortest_s)
        full = windows.positions(len(audio), windows.LONGEST_S)
        if gate.doubtful(guess) and windows.positions(len(audio), self._shortest_s) < full:
            again = self._decode(offset, audio, windows.LONGEST_S)
            if gate.loops(guess) or again[0].logprob > guess.logprob:
                guess, tokens, closed = again
        if why := gate.reason(guess):
            return None, why
        return _Piece(offset, audio, guess.text, tokens, guess.logprob, closed), ""

    def _expect(self, audio: Samples) -> None:
        """Drafts of another turn are worth nothing."""
        if not np.array_equal(audio[:_BEGINNING], self._began):
            self._drafts = {}
            self._began = audio[:_BEGINNING].copy()

    def _decode(
        self, offset: int, audio: Samples, shortest_s: float
    ) -> tuple[gate.Guess, list[int], float]:
        """The words of one window, their tokens, and the probability that a sentence ends there."""
        import whisper
        from whisper.decoding import DecodingTask

        limit = windows.token_limit(len(audio))
        options = whisper.DecodingOptions(
            language="en",
            temperature=0.0,
            without_timestamps=True,
            sample_len=limit,
            fp16=False,
        )
        task: Any = DecodingTask(self._model, options)
        task.inference = drafted = Drafted(task.inference, self._drafts.get(offset, []))
        result: Any = task.run(self._mel(audio, shortest_s)[None])[0]
        tokens = self._drafts[offset] = list(result.tokens)
        ended = len(tokens) < limit
        guess = gate.Guess(
            result.text, result.no_speech_prob, result.avg_logprob, result.compression_ratio, ended
        )
        last = len(tokens) - 1 if tokens and tokens[-1] in self._ends else len(tokens)
        return guess, tokens, drafted.probability(last, self._ends) if ended else 0.0

    def _align(self, piece: _Piece) -> list[Word]:
        from whisper.timing import add_word_timestamps

        seconds = len(piece.audio) / RATE
        segment: dict[str, Any] = {
            "seek": 0,
            "start": 0.0,
            "end": seconds,
            "tokens": piece.tokens,
        }
        add_word_timestamps(
            segments=[segment],
            model=self._model,
            tokenizer=self._tokenizer,
            mel=self._mel(piece.audio, self._shortest_s),
            num_frames=max(2, round(seconds * 100)),
            last_speech_timestamp=0.0,
        )
        start = piece.offset / RATE
        return [
            Word(
                word["word"].strip(),
                start + float(word["start"]),
                start + float(word["end"]),
                float(word["probability"]),
            )
            for word in segment["words"]
            if word["word"].strip()
        ]

    def _mel(self, audio: Samples, shortest_s: float) -> Any:
        """The spectrogram of a window, the encoder being cut to the same length."""
        import whisper

        count = windows.positions(len(audio), shortest_s)
        self._model.encoder.positional_embedding = self._positions[:count]
        self._model.dims.n_audio_ctx = count
        return whisper.log_mel_spectrogram(whisper.pad_or_trim(audio, count * 320))


def _key(audio: Samples, text: str) -> str:
    return sha256(audio.tobytes() + text.encode()).hexdigest()
