"""Warm-ups are kept by person and microphone, and serve as long as nothing has changed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.audio.speech import human_speech
from trainer.domain.audio import RATE
from trainer.domain.baseline import Baseline, WarmUp
from trainer.domain.errors import BadInput
from trainer.review.delivery.pitch import TRACKER
from trainer.review.delivery.warm_up import warm_up
from trainer.store import baselines

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
VOICE = Baseline(4.0, -6.0, -30.0, 4.5, 6.0, 0.8, 1.0, 2.0)
MADE = WarmUp(NOON, "Headset", TRACKER, VOICE, voiced_s=20.0, noise_db=-70.0)


def kept(folder: Path, **asked: object) -> WarmUp | None:
    given = {"tracker": TRACKER, "at": NOON + timedelta(days=3), "noise_db": -68.0} | asked
    who = str(given.pop("profile", "ann"))
    microphone = str(given.pop("microphone", "Headset"))
    return baselines.valid(folder, who, microphone, **given)  # type: ignore[arg-type]


def test_a_warm_up_comes_back_as_it_was_made(tmp_path: Path) -> None:
    baselines.save(tmp_path, "ann", MADE)
    assert kept(tmp_path) == MADE


@pytest.mark.parametrize(
    "asked",
    [
        {"profile": "bob"},
        {"microphone": "Laptop"},
        {"microphone": ""},
        {"tracker": "another 1.0"},
        {"at": NOON + timedelta(days=31)},
        {"at": NOON - timedelta(days=2)},
        {"noise_db": -60.0},
    ],
    ids=lambda asked: next(iter(asked)),
)
def test_anything_that_changed_ends_it(tmp_path: Path, asked: dict[str, object]) -> None:
    baselines.save(tmp_path, "ann", MADE)
    assert kept(tmp_path, **asked) is None


def test_a_call_is_held_against_the_warm_up_of_its_time_not_a_later_one(tmp_path: Path) -> None:
    later = replace(MADE, made=NOON + timedelta(days=20))
    baselines.save(tmp_path, "ann", later)
    baselines.save(tmp_path, "ann", MADE)
    assert kept(tmp_path) == MADE
    assert kept(tmp_path, at=NOON + timedelta(days=21)) == later


def test_a_warm_up_made_after_the_first_debrief_serves_that_call(tmp_path: Path) -> None:
    baselines.save(tmp_path, "ann", MADE)
    assert kept(tmp_path, at=NOON - timedelta(minutes=20)) == MADE


def test_only_the_owner_can_read_it_and_no_name_is_in_the_file_name(tmp_path: Path) -> None:
    path = baselines.save(tmp_path, "../ann/Åsa", MADE)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert path.parent == tmp_path / "baselines"
    assert "ann" not in path.name
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    "damage", ["{", '{"version": 99}', '{"version": 1, "warm_ups": [{}]}', "[]"]
)
def test_a_damaged_file_counts_as_no_warm_up_and_the_next_one_replaces_it(
    tmp_path: Path, damage: str
) -> None:
    baselines.save(tmp_path, "ann", MADE).write_text(damage)
    assert kept(tmp_path) is None
    baselines.save(tmp_path, "ann", MADE)
    assert kept(tmp_path) == MADE


def test_a_warm_up_is_made_of_room_sentences_and_talk(tmp_path: Path) -> None:
    speech = human_speech(tmp_path)
    talk = np.concatenate([speech] * (1 + 12 * RATE // len(speech)))
    room = np.random.default_rng(0).normal(scale=1e-4, size=3 * RATE).astype(np.float32)
    made = warm_up(room, [speech], talk, microphone="Headset", made=NOON)
    assert made.tracker == TRACKER
    assert made.voiced_s >= 8
    assert made.noise_db is not None
    baselines.save(tmp_path, "ann", made)
    assert baselines.valid(tmp_path, "ann", "Headset", tracker=TRACKER, at=NOON) == made


def test_too_little_voice_noise_or_clipping_asks_for_another_try(tmp_path: Path) -> None:
    speech = human_speech(tmp_path)[: 2 * RATE]
    nothing = np.zeros(0, np.float32)
    hiss = np.random.default_rng(0).normal(size=len(speech)) * np.sqrt(np.mean(speech**2)) * 1.5
    for sound, reason in (
        (speech, "of voice"),
        ((speech + hiss).astype(np.float32), "noise"),
        (np.clip(speech / np.abs(speech).max() * 4, -1, 1), "clipped"),
    ):
        with pytest.raises(BadInput, match=reason):
            warm_up(nothing, [sound], nothing, microphone="Headset", made=NOON)
