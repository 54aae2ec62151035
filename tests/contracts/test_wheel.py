"""An installed wheel works from any folder: customers, prompts and rubrics travel inside."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from this checkout, without a network."""
    out = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def trainer(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `trainer` command in an environment of its own, with this wheel and not the checkout.

    The other packages are lent by the running environment; its own link to the checkout is not
    followed, because link files count only in an environment's own folder.
    """
    place = tmp_path_factory.mktemp("elsewhere") / "env"
    venv.create(place, with_pip=False)
    inside = {"base": str(place), "platbase": str(place)}
    (Path(sysconfig.get_path("purelib", vars=inside)) / "lent.pth").write_text(
        sysconfig.get_path("purelib") + "\n"
    )
    python = place / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    install += ["--no-deps", "--no-index", "--ignore-installed", str(wheel)]
    subprocess.run(install, check=True)
    return python.with_name("trainer")


def run(trainer: Path, folder: Path, *words: str) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [trainer, *words], cwd=folder, env=clean, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_content_file_travels_in_the_wheel(wheel: Path) -> None:
    inside = {name for name in zipfile.ZipFile(wheel).namelist()}
    for kind in ("personas", "prompts", "rubrics"):
        files = [file for file in (ROOT / kind).rglob("*") if file.is_file()]
        assert files, kind
        for file in files:
            assert f"trainer/_shipped/{file.relative_to(ROOT)}" in inside


def test_wheel_holds_no_tests_and_no_scripts(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"trainer"}


def test_installed_wheel_is_what_runs(trainer: Path, tmp_path: Path) -> None:
    code = "import trainer; print(trainer.__file__)"
    python = trainer.with_name("python")
    where = subprocess.check_output([python, "-c", code], cwd=tmp_path, text=True)
    assert str(trainer.parents[1]) in where


def test_help_answers_from_an_empty_folder(trainer: Path, tmp_path: Path) -> None:
    shown = run(trainer, tmp_path, "--help")
    for command in ("practice", "demo", "doctor", "models"):
        assert command in shown


def test_customers_are_listed_from_an_empty_folder(trainer: Path, tmp_path: Path) -> None:
    here = {file.stem for file in (ROOT / "personas").glob("*.yaml")}
    listed = json.loads(run(trainer, tmp_path, "persona", "list", "--json"))
    assert {row["name"] for row in listed} == here
    assert here


@pytest.mark.engine
def test_typed_call_runs_from_an_empty_folder(trainer: Path, tmp_path: Path) -> None:
    script = tmp_path / "agent.txt"
    script.write_text("I'm so sorry. What happened?\nI can see why that is maddening.\n")
    name = json.loads(run(trainer, tmp_path, "persona", "list", "--json"))[0]["name"]
    words = ["call", name, "--agent-text", str(script), "--wording", "authored", "--json"]
    call = json.loads(run(trainer, tmp_path, *words, "--voice", "none", "--out", "call"))
    assert [turn["who"] for turn in call["transcript"][:3]] == ["customer", "agent", "customer"]
