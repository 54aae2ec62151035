"""Looking at a turn while it goes on: the same words, in fewer steps."""

from pathlib import Path

import numpy as np
import pytest

from tests.audio.test_whisper import say
from trainer import models
from trainer.domain.audio import RATE, Samples
from trainer.stt.decoding import Decoder

pytestmark = pytest.mark.engine

TURN = (
    "I am so sorry that you have been without a line for three days. "
    "Can you tell me what happened when you called us last week?"
)


class Counted(Decoder):
    """Counts the steps of encoder and decoder together."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "tiny.en", threads=2)
        self.steps = 0
        self.before_each_step(self._count)

    def _count(self) -> None:
        self.steps += 1

    def steps_of(self, audio: Samples) -> int:
        """How many the words of a turn take now."""
        before = self.steps
        self.transcribe(audio)
        return self.steps - before


@pytest.fixture(scope="module")
def decoder() -> Counted:
    return Counted(models.find("whisper-tiny.en"))


@pytest.fixture(scope="module")
def turn() -> Samples:
    return say(TURN)


def test_a_turn_looked_at_ahead_has_the_same_words(decoder: Counted, turn: Samples) -> None:
    plain = decoder.transcribe(turn)
    for seconds in np.arange(1.5, len(turn) / RATE, 0.7):
        decoder.transcribe(say("Another turn."))  # drafts of another turn are forgotten
        decoder.ahead(turn[: round(seconds * RATE)])
        again = decoder.transcribe(turn)
        assert again.text == plain.text
        assert again.confidence == pytest.approx(plain.confidence, abs=1e-3)


def test_it_takes_fewer_steps(decoder: Counted, turn: Samples) -> None:
    decoder.transcribe(say("Another turn."))
    alone = decoder.steps_of(turn)
    decoder.transcribe(say("Another turn."))
    decoder.ahead(turn[: len(turn) - RATE])
    assert decoder.steps_of(turn) < 0.7 * alone


def test_a_draft_that_is_wrong_from_its_first_word_does_no_harm(
    decoder: Counted, turn: Samples
) -> None:
    plain = decoder.transcribe(turn)
    decoder._drafts = {0: decoder._tokenizer.encode(" Nothing of this was ever said by anybody.")}
    assert decoder.transcribe(turn).text == plain.text


def test_a_draft_with_a_word_too_many_is_followed_again_after_it(
    decoder: Counted, turn: Samples
) -> None:
    decoder.transcribe(say("Another turn."))
    alone = decoder.steps_of(turn)
    right = decoder._drafts[0]
    decoder._drafts = {0: [*right[:3], *decoder._tokenizer.encode(" really"), *right[3:]]}
    assert decoder.steps_of(turn) < 0.7 * alone
    assert decoder._drafts[0] == right


def test_silence_is_not_looked_at(decoder: Counted) -> None:
    before = decoder.steps
    decoder.ahead(np.zeros(3 * RATE, np.float32))
    assert decoder.steps == before
