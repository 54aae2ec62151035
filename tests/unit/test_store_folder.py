import json
import os
import signal
import subprocess
import sys
import textwrap
import time
import wave
from pathlib import Path

import numpy as np
import pytest
import soundfile

from trainer.domain.audio import BLOCK, RATE, Samples
from trainer.domain.errors import BadInput
from trainer.domain.events import CallEnded, Happened, SpeechStarted
from trainer.domain.mood import Happening, Status
from trainer.store import call_folder, calls
from trainer.store.call_folder import CallFolder
from trainer.store.growing import PIECE


def noise(length: int, seed: int = 0) -> Samples:
    return np.random.default_rng(seed).uniform(-0.9, 0.9, length).astype(np.float32)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def wait_for(reached: "object", patience_s: float = 20.0) -> None:
    assert callable(reached)
    until = time.monotonic() + patience_s
    while not reached():
        assert time.monotonic() < until, "it never came to that"
        time.sleep(0.02)


def test_what_was_heard_and_played_reads_back_in_its_channel(tmp_path: Path) -> None:
    call = call_folder.create(tmp_path, "olsen-outage")
    agent, customer = noise(20 * BLOCK, 1), noise(20 * BLOCK, 2)
    for start in range(0, len(agent), BLOCK):
        call.frame(agent[start : start + BLOCK], customer[start : start + BLOCK])
    call.event(SpeechStarted(t=0, who="agent"))
    call.close()
    record = calls.load(call.folder)
    assert np.abs(record.agent - agent).max() <= 1 / 32768
    assert np.abs(record.customer - customer).max() <= 1 / 32768
    assert call.fault() == ""


def test_sound_beyond_full_scale_is_cut_and_never_wraps_around(tmp_path: Path) -> None:
    call = call_folder.create(tmp_path, "p")
    call.frame(np.full(BLOCK, 1.5, np.float32), np.full(BLOCK, -1.5, np.float32))
    call.event(SpeechStarted(t=0, who="agent"))
    call.close()
    record = calls.load(call.folder)
    assert record.agent.min() > 0.99
    assert record.customer.max() < -0.99


def test_a_folder_is_named_by_time_persona_and_id_and_two_never_meet(tmp_path: Path) -> None:
    first = call_folder.create(tmp_path, "Olsen / Outage")
    second = call_folder.create(tmp_path, "Olsen / Outage")
    assert first.folder != second.folder
    assert first.folder.parent == tmp_path / "calls"
    time_, *name, short = first.folder.name.split("-")
    assert name == ["olsen", "outage"]
    assert len(time_) == len("20260101T000000Z")
    assert len(short) == 6
    first.close()
    second.close()


