"""What is imported is declared, what is declared is pinned, and every licence is written down."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
CORE = [Requirement(line) for line in PROJECT["dependencies"]]
EXTRAS = {
    extra: [Requirement(line) for line in lines]
    for extra, lines in PROJECT["optional-dependencies"].items()
}
ALL = CORE + [need for needs in EXTRAS.values() for need in needs]
USED = CORE + [need for extra, needs in EXTRAS.items() if extra != "dev" for need in needs]


def pins() -> dict[str, str]:
    text = (ROOT / "constraints.txt").read_text("utf-8")
    found = re.findall(r"^([\w.-]+)==(\S+)$", text, re.MULTILINE)
    return {canonicalize_name(name): version for name, version in found}


def imported(folder: str) -> dict[str, str]:
    """Top-level names that the Python files of `folder` import, each with one file that does."""
    names: dict[str, str] = {}
    for file in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                found = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found = [node.module or ""]
            else:
                continue
            names.update({name.split(".")[0]: str(file.relative_to(ROOT)) for name in found})
    return {n: f for n, f in names.items() if n not in sys.stdlib_module_names}


@pytest.mark.parametrize(("folder", "declared"), [("trainer", USED), ("tests", ALL)])
def test_every_import_is_a_declared_dependency(folder: str, declared: list[Requirement]) -> None:
    known = {canonicalize_name(need.name) for need in declared} | {"trainer", "tests"}
    # a package of one compiled file does not say which name it is imported by
    by_package = {**packages_distributions(), "parselmouth": ["praat-parselmouth"]}
    undeclared = {
        name: file
        for name, file in imported(folder).items()
        if not known & {canonicalize_name(d) for d in [*by_package.get(name, []), name]}
    }
    assert undeclared == {}


def test_every_declared_dependency_is_pinned_to_a_version_it_allows() -> None:
    pinned = pins()
    for need in ALL:
        assert need.specifier.contains(pinned[canonicalize_name(need.name)]), need


def test_compromised_releases_are_shut_out() -> None:
    litellm = next(need for need in CORE if need.name == "litellm")
    for release in ("1.82.7", "1.82.8", "1.107.0", "1.107.3"):
        assert not litellm.specifier.contains(release)


def test_every_licence_is_written_down_and_current() -> None:
    script = [sys.executable, str(ROOT / "scripts" / "licences.py"), "--check"]
    done = subprocess.run(script, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
