"""The customer's mood, and the agent's track under it, as one inline SVG on one time axis.

Colours come from the page's CSS variables. Every sign has a text beside it or a title.
"""

from collections.abc import Callable, Iterator, Sequence
from html import escape
from textwrap import wrap

from trainer.review.delivery.raised import CLEARLY, RAISED
from trainer.review.model import CurvePoint
from trainer.review.scale import BANDS, clock
from trainer.review.track import FURTHEST, HIGHEST, MARKS, Track, pace, voice

_LEFT, _RIGHT, _TOP = 92, 16, 18
_VOICE, _PACE, _MARKS = 78, 52, 20
"""Heights of the parts of the track."""

_APART = 18
_AXIS = 26
_LINE = 96
"""Letters that fit beside each other."""

_LOWEST = -1.0
"""Bottom of the track of the voice."""

_At = Callable[[float], float]


def svg(
    curve: Sequence[CurvePoint],
    feeling: str,
    width: int = 760,
    height: int = 260,
    *,
    track: Track | None = None,
    compare: Sequence[CurvePoint] = (),
) -> str:
    """The picture as one SVG element.

    Args:
        curve: from `points`, in order; may be empty where there is a track.
        feeling: name of the lead feeling.
        width: of the picture, in its own units.
        height: of the curve's part.
        track: the agent's voice and pace, drawn on the same time axis.
        compare: the same call taken up again from one moment on; a dashed line.
    """
    last = max([p.t_s for p in (*curve, *compare)] + ([track.end_s] if track else []), default=0.0)
    wide = width - _LEFT - _RIGHT

    def x(t: float) -> float:
        return round(_LEFT + t / (last or 1.0) * wide, 1)

    body: list[str] = []
    top = _TOP
    if curve or track is None:
        body += _curve(curve, compare, x, top, height - _TOP, width)
        top = height
    if track is not None:
        drawn = list(_track(track, x, top + _APART, width))
        body += drawn
        top = _track_end(track, top + _APART)
    grid = [
        f'<line class="time" x1="{x(share * last)}" x2="{x(share * last)}" y1="{_TOP}" y2="{top}"/>'
        for share in (0.25, 0.5, 0.75)
    ]
    times = [
        f'<text class="axis" x="{x(share * last)}" y="{top + 18}" '
        f'text-anchor="{"end" if share == 1 else "middle"}">{clock(share * last)}</text>'
        for share in (0.0, 0.25, 0.5, 0.75, 1.0)
    ]
    what = [f"{feeling} of the simulated customer over the call, 0 to 100"] if curve else []
    what += ["the agent's voice and pace, turn by turn"] if track is not None else []
    title = escape("; ".join(what))
    return "".join(
        [
            f'<svg class="curve" viewBox="0 0 {width} {top + _AXIS}" role="img" '
            f'aria-label="{title}"><title>{title}</title>',
            *grid,
            *body,
            *times,
            "</svg>",
        ]
    )


def _curve(
    curve: Sequence[CurvePoint],
    compare: Sequence[CurvePoint],
    x: _At,
    top: int,
    high: int,
    width: int,
) -> Iterator[str]:
    def y(value: float) -> float:
        return round(top + (1 - value) * high, 1)

    for low, name in BANDS:
        yield _rule("grid", y(low), width)
        yield _name(name, y(low) - 3)
    yield _line("line", [(x(p.t_s), y(p.value)) for p in curve])
    for number, point in enumerate(curve):
        kind = {None: "flat", True: "good", False: "bad"}[point.good] if number else "start"
        yield _dot(kind, point, x, y)
        if number:
            at = y(point.value) + (-10 if point.value < 0.85 else 18)
            yield (
                f'<text class="number" x="{x(point.t_s)}" y="{at}" '
                f'text-anchor="middle">{number}</text>'
            )
    if compare:
        yield _line("line now", [(x(p.t_s), y(p.value)) for p in compare])
        for point in compare:
            yield _dot("now", point, x, y)
        for name, series in (("then", curve), ("now", compare)):
            end = series[-1]
            at = y(end.value) + (22 if end.value > 0.12 else -22)  # numbers stand above
            yield (
                f'<text class="number" x="{x(end.t_s) + 6}" y="{at}" '
                f'text-anchor="end">{name}</text>'
            )


def _dot(kind: str, point: CurvePoint, x: _At, y: _At) -> str:
    """A step: falling, rising and unmoved ones differ in shape, not only in colour."""
    cx, cy = x(point.t_s), y(point.value)
    tip = escape(f"{clock(point.t_s)} {point.why} {point.quote}".strip())
    shape = {
        "good": f'<path d="M{cx - 6},{cy - 5} h12 l-6,11 z"/>',
        "bad": f'<path d="M{cx - 6},{cy + 5} h12 l-6,-11 z"/>',
        "now": f'<path d="M{cx},{cy - 6} l6,6 l-6,6 l-6,-6 z"/>',
    }.get(kind, f'<circle cx="{cx}" cy="{cy}" r="5"/>')
    return f'<g class="{kind}"><title>{tip}</title>{shape}</g>'


