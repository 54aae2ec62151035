"""`trainer config`: checked before it is written, and nothing else in the file is touched."""

import json
import os
import stat
from pathlib import Path

import pytest

from trainer.cli import main
from trainer.settings import config_file, load


def run(*words: str) -> int:
    return main(["config", *words])


def test_set_value_is_in_force() -> None:
    assert run("set", "patience", "1.5") == 0
    assert load().patience == 1.5


def test_comments_and_order_survive() -> None:
    file = config_file()
    file.write_text('# mine\nvoice = "piper"  # the good one\n\n# later\ncaptions = true\n')
    assert run("set", "captions", "no") == 0
    assert file.read_text() == (
        '# mine\nvoice = "piper"  # the good one\n\n# later\ncaptions = false\n'
    )


def test_unknown_key_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("set", "patiance", "1") == 2
    assert "“patience”" in capsys.readouterr().err
    assert not config_file().exists()


@pytest.mark.parametrize(
    ("key", "value"),
    [("patience", "9"), ("patience", "slow"), ("captions", "perhaps"), ("voice", "pipr"),
     ("theme", "pink"), ("wording", "gpt"), ("judge", "gpt"), ("team_dir", ""), ("data_dir", "")],
)  # fmt: skip
def test_value_that_does_not_fit_is_refused_and_not_written(key: str, value: str) -> None:
    assert run("set", key, value) == 2
    assert not config_file().exists()


def test_list_is_written_with_commas() -> None:
    assert run("set", "avoid", "crying, bereavement") == 0
    assert load().avoid == ["crying", "bereavement"]


def test_folder_is_kept_as_an_absolute_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("set", "team_dir", "team") == 0
    assert load().team_dir == tmp_path / "team"


def test_unset_brings_the_built_in_value_back() -> None:
    built_in = load().voice
    run("set", "voice", "none")
    assert run("unset", "voice") == 0
    assert load().voice == built_in
    assert "voice" not in config_file().read_text()


def test_one_setting_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    run("set", "avoid", "crying")
    capsys.readouterr()
    assert run("show", "avoid", "--json") == 0
    assert json.loads(capsys.readouterr().out) == ["crying"]


def test_show_says_where_a_value_comes_from(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run("set", "voice", "none")
    monkeypatch.setenv("TRAINER_STT", "tiny.en")
    capsys.readouterr()
    assert run("show") == 0
    shown = capsys.readouterr().out
    assert "voice = none   (config.toml)" in shown
    assert "stt = tiny.en   (TRAINER_STT)" in shown


def test_set_value_behind_the_environment_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAINER_STT", "tiny.en")
    assert run("set", "stt", "base") == 0
    assert "TRAINER_STT" in capsys.readouterr().err


def test_damaged_file_is_a_message(capsys: pytest.CaptureFixture[str]) -> None:
    config_file().write_text("voice = = 3\n")
    assert run("set", "voice", "none") == 2
    assert str(config_file()) in capsys.readouterr().err
    assert config_file().read_text() == "voice = = 3\n"


@pytest.mark.parametrize("content", ["voice = = 3\n", "patience = 40\n", "voice = [1]\n"])
def test_wrong_settings_file_stops_any_command_with_a_message(
    content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    config_file().write_text(content)
    assert run("show") == 2
    said = capsys.readouterr().err
    assert str(config_file()) in said
    assert "Traceback" not in said


def test_file_is_readable_by_its_owner_only() -> None:
    run("set", "voice", "none")
    assert stat.S_IMODE(os.stat(config_file()).st_mode) == 0o600


def test_line_that_is_no_setting_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    config_file().write_text("voise = 'none'\n")
    assert run("show") == 0
    assert "Did you mean “voice”?" in capsys.readouterr().err


def test_a_home_folder_is_meant_wherever_the_setting_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config_file().write_text('team_dir = "~/team"\n')
    monkeypatch.setenv("TRAINER_DATA_DIR", "~/calls")
    assert load().team_dir == Path.home() / "team"
    assert load().data_dir == Path.home() / "calls"


def test_an_empty_variable_counts_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRAINER_DATA_DIR", raising=False)
    usual = load().data_dir
    monkeypatch.setenv("TRAINER_DATA_DIR", "")
    assert load().data_dir == usual


@pytest.mark.parametrize("given", ["crying, bereavement", '["crying", "bereavement"]'])
def test_a_list_in_a_variable_is_read_as_people_write_it(
    given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAINER_AVOID", given)
    assert load().avoid == ["crying", "bereavement"]


@pytest.mark.parametrize(
    ("name", "value"), [("THEME", "pink"), ("CAPTIONS", "perhaps"), ("AVOID", '["crying')]
)
def test_a_variable_that_does_not_fit_is_named(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(f"TRAINER_{name}", value)
    assert run("show") == 2
    assert f"TRAINER_{name}" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file nobody can read")
def test_a_settings_file_that_cannot_be_read_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRAINER_CONFIG", "/proc/self/mem")
    assert main(["calls", "list"]) == 2
    assert "/proc/self/mem cannot be read" in capsys.readouterr().err
