"""What cannot be used is named, with what to do about it, and leaves exit code 2."""

import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.e2e.cli import Ran, trainer

pytestmark = pytest.mark.engine


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "turns.txt").write_text("I am sorry to hear that.\n")
    (tmp_path / "empty.wav").write_bytes(b"")
    (tmp_path / "notes.wav").write_text("this is not sound, it only says so")
    (tmp_path / "empty.txt").write_text("\n\n")
    (tmp_path / "binary.txt").write_bytes(bytes(range(128, 256)))
    whole = tmp_path / "whole.wav"
    soundfile.write(whole, np.zeros(16000), 16000)
    (tmp_path / "torn.flac").write_bytes(b"fLaC" + os.urandom(400))
    soundfile.write(tmp_path / "hour.flac", np.zeros(8000 * 3600, np.int16), 8000)
    return tmp_path


def refused(ran: Ran, *words: str) -> None:
    assert ran.code == 2, (ran.code, ran.err, ran.out)
    assert ran.out == ""
    for word in words:
        assert word.lower() in ran.err.lower(), ran.err


@pytest.mark.parametrize(
    ("file", "word"),
    [
        ("missing.wav", "missing.wav"),
        ("empty.wav", "empty"),
        ("notes.wav", "notes.wav"),
        ("torn.flac", "torn.flac"),
        ("hour.flac", "minutes"),
        (".", "folder"),
    ],
)
def test_a_sound_file_that_cannot_be_used(place: Path, file: str, word: str) -> None:
    refused(trainer("call", "olsen-outage", "--agent-audio", file, "--json", cwd=place), word)


@pytest.mark.parametrize("file", ["missing.txt", "empty.txt", "binary.txt"])
def test_a_text_file_that_cannot_be_used(place: Path, file: str) -> None:
    refused(trainer("call", "olsen-outage", "--agent-text", file, "--json", cwd=place), file)


def test_an_unknown_customer_is_answered_with_the_nearest_one(place: Path) -> None:
    ran = trainer("call", "olsen-outag", "--agent-text", "turns.txt", cwd=place)
    refused(ran, "olsen-outage")


def test_a_customer_file_with_a_mistake_is_named_by_line(place: Path) -> None:
    (place / "mine.yaml").write_text("title: One\nextends: volcano\nlaed: anger\n")
    ran = trainer("call", "./mine.yaml", "--agent-text", "turns.txt", cwd=place)
    refused(ran, "mine.yaml:")


def test_neither_or_both_kinds_of_turns(place: Path) -> None:
    refused(trainer("call", "olsen-outage", cwd=place), "--agent-audio")
    both = ("--agent-text", "turns.txt", "--agent-audio", "whole.wav")
    refused(trainer("call", "olsen-outage", *both, cwd=place), "either")


@pytest.mark.parametrize(
    ("option", "value"),
    [("--voice", "parrot"), ("--stt", "huge"), ("--wording", "nobody"), ("--pace", "slow")],
)
def test_an_unknown_engine_and_nothing_is_left_of_the_call(
    place: Path, option: str, value: str
) -> None:
    turns = ("--agent-audio", "whole.wav", "--out", "c")
    refused(trainer("call", "olsen-outage", *turns, option, value, cwd=place), value)
    assert not (place / "c").exists()


def test_a_folder_that_is_in_use_or_cannot_be_written(place: Path) -> None:
    used = place / "used"
    used.mkdir()
    (used / "call.wav").write_text("mine")
    turns = ("--agent-text", "turns.txt")
    refused(trainer("call", "olsen-outage", *turns, "--out", used, cwd=place), "used")
    refused(trainer("call", "olsen-outage", *turns, "--out", "/proc/no/call", cwd=place), "/proc")
    assert (used / "call.wav").read_text() == "mine"


def test_a_weight_that_is_not_here_names_the_command_that_brings_it(place: Path) -> None:
    turns = ("--agent-audio", "whole.wav")
    ran = trainer("call", "olsen-outage", *turns, cwd=place, TRAINER_CACHE=str(place / "none"))
    refused(ran, "trainer models pull")


def test_a_full_disk_is_said_and_what_was_recorded_is_kept(place: Path) -> None:
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("mounting a tiny disk needs root")
    disk = place / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("this machine does not let a tiny disk be mounted")
    try:
        (place / "long.txt").write_text("I am sorry, please tell me more about that.\n" * 60)
        ran = trainer(
            "call", "olsen-outage", "--agent-text", "long.txt", "--out", disk / "c", cwd=place
        )
        assert ran.code == 2, ran.err
        assert "full" in ran.err.lower() or "room" in ran.err.lower()
    finally:
        subprocess.run(["umount", disk], check=True)


def test_silence_is_a_call_in_which_nothing_was_heard(place: Path) -> None:
    soundfile.write(place / "silence.wav", np.zeros(44100 * 3), 44100, subtype="PCM_24")
    ran = trainer("call", "olsen-outage", "--agent-audio", "silence.wav", "--json", cwd=place)
    assert ran.code == 0, ran.err
    assert [turn["who"] for turn in ran.json["transcript"]].count("agent") == 0
    assert ran.json["mood"] == []
    assert ran.json["csat"] is None
