import json
from pathlib import Path

import numpy as np
import pytest

from trainer.cli import main
from trainer.domain.audio import BLOCK, RATE
from trainer.domain.events import (
    CallEnded,
    CallStarted,
    CauseFound,
    Happened,
    MoodMoved,
    TurnTaken,
)
from trainer.domain.mood import Happening, Status
from trainer.store import call_folder
from trainer.store.calls import load
from trainer.store.summary import summary


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRAINER_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("TRAINER_CONFIG", str(tmp_path / "none.toml"))
    return tmp_path


def made(data_dir: Path, says: str = "That is awful.") -> Path:
    call = call_folder.create(data_dir, "olsen-outage")
    call.meta(title="Rita Olsen")
    for _ in range(RATE // BLOCK):
        call.frame(np.zeros(BLOCK, np.float32), np.zeros(BLOCK, np.float32))
    call.event(
        CallStarted(
            t=0, persona="olsen-outage", variant="a", seed=1, mode="typed", engines={}, mood={}
        )
    )
    call.event(
        TurnTaken(t=0, turn=1, who="customer", text="Hello?", start=0, end=9, source="greeting")
    )
    call.event(TurnTaken(t=RATE, turn=2, who="agent", text=says, start=9, end=RATE, source="typed"))
    call.event(
        MoodMoved(
            t=RATE,
            turn=2,
            acts=[],
            appraisal={},
            mood={"anger": 0.61, "trust": 0.3, "heard": 0.4, "patience": 0.8, "resolution": 0.0}
            | dict.fromkeys(("anxiety", "sadness", "warmth"), 0.0),
            cause=[CauseFound(appraisal="acknowledgement", quote="awful", weight=0.4, good=True)],
            engine="1",
        )
    )
    call.event(Happened(t=RATE, kind=Happening.SUPERVISOR_DEMAND, turn=2))
    call.event(CallEnded(t=2 * RATE, status=Status.HUNG_UP, csat=1.5))
    call.close()
    return call.folder


def test_the_list_names_each_call_and_how_it_ended(
    data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = made(data_dir)
    assert main(["calls", "list"]) == 0
    said = capsys.readouterr().out
    assert folder.name in said
    assert "Rita Olsen" in said
    assert "hung up" in said
    assert "1.5 of 5" in said
    assert main(["calls", "list", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["id"], row["status"], row["csat"], row["seconds"]) == (
        folder.name,
        "hung_up",
        1.5,
        2.0,
    )


def test_an_empty_list_says_how_to_begin(
    data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["calls", "list"]) == 0
    assert "trainer practice" in capsys.readouterr().out


def test_a_call_is_shown_with_moods_their_causes_and_what_happened(
    data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made(data_dir)
    assert main(["calls", "show", "last"]) == 0
    said = capsys.readouterr().out
    assert said.index("Hello?") < said.index("That is awful.") < said.index("anger 0.61")
    assert "+ acknowledgement: “awful”" in said
    assert "supervisor demand" in said
    assert "Simulated customer's rating: 1.5 of 5" in said


def test_shown_as_json_it_is_what_the_call_itself_printed(
    data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = made(data_dir)
    assert main(["calls", "show", folder.name, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == summary(load(folder))


def test_words_of_a_call_cannot_steer_the_terminal(
    data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made(data_dir, says="\x1b[2J\x1b]0;owned\x07 hello\r\nfake line")
    assert main(["calls", "show", "last"]) == 0
    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert "\x07" not in said
    assert "\nfake line" not in said


def test_deleting_asks_and_no_means_no(
    data_dir: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = made(data_dir)
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _: "n")
    assert main(["calls", "delete", "last"]) == 1
    assert folder.exists()
    assert "Nothing more was deleted" in capsys.readouterr().err
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _: "y")
    assert main(["calls", "delete", "last"]) == 0
    assert not folder.exists()


def test_several_calls_are_deleted_without_asking_when_told_so(
    data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = made(data_dir), made(data_dir)
    assert main(["calls", "delete", one.name, two.name, "--yes", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"deleted": [str(one), str(two)]}
    assert not one.exists()
    assert not two.exists()


@pytest.mark.parametrize(
    "words",
    [["show", "nothing"], ["play", "nothing"], ["delete", "nothing", "--yes"], ["show", "last"]],
)
def test_a_call_that_is_not_there_is_a_message_and_exit_code_2(
    data_dir: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert main(["calls", *words]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "trainer: There " in shown.err


def test_a_part_outside_of_the_call_cannot_be_played(
    data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made(data_dir)
    assert main(["calls", "play", "last", "--from", "30"]) == 2
    assert "nothing to hear" in capsys.readouterr().err
