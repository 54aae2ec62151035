"""For every test: its own settings and data, the shared weights, and skips that fail on demand."""

import os
import subprocess
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

_NO_SKIPS = os.environ.get("TRAINER_NO_SKIPS", "") not in ("", "0")
_KEPT = {"TRAINER_CACHE", "TRAINER_EVAL_DATA", "TRAINER_NO_SKIPS", "TRAINER_VENV"}


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the person's own settings, calls or keys."""
    home = tmp_path_factory.mktemp("person")
    for name in list(os.environ):
        if (name.startswith("TRAINER_") and name not in _KEPT) or name.endswith("_API_KEY"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("TRAINER_CONFIG", str(home / "config.toml"))
    monkeypatch.setenv("TRAINER_DATA_DIR", str(home / "data"))


@pytest.fixture(scope="session")
def eval_data() -> Path:
    """The folder that `TRAINER_EVAL_DATA` names; the test is skipped without it."""
    given = os.environ.get("TRAINER_EVAL_DATA")
    if not given or not Path(given).is_dir():
        pytest.skip("TRAINER_EVAL_DATA names no folder of evaluation data")
    return Path(given)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 4 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "none", str(disk)], check=False)
    if made.returncode:
        pytest.skip("mounting a small disk needs root")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first: nobody waits for one of them alone at the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport() -> Generator[None, Any, None]:
    """A skipped test fails where nothing may be skipped."""
    outcome = yield
    _no_skip(outcome.get_result())


@pytest.hookimpl(hookwrapper=True)
def pytest_make_collect_report() -> Generator[None, Any, None]:
    """So does a skipped module."""
    outcome = yield
    _no_skip(outcome.get_result())


def _no_skip(report: Any) -> None:
    if _NO_SKIPS and report.skipped and not hasattr(report, "wasxfail"):
        where = report.longrepr
        why = where[2] if isinstance(where, tuple) else where
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid}: nothing may be skipped here. {why}"
