import json
import os
from pathlib import Path

import numpy as np
import pytest

from trainer.domain.audio import BLOCK, RATE
from trainer.domain.errors import BadInput
from trainer.domain.events import CallEnded, CallStarted, Event, Happened, to_line
from trainer.domain.mood import Happening, Status
from trainer.store import call_folder, calls


def started(persona: str = "olsen-outage") -> CallStarted:
    return CallStarted(
        t=0, persona=persona, variant="a", seed=1, mode="spoken", engines={"stt": "base"}, mood={}
    )


def made(data_dir: Path, *events: Event, persona: str = "olsen-outage", seconds: int = 1) -> Path:
    call = call_folder.create(data_dir, persona)
    silence = np.zeros(BLOCK, np.float32)
    for _ in range(seconds * RATE // BLOCK):
        call.frame(silence, silence)
    for event in events:
        call.event(event)
    call.close()
    return call.folder


def test_a_torn_last_line_is_left_out_and_the_rest_stands(tmp_path: Path) -> None:
    folder = made(tmp_path, started(), Happened(t=5, kind=Happening.SIGH, turn=1))
    with (folder / "events.jsonl").open("a") as file:
        file.write('{"v":1,"t":900,"wall":{},"type":"happ')
    assert [event.t for event in calls.load(folder).events] == [0, 5]


def test_a_last_line_that_only_lacks_its_newline_counts(tmp_path: Path) -> None:
    folder = made(tmp_path, started())
    with (folder / "events.jsonl").open("a") as file:
        file.write(to_line(Happened(t=5, kind=Happening.SIGH, turn=1)))
    assert len(calls.load(folder).events) == 2


def test_a_damaged_line_in_the_middle_is_named_with_its_number(tmp_path: Path) -> None:
    folder = made(tmp_path, started())
    with (folder / "events.jsonl").open("a") as file:
        file.write("what\n" + to_line(Happened(t=5, kind=Happening.SIGH, turn=1)) + "\n")
    with pytest.raises(BadInput, match=r"events\.jsonl:2: .*damaged"):
        calls.load(folder)


def test_a_call_of_a_newer_version_says_so(tmp_path: Path) -> None:
    folder = made(tmp_path, started())
    with (folder / "events.jsonl").open("a") as file:
        file.write('{"v": 99, "t": 1, "type": "telepathy"}\n')
    with pytest.raises(BadInput, match="newer version"):
        calls.load(folder)


def test_a_call_without_recording_has_empty_channels(tmp_path: Path) -> None:
    folder = made(tmp_path, started())
    (folder / "call.wav").unlink()
    record = calls.load(folder)
    assert len(record.agent) == len(record.customer) == 0


@pytest.mark.parametrize("size", [0, 10, 44, 44 + 4 * 100 + 3])
def test_a_recording_with_a_stale_header_or_a_cut_end_gives_what_is_there(
    tmp_path: Path, size: int
) -> None:
    folder = made(tmp_path, started())
    wav = folder / "call.wav"
    head = bytearray(wav.read_bytes()[:size])
    head[40:44] = bytes(4) if size >= 44 else b""
    wav.write_bytes(head)
    assert len(calls.load(folder).agent) == max(0, size - 44) // 4


def test_what_is_no_call_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no call folder"):
        calls.load(tmp_path / "none")
    with pytest.raises(BadInput, match="not a call folder"):
        calls.load(tmp_path)


def test_links_and_pipes_in_a_foreign_folder_are_not_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret.json"
    secret.write_text('{"password": 1}')
    folder = made(tmp_path, started())
    (folder / "meta.json").unlink()
    (folder / "meta.json").symlink_to(secret)
    with pytest.raises(BadInput, match="link"):
        calls.load(folder)
    (folder / "meta.json").unlink()
    os.mkfifo(folder / "meta.json")
    with pytest.raises(BadInput, match="not a file"):
        calls.load(folder)


def test_the_list_is_newest_first_with_what_one_wants_to_know(tmp_path: Path) -> None:
    end = CallEnded(t=2 * RATE, status=Status.SATISFIED, csat=4.0)
    first = made(tmp_path, started(), end)
    os.rename(first, first.with_name("20200101T000000Z-olsen-outage-aaaaaa"))
    second = made(tmp_path, started("voss-return"), persona="voss-return")
    newest, oldest = calls.list_calls(tmp_path)
    assert newest.id == second.name
    assert (newest.persona, newest.status, newest.csat) == ("voss-return", "aborted", None)
    assert (oldest.persona, oldest.status, oldest.csat) == ("olsen-outage", "satisfied", 4.0)
    assert oldest.seconds == 2.0


def test_the_index_follows_the_folders(tmp_path: Path) -> None:
    first, second = made(tmp_path, started()), made(tmp_path, started())
    assert len(calls.list_calls(tmp_path)) == 2
    with (first / "events.jsonl").open("a") as file:
        file.write(to_line(CallEnded(t=9, status=Status.HUNG_UP)) + "\n")
    assert {row.id: row.status for row in calls.list_calls(tmp_path)}[first.name] == "hung_up"
    calls.delete(second)
    assert [row.id for row in calls.list_calls(tmp_path)] == [first.name]


@pytest.mark.parametrize("broken", [b"", b"this is no database" * 100])
def test_a_lost_or_damaged_index_is_built_again(tmp_path: Path, broken: bytes) -> None:
    made(tmp_path, started())
    before = calls.list_calls(tmp_path)
    (tmp_path / "calls.sqlite").write_bytes(broken)
    assert calls.list_calls(tmp_path) == before
    (tmp_path / "calls.sqlite").unlink()
    assert calls.list_calls(tmp_path) == before


def test_calls_are_listed_where_no_index_can_be_kept(tmp_path: Path) -> None:
    folder = made(tmp_path, started())
    (tmp_path / "calls.sqlite").symlink_to(tmp_path / "gone" / "calls.sqlite")
    assert [row.id for row in calls.list_calls(tmp_path)] == [folder.name]
    (tmp_path / "calls.sqlite").unlink()
    (tmp_path / "calls.sqlite").mkdir()
    assert [row.id for row in calls.list_calls(tmp_path)] == [folder.name]


def test_a_damaged_call_is_listed_as_damaged_and_hides_no_other(tmp_path: Path) -> None:
    made(tmp_path, started())
    broken = made(tmp_path, started())
    (broken / "events.jsonl").write_text("what\nis this\n")
    assert {row.id: row.status for row in calls.list_calls(tmp_path)}[broken.name] == "damaged"
    assert len(calls.list_calls(tmp_path)) == 2


def test_nothing_is_created_by_looking_at_an_empty_list(tmp_path: Path) -> None:
    assert calls.list_calls(tmp_path / "data") == []
    assert not (tmp_path / "data").exists()


def test_a_link_among_the_calls_is_not_a_call(tmp_path: Path) -> None:
    elsewhere = made(tmp_path / "elsewhere", started())
    (tmp_path / "calls").mkdir()
    (tmp_path / "calls" / "x").symlink_to(elsewhere)
    assert calls.list_calls(tmp_path) == []


def test_a_call_is_found_by_id_by_part_of_it_by_last_and_by_path(tmp_path: Path) -> None:
    older = made(tmp_path, started())
    os.rename(older, older.with_name("20200101T000000Z-olsen-outage-aaaaaa"))
    newer = made(tmp_path, started())
    old = tmp_path / "calls" / "20200101T000000Z-olsen-outage-aaaaaa"
    assert calls.find(tmp_path, old.name) == old
    assert calls.find(tmp_path, "2020") == old
    assert calls.find(tmp_path, "aaaaaa") == old
    assert calls.find(tmp_path, "last") == newer
    assert calls.find(tmp_path / "other", str(old)) == old
    with pytest.raises(BadInput, match="2 calls"):
        calls.find(tmp_path, "20")
    with pytest.raises(BadInput, match="no recorded call"):
        calls.find(tmp_path, "zzz")
    with pytest.raises(BadInput, match="no recorded calls yet"):
        calls.find(tmp_path / "other", "last")


def test_deleting_removes_every_byte_and_nothing_beside_it(tmp_path: Path) -> None:
    folder, other = made(tmp_path, started("zebra-quagga")), made(tmp_path, started())
    (folder / "forks" / "1").mkdir(parents=True)
    (folder / "forks" / "1" / "call.wav").write_bytes(b"x")
    (folder / "review.json").write_text("{}")
    (tmp_path / "letter.txt").write_text("dear aunt")
    (folder / "link").symlink_to(tmp_path / "letter.txt")
    (folder / "folder-link").symlink_to(other)
    calls.list_calls(tmp_path)
    assert b"zebra-quagga" in (tmp_path / "calls.sqlite").read_bytes()
    calls.delete(folder)
    assert not folder.exists()
    assert b"zebra-quagga" not in (tmp_path / "calls.sqlite").read_bytes()
    assert (tmp_path / "letter.txt").read_text() == "dear aunt"
    assert len(calls.load(other).events) == 1


def test_only_calls_can_be_deleted(tmp_path: Path) -> None:
    (tmp_path / "holiday").mkdir()
    (tmp_path / "holiday" / "photo").write_text("sea")
    with pytest.raises(BadInput, match="not a call folder"):
        calls.delete(tmp_path / "holiday")
    folder = made(tmp_path, started())
    (tmp_path / "shortcut").symlink_to(folder)
    with pytest.raises(BadInput, match="link"):
        calls.delete(tmp_path / "shortcut")
    assert calls.load(folder).events


def test_meta_that_is_not_an_object_is_named(tmp_path: Path) -> None:
    folder = made(tmp_path, started())
    (folder / "meta.json").write_text(json.dumps([1]))
    with pytest.raises(BadInput, match=r"meta\.json"):
        calls.load(folder)
