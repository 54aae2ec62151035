"""The page by its source: readable colours, headings in order, sound only where asked for."""

import base64
import html.parser
import io
import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from tests.unit.test_review import ended, exchange, on_disk, record, started
from trainer.cli import review as command
from trainer.domain.audio import RATE
from trainer.domain.record import CallRecord
from trainer.review import clips, report
from trainer.review.debrief import review

TEMPLATE = Path(report.__file__).with_name("report.html").read_text("utf-8")
TEXTS = [("ink", on) for on in ("paper", "card", "quote")]
TEXTS += [("soft", on) for on in ("paper", "card", "quote")]
SHAPES = [(name, "card") for name in ("line", "good", "bad", "own", "up", "edge")]


def themes() -> dict[str, dict[str, str]]:
    """The colours of each look, by name; later looks change the first."""
    light, dark, printed = re.findall(r":root \{ (--paper.*?) \}", TEMPLATE, re.DOTALL)
    read = [dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", part)) for part in (light, dark, printed)]
    return {name: read[0] | own for name, own in zip(("light", "dark", "print"), read, strict=True)}


def contrast(one: str, other: str) -> float:
    """Ratio of the relative luminances, 1..21, after WCAG 2.2."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("look", ["light", "dark", "print"])
def test_words_stand_out_from_what_they_stand_on(look: str) -> None:
    colours = themes()[look]
    for name, on in TEXTS:
        assert contrast(colours[name], colours[on]) >= 4.5, (name, on)
    for name, on in SHAPES:
        assert contrast(colours[name], colours[on]) >= 3, (name, on)


def test_every_colour_of_the_page_is_one_of_those() -> None:
    styles = TEMPLATE[TEMPLATE.index("* {") : TEMPLATE.index("</style>")]
    assert not re.findall(r"#[0-9a-f]{3,6}\b|rgb|hsl", styles)
    words = re.findall(r"(?<!-)\bcolor: ([^;}]+)|fill: var\((--\w+)\); font", styles)
    used = {part.strip("var()-") for pair in words for part in pair if part}
    assert used <= {name for name, _ in TEXTS} | {"inherit"}


class Outline(html.parser.HTMLParser):
    """Headings, and what lacks a name that can be read aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.nameless: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        if re.fullmatch(r"h[1-6]", tag):
            self.levels.append(int(tag[1]))
        named = given.get("aria-label")
        scoped = tag != "th" or given.get("scope")
        if (tag in ("svg", "audio") and not named) or not scoped:
            self.nameless.append(tag)


def spoken(folder: Path = Path("a-call")) -> CallRecord:
    text = "Please calm down."
    turns = [e for n in (1, 3, 5) for e in exchange(n, n * 8.0, text, 0.8, ("dismiss", text))]
    noise = np.random.default_rng(0).normal(0, 0.1, RATE * 60).astype(np.float32)
    return record([started(), *turns, ended()], noise, noise * 0.5)


def test_it_can_be_read_aloud_in_order() -> None:
    made = spoken()
    result = review(made)
    read = Outline()
    read.feed(report.html(result, made, sound=clips.clips(made, result.feedback)))
    assert read.levels[0] == 1
    assert read.levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(read.levels))
    assert read.nameless == []
    assert {"main", "figure", "caption", "svg", "audio"} <= set(read.tags)
    assert read.tags[0] == "html"


def test_a_clip_is_the_moment_as_it_was_recorded() -> None:
    import soundfile

    made = spoken()
    result = review(made)
    heard = clips.clips(made, result.feedback)
    item = result.feedback.improve[0]
    clip = heard[item.start_s, item.end_s]
    content = base64.b64decode(clip.source.removeprefix("data:audio/flac;base64,"))
    sound, rate = soundfile.read(io.BytesIO(content), dtype="float32")
    assert (rate, sound.ndim, len(content)) == (RATE, 1, clip.size)
    wanted = made.both(item.start_s - clips.LEAD_IN_S, item.end_s + clips.TAIL_S)
    assert len(sound) == len(wanted)
    assert np.abs(sound - wanted).max() <= 1 / 2**15, "lossless but for the 16 bits"


def test_a_call_without_sound_has_no_clips() -> None:
    made = spoken()
    quiet = record(made.events)
    assert clips.clips(quiet, review(quiet).feedback) == {}


def on_disk_with_sound(folder: Path) -> Path:
    import soundfile

    made = spoken()
    path = on_disk(folder, made.events)
    both = np.stack([made.agent, made.customer], axis=1)
    soundfile.write(path / "call.wav", both, RATE, "PCM_16")
    return path


def test_sound_is_in_the_page_only_when_asked_for_and_its_size_is_told(tmp_path: Path) -> None:
    folder = on_disk_with_sound(tmp_path / "call")
    without = CliRunner().invoke(command.command, [str(folder)])
    assert "<audio" not in (folder / "report.html").read_text("utf-8")
    done = CliRunner().invoke(command.command, [str(folder), "--clips"])
    page = (folder / "report.html").read_text("utf-8")
    assert page.count("<audio ") >= 1
    assert page.count("data:audio/flac") == page.count("<audio ")
    assert re.search(r"can be heard in it, \d\.\d MB", done.output)
    assert "MB" not in without.output
    assert (folder / "report.html").stat().st_mode & 0o777 == 0o600


def test_opening_the_debrief_again_leaves_the_sound_in_the_page(tmp_path: Path) -> None:
    from trainer.store.calls import load

    folder = on_disk_with_sound(tmp_path / "call")
    CliRunner().invoke(command.command, [str(folder), "--clips"])
    command.keep(load(folder), [])
    assert "<audio " in (folder / "report.html").read_text("utf-8")
    CliRunner().invoke(command.command, [str(folder)])
    assert "<audio " not in (folder / "report.html").read_text("utf-8")


def test_a_call_without_sound_says_that_nothing_can_be_heard(tmp_path: Path) -> None:
    folder = on_disk(tmp_path / "call", spoken().events)
    done = CliRunner().invoke(command.command, [str(folder), "--clips"])
    assert "Nothing can be heard in it" in done.output
