"""A call over a telephone from a café: the same call, and the recording holds what was heard."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.audio.speech import human_speech
from tests.e2e.cli import trainer
from trainer.domain.audio import RATE, Samples
from trainer.domain.events import ClauseSpoken, TurnTaken
from trainer.domain.record import CallRecord
from trainer.review.response import response_times
from trainer.store.calls import load

pytestmark = [pytest.mark.engine, pytest.mark.slow, pytest.mark.alone]


def called(tmp_path: Path, out: str, **env: str) -> CallRecord:
    ran = trainer(
        "call", "mercer-billing", "--agent-audio", "a.wav", "--agent-audio", "a.wav",
        "--voice", "pyttsx3", "--seed", "3", "--out", out,
        cwd=tmp_path, **env,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    return load(tmp_path / out)


def heard_at(record: CallRecord) -> list[tuple[int, str]]:
    return [(event.t, event.text) for event in record.events if isinstance(event, ClauseSpoken)]


def level(sound: Samples) -> float:
    return float(10 * np.log10(np.mean(np.square(sound.astype(np.float64)))))


def test_a_telephone_in_a_cafe_changes_the_sound_and_nothing_else(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", human_speech(tmp_path)[: 4 * RATE], RATE)
    clear = called(tmp_path, "clear")
    cafe = called(
        tmp_path, "cafe", TRAINER_LINE="telephone", TRAINER_BACKGROUND="cafe",
        TRAINER_BACKGROUND_SNR_DB="20",
    )  # fmt: skip
    assert cafe.meta["heard"] == {"line": "telephone", "background": "cafe", "snr_db": 20.0}
    assert clear.meta["heard"] == {"line": "clear", "background": "none"}
    # the ledger: every clause where it was, with the words it had
    assert heard_at(cafe) == heard_at(clear)
    # the recording: a café while the agent speaks, nothing on a clear line
    for turn in (event for event in cafe.events if isinstance(event, TurnTaken)):
        if turn.who == "agent":
            assert level(cafe.customer[turn.start : turn.end]) == pytest.approx(-43, abs=2)
            assert not clear.customer[turn.start : turn.end].any()
    # and answers are found in it as late as they were
    late = np.array(response_times(cafe)) - np.array(response_times(clear))
    assert len(late) == 2
    assert np.abs(late).max() < 0.05
