"""Files about a person are theirs alone, and whole or not there."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from trainer.domain.errors import BadInput
from trainer.store import echoes
from trainer.store.inside import write_private


@pytest.fixture(autouse=True)
def open_to_all() -> Iterator[None]:
    """What is private is so by itself, not by the person's own settings."""
    before = os.umask(0)
    yield
    os.umask(before)


def test_a_file_that_cannot_be_written_leaves_nothing_and_the_old_one_stands(
    tmp_path: Path,
) -> None:
    write_private(tmp_path / "self.json", "before")
    with pytest.raises(UnicodeEncodeError):
        write_private(tmp_path / "self.json", "\ud800")
    (tmp_path / "report.html").mkdir()
    with pytest.raises(BadInput, match="cannot be written"):
        write_private(tmp_path / "report.html", "after")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.html", "self.json"]
    assert (tmp_path / "self.json").read_text() == "before"


def test_what_the_echo_test_found_is_its_owners_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    echoes.remember(data, "Headset", "Headset", "none")
    echoes.remember(data, "Laptop", "Laptop", "cancel")
    assert echoes.known(data, "Headset", "Headset") == "none"
    assert data.stat().st_mode & 0o777 == 0o700
    assert {path.name: path.stat().st_mode & 0o777 for path in data.iterdir()} == {
        "echo.json": 0o600
    }


def test_a_data_folder_that_cannot_be_made_is_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("dear aunt")
    with pytest.raises(BadInput, match="cannot be made"):
        echoes.remember(tmp_path / "data", "Headset", "Headset", "none")
