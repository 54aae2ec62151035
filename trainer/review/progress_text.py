"""Progress for reading: pictures made of characters, sharp in 80 columns, sure without colour."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from trainer.content import prompts
from trainer.review.phrases import Phrases
from trainer.review.progress import GapSeries, Moved, Point, Progress, Series
from trainer.review.ruler import ruler

FILE = "progress.yaml"
_LEVELS = "▁▂▄▆█"
_GAPS = "▼▾=▴▲"
_LAST = 10
"""Calls that are drawn; a wide terminal has room for more."""

_MOST = 40
_RULER = 13
_NUMBERS = 20
"""Columns of mean, interval and n."""


class Words(BaseModel):
    """The whole of prompts/progress.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    few: str
    none: str
    higher: str
    lower: str
    gap_none: str
    gap_above: str
    gap_below: str
    closer: str
    about: str
    gap_about: str
    hot: str
    hot_about: str
    recovered: str
    recovered_after: str
    hung_up: str
    acknowledged: str
    empty: str


@dataclass(frozen=True)
class Section:
    """A heading, a sentence on how to read it, and lines."""

    title: str
    about: str
    lines: tuple[str, ...]


def load(extra: Sequence[Path]) -> Words:
    """Read the words; a team's own file shadows the shipped one.

    Raises:
        BadInput: the file has a mistake.
    """
    return prompts.model(FILE, Words, extra)


def sections(told: Progress, words: Words, texts: Phrases, width: int) -> list[Section]:
    """Levels, own marks, hard moments; each `width` columns wide, at least 72."""
    if not told.calls:
        return [Section("Progress", "", (words.empty,))]
    about = words.about.format(n=told.calls, first=told.first[:10], last=told.last[:10])
    levels: list[str] = []
    for dimension in told.dimensions:
        levels += _row(dimension, words, width, dimension.name.upper())
        for one in told.behaviours:
            if one.dimension == dimension.id:
                levels += _row(one, words, width, f"  {one.name}")
    own = [line for gap in told.self_rating for line in _gap(gap, words, width)]
    return [
        Section("What you did", about, tuple(levels)),
        Section("How you saw it", words.gap_about, tuple(own)),
        Section("Hard moments", words.hot_about, tuple(_hot(told, words, texts, width))),
    ]


def _row(one: Series, words: Words, width: int, name: str) -> Iterator[str]:
    calls = _calls(width)
    room = width - calls - _RULER - _NUMBERS - 4
    head = f"{_cut(name, room):<{room}}  {_picture(one.points, calls)}  "
    if one.mean is None or one.low is None or one.high is None:
        yield head + (words.few.format(n=one.n) if one.n else words.none)
        return
    scale = ruler({one.mean: "●"}, span=(one.low, one.high), width=_RULER)
    low, high = max(1.0, one.low), min(5.0, one.high)
    yield f"{head}{scale} {one.mean:.1f}  {low:.1f}–{high:.1f}  n {one.n}".rstrip()
    if one.change is not None:
        yield "    " + _changed(one.change, words)


def _gap(one: GapSeries, words: Words, width: int) -> Iterator[str]:
    calls = _calls(width)
    head = f"{_cut(one.name, 18):<18}  {_gap_picture(one.points, calls)}  "
    if one.mean is None or one.low is None or one.high is None:
        yield head + (words.few.format(n=one.n) if one.n else words.none)
        return
    yield f"{head}{one.mean:+.1f}  from {one.low:+.1f} to {one.high:+.1f}  n {one.n}"
    steady = words.gap_above if one.low > 0 else words.gap_below if one.high < 0 else words.gap_none
    yield f"    {steady}"
    if one.closer is not None and one.closer.by < 0:
        yield f"    {words.closer.format(earlier=one.closer.earlier)}"


def _hot(told: Progress, words: Words, texts: Phrases, width: int) -> Iterator[str]:
    room = width - 45
    if told.hot_events:
        yield f"{'':<{room}}  times  calls   ▼ down  = same  ▲ up    mean"
    for one in told.hot_events:
        name = words.hot if one.event == "hot" else texts.marks.get(one.event, one.event)
        moved = None if one.mean_change is None else round(one.mean_change)
        mean = "–" if moved is None else f"{moved:+}" if moved else "0"
        yield (
            f"{_cut(name.rstrip('.'), room):<{room}}  {one.n:>5}  {one.calls:>5}  "
            f"{one.down:>7}  {one.same:>6}  {one.up:>4}  {mean:>6}"
        )
        if one.event == "hot" and one.answered:
            yield f"    {words.acknowledged.format(n=one.acknowledged, answered=one.answered)}"
    after = told.recoveries
    yield ""
    yield words.recovered.format(hot=after.hot_calls, recovered=after.recovered)
    if after.turns is not None:
        yield words.recovered_after.format(turns=f"{after.turns:g}")
    yield words.hung_up.format(n=after.hung_up, withdrew=after.withdrew)


def _changed(moved: Moved, words: Words) -> str:
    sign, line = ("▲", words.higher) if moved.by > 0 else ("▼", words.lower)
    low, high = sorted(min(4.0, abs(end)) for end in (moved.low, moved.high))
    told = line.format(
        earlier=moved.earlier, by=f"{abs(moved.by):.1f}", low=f"{low:.1f}", high=f"{high:.1f}"
    )
    return f"{sign} {told}"


def _calls(width: int) -> int:
    return min(_MOST, _LAST + max(0, (width - 80) // 2))


def _picture(points: Sequence[Point], calls: int) -> str:
    """One character for each of the last calls, as high as its level; `·` was not measured."""
    shown = [
        "·" if point.value is None else _LEVELS[min(4, max(0, round(point.value) - 1))]
        for point in points[-calls:]
    ]
    return "".join(shown).rjust(calls)


def _gap_picture(points: Sequence[Point], calls: int) -> str:
    """▲ own mark far above, ▴ above, = the same, ▾ below, ▼ far below; `·` nothing to compare."""
    shown = [
        "·" if point.value is None else _GAPS[min(4, max(0, round(point.value) + 2))]
        for point in points[-calls:]
    ]
    return "".join(shown).rjust(calls)


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else text[: room - 1].rstrip() + "…"