def test_everything_is_private_to_its_owner(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        call = call_folder.create(tmp_path / "data", "p")
        call.event(SpeechStarted(t=0, who="agent"))
        call.close()
    finally:
        os.umask(before)
    assert mode(call.folder) == 0o700
    assert mode(call.folder.parent) == 0o700
    assert mode(tmp_path / "data") == 0o700
    assert {path.name for path in call.folder.iterdir()} == {
        "call.wav",
        "events.jsonl",
        "meta.json",
    }
    assert {mode(path) for path in call.folder.iterdir()} == {0o600}


def test_events_and_facts_are_on_disk_while_the_call_runs(tmp_path: Path) -> None:
    call = call_folder.create(tmp_path, "p")
    call.event(SpeechStarted(t=1, who="agent"))
    call.event(Happened(t=2, kind=Happening.SIGH, turn=1))
    call.meta(seed=7)
    wait_for(lambda: len(calls.load(call.folder).events) == 2)
    wait_for(lambda: calls.load(call.folder).meta.get("seed") == 7)
    assert [event.t for event in calls.load(call.folder).events] == [1, 2]
    call.meta(seed=8, device={"in": Path("x")})
    call.close()
    meta = calls.load(call.folder).meta
    assert meta["seed"] == 8
    assert meta["device"] == {"in": "x"}
    assert meta["persona"] == "p"


def test_after_close_nothing_more_is_taken_and_closing_again_is_harmless(tmp_path: Path) -> None:
    call = call_folder.create(tmp_path, "p")
    call.event(SpeechStarted(t=1, who="agent"))
    call.close()
    call.event(SpeechStarted(t=2, who="agent"))
    call.frame(noise(BLOCK), noise(BLOCK))
    call.close()
    record = calls.load(call.folder)
    assert len(record.events) == 1
    assert len(record.agent) == 0


def test_channels_of_different_length_are_a_mistake(tmp_path: Path) -> None:
    call = call_folder.create(tmp_path, "p")
    with pytest.raises(ValueError, match="equally long"):
        call.frame(noise(BLOCK), noise(BLOCK - 1))
    call.close()


def test_out_is_used_exactly_as_given(tmp_path: Path) -> None:
    call = call_folder.create(tmp_path, "p", out=tmp_path / "a" / "mine")
    call.close()
    assert (tmp_path / "a" / "mine" / "call.wav").is_file()
    assert not (tmp_path / "calls").exists()


def test_an_empty_out_folder_is_taken_and_made_private(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir(mode=0o755)
    call_folder.create(tmp_path, "p", out=tmp_path / "mine").close()
    assert mode(tmp_path / "mine") == 0o700


def test_a_folder_whose_name_is_no_text_holds_a_whole_call(tmp_path: Path) -> None:
    call = call_folder.create(
        tmp_path, "p", out=Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xe9"))
    )
    wait_for((call.folder / "meta.json").is_file)
    call.frame(noise(BLOCK), noise(BLOCK))
    call.close()
    assert len(calls.load(call.folder).agent) == BLOCK
    assert (call.folder / "meta.json").read_text("utf-8")
    assert calls.load(call.folder).meta["call"] == call.folder.name


def test_a_folder_in_use_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear aunt")
    with pytest.raises(BadInput, match="not empty"):
        call_folder.create(tmp_path, "p", out=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_file_is_no_folder_to_write_a_call_to(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear aunt")
    with pytest.raises(BadInput, match="is a file"):
        call_folder.create(tmp_path, "p", out=tmp_path / "letter.txt")
    with pytest.raises(BadInput, match="cannot be written"):
        call_folder.create(tmp_path, "p", out=tmp_path / "letter.txt" / "deeper")


def test_a_folder_without_permission_is_said_to_be_one(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    script = f"""
        import os, pathlib
        from trainer.store import call_folder
        from trainer.domain.errors import BadInput
        if os.getuid() == 0:
            os.setuid(65534)
        try:
            call_folder.create(pathlib.Path("/"), "p", out=pathlib.Path({str(closed / "x")!r}))
        except BadInput as error:
            print(error)
    """
    for folder in (tmp_path, *list(tmp_path.parents)[:2]):
        folder.chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=True
    )
    assert "cannot be written" in done.stdout
    assert "ermission" in done.stdout


WRITER = """
    import sys, time, pathlib
    import numpy as np
    from trainer.domain.events import Happened
    from trainer.store import call_folder
    call = call_folder.create(pathlib.Path("unused"), "p", out=pathlib.Path(sys.argv[1]))
    print("writing", flush=True)
    ramp = (np.arange(512) / 1024).astype(np.float32)
    for n in range(10**9):
        call.frame(ramp, -ramp)
        if n % 3 == 0:
            call.event(Happened(t=n * 512, kind="sigh", turn=n, detail="é" * 50))
        if n % 50 == 0:
            call.meta(blocks=n)
            time.sleep(0.001)
"""


@pytest.mark.parametrize("after_s", [0.03, 0.11, 0.23, 0.4])
def test_a_killed_call_is_readable_by_every_program(tmp_path: Path, after_s: float) -> None:
    folder = tmp_path / "call"
    script = textwrap.dedent(WRITER)
    with subprocess.Popen(
        [sys.executable, "-c", script, str(folder)], stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        wait_for(lambda: (folder / "call.wav").stat().st_size > 44 + 2048)
        time.sleep(after_s)
        writer.send_signal(signal.SIGKILL)
    record = calls.load(folder)
    assert len(record.agent) >= BLOCK
    ramp = np.arange(512) / 1024
    whole = len(record.agent) // BLOCK * BLOCK
    assert np.abs(record.agent[:whole].reshape(-1, BLOCK) - ramp).max() < 1e-4
    assert np.array_equal(record.agent, -record.customer)
    assert [event.t for event in record.events] == [n * 3 * 512 for n in range(len(record.events))]
    assert record.events
    assert json.loads((folder / "meta.json").read_text())["persona"] == "p"

    sound, rate = soundfile.read(folder / "call.wav")
    assert (rate, sound.shape[1]) == (RATE, 2)
    with wave.open(str(folder / "call.wav")) as standard:
        assert standard.getnframes() == len(sound)
    sox = subprocess.run(
        ["sox", folder / "call.wav", "-n", "stat"], capture_output=True, text=True, check=True
    )
    assert "WARN" not in sox.stderr
    # the header is behind by no more than the piece that was being written
    assert len(record.agent) - len(sound) <= PIECE // 4


def test_a_program_that_forgets_to_close_still_leaves_the_whole_call(tmp_path: Path) -> None:
    script = textwrap.dedent(WRITER).replace("10**9", "2000")
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "call")], check=True)
    assert len(calls.load(tmp_path / "call").agent) == 2000 * BLOCK


def test_a_folder_removed_under_a_running_call_is_reported(tmp_path: Path) -> None:
    call = call_folder.create(tmp_path, "p")
    calls.delete(call.folder)
    call.frame(noise(BLOCK), noise(BLOCK))
    wait_for(call.fault)
    assert "removed" in call.fault()
    call.close()
    assert not call.folder.exists()


def fill(call: CallFolder, sound: Samples) -> None:
    for start in range(0, len(sound), BLOCK):
        call.frame(sound[start : start + BLOCK], sound[start : start + BLOCK])


def test_a_full_disk_stops_the_sound_and_keeps_the_words(small_disk: Path) -> None:
    call = call_folder.create(small_disk, "p")
    sound = noise(90 * RATE // BLOCK * BLOCK)
    fill(call, sound)
    wait_for(call.fault)
    assert "disk is full" in call.fault()
    for turn in range(200):
        call.event(Happened(t=turn, kind=Happening.SIGH, turn=turn, detail="x" * 200))
    call.event(CallEnded(t=9, status=Status.AGENT_ENDED))
    call.meta(seed=3)
    call.close()
    assert "missing" in call.fault()
    record = calls.load(call.folder)
    assert len(record.events) == 201
    assert record.meta["seed"] == 3
    kept = len(record.agent)
    assert 30 * RATE < kept < len(sound)
    assert np.abs(record.agent - sound[:kept]).max() <= 1 / 32768
    assert len(soundfile.read(call.folder / "call.wav")[0]) == kept


def test_when_there_is_room_again_no_sound_is_missing(small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    call = call_folder.create(small_disk, "p")
    ballast.write_bytes(bytes(3 << 20))
    sound = noise(20 * RATE // BLOCK * BLOCK)
    fill(call, sound)
    wait_for(call.fault)
    ballast.unlink()
    wait_for(lambda: not call.fault())
    assert call.waiting_s() == 0
    call.event(CallEnded(t=9, status=Status.AGENT_ENDED))
    call.close()
    assert call.fault() == ""
    assert np.abs(calls.load(call.folder).agent - sound).max() <= 1 / 32768


def test_a_call_is_not_begun_on_a_full_disk(small_disk: Path) -> None:
    (small_disk / "ballast").write_bytes(bytes(3 << 20))
    with pytest.raises(BadInput, match="disk is full"):
        call_folder.create(small_disk, "p", out=small_disk / "call")
    assert [path.name for path in small_disk.iterdir()] == ["ballast"]
