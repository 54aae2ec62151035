"""Weights on disk: found only when they are what the manifest says."""

import hashlib
import os
from pathlib import Path

import pytest

from trainer.domain.errors import BadInput, EngineMissing
from trainer.models import find, manifest, shelf
from trainer.models.manifest import Source, Weight

CONTENT = b"numbers that matter" * 1000


@pytest.fixture
def voice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache that holds one good weight called "voice"; returns its file."""
    monkeypatch.setenv("TRAINER_CACHE", str(tmp_path))
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    source = Source(sha256=sha256, size=len(CONTENT), url="https://example.invalid/voice")
    weight = Weight("voice", "voice.onnx", "a voice", "CC0-1.0", "me", len(CONTENT), (source,))
    monkeypatch.setattr(manifest, "weights", lambda: {"voice": weight})
    file = tmp_path / "weights" / "voice.onnx"
    file.parent.mkdir()
    file.write_bytes(CONTENT)
    return file


def flip_a_bit(file: Path) -> None:
    with file.open("r+b") as stream:
        stream.seek(500)
        byte = stream.read(1)[0]
        stream.seek(500)
        stream.write(bytes([byte ^ 1]))


def test_whole_file_is_found(voice: Path) -> None:
    assert find("voice") == voice


def test_absent_weight_names_the_command_that_brings_it(voice: Path) -> None:
    voice.unlink()
    with pytest.raises(EngineMissing, match="trainer models pull voice"):
        find("voice")


def test_flipped_bit_is_not_found_before_it_is_loaded(voice: Path) -> None:
    find("voice")
    flip_a_bit(voice)
    os.utime(voice, ns=(1, 1))
    with pytest.raises(EngineMissing, match="damaged"):
        find("voice")


def test_full_check_sees_a_flipped_bit_even_when_time_and_size_are_unchanged(voice: Path) -> None:
    find("voice")
    stat = voice.stat()
    flip_a_bit(voice)
    os.utime(voice, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert not shelf.check(manifest.get("voice"))
    with pytest.raises(EngineMissing, match="damaged"):
        find("voice")


def test_second_look_reads_no_content(voice: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    find("voice")

    def read(file: Path, seen: object = None) -> str:
        raise AssertionError("read again")

    monkeypatch.setattr(shelf, "digest", read)
    assert find("voice") == voice


def test_cut_file_is_damaged(voice: Path) -> None:
    find("voice")
    os.truncate(voice, 100)
    with pytest.raises(EngineMissing, match="damaged"):
        find("voice")


def test_file_made_here_by_conversion_keeps_its_own_sum(voice: Path) -> None:
    voice.write_bytes(b"the same tensors, packed by another torch")
    made = shelf.digest(voice)
    shelf.remember(voice, made, source="Python packages", made=made)
    os.utime(voice, ns=(5, 5))
    assert find("voice") == voice
    voice.write_bytes(b"T" + voice.read_bytes()[1:])
    with pytest.raises(EngineMissing, match="damaged"):
        find("voice")


def test_unknown_name_lists_the_known_ones(voice: Path) -> None:
    with pytest.raises(BadInput, match="voice"):
        find("voicee")


def test_every_shipped_entry_can_be_verified_whatever_source_serves_it() -> None:
    for weight in manifest.weights().values():
        assert weight.sources, weight.name
        for source in weight.sources:
            assert len(source.result) == 64, weight.name
            assert bool(source.url) != bool(source.parts), weight.name
            if source.parts:
                assert sum(part.size for part in source.parts) == source.size, weight.name
                assert all("==" in part.package for part in source.parts), weight.name
