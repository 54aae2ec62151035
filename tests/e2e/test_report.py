"""The report in a real browser: no complaint, nothing fetched, printed whole on white paper."""

import re
import shutil
import subprocess
import zlib
from pathlib import Path

import numpy as np
import pytest

from tests.unit.test_review import ended, exchange, record, started
from trainer.domain.audio import RATE
from trainer.domain.record import CallRecord
from trainer.review import clips, report
from trainer.review.debrief import review
from trainer.review.model import Review, TrackMark, TurnDelivery

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)
pytestmark = pytest.mark.skipif(not BROWSER, reason="no Chromium is installed")
needs_poppler = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="poppler-utils is not installed"
)
LAST_WORDS = "these are the last words of the whole call"


def long_call() -> tuple[Review, CallRecord]:
    """Twelve exchanges with a voice in them: more than two pages."""
    texts = ["Please calm down.", "I see how bad that is.", "What happened then?"] * 4
    acts = [[("dismiss", texts[0])], [("acknowledge", texts[1])], [("open_question", texts[2])]] * 4
    turns = [
        event
        for n, (text, act) in enumerate(zip(texts, acts, strict=True))
        for event in exchange(1 + 2 * n, 8.0 * n, text, 0.9 - 0.05 * n, *act)
    ]
    sound = (np.sin(np.arange(RATE * 100) / 20) / 4).astype(np.float32)
    made = record([started(), *turns, *exchange(25, 96, LAST_WORDS, 0.3), ended()], sound, sound)
    result = review(made)
    heard = [
        TurnDelivery(
            turn=2 * n, start_s=8.0 * n - 4, end_s=8.0 * n - 1, z=(n % 5) - 1.5, parts={}, rate=4.0,
            pace=0.7 + n / 20, words_per_minute=None, f0_median_st=None, f0_range_st=None,
            voiced_s=2.0,
        )
        for n in range(3, 13)
    ]  # fmt: skip
    delivery = result.measures.delivery.model_copy(update={"turns": heard, "not_measured": {}})
    measures = result.measures.model_copy(update={"delivery": delivery})
    marks = [TrackMark(kind="silence", turn=3, start_s=20, end_s=26)]
    return result.model_copy(update={"measures": measures, "marks": marks}), made


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    result, made = long_call()
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(report.html(result, made, sound=clips.clips(made, result.feedback)), "utf-8")
    return path


def chromium(page: Path, *flags: str) -> subprocess.CompletedProcess[str]:
    command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    command += [f"--user-data-dir={page.parent / 'profile'}", *flags, page.as_uri()]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=True, cwd=page.parent
    )


def test_it_opens_from_disk_without_a_word_on_the_console(page: Path) -> None:
    loud = page.with_name("loud.html")
    loud.write_text("<script>console.error('heard')</script>")
    logging = ("--enable-logging=stderr", "--log-level=0", "--dump-dom")
    assert "CONSOLE" in chromium(loud, *logging).stderr, "else nothing would be noticed"
    done = chromium(page, *logging)
    assert "CONSOLE" not in done.stderr, done.stderr
    assert LAST_WORDS in done.stdout
    assert "<audio " in done.stdout


@pytest.mark.parametrize(("flags", "paper"), [((), "#fbfaf7"), (("--force-dark-mode",), "#16181c")])
def test_it_follows_light_and_dark(page: Path, flags: tuple[str, ...], paper: str) -> None:
    chromium(page, "--window-size=300,200", "--screenshot=seen.png", *flags)
    assert first_pixel(page.with_name("seen.png")) == paper


def first_pixel(png: Path) -> str:
    """The colour at the top left; there every filter of PNG leaves the bytes as they are."""
    content = png.read_bytes()
    at, packed = 8, b""
    while at < len(content):
        length, kind = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        packed += content[at + 8 : at + 8 + length] if kind == b"IDAT" else b""
        at += 12 + length
    return "#" + zlib.decompress(packed)[1:4].hex()


@needs_poppler
def test_printed_pages_are_white_full_and_cut_nothing(page: Path) -> None:
    chromium(page, "--no-pdf-header-footer", "--print-to-pdf=out.pdf", "--force-dark-mode")
    printed = page.with_name("out.pdf")
    text = subprocess.run(
        ["pdftotext", "-layout", printed, "-"], capture_output=True, text=True, check=True
    ).stdout
    pages = text.rstrip("\f").split("\f")
    assert len(pages) >= 2
    assert all(len(one.split()) > 25 for one in pages), [len(one.split()) for one in pages]
    for number in range(1, len(pages) + 1):
        light = brightness(printed, number)
        assert light.mean() > 0.85, "printed on white, whatever the screen shows"
        assert light.min() < 0.5, "and there is something on it"
    flat = " ".join(text.split())
    for words in ("For the next call", "By the rubric", LAST_WORDS):
        assert words in flat
    # the whole picture on one page: the first and the last words in it
    picture = next(one for one in pages if "overwhelmed" in one)
    assert "your voice" in picture
    assert "marks" in picture
    assert re.search(r"0:00 .*1:43", picture)


def brightness(pdf: Path, number: int) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """How light every dot of a page is, 0..1."""
    command = ["pdftoppm", "-r", "40", "-gray", "-f", str(number), "-l", str(number), str(pdf)]
    drawn = subprocess.run(command, capture_output=True, check=True).stdout
    dots = drawn.split(b"\n", 3)[3]
    return np.frombuffer(dots, np.uint8).astype(np.float64) / 255
