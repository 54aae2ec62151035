"""For tests of screens: a library small enough to be read at once."""

from pathlib import Path

import pytest

from trainer.content import roots

THREE = ("mercer-billing", "olsen-outage", "voss-return")


@pytest.fixture
def three_customers(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """As if three customers were shipped; everything else is as it is."""
    whole, small = roots.shipped(), tmp_path_factory.mktemp("library")
    for part in ("prompts", "rubrics"):
        (small / part).symlink_to(whole / part)
    (small / "personas").mkdir()
    (small / "personas" / "temperaments").symlink_to(whole / "personas" / "temperaments")
    for name in THREE:
        text = (whole / "personas" / f"{name}.yaml").read_bytes()
        (small / "personas" / f"{name}.yaml").write_bytes(text)
    monkeypatch.setattr(roots, "shipped", lambda: small)
    return small
