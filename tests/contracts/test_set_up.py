"""The set-up script runs on a bare Python, does nothing twice, and asks for what it may not do."""

import ast
import importlib.util
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "setup.py"


@pytest.fixture
def setup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module, with an environment folder that is not there yet."""
    monkeypatch.setenv("TRAINER_VENV", str(tmp_path / "env"))
    spec = importlib.util.spec_from_file_location("set_up_script", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_needs_nothing_but_python() -> None:
    tree = ast.parse(SCRIPT.read_text("utf-8"))
    names = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""]
        )
    }
    assert names <= sys.stdlib_module_names


def test_an_old_python_can_read_it_far_enough_to_say_that_it_is_too_old() -> None:
    ast.parse(SCRIPT.read_text("utf-8"), feature_version=(3, 7))


def test_environment_is_made_once(setup: ModuleType) -> None:
    setup.environment()
    made = setup.PYTHON.lstat().st_mtime_ns
    setup.environment()
    assert setup.runs("import pip")
    assert setup.PYTHON.lstat().st_mtime_ns == made


def test_whoever_stops_it_is_told_how_to_go_on(tmp_path: Path) -> None:
    running = subprocess.Popen(
        [sys.executable, str(SCRIPT), "check"],
        env={**os.environ, "TRAINER_VENV": str(tmp_path / "env")},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stderr is not None
    said = running.stderr.readline()
    assert said.startswith("Making ")
    running.send_signal(signal.SIGINT)
    said = running.communicate()[1]
    assert running.returncode == 130
    assert "type the same again" in said
    assert "Traceback" not in said


def test_nothing_is_installed_while_the_stamp_holds(setup: ModuleType, tmp_path: Path) -> None:
    setup.VENV.mkdir()
    setup.STAMP.write_text(setup.fingerprint(), "utf-8")
    setup.packages()
    assert not setup.LOG.exists()


def test_new_pins_break_the_stamp(
    setup: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = setup.fingerprint()
    for name in ("constraints.txt", "pyproject.toml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    with (tmp_path / "constraints.txt").open("a") as pins:
        pins.write("one-more==1.0\n")
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    assert setup.fingerprint() != before


def test_failed_install_is_a_message_with_what_pip_said(
    setup: ModuleType,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    setup.environment()
    (tmp_path / "constraints.txt").write_text("")
    (tmp_path / "pyproject.toml").write_text("this is not toml")
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    with pytest.raises(SystemExit) as leaving:
        setup.packages()
    assert leaving.value.code == 2
    said = capsys.readouterr().err
    assert str(setup.LOG) in said
    assert "pip said" in said
    assert not setup.STAMP.exists()


def without_rights(tmp_path: Path, wanted: str) -> subprocess.CompletedProcess[str]:
    """Ask for system packages as somebody who may neither use apt-get nor sudo."""
    tools = tmp_path / "bin"
    tools.mkdir(mode=0o755)
    for name in ("apt-get", "sudo"):
        (tools / name).write_text("#!/bin/sh\nexit 1\n")
        (tools / name).chmod(0o755)
    code = (
        "import runpy, os; os.geteuid = lambda: 1000\n"
        f"setup = runpy.run_path({str(SCRIPT)!r})\n"
        f"setup['system_packages']([{wanted}])\n"
        "print('went on')\n"
    )
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, "TRAINER_VENV": str(tmp_path / "env")}
    return subprocess.run(
        [sys.executable, "-c", code],
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_rights_it_prints_one_line_and_goes_on(tmp_path: Path) -> None:
    done = without_rights(tmp_path, "('bin:no-such-program', 'no-such-package', 'a test')")
    assert "sudo apt-get install -y no-such-package" in done.stderr
    assert done.stdout == "went on\n"


def test_without_rights_it_stops_where_it_cannot_go_on_and_the_line_names_all(
    tmp_path: Path,
) -> None:
    wanted = "('bin:no-such-program', 'this', 'a test'), ('module:no_such_module', 'that', '…')"
    done = without_rights(tmp_path, wanted)
    assert "sudo apt-get install -y this that" in done.stderr
    assert done.stderr.count("apt-get install") == 1
    assert done.returncode == 2
    assert done.stdout == ""


def test_a_package_that_is_not_to_be_had_keeps_no_other_away(tmp_path: Path) -> None:
    tools, log = tmp_path / "bin", tmp_path / "installed"
    tools.mkdir()
    (tools / "apt-get").write_text(
        f'#!/bin/sh\ncase "$*" in *gone*) exit 100;; *install*) echo "$*" >> {log};; esac\n'
    )
    (tools / "apt-get").chmod(0o755)
    code = (
        "import runpy, os; os.geteuid = lambda: 0\n"
        f"setup = runpy.run_path({str(SCRIPT)!r})\n"
        "setup['system_packages']([('bin:no-such', name, 'a test') for name in "
        "('first', 'gone', 'last')])\n"
    )
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, "TRAINER_VENV": str(tmp_path / "env")}
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False
    )
    assert [line.split()[-1] for line in log.read_text().splitlines()] == ["first", "last"]
    assert "Going on without" in done.stderr


def test_unknown_target_is_refused() -> None:
    done = subprocess.run(
        [sys.executable, SCRIPT, "fly"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "run|demo|test|soak|check" in done.stderr
