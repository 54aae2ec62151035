"""The record of a call that a command takes."""

import shutil
from pathlib import Path

import pytest

from trainer.cli import compose
from trainer.domain.errors import BadInput, EngineFailed
from trainer.domain.events import SpeechStarted
from trainer.settings import Settings


def take(data_dir: Path, broken: Exception | None = None) -> None:
    """A call whose folder is removed before its end, and which may break besides."""
    given = Settings(data_dir=data_dir)
    who = compose.cast(given, "olsen-outage", 1)
    with compose.record(given, who, 1, "typed") as sink:
        shutil.rmtree(sink.folder)
        sink.event(SpeechStarted(t=0, who="agent"))
        if broken is not None:
            raise broken


def test_a_record_whose_end_is_not_on_disk_is_not_passed_over(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=str(tmp_path / "calls")):
        take(tmp_path)


def test_what_broke_a_call_is_told_before_what_is_missing_of_its_record(tmp_path: Path) -> None:
    with pytest.raises(EngineFailed, match="line is gone"):
        take(tmp_path, EngineFailed("The line is gone."))