def _track_end(track: Track, top: int) -> int:
    parts = ((track.no_voice, _VOICE), (track.no_pace, _PACE))
    measured = sum(high + _APART for why, high in parts if not why)
    told = 18 * len(_missing(track))
    return top + measured + told + (_MARKS if track.marks else 0)


def _missing(track: Track) -> list[str]:
    return [line for said in track.missing for line in wrap(said, _LINE)]


def _track(track: Track, x: _At, top: int, width: int) -> Iterator[str]:
    if not track.no_voice:
        yield from _voice(track, x, top, width)
        top += _VOICE + _APART
    if not track.no_pace:
        yield from _pace(track, x, top, width)
        top += _PACE + _APART
    for said in _missing(track):
        yield f'<text class="axis" x="{_LEFT}" y="{top + 12}">{escape(said)}</text>'
        top += 18
    for mark in track.marks:
        sign, words = MARKS[mark.kind]
        tip = escape(f"{clock(mark.start_s)} {words}")
        start, end = x(mark.start_s), x(mark.end_s)
        yield f'<g class="mark"><title>{tip}</title>'
        if mark.kind in ("silence", "hold"):
            yield f'<rect class="{mark.kind}" x="{start}" y="{top + 3}" height="8" '
            yield f'width="{max(3.0, round(end - start, 1))}"/></g>'
        else:
            yield f'<text class="sign" x="{start}" y="{top + 12}" text-anchor="middle">'
            yield f"{sign}</text></g>"
    if track.marks:
        yield _name("marks", top + 11)


def _voice(track: Track, x: _At, top: int, width: int) -> Iterator[str]:
    def y(z: float) -> float:
        return round(top + (HIGHEST - max(_LOWEST, min(HIGHEST, z))) / (HIGHEST - _LOWEST) * _VOICE)

    yield _name("your voice", y(0) + 4)
    yield _rule("grid", y(0), width)
    for limit, name in ((RAISED, "raised"), (CLEARLY, "clearly")):
        yield _rule("limit", y(limit), width)
        yield _name(name, y(limit) + 4)
    for bar in track.bars:
        tip = escape(f"{clock(bar.start_s)} voice {voice(bar.z) or 'not measured'}")
        up = bar.z is not None and bar.z > RAISED
        kind = "gap" if bar.z is None else "voice up" if up else "voice"
        yield _bar(kind, tip, x(bar.start_s), x(bar.end_s), y(0), y(bar.z or 0.0))


def _pace(track: Track, x: _At, top: int, width: int) -> Iterator[str]:
    def y(ratio: float) -> float:
        part = (ratio - 1) / FURTHEST
        return round(top + (1 - max(-1.0, min(1.0, part))) / 2 * _PACE, 1)

    yield _name("faster", y(1 + FURTHEST) + 8)
    yield _name("your pace", y(1) + 4)
    yield _name("slower", y(1 - FURTHEST))
    yield _rule("limit", y(1), width)
    for bar in track.bars:
        tip = escape(f"{clock(bar.start_s)} pace {pace(bar.pace) or 'not measured'}")
        kind = "gap" if bar.pace is None else "pace"
        yield _bar(kind, tip, x(bar.start_s), x(bar.end_s), y(1), y(bar.pace or 1.0))


def _bar(kind: str, tip: str, start: float, end: float, base: float, at: float) -> str:
    """From the base line to the value, at least a line thick; a gap is an outline on the base."""
    top, high = min(base, at), abs(base - at)
    least = 8.0 if kind == "gap" else 3.0
    if high < least:
        top, high = base - least / 2, least
    return (
        f'<g class="{kind}"><title>{tip}</title><rect x="{start}" y="{round(top, 1)}" '
        f'width="{max(3.0, round(end - start, 1))}" height="{round(high, 1)}"/></g>'
    )


def _line(kind: str, places: Sequence[tuple[float, float]]) -> str:
    path = " ".join(f"{x},{y}" for x, y in places)
    return f'<polyline class="{kind}" points="{path}"/>'


def _rule(kind: str, y: float, width: int) -> str:
    return f'<line class="{kind}" x1="{_LEFT}" x2="{width - _RIGHT}" y1="{y}" y2="{y}"/>'


def _name(name: str, y: float) -> str:
    return f'<text class="axis" x="{_LEFT - 8}" y="{y}" text-anchor="end">{name}</text>'
